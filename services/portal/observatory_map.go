package portal

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/portal/outlines"
)

// mapView is the departments with their numbers; every one has its number printed in it, and stands in the list beside.
type mapView struct {
	ViewBox string
	Size    string // of the letters, in units of the map
	Shapes  []mapShape
	Chart   chart
}

// mapShape is a department: darker for more.
type mapShape struct{ Path, Fill, Ink, X, Y, Label, Number string }

// tones from few to many, all with 4.5:1 against their ink.
var tones = []struct{ fill, ink string }{{"#eef5f6", "#0b0c0c"}, {"#c3dde2", "#0b0c0c"}, {"#5a94a1", "#0b0c0c"}, {"#0b5566", "#ffffff"}}

// mapOf has every department of the caller, those without a situation too.
func (w words) mapOf(groups []client.ObservatoryGroup, departments []choice) mapView {
	for _, d := range departments {
		if d.Value != "" && !slices.ContainsFunc(groups, func(g client.ObservatoryGroup) bool { return g.Key == d.Value }) {
			groups = append(groups[:len(groups):len(groups)], client.ObservatoryGroup{Key: d.Value})
		}
	}
	m := mapView{Chart: chart{Title: "Situations par département", Column: "Département", Names: []string{"situations"}}}
	most := 1
	for _, g := range groups {
		most = max(most, g.Situations)
	}
	box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, g := range groups {
		m.Chart.Bars = append(m.Chart.Bars, bar{Label: w.groupKey("department", g.Key), Values: []int{g.Situations}, Words: number(g.Situations)})
		shape, ok := outlines.All()[g.Key]
		if !ok {
			continue
		}
		tone := tones[min(g.Situations*len(tones)/(most+1), len(tones)-1)]
		m.Shapes = append(m.Shapes, mapShape{shape.Path, tone.fill, tone.ink, decimal(shape.X), decimal(shape.Y), w.groupKey("department", g.Key), number(g.Situations)})
		box = [4]float64{min(box[0], shape.Box[0]), min(box[1], shape.Box[1]), max(box[2], shape.Box[2]), max(box[3], shape.Box[3])}
	}
	if len(m.Shapes) > 0 {
		m.ViewBox = fmt.Sprintf("%.1f %.1f %.1f %.1f", box[0]-2, box[1]-2, box[2]-box[0]+4, box[3]-box[1]+4)
		m.Size = decimal((box[2] - box[0]) / max(22, float64(len(m.Shapes))/2)) // all of France has smaller ones
	}
	return m
}

func decimal(x float64) string { return fmt.Sprintf("%.1f", x) }

// alt says the map in words.
func (m mapView) alt() string {
	list := make([]string, len(m.Shapes))
	for i, s := range m.Shapes {
		list[i] = s.Label + " " + s.Number
	}
	slices.Sort(list)
	return "Carte des situations par département. " + strings.Join(list, ", ")
}
