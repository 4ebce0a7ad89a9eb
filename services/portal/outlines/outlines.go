// Package outlines holds the shapes of the departments that a map shows. Overseas departments are in insets of the same map.
package outlines

import (
	_ "embed"
	"encoding/json"
	"sync"
)

// Attribution is to be printed where people see the map.
const Attribution = "Carte : MapSVG (CC BY 4.0), Natural Earth."

// Department is a shape, and where a number stands in it.
type Department struct {
	Code  string
	Path  string // of an SVG
	X, Y  float64
	Box   [4]float64 // left, top, right, bottom
	Inset *Inset     // nil in metropolitan France
}

// Sheet is which part of the map the department is drawn on: what is on another one is not near it.
func (d Department) Sheet() string {
	if d.Inset == nil {
		return Metropole
	}
	return d.Code
}

//go:embed departments.json
var file []byte

// All are the departments, by code. tools/outlines makes the file.
var All = sync.OnceValue(func() map[string]Department {
	var read struct{ Locations []Department }
	if err := json.Unmarshal(file, &read); err != nil {
		panic("outlines: " + err.Error()) // it is ours, and tested
	}
	list := make(map[string]Department, len(read.Locations))
	for _, d := range read.Locations {
		list[d.Code] = d
	}
	return list
})
