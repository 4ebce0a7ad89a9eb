package published_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/sdc"
	"example.org/passerelle/pkg/sdc/sdctest"
	"example.org/passerelle/services/published"
)

// region is units and the department that each lies in, as everybody knows.
var region = map[string]string{
	"cote-dor": "21", "besancon": "25", "haut-doubs": "25", "jura": "39", "nievre": "58", "haute-saone": "70", "saone-et-loire": "71", "yonne": "89", "nord-franche-comte": "90",
}

// month is what was observed in one: few situations, unevenly spread over as many of the units as are drawn.
func month(r *rand.Rand, name string, units []string) (rows []events.Observation) {
	yes, no := true, false
	skewed := func(n int) int { return min(r.IntN(n), r.IntN(n), r.IntN(n)) }
	for range 30 + r.IntN(600) {
		unit, age := units[skewed(len(units))], 40+skewed(50)
		rows = append(rows, events.Observation{
			Month: name, Desk: unit, Department: region[unit], Age: &age, Difficulty: []*bool{&yes, &no, nil}[skewed(3)],
			Institution: []string{"cpam", "caf", "carsat_retraite", "impots", "mdph", "pole_emploi"}[skewed(6)],
		})
	}
	return rows
}

// twoMonths are two campaigns that follow each other in the same units.
func twoMonths(seed uint64) (months [2][]events.Observation) {
	r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // not a secret
	names := []string{"cote-dor", "besancon", "haut-doubs", "jura", "nievre", "haute-saone", "saone-et-loire", "yonne", "nord-franche-comte"}
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	units := names[:2+r.IntN(len(names)-1)]
	return [2][]events.Observation{month(r, "2021-11", units), month(r, "2021-12", units)}
}

// audit is what an attacker with the tables of both months learns, who knows where each unit lies: the small numbers that are
// narrowed too much.
func audit(t *testing.T, months [2][]events.Observation, publish func([]events.Observation) []sdc.Masked) (narrowed []string, tables int) {
	t.Helper()
	var all []sdctest.Publication
	var truth [][]sdc.Pair
	for _, rows := range months {
		masked := publish(rows)
		data, err := json.Marshal(masked)
		if err != nil {
			t.Fatal(err)
		}
		truth = append(truth, published.Pairs(rows))
		all, tables = append(all, sdctest.Publication{Tables: data, LiesIn: region}), tables+len(masked)
	}
	small := func(n sdctest.Number) bool {
		pair := truth[n.Publication][n.Table/2]
		of := []sdc.Table{pair.First, *pair.Second}[n.Table%2]
		return of.Cells[n.Row][n.Column] < sdc.Threshold
	}
	for _, n := range sdctest.Attack(t, all, small) {
		if n.Hidden && small(n) && n.High-n.Low < sdc.Threshold-1e-6 {
			narrowed = append(narrowed, fmt.Sprintf("%s is known to lie in %g to %g", n, n.Low, n.High))
		}
	}
	return narrowed, tables
}

// forgetful is a publication that does not think of where units lie.
func forgetful(rows []events.Observation) []sdc.Masked {
	masked, _ := sdc.Protect(sdc.Threshold, published.Pairs(rows)...)
	return masked
}

// asPublished reads what the fact says.
func asPublished(rows []events.Observation) (list []sdc.Masked) {
	_, tables := published.Of(rows)
	for _, p := range tables {
		m := sdc.Masked{
			Name: p.Table, RowName: p.RowsBy, Rows: p.Rows, ColumnName: p.ColumnsBy, Columns: p.Columns,
			RowTotals: numbers(p.RowTotals), ColumnTotals: numbers(p.ColumnTotals), Total: numbers([]int{p.Total})[0],
		}
		for r := range p.Rows {
			m.Cells = append(m.Cells, numbers(p.Cells[r*len(p.Columns):(r+1)*len(p.Columns)]))
		}
		list = append(list, m)
	}
	return list
}

func numbers(list []int) []*int {
	shown := make([]*int, len(list))
	for i, n := range list {
		if n != events.NotShown {
			shown[i] = &n
		}
	}
	return shown
}

// TestTwoMonthsAndWhereUnitsLieNarrowNoSmallNumber attacks sparse tables of two months that follow each other with GLPK: all
// that is published of both, and that each unit lies in one department.
func TestTwoMonthsAndWhereUnitsLieNarrowNoSmallNumber(t *testing.T) {
	t.Parallel()
	pairs, published := uint64(20), 0
	if os.Getenv("PASSERELLE_SOAK") != "" {
		pairs = 300
	}
	for seed := range pairs {
		narrowed, tables := audit(t, twoMonths(seed), asPublished)
		for _, one := range narrowed {
			t.Errorf("months %d, %s", seed, one)
		}
		published += tables
	}
	t.Logf("%d of %d tables are published", published, 8*pairs)
	if published < int(pairs) { //nolint:gosec // some hundred
		t.Error("hardly anything is published")
	}
}

// TestWhoForgetsWhereUnitsLieIsNarrowed: the attack finds something where the tables alone were protected.
func TestWhoForgetsWhereUnitsLieIsNarrowed(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		if narrowed, _ := audit(t, twoMonths(seed), forgetful); len(narrowed) > 0 {
			t.Log(narrowed[0])
			return
		}
	}
	t.Error("not found")
}
