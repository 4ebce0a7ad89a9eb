package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"example.org/passerelle/tools/npm"
)

// drawn are the departments of metropolitan France as MapSVG draws them, unchanged.
func drawn(ctx context.Context, folder string) ([]department, error) {
	data, err := npm.Member(ctx, folder, metropole, "package/france.departments.svg")
	if err != nil {
		return nil, err
	}
	var svg struct {
		Paths []struct {
			ID string `xml:"id,attr"`
			D  string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(data, &svg); err != nil {
		return nil, err
	}
	list := make([]department, len(svg.Paths))
	for i, p := range svg.Paths {
		shape, err := parse(p.D)
		if err != nil {
			return nil, fmt.Errorf("department %s: %w", p.ID, err)
		}
		list[i] = shape.department(p.ID)
		list[i].Path = p.D
	}
	return list, nil
}

// parse reads a path of relative moves and lines, which is all that the drawing has.
func parse(path string) (s shape, err error) {
	var at point
	for _, word := range strings.Fields(path) {
		switch word {
		case "m":
			if len(s) > 0 {
				at = s[len(s)-1][0] // z has led back to it
			}
			s = append(s, nil)
			continue
		case "z":
			continue
		}
		x, y, _ := strings.Cut(word, ",")
		dx, wrongX := strconv.ParseFloat(x, 64)
		dy, wrongY := strconv.ParseFloat(y, 64)
		if wrongX != nil || wrongY != nil || len(s) == 0 {
			return nil, fmt.Errorf("%q is not of a path that is understood", word)
		}
		at = point{at.x + dx, at.y + dy}
		s[len(s)-1] = append(s[len(s)-1], at)
	}
	return s, nil
}
