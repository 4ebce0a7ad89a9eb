package sdc_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/pkg/sdc"
	"example.org/passerelle/pkg/sdc/sdctest"
)

func names(prefix string, n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprint(prefix, i))
	}
	return list
}

// scatter puts the same situations into two chained pairs of tables, sparsely.
func scatter(r *rand.Rand, situations, a, b, c, d, e, f int) []sdc.Pair {
	empty := func(name string, rows, columns int) sdc.Table {
		t := sdc.Table{Name: name, RowName: name, Rows: names(name, rows), Columns: names("c", columns)}
		for range rows {
			t.Cells = append(t.Cells, make([]int, columns))
		}
		return t
	}
	one, two, three, four := empty("a", a, b), empty("b", c, b), empty("c", d, e), empty("d", f, e)
	three.Sensitive = true
	skewed := func(n int) int { return min(r.IntN(n), r.IntN(n)) }
	for range situations {
		unit, department := skewed(b), skewed(e)
		one.Cells[skewed(a)][unit]++
		two.Cells[skewed(c)][unit]++
		three.Cells[skewed(d)][department]++
		four.Cells[skewed(f)][department]++
	}
	return []sdc.Pair{{ColumnName: "unit", First: one, Second: &two}, {ColumnName: "department", First: three, Second: &four}}
}

func random(seed uint64) []sdc.Pair {
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // not a secret
	return scatter(r, 20+r.IntN(3000), 4, 2+r.IntN(5), 3+r.IntN(6), 2+r.IntN(2), 2+r.IntN(4), 1+r.IntN(3))
}

func TestNothingUnderTheThresholdIsShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pairs := random(rapid.Uint64().Draw(t, "tables"))
		tables, ok := sdc.Protect(sdc.Threshold, pairs...)
		if !ok && tables != nil {
			t.Fatal("withheld, and there are tables")
		}
		for _, m := range tables {
			for _, shown := range append(append(append([][]*int{}, m.Cells...), m.RowTotals, m.ColumnTotals), []*int{m.Total}) {
				for _, n := range shown {
					if n != nil && *n < sdc.Threshold {
						t.Fatalf("%s shows %d", m.Name, *n)
					}
				}
			}
		}
	})
}

// TestTheSameTablesGiveTheSameMask, and what two tables share is hidden in both or in none.
func TestTheSameTablesGiveTheSameMask(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		one, _ := sdc.Protect(sdc.Threshold, random(seed)...)
		other, _ := sdc.Protect(sdc.Threshold, random(seed)...)
		a, _ := json.Marshal(one)
		b, _ := json.Marshal(other)
		if string(a) != string(b) {
			t.Fatalf("%s\nnot %s", a, b)
		}
		for i := 0; i+1 < len(one); i += 2 {
			for c := range one[i].ColumnTotals {
				if (one[i].ColumnTotals[c] == nil) != (one[i+1].ColumnTotals[c] == nil) {
					t.Fatal("a total that two tables share is shown in one")
				}
			}
		}
	}
}

// TestTotalMinusWhatIsVisible is the oldest attack: one hidden cell in a row with its total.
func TestTotalMinusWhatIsVisible(t *testing.T) {
	t.Parallel()
	table := sdc.Table{Name: "t", RowName: "r", Rows: names("r", 3), Columns: names("c", 3), Cells: [][]int{{3, 40, 50}, {30, 41, 60}, {20, 43, 70}}}
	got, ok := sdc.Protect(sdc.Threshold, sdc.Pair{ColumnName: "c", First: table})
	if !ok || got[0].Cells[0][0] != nil {
		t.Fatalf("%v %+v", ok, got)
	}
	if row := got[0].Cells[0]; got[0].RowTotals[0] != nil && row[1] != nil && row[2] != nil {
		t.Error("the total minus the visible cells of the row is the hidden one")
	}
	if c := got[0].Cells; got[0].ColumnTotals[0] != nil && c[1][0] != nil && c[2][0] != nil {
		t.Error("the total minus the visible cells of the column is the hidden one")
	}
	shown := 0
	for _, row := range got[0].Cells {
		for _, n := range row {
			if n != nil {
				shown++
			}
		}
	}
	if shown < 4 {
		t.Errorf("%d cells are left", shown)
	}
}

