package outlines_test

import (
	"testing"

	"example.org/passerelle/services/portal/outlines"
)

func TestEveryShapeHasItsNumberInside(t *testing.T) {
	t.Parallel()
	if len(outlines.All()) != 13 {
		t.Error(len(outlines.All()), "shapes")
	}
	for code, d := range outlines.All() {
		if d.Path == "" || d.X <= d.Box[0] || d.X >= d.Box[2] || d.Y <= d.Box[1] || d.Y >= d.Box[3] {
			t.Errorf("%s: %+v", code, d)
		}
	}
}

// TestPlacesStandInTheirDepartment: prefectures, well inside.
func TestPlacesStandInTheirDepartment(t *testing.T) {
	t.Parallel()
	for code, at := range map[string][2]float64{"34": {43.61, 3.877}, "30": {43.837, 4.36}, "58": {46.99, 3.157}, "21": {47.322, 5.041}, "25": {47.24, 6.02}} {
		x, y := outlines.At(at[0], at[1])
		if box := outlines.All()[code].Box; x < box[0] || x > box[2] || y < box[1] || y > box[3] {
			t.Errorf("%s is at %.1f, %.1f, not in %v", code, x, y, box)
		}
	}
	if outlines.Shown(-20.88, 55.45) || !outlines.Shown(43.61, 3.877) {
		t.Error("the map is of metropolitan France")
	}
}
