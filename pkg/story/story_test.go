package story

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.org/passerelle/pkg/refusal"
)

// A counter: it counts what it was told.
type count int

func add(c count, n int) count { return c + count(n) }

type told struct {
	facts []int
	err   error
}

func (t told) Decide(count) ([]int, error) { return t.facts, t.err }

// spy notes a failure instead of failing.
type spy struct {
	testing.TB
	said string
}

func (s *spy) Helper() {}

func (s *spy) Fatalf(format string, args ...any) {
	s.said = fmt.Sprintf(format, args...)
	panic(s)
}

func failure(test func(t testing.TB)) string {
	s := &spy{}
	func() {
		defer func() { _ = recover() }()
		test(s)
	}()
	return s.said
}

var errNo = errors.New("no")

func TestAStoryGoesOn(t *testing.T) {
	t.Parallel()
	c := Given(t, add, 1, 2).When(told{facts: []int{3}}).Then(3).When(told{}).Then()
	if c.State != 6 {
		t.Fatal(c.State)
	}
	facts, c := c.When(told{facts: []int{4}}).Told()
	if len(facts) != 1 || c.State != 10 {
		t.Fatal(facts, c.State)
	}
	c.When(told{err: fmt.Errorf("because: %w", errNo)}).Refused(errNo)
	c.When(told{err: refusal.Faults{{Field: "name", Code: "required"}}}).Faults("name required")
}

func TestAWrongStoryFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(t testing.TB){
		"another fact":       func(t testing.TB) { Given(t, add).When(told{facts: []int{3}}).Then(4) },
		"one too many":       func(t testing.TB) { Given(t, add).When(told{facts: []int{3}}).Then() },
		"one too few":        func(t testing.TB) { Given(t, add).When(told{}).Then(3) },
		"refused":            func(t testing.TB) { Given(t, add).When(told{err: errNo}).Then() },
		"not refused":        func(t testing.TB) { Given(t, add).When(told{}).Refused(errNo) },
		"refused with facts": func(t testing.TB) { Given(t, add).When(told{[]int{3}, errNo}).Refused(errNo) },
		"another refusal":    func(t testing.TB) { Given(t, add).When(told{err: errors.New("no")}).Refused(errNo) },
		"no faults":          func(t testing.TB) { Given(t, add).When(told{err: errNo}).Faults("name required") },
		"another fault": func(t testing.TB) {
			Given(t, add).When(told{err: refusal.Faults{{Field: "name", Code: "long"}}}).Faults("name required")
		},
	} {
		if said := failure(test); strings.TrimSpace(said) == "" {
			t.Errorf("%s: passed", name)
		}
	}
}
