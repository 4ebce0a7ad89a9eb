package sdc

import "math"

// program is equations of numbers that are not negative, as the simplex method keeps them: each row has one number that no
// other row has, its basis, which is what stands at the row's end while all numbers outside the basis are 0.
type program struct {
	rows  [][]float64 // a factor for each number, and the end
	basis []int
}

const mostTurns = 20000

const nearly = 1e-7 // as good as nothing: what is counted is whole

// newProgram finds numbers that fulfil the equations; false: there are none.
func newProgram(equations [][]float64, numbers int) (*program, bool) {
	p := &program{}
	missing := make([]float64, numbers+len(equations))
	for i, equation := range equations {
		row, sign := make([]float64, len(missing)+1), 1.0
		if equation[numbers] < 0 {
			sign = -1
		}
		for n := range numbers {
			row[n] = sign * equation[n]
		}
		row[len(missing)], row[numbers+i], missing[numbers+i] = sign*equation[numbers], 1, 1
		p.rows, p.basis = append(p.rows, row), append(p.basis, numbers+i)
	}
	if left, _ := p.least(missing); left > nearly {
		return nil, false
	}
	p.shorten(numbers)
	return p, true
}

// shorten lets go of what was only there to begin with, and of equations that say nothing new.
func (p *program) shorten(numbers int) {
	kept := &program{}
	for i, row := range p.rows {
		for n := 0; p.basis[i] >= numbers && n < numbers; n++ {
			if math.Abs(row[n]) > nearly {
				p.pivot(i, n, nil)
			}
		}
	}
	for i, row := range p.rows {
		if p.basis[i] < numbers {
			kept.rows, kept.basis = append(kept.rows, append(row[:numbers:numbers], row[len(row)-1])), append(kept.basis, p.basis[i])
		}
	}
	*p = *kept
}

// least is the smallest sum of the numbers by their costs, which is then what the program stands at; false: it has no end.
func (p *program) least(costs []float64) (float64, bool) {
	goal := append(append([]float64{}, costs...), 0)
	for i, row := range p.rows {
		subtract(goal, row, costs[p.basis[i]])
	}
	for turn := 0; ; turn++ {
		in := entering(goal, turn)
		if in < 0 || turn > mostTurns { // where it is stopped, an attacker knows less than what it says
			return -goal[len(costs)], true
		}
		out := p.leaving(in)
		if out < 0 {
			return math.Inf(-1), false
		}
		p.pivot(out, in, goal)
	}
}

// entering is the number that makes the sum smaller fastest; after many turns the first, which never goes in circles.
func entering(goal []float64, turn int) int {
	best := -1
	for n, cost := range goal[:len(goal)-1] {
		if cost < -nearly && (best < 0 || cost < goal[best]) {
			if best = n; turn > 2000 {
				break
			}
		}
	}
	return best
}

func (p *program) leaving(in int) int {
	best, least := -1, math.Inf(1)
	for i, row := range p.rows {
		if row[in] <= nearly {
			continue
		}
		most := row[len(row)-1] / row[in]
		if most < least-nearly || most < least+nearly && p.basis[i] < p.basis[best] {
			best, least = i, min(least, most)
		}
	}
	return best
}

func (p *program) pivot(out, in int, goal []float64) {
	row, by := p.rows[out], p.rows[out][in]
	for n := range row {
		row[n] /= by
	}
	for i := range p.rows {
		if i != out {
			subtract(p.rows[i], row, p.rows[i][in])
		}
	}
	if p.basis[out] = in; goal != nil {
		subtract(goal, row, goal[in])
	}
}

func subtract(from, row []float64, times float64) {
	if times == 0 {
		return
	}
	for n, x := range row {
		from[n] -= times * x
	}
}

// numbers are what the program stands at.
func (p *program) numbers(many int) []float64 {
	list := make([]float64, many)
	for i, row := range p.rows {
		list[p.basis[i]] = row[len(row)-1]
	}
	return list
}
