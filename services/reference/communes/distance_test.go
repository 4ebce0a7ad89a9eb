package communes_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/services/reference/communes"
)

func km(t *testing.T, a, b string) float64 {
	t.Helper()
	d, ok := communes.Distance(found(t, a), found(t, b))
	if !ok {
		t.Fatalf("%s to %s is unknown", a, b)
	}
	return d
}

func TestDistancesAreThoseOfTheMap(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"34172", "30189", 46}, {"34172", "34032", 61}, {"21231", "58194", 145}, {"75056", "13055", 661}, {"34172", "34172", 0}, {"11050", "11304", 0},
		{"75056", "97411", 9370},
	} {
		if d := km(t, c.a, c.b); math.Abs(d-c.want) > 1+c.want/100 {
			t.Errorf("%s to %s is %.1f km, not %v", c.a, c.b, d, c.want)
		}
	}
	if _, ok := communes.Distance(found(t, "34172"), found(t, "98412")); ok {
		t.Error("nobody knows where the islands without inhabitants are")
	}
}

func TestAroundIsWhatIsNear(t *testing.T) {
	near := map[string]communes.Near{}
	for _, n := range communes.Around(found(t, "34172"), 20) {
		near[n.Insee] = n
	}
	if own := near["34172"]; own.Km != 0 || !own.Known {
		t.Errorf("%+v", own)
	}
	if _, ok := near["34057"]; !ok { // Castelnau-le-Lez is beside Montpellier
		t.Error("Castelnau-le-Lez is not near Montpellier")
	}
	if _, ok := near["30189"]; ok {
		t.Error("Nîmes is within 20 km of Montpellier")
	}
}

func TestTwoCommunesOfOneMeanAreNearAndNobodyKnowsHowNear(t *testing.T) {
	ajac := found(t, "11003") // like Alaigne known by the mean of the Limouxin
	for _, within := range []float64{0, 5, 50} {
		i := indexOf(communes.Around(ajac, within), "11004")
		if i.Insee == "" || i.Known || i.Km != 10 {
			t.Errorf("within %v: %+v", within, i)
		}
	}
	if far := indexOf(communes.Around(ajac, 5), "34172"); far.Insee != "" {
		t.Errorf("%+v", far)
	}
}

func TestAFormerCodeIsAsNearAsThePresentOne(t *testing.T) {
	near := communes.Around(found(t, "11304"), 30)
	if old := indexOf(near, "11050"); old.Km != 0 || !old.Known {
		t.Errorf("%+v", old)
	}
}

func indexOf(near []communes.Near, insee string) communes.Near {
	for _, n := range near {
		if n.Insee == insee {
			return n
		}
	}
	return communes.Near{}
}

// TestAroundForgetsNobody: what is left out is farther, what is in is not; and distances are those of a map.
func TestAroundForgetsNobody(t *testing.T) {
	all := everywhere()
	one := rapid.SampledFrom(all)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := one.Draw(t, "a"), one.Draw(t, "b"), one.Draw(t, "c")
		ab, known := communes.Distance(a, b)
		ba, _ := communes.Distance(b, a)
		bc, _ := communes.Distance(b, c)
		ac, _ := communes.Distance(a, c)
		if ab != ba || ab < 0 || known && ac > ab+bc+1e-6 && b.Precision != "" && c.Precision != "" {
			t.Fatalf("%v %v %v %v", ab, ba, bc, ac)
		}
		within := rapid.Float64Range(0, 1000).Draw(t, "within")
		n := indexOf(communes.Around(a, within), b.Insee)
		if in := n.Insee != ""; in != (a.Insee == b.Insee || known && ab <= within) {
			t.Fatalf("%s within %v of %s: %v, it is %v", b.Insee, within, a.Insee, in, ab)
		}
	})
}

func everywhere() (all []communes.Commune) {
	for _, department := range append(numbered(), "2A", "2B", "974", "984", "987") {
		all = append(all, communes.In(department)...)
	}
	return all
}

func BenchmarkAround(b *testing.B) {
	center, _ := communes.Find("34172")
	for b.Loop() {
		communes.Around(center, 50)
	}
}
