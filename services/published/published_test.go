package published_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/sdc"
	"example.org/passerelle/services/published"
)

func campaign(n int) (rows []events.Observation) {
	yes, no := true, false
	for i := range n {
		age := 40 + i%45
		o := events.Observation{
			Month: []string{"2020-01", "2020-02"}[i%2], Desk: []string{"nievre", "cote-dor", "yonne"}[i%3], Department: []string{"58", "21", "89"}[i%3], Age: &age,
			Institution: []string{"cpam", "caf", "cpam", "mdph", "cpam"}[i%5], Difficulty: []*bool{&yes, &yes, &no, &yes}[i%4],
		}
		if i == 0 {
			o.Institution = "prevoyance" // the only one
		}
		rows = append(rows, o)
	}
	return rows
}

func TestC7_PublishedTablesHideSmallNumbers(t *testing.T) {
	t.Parallel()
	months, tables := published.Of(campaign(354))
	if len(tables) != 4 || len(months) != 2 {
		t.Fatalf("%d tables, %v", len(tables), months)
	}
	hidden := 0
	for _, table := range tables {
		for _, n := range table.Cells {
			if n == events.NotShown {
				hidden++
			} else if n < sdc.Threshold {
				t.Errorf("%s shows %d", table.Table, n)
			}
		}
		if len(table.Cells) != len(table.Rows)*len(table.Columns) || table.Total != 354 {
			t.Errorf("%+v", table)
		}
	}
	if hidden == 0 {
		t.Error("the only one of an institution is shown")
	}
}

func TestTheOrderOfTheRowsChangesNothing(t *testing.T) {
	t.Parallel()
	rows := campaign(354)
	_, want := published.Of(rows)
	rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] }) //nolint:gosec // not a secret
	if _, got := published.Of(rows); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nnot %+v", got, want)
	}
}

func TestOfTooFewNothingIsPublished(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 10, 30} {
		if _, tables := published.Of(campaign(n)); tables != nil {
			t.Errorf("of %d: %+v", n, tables)
		}
	}
}
