package outlines_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/outlines"
	"example.org/passerelle/services/reference"
	"example.org/passerelle/services/reference/communes"
)

func TestEveryDepartmentHasAShapeWithItsNumberInside(t *testing.T) {
	t.Parallel()
	if len(outlines.All()) != len(reference.Departments()) || len(outlines.All()) != 101 {
		t.Error(len(outlines.All()), "shapes")
	}
	for _, name := range reference.Departments() {
		d := outlines.All()[name.Code]
		if within, _ := border(rings(t, d.Path), d.X, d.Y); !within {
			t.Errorf("%s: the number is outside, at %.1f, %.1f of %v", name.Code, d.X, d.Y, d.Box)
		}
		if (len(name.Code) == 3) != (d.Inset != nil) {
			t.Errorf("%s: inset %v", name.Code, d.Inset)
		}
	}
}

// TestCommunesStandInTheirDepartment: all whose place is known, but a few; two units are less than four kilometres.
func TestCommunesStandInTheirDepartment(t *testing.T) {
	t.Parallel()
	for code, d := range outlines.All() {
		shape, known, out := rings(t, d.Path), 0, 0
		largest, off := communes.Commune{}, 0.0
		for _, c := range communes.In(code) {
			if c.Precision != communes.Exact {
				continue
			}
			far := offShape(shape, c)
			if known++; far > 2 {
				out++
			}
			if c.Population > largest.Population {
				largest, off = c, far
			}
		}
		if known == 0 || off > 2 || out*50 > known {
			t.Errorf("%s: %d of %d outside; %s is %.1f units off", code, out, known, largest.Name, off)
		}
	}
}

func offShape(shape [][][2]float64, c communes.Commune) float64 {
	x, y := outlines.At(c.Lat, c.Lon)
	within, far := border(shape, x, y)
	if within {
		return 0
	}
	return far
}

func TestAPlaceIsOnTheSheetOfItsTerritory(t *testing.T) {
	t.Parallel()
	for want, at := range map[string][2]float64{
		outlines.Metropole: {43.61, 3.877}, "971": {16.0, -61.73}, "972": {14.61, -61.07}, "973": {4.93, -52.33}, "974": {-20.88, 55.45}, "976": {-12.78, 45.23},
		"": {46.78, -56.17}, // Saint-Pierre is a territory, and has no shape
	} {
		if got := outlines.Sheet(at[0], at[1]); got != want {
			t.Errorf("%v is on %q, not on %q", at, got, want)
		}
	}
}

func TestInsetsCoverNoOtherDepartment(t *testing.T) {
	t.Parallel()
	for code, d := range outlines.All() {
		for other, o := range outlines.All() {
			if d.Inset != nil && other != code && d.Box[0] < o.Box[2] && d.Box[2] > o.Box[0] && d.Box[1] < o.Box[3] && d.Box[3] > o.Box[1] {
				t.Errorf("%s is drawn over %s", code, other)
			}
		}
	}
}

var step = regexp.MustCompile(`[mMz]|-?[\d.]+,-?[\d.]+`)

// rings of a path, whose steps are relative after m and absolute after M.
func rings(t *testing.T, path string) (all [][][2]float64) {
	t.Helper()
	var x, y float64
	relative := false
	for _, word := range step.FindAllString(path, -1) {
		switch word {
		case "m", "M":
			if relative = word == "m"; relative && len(all) > 0 {
				x, y = all[len(all)-1][0][0], all[len(all)-1][0][1]
			}
			all = append(all, nil)
			continue
		case "z":
			continue
		}
		a, b, _ := strings.Cut(word, ",")
		if !relative {
			x, y = 0, 0
		}
		x, y = x+number(t, a), y+number(t, b)
		all[len(all)-1] = append(all[len(all)-1], [2]float64{x, y})
	}
	return all
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// border tells whether a point is in the rings, and how far the nearest side is.
func border(shape [][][2]float64, x, y float64) (within bool, far float64) {
	far = math.Inf(1)
	for _, ring := range shape {
		for i, a := range ring {
			b := ring[(i+1)%len(ring)]
			if (a[1] > y) != (b[1] > y) && x < a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				within = !within
			}
			dx, dy, part := b[0]-a[0], b[1]-a[1], 0.0
			if long := dx*dx + dy*dy; long > 0 {
				part = min(1, max(0, ((x-a[0])*dx+(y-a[1])*dy)/long))
			}
			far = min(far, math.Hypot(x-a[0]-part*dx, y-a[1]-part*dy))
		}
	}
	return within, far
}
