// Package published makes the tables of a closed campaign that may leave the house. It is pure.
package published

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/sdc"
)

// Of is what is published of a campaign, small numbers hidden; the same rows in any order give the same.
// Of no rows, and of too few, there is nothing but the months.
func Of(rows []events.Observation) (months []string, tables []events.PublishedTable) {
	months = keysOf(rows, month)
	if len(rows) == 0 {
		return months, nil
	}
	masked, ok := sdc.ProtectAlike(sdc.Threshold, alike(rows), Pairs(rows)...)
	if !ok {
		return months, nil
	}
	for _, m := range masked {
		tables = append(tables, told(m))
	}
	return months, tables
}

// Pairs are the tables before anything is hidden.
func Pairs(rows []events.Observation) []sdc.Pair {
	institutions, monthly := tableOf("institution_unit", "institution", rows, institution, unit), tableOf("month_department", "month", rows, month, department)
	difficulties := tableOf("difficulty_department", "difficulty", rows, difficulty, department)
	difficulties.Sensitive = true
	return []sdc.Pair{
		{ColumnName: "unit", First: tableOf("unit_age_band", "age_band", rows, AgeBand, unit), Second: &institutions},
		{ColumnName: "department", First: difficulties, Second: &monthly},
	}
}

// alike are units and departments that have all their situations in common. Mostly a unit lies in one department, and whoever
// knows where can add up what the tables of units and those of departments say.
func alike(rows []events.Observation) (list []sdc.Alike) {
	units, departments := keysOf(rows, unit), keysOf(rows, department)
	together := make([]int, len(units)+len(departments)) // each leads to another of its own, and one to itself
	for i := range together {
		together[i] = i
	}
	last := func(i int) int {
		for together[i] != i {
			i = together[i]
		}
		return i
	}
	for _, o := range rows {
		u, _ := slices.BinarySearch(units, unit(o))
		d, _ := slices.BinarySearch(departments, department(o))
		together[last(u)] = last(len(units) + d)
	}
	for d := range departments {
		if own := len(units) + d; last(own) == own {
			list = append(list, sdc.Alike{membersOf(own, 0, len(units), last), membersOf(own, len(units), len(together), last)})
		}
	}
	return list
}

func membersOf(of, from, to int, last func(int) int) (list []int) {
	for i := from; i < to; i++ {
		if last(i) == of {
			list = append(list, i-from)
		}
	}
	return list
}

func unit(o events.Observation) string        { return o.Desk }
func institution(o events.Observation) string { return o.Institution }
func department(o events.Observation) string  { return o.Department }
func month(o events.Observation) string       { return o.Month }

func difficulty(o events.Observation) string {
	switch {
	case o.Difficulty == nil:
		return ""
	case *o.Difficulty:
		return "yes"
	}
	return "no"
}

// AgeBand of somebody; empty: the age is not known.
func AgeBand(o events.Observation) string {
	switch {
	case o.Age == nil:
		return ""
	case *o.Age < 46:
		return "under_46"
	case *o.Age < 60:
		return "46_59"
	case *o.Age < 75:
		return "60_74"
	}
	return "75_over"
}

type key = func(events.Observation) string

func keysOf(rows []events.Observation, of key) []string {
	list := []string{}
	for _, o := range rows {
		list = append(list, of(o))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func tableOf(name, rowName string, rows []events.Observation, row, column key) sdc.Table {
	t := sdc.Table{Name: name, RowName: rowName, Rows: keysOf(rows, row), Columns: keysOf(rows, column)}
	for range t.Rows {
		t.Cells = append(t.Cells, make([]int, len(t.Columns)))
	}
	for _, o := range rows {
		r, _ := slices.BinarySearch(t.Rows, row(o))
		c, _ := slices.BinarySearch(t.Columns, column(o))
		t.Cells[r][c]++
	}
	return t
}

func told(m sdc.Masked) events.PublishedTable {
	t := events.PublishedTable{
		Table: m.Name, RowsBy: m.RowName, Rows: m.Rows, ColumnsBy: m.ColumnName, Columns: m.Columns,
		RowTotals: shown(m.RowTotals), ColumnTotals: shown(m.ColumnTotals), Total: shown([]*int{m.Total})[0],
	}
	for _, row := range m.Cells {
		t.Cells = append(t.Cells, shown(row)...)
	}
	return t
}

func shown(numbers []*int) []int {
	list := make([]int, len(numbers))
	for i, n := range numbers {
		if list[i] = events.NotShown; n != nil {
			list[i] = *n
		}
	}
	return list
}