func TestAColumnThatIsAllOneIsHidden(t *testing.T) {
	t.Parallel()
	table := sdc.Table{Name: "difficulty", RowName: "difficulty", Rows: []string{"yes", "no"}, Columns: names("d", 3), Cells: [][]int{{60, 70, 80}, {0, 45, 40}}, Sensitive: true}
	got, ok := sdc.Protect(sdc.Threshold, sdc.Pair{ColumnName: "department", First: table})
	if ok && got[0].Cells[0][0] != nil {
		t.Error("everybody there has a difficulty, and it is shown")
	}
}

func TestWhereNothingCouldBeShownNothingIs(t *testing.T) {
	t.Parallel()
	table := sdc.Table{Name: "t", RowName: "r", Rows: names("r", 2), Columns: names("c", 2), Cells: [][]int{{1, 2}, {0, 3}}}
	if got, ok := sdc.Protect(sdc.Threshold, sdc.Pair{ColumnName: "c", First: table}); ok || got != nil {
		t.Errorf("%+v", got)
	}
}

// truthOf a number is what the attacker has not.
func truthOf(n sdctest.Number, pairs []sdc.Pair) int {
	t := pairs[n.Table/2].First
	if n.Table%2 == 1 {
		t = *pairs[n.Table/2].Second
	}
	return t.Cells[n.Row][n.Column]
}

// soaked is how many random tables an independent solver attacks.
func soaked() uint64 {
	if os.Getenv("PASSERELLE_SOAK") != "" {
		return 300
	}
	return 20
}

// TestAnIndependentSolverNarrowsNoSmallNumber attacks what is published, as JSON and nothing else, with GLPK.
func TestAnIndependentSolverNarrowsNoSmallNumber(t *testing.T) {
	t.Parallel()
	published, cells, hidden := 0, 0, 0
	for seed := range soaked() {
		pairs := random(seed)
		tables, ok := sdc.Protect(sdc.Threshold, pairs...)
		if !ok {
			continue
		}
		published++
		data, err := json.Marshal(tables)
		if err != nil {
			t.Fatal(err)
		}
		for _, number := range sdctest.Attack(t, []sdctest.Publication{{Tables: data}}, nil) {
			cells++
			if number.Hidden {
				hidden++
			}
			if truth := truthOf(number, pairs); number.Hidden && truth < sdc.Threshold && number.High-number.Low < sdc.Threshold {
				t.Errorf("tables %d, %s: %d is known to lie in %g to %g", seed, number, truth, number.Low, number.High)
			}
		}
	}
	t.Logf("%d publications, %d of %d cells hidden", published, hidden, cells)
	if published < int(soaked())/2 {
		t.Errorf("only %d publications are anything", published)
	}
}

// TestThePlantedMaskIsBroken: the solver finds what masking the small cells alone leaves open.
func TestThePlantedMaskIsBroken(t *testing.T) {
	t.Parallel()
	pairs := random(2)
	tables, ok := sdc.Protect(sdc.Threshold, pairs...)
	if !ok {
		t.Fatal("nothing is published")
	}
	for i := range tables { // show every number that is not small itself
		of := pairs[i/2].First
		if i%2 == 1 {
			of = *pairs[i/2].Second
		}
		for r, row := range of.Cells {
			sum := 0
			for c, n := range row {
				sum += n
				if n >= sdc.Threshold {
					tables[i].Cells[r][c] = &of.Cells[r][c]
				}
			}
			if sum >= sdc.Threshold {
				tables[i].RowTotals[r] = &sum
			}
		}
	}
	data, err := json.Marshal(tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range sdctest.Attack(t, []sdctest.Publication{{Tables: data}}, nil) {
		if number.Hidden && truthOf(number, pairs) < sdc.Threshold && number.High-number.Low < sdc.Threshold {
			return
		}
	}
	t.Error("not found")
}
