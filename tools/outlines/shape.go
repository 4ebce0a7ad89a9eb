package main

import (
	"fmt"
	"math"
	"strings"
)

type point struct{ x, y float64 }

// shape is rings of points; the last of a ring is joined to its first.
type shape [][]point

func (s shape) department(code string) department {
	box := s.box()
	at := s.inside(box)
	return department{Code: code, X: round(at.x), Y: round(at.y), Box: [4]float64{round(box[0]), round(box[1]), round(box[2]), round(box[3])}}
}

func (s shape) box() [4]float64 {
	box := [4]float64{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, ring := range s {
		for _, p := range ring {
			box = [4]float64{min(box[0], p.x), min(box[1], p.y), max(box[2], p.x), max(box[3], p.y)}
		}
	}
	return box
}

// inside is the point of a grid farthest from the border: a number stands best there.
func (s shape) inside(box [4]float64) (best point) {
	const steps = 60
	farthest := -1.0
	for i := range steps {
		for j := range steps {
			p := point{box[0] + (box[2]-box[0])*(float64(i)+0.5)/steps, box[1] + (box[3]-box[1])*(float64(j)+0.5)/steps}
			if within, far := s.border(p); within && far > farthest {
				best, farthest = p, far
			}
		}
	}
	return best
}

// border tells whether a point is in the shape, and how far its border is.
func (s shape) border(p point) (within bool, far float64) {
	far = math.Inf(1)
	for _, ring := range s {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)/(b.y-a.y)*(b.x-a.x) {
				within = !within
			}
			far = min(far, distance(p, a, b))
		}
	}
	return within, far
}

// distance of a point from the line between two others.
func distance(p, a, b point) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if long := dx*dx + dy*dy; long > 0 {
		t = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/long))
	}
	return math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy)
}

// path of an SVG, in absolute points.
func (s shape) path() string {
	var b strings.Builder
	for _, ring := range s {
		for i, p := range ring {
			b.WriteString(map[bool]string{true: "M", false: " "}[i == 0])
			fmt.Fprintf(&b, "%.2f,%.2f", p.x, p.y)
		}
		b.WriteString("z")
	}
	return b.String()
}

func round(x float64) float64 { return math.Round(x*100) / 100 }
