package matching

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestADistanceIsTheGreatCircle, by the formula of half versed sines, and is within itself.
func TestADistanceIsTheGreatCircle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Where{Lat: rapid.Float64Range(41, 51).Draw(t, "lat"), Lon: rapid.Float64Range(-5, 9).Draw(t, "lon")}
		b := Where{Lat: a.Lat + rapid.Float64Range(-3, 3).Draw(t, "north"), Lon: a.Lon + rapid.Float64Range(-3, 3).Draw(t, "east")}
		from, to := vectorOf(a), vectorOf(b)
		km, want := from.km(to), haversine(a, b)
		if math.Abs(km-want) > 1e-6 {
			t.Fatalf("%v km, not %v", km, want)
		}
		if square := from.square(to); square > squareOf(km) || square < squareOf(km)*(1-1e-8) && km > 1e-3 {
			t.Fatalf("the square of %v km is %v, not %v", km, square, squareOf(km))
		}
	})
}

func haversine(a, b Where) float64 {
	const radian = math.Pi / 180
	north, east := math.Sin((b.Lat-a.Lat)*radian/2), math.Sin((b.Lon-a.Lon)*radian/2)
	return 2 * earthKm * math.Asin(math.Sqrt(north*north+math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*east*east))
}

// TestTheSeriesIsTheArcsine to the last digits, on both sides of where it ends.
func TestTheSeriesIsTheArcsine(t *testing.T) {
	for root := 1e-7; root < 0.05; root *= 1.01 {
		if got, want := arcsine(root*root), math.Asin(root); math.Abs(got-want) > 4e-16*want {
			t.Errorf("arcsine of %v: %v, not %v", root, got, want)
		}
	}
}
