package portal

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/services/portal/outlines"
	"example.org/passerelle/services/reference/communes"
)

// pointMap is where the person and the offers are: the numbers are those of the list beside, which says the same in words.
type pointMap struct {
	ViewBox string
	Paths   []string
	Points  []mapPoint
	Home    *mapPoint
	Radius  string
	Size    string // of the letters
	sheet   string // of outlines
}

type mapPoint struct {
	X, Y  string
	Label string // 1, 4
	x, y  float64
}

const (
	mostPoints = 20
	leastWidth = 24.0 // units of the map, about 45 km
)

// mapOfPoints shows the first offers whose place is known. What is in the same place has one point; what is on another sheet
// of the map than the person, across an ocean, is in the list only.
func mapOfPoints(insee, department string, list []proposal) (m pointMap) {
	m.sheet = outlines.All()[department].Sheet()
	if lat, lon, ok := communePoint(insee); ok && outlines.Sheet(lat, lon) != "" {
		home := pointAt(lat, lon, "")
		m.Home, m.sheet = &home, outlines.Sheet(lat, lon)
	}
	for _, p := range list[:min(len(list), mostPoints)] {
		if m.shows(p) {
			m.add(pointAt(p.Latitude, p.Longit, strconv.Itoa(p.Number)))
		}
	}
	if len(m.Points) == 0 {
		return pointMap{}
	}
	m.frame(department)
	return m
}

func (m pointMap) shows(p proposal) bool {
	return p.Located && outlines.Sheet(p.Latitude, p.Longit) == m.sheet
}

func pointAt(lat, lon float64, label string) mapPoint {
	x, y := outlines.At(lat, lon)
	return mapPoint{decimal(x), decimal(y), label, x, y}
}

func (m *pointMap) add(p mapPoint) {
	if i := slices.IndexFunc(m.Points, func(o mapPoint) bool { return math.Hypot(o.x-p.x, o.y-p.y) < 0.5 }); i >= 0 {
		m.Points[i].Label += ", " + p.Label
		return
	}
	m.Points = append(m.Points, p)
}

// frame is around all points, with the outlines of the departments that it cuts.
func (m *pointMap) frame(department string) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	all := slices.Clone(m.Points)
	if m.Home != nil {
		all = append(all, *m.Home)
	}
	for _, p := range all {
		left, top, right, bottom = min(left, p.x), min(top, p.y), max(right, p.x), max(bottom, p.y)
	}
	size := max(right-left, bottom-top, leastWidth) * 1.25
	x, y := (left+right-size)/2, (top+bottom-size*0.7)/2
	m.ViewBox = fmt.Sprintf("%.1f %.1f %.1f %.1f", x, y, size, size*0.7)
	m.Radius, m.Size = fmt.Sprintf("%.2f", size/40), fmt.Sprintf("%.2f", size/32)
	for code, d := range outlines.All() {
		if d.Sheet() != m.sheet {
			continue
		}
		if code == department || d.Box[0] < x+size && d.Box[2] > x && d.Box[1] < y+size*0.7 && d.Box[3] > y {
			m.Paths = append(m.Paths, d.Path)
		}
	}
	slices.Sort(m.Paths)
}

// alt says the map in words.
func (m pointMap) alt(list []proposal) string {
	parts := []string{}
	for _, p := range list[:min(len(list), mostPoints)] {
		if m.shows(p) {
			parts = append(parts, strconv.Itoa(p.Number)+"\u00a0: "+p.Title)
		}
	}
	return "Carte des propositions autour de la commune de la personne. " + strings.Join(parts, ", ") + "."
}

// communePoint is about where a commune is.
func communePoint(insee string) (lat, lon float64, known bool) {
	c, ok := communes.Find(insee)
	return c.Lat, c.Lon, ok && c.Precision != communes.Nowhere
}
