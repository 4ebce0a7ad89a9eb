// Package story lets the test of a rule read like the rule: given what happened, when somebody asks, then this is told.
package story

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"example.org/passerelle/pkg/refusal"
)

// Command is what a rule decides on.
type Command[S, E any] interface{ Decide(S) ([]E, error) }

// Case is a state with the facts that led to it.
type Case[S, E any] struct {
	t      testing.TB
	evolve func(S, E) S
	State  S
}

// Given starts from facts.
func Given[S, E any](t testing.TB, evolve func(S, E) S, facts ...E) Case[S, E] {
	c := Case[S, E]{t: t, evolve: evolve}
	for _, f := range facts {
		c.State = evolve(c.State, f)
	}
	return c
}

// Outcome is what became of a command.
type Outcome[S, E any] struct {
	c     Case[S, E]
	facts []E
	err   error
}

// When asks.
func (c Case[S, E]) When(command Command[S, E]) Outcome[S, E] {
	facts, err := command.Decide(c.State)
	return Outcome[S, E]{c, facts, err}
}

// Then wants exactly these facts; none means that nothing new is told. The case goes on after them.
func (o Outcome[S, E]) Then(want ...E) Case[S, E] {
	o.c.t.Helper()
	o.wantNoRefusal()
	if len(want) != len(o.facts) || len(want) > 0 && !reflect.DeepEqual(want, o.facts) {
		o.c.t.Fatalf("told\n%s\nwant\n%s", list(o.facts), list(want))
	}
	return o.after()
}

// Told gives the facts, for a test that looks at some of them only. A refusal fails the test.
func (o Outcome[S, E]) Told() ([]E, Case[S, E]) {
	o.c.t.Helper()
	o.wantNoRefusal()
	return o.facts, o.after()
}

// Refused wants this refusal, and nothing told.
func (o Outcome[S, E]) Refused(want error) {
	o.c.t.Helper()
	if !errors.Is(o.err, want) || len(o.facts) > 0 {
		o.c.t.Fatalf("answer %v with facts %s, want refusal %v", o.err, list(o.facts), want)
	}
}

// Faults wants exactly these faults, each as "field code", in this order.
func (o Outcome[S, E]) Faults(want ...string) {
	o.c.t.Helper()
	var faults refusal.Faults
	if !errors.As(o.err, &faults) {
		o.c.t.Fatalf("answer %v with facts %s, want faults %v", o.err, list(o.facts), want)
	}
	got := make([]string, len(faults))
	for i, f := range faults {
		got[i] = f.Field + " " + f.Code
	}
	if !reflect.DeepEqual(got, want) {
		o.c.t.Fatalf("faults\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func (o Outcome[S, E]) wantNoRefusal() {
	o.c.t.Helper()
	if o.err != nil {
		o.c.t.Fatalf("refused: %v", o.err)
	}
}

func (o Outcome[S, E]) after() Case[S, E] {
	for _, f := range o.facts {
		o.c.State = o.c.evolve(o.c.State, f)
	}
	return o.c
}

func list[E any](facts []E) string {
	lines := make([]string, len(facts))
	for i, f := range facts {
		lines[i] = fmt.Sprintf("  %T %+v", f, f)
	}
	return strings.Join(lines, "\n")
}
