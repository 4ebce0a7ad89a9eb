package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"example.org/passerelle/tools/npm"
)

// inset is where an overseas department is drawn, in the empty south-west of the map, and how degrees become units there.
type inset struct {
	North  float64 `json:"north"`
	West   float64 `json:"west"`
	Left   float64 `json:"left"`
	Top    float64 `json:"top"`
	Across float64 `json:"across"` // units for a degree of longitude
	Down   float64 `json:"down"`   // units for a degree of latitude
}

// frames are the insets. Down is 60 as in metropolitan France; Guyane is as large as a sixth of it and is drawn smaller.
var frames = []struct {
	code        string
	south, east float64
	inset
}{
	{"971", 15.8, -60.95, inset{North: 16.55, West: -61.85, Left: 10, Top: 320, Down: 60}},
	{"972", 14.35, -60.75, inset{North: 14.92, West: -61.27, Left: 75, Top: 325, Down: 60}},
	{"973", 2.0, -51.5, inset{North: 5.8, West: -54.7, Left: 10, Top: 440, Down: 15}},
	{"974", -21.42, 55.9, inset{North: -20.83, West: 55.18, Left: 10, Top: 385, Down: 60}},
	{"976", -13.05, 45.35, inset{North: -12.6, West: 45.0, Left: 75, Top: 390, Down: 60}},
}

// topology is the part of TopoJSON that is needed: lines in steps of a grid, and polygons made of them.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Countries struct {
			Geometries []struct {
				ID   string
				Type string
				Arcs json.RawMessage
			}
		}
	}
}

const france = "250" // ISO 3166

func insets(ctx context.Context, folder string) ([]department, error) {
	data, err := npm.Member(ctx, folder, world, "package/countries-10m.json")
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, err
	}
	rings, err := t.rings(france)
	if err != nil {
		return nil, err
	}
	list := make([]department, len(frames))
	for i, f := range frames {
		f.Across = math.Round(f.Down*math.Cos((f.North+f.south)/2*math.Pi/180)*1000) / 1000
		var s shape
		for _, ring := range rings {
			if first := ring[0]; first.x > f.West && first.x < f.east && first.y > f.south && first.y < f.North {
				s = append(s, f.draw(ring))
			}
		}
		if s == nil {
			return nil, fmt.Errorf("department %s is not in the world", f.code)
		}
		list[i] = s.department(f.code)
		list[i].Inset, list[i].Path = &f.inset, s.path()
	}
	return list, nil
}

func (f inset) draw(ring []point) []point {
	drawn := make([]point, len(ring))
	for i, p := range ring {
		drawn[i] = point{f.Left + (p.x-f.West)*f.Across, f.Top + (f.North-p.y)*f.Down}
	}
	return drawn
}

// rings are the borders of a country, in degrees.
func (t topology) rings(country string) (rings [][]point, err error) {
	for _, g := range t.Objects.Countries.Geometries {
		if g.ID != country {
			continue
		}
		var polygons [][][]int
		if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
			return nil, err
		}
		for _, polygon := range polygons {
			for _, ring := range polygon {
				rings = append(rings, t.join(ring))
			}
		}
	}
	return rings, nil
}

// join lays arcs one after the other; each begins where the one before ends.
func (t topology) join(arcs []int) (ring []point) {
	for _, n := range arcs {
		line := t.arc(max(n, ^n))
		if n < 0 {
			slices.Reverse(line)
		}
		ring = append(ring, line[:len(line)-1]...)
	}
	return ring
}

func (t topology) arc(n int) []point {
	var x, y float64
	line := make([]point, len(t.Arcs[n]))
	for i, step := range t.Arcs[n] {
		x, y = x+step[0], y+step[1]
		line[i] = point{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]}
	}
	return line
}
