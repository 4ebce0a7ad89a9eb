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
