// Package sdctest attacks published tables with a solver that shares nothing with what masked them.
package sdctest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.org/passerelle/pkg/sdc"
)

// Number is a cell of a publication, and what can be known of it.
type Number struct {
	Publication, Table, Row, Column int
	Hidden                          bool
	Low, High                       float64 // of a hidden one that was asked for
}

func (n Number) String() string {
	return fmt.Sprintf("publication %d, table %d, cell %d/%d", n.Publication, n.Table, n.Row, n.Column)
}

// Publication is what an attacker has of a campaign: tables, as JSON and nothing else, and where each unit lies.
type Publication struct {
	Tables []byte // of sdc.Masked
	LiesIn map[string]string
}

const far = 100000 // as good as no limit

// equations are all that the published tables say of their hidden numbers: variables by what they stand for.
type equations struct {
	names []string
	known map[string]bool
	rows  [][]string // a sum of the first ones is the last; numbers stand for themselves
}

func (e *equations) term(name string, value *int) string {
	if value != nil {
		return strconv.Itoa(*value)
	}
	if !e.known[name] {
		e.known[name] = true
		e.names = append(e.names, name)
	}
	return name
}

// Attack finds the lowest and the highest value of each hidden cell that is asked for; asked may be nil, for all. Every
// question gets variables of its own, so that one run of the solver answers several.
func Attack(t testing.TB, publications []Publication, asked func(Number) bool) (all []Number) {
	t.Helper()
	e := &equations{known: map[string]bool{}}
	var names []string
	for i, p := range publications {
		var tables []sdc.Masked
		if err := json.Unmarshal(p.Tables, &tables); err != nil {
			t.Fatal(err)
		}
		e.read(fmt.Sprintf("p%d_", i), tables)
		e.lie(fmt.Sprintf("p%d_", i), tables, p.LiesIn)
		for k, m := range tables {
			for r, row := range m.Cells {
				for c, value := range row {
					all = append(all, Number{Publication: i, Table: k, Row: r, Column: c, Hidden: value == nil})
				}
			}
		}
	}
	var open []*Number
	for i := range all {
		if n := &all[i]; n.Hidden && (asked == nil || asked(*n)) {
			open = append(open, n)
			names = append(names, fmt.Sprintf("p%d_x%d_%d_%d", n.Publication, n.Table, n.Row, n.Column))
		}
	}
	var values []float64
	for part := range slices.Chunk(names, atOnce) {
		values = append(values, e.solve(t, part)...)
	}
	for i, n := range open {
		n.Low, n.High = values[2*i], values[2*i+1]
	}
	return all
}

// read takes down each sum of the tables of one publication.
func (e *equations) read(of string, tables []sdc.Masked) {
	for i, m := range tables {
		for r, row := range m.Cells {
			var sum []string
			for c, value := range row {
				sum = append(sum, e.term(fmt.Sprintf("%sx%d_%d_%d", of, i, r, c), value))
			}
			e.rows = append(e.rows, append(sum, e.term(fmt.Sprintf("%sr%d_%d", of, i, r), m.RowTotals[r])))
		}
		var rows, columns []string
		for r := range m.Rows {
			rows = append(rows, e.term(fmt.Sprintf("%sr%d_%d", of, i, r), m.RowTotals[r]))
		}
		for c := range m.Columns {
			name := e.column(of, m, c)
			columns = append(columns, name)
			var sum []string
			for r := range m.Rows {
				sum = append(sum, e.term(fmt.Sprintf("%sx%d_%d_%d", of, i, r, c), m.Cells[r][c]))
			}
			e.rows = append(e.rows, append(sum, name))
		}
		total := e.term(of+"total", m.Total)
		e.rows = append(e.rows, append(rows, total), append(columns, total))
	}
}

func (e *equations) column(of string, m sdc.Masked, c int) string {
	return e.term(of+"c_"+m.ColumnName+"_"+m.Columns[c], m.ColumnTotals[c])
}

// lie takes down that a department has the situations of the units that lie in it.
func (e *equations) lie(of string, tables []sdc.Masked, in map[string]string) {
	units, departments := map[string][]string{}, map[string]string{}
	for _, m := range tables {
		for c, name := range m.Columns {
			if there, ok := in[name]; ok && m.ColumnName == "unit" && m.Name == tables[0].Name {
				units[there] = append(units[there], e.column(of, m, c))
			} else if m.ColumnName == "department" {
				departments[name] = e.column(of, m, c)
			}
		}
	}
	for there, list := range units {
		if name, ok := departments[there]; ok {
			e.rows = append(e.rows, append(list, name))
		}
	}
}

const atOnce = 10 // larger programs take longer than more of them

// solve asks for the lowest and the highest of each.
func (e *equations) solve(t testing.TB, asked []string) []float64 {
	t.Helper()
	var goal, rules, bounds bytes.Buffer
	column := map[string]int{}
	for q := range 2 * len(asked) {
		sign, name := "-", asked[q/2]
		if q%2 == 1 {
			sign = "+"
		}
		for _, v := range e.names {
			column[fmt.Sprintf("%s@%d", v, q)] = len(column) + 1
			factor := 0
			if v == name {
				factor = 1
			}
			fmt.Fprintf(&goal, " %s %d v%d\n", sign, factor, len(column))
			fmt.Fprintf(&bounds, " v%d <= %d\n", len(column), far)
		}
		for _, row := range e.rows {
			e.rule(&rules, row, func(v string) int { return column[fmt.Sprintf("%s@%d", v, q)] })
		}
	}
	folder := t.TempDir()
	problem, answer := filepath.Join(folder, "problem.lp"), filepath.Join(folder, "answer")
	text := "Maximize\n goal:\n" + goal.String() + "Subject To\n" + rules.String() + "Bounds\n" + bounds.String() + "End\n"
	if err := os.WriteFile(problem, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "glpsol", "--lp", problem, "-w", answer).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("OPTIMAL")) { //nolint:gosec // our own file
		t.Fatalf("glpsol: %v: %s", err, out)
	}
	values := columnsOf(t, answer)
	list := make([]float64, 2*len(asked))
	for q := range list {
		list[q] = values[column[fmt.Sprintf("%s@%d", asked[q/2], q)]]
	}
	return list
}

// rule writes one equation, where it has a variable.
func (e *equations) rule(to *bytes.Buffer, row []string, column func(string) int) {
	constant, terms := 0, ""
	for i, term := range row {
		sign := 1
		if i == len(row)-1 {
			sign = -1
		}
		if n, err := strconv.Atoi(term); err == nil {
			constant -= sign * n
			continue
		}
		terms += fmt.Sprintf(" %+d v%d", sign, column(term))
	}
	if terms != "" {
		fmt.Fprintf(to, "%s = %d\n", terms, constant)
	}
}

// columnsOf reads what the solver wrote: "j column state value …".
func columnsOf(t testing.TB, file string) map[int]float64 {
	t.Helper()
	data, err := os.ReadFile(file) //nolint:gosec // our own file
	if err != nil {
		t.Fatal(err)
	}
	values := map[int]float64{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || fields[0] != "j" {
			continue
		}
		n, _ := strconv.Atoi(fields[1])
		values[n], _ = strconv.ParseFloat(fields[3], 64)
	}
	return values
}
