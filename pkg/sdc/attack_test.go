package sdc_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.org/passerelle/pkg/sdc"
)

// number is a cell of a publication, and what can be known of it.
type number struct {
	table, row, column int
	hidden             bool
	low, high          float64
}

func (n number) String() string { return fmt.Sprintf("table %d, cell %d/%d", n.table, n.row, n.column) }

// of is the truth, which the attacker has not.
func (n number) of(pairs []sdc.Pair) int {
	t := pairs[n.table/2].First
	if n.table%2 == 1 {
		t = *pairs[n.table/2].Second
	}
	return t.Cells[n.row][n.column]
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

// attack finds the lowest and the highest value of each cell. Every question gets variables of its own, so that one run
// of the solver answers all.
func attack(t *testing.T, published []byte) (all []number) {
	t.Helper()
	var tables []sdc.Masked
	if err := json.Unmarshal(published, &tables); err != nil {
		t.Fatal(err)
	}
	e := &equations{known: map[string]bool{}}
	var asked []string
	for i, m := range tables {
		for r, row := range m.Cells {
			var sum []string
			for c, value := range row {
				name := e.term(fmt.Sprintf("x%d_%d_%d", i, r, c), value)
				sum = append(sum, name)
				all = append(all, number{table: i, row: r, column: c, hidden: value == nil})
				if value == nil {
					asked = append(asked, name)
				}
			}
			e.rows = append(e.rows, append(sum, e.term(fmt.Sprintf("r%d_%d", i, r), m.RowTotals[r])))
		}
		var rows, columns []string
		for r := range m.Rows {
			rows = append(rows, e.term(fmt.Sprintf("r%d_%d", i, r), m.RowTotals[r]))
		}
		for c := range m.Columns {
			name := e.term("c_"+m.ColumnName+"_"+m.Columns[c], m.ColumnTotals[c])
			columns = append(columns, name)
			var sum []string
			for r := range m.Rows {
				sum = append(sum, e.term(fmt.Sprintf("x%d_%d_%d", i, r, c), m.Cells[r][c]))
			}
			e.rows = append(e.rows, append(sum, name))
		}
		total := e.term("total", m.Total)
		e.rows = append(e.rows, append(rows, total), append(columns, total))
	}
	values := e.solve(t, asked)
	for i, n := 0, 0; i < len(all); i++ {
		if all[i].hidden {
			all[i].low, all[i].high = values[2*n], values[2*n+1]
			n++
		}
	}
	return all
}

// solve asks for the lowest and the highest of each.
func (e *equations) solve(t *testing.T, asked []string) []float64 {
	t.Helper()
	if len(asked) == 0 {
		return nil
	}
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
func columnsOf(t *testing.T, file string) map[int]float64 {
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
