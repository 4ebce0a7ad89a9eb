// Package refusal is how a rule says no: a value with a stable code, which the edge turns into an answer.
package refusal

import (
	"maps"
	"strings"
)

// Kind is why something is refused, in words that know no protocol.
type Kind int

// The kinds.
const (
	Conflict  Kind = iota + 1 // the state forbids it
	Forbidden                 // this caller never may
	NotFound                  // unknown, or not for this caller to know
	Invalid                   // the request breaks a rule
)

// Refusal is one no. Compare with errors.Is: each is a variable beside its rule.
type Refusal struct {
	Kind Kind
	Code string // stable, snake_case
	Text string // for a person, with a next step

	Members map[string][]string // what a program needs to go on, by name: the papers that are missing
}

// New makes a refusal.
func New(kind Kind, code, text string) *Refusal { return &Refusal{Kind: kind, Code: code, Text: text} }

// With is the refusal with a list that programs read.
func (r *Refusal) With(name string, list []string) *Refusal {
	refused := *r
	refused.Members = maps.Clone(r.Members)
	if refused.Members == nil {
		refused.Members = map[string][]string{}
	}
	refused.Members[name] = list
	return &refused
}

func (r *Refusal) Error() string { return r.Text }

// Fault is one thing wrong with a request.
type Fault struct {
	Field  string `json:"field"` // dotted: person.nir, meetings[0].ends_at
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Of     string `json:"-"` // other fields that it rests on, by spaces: where one of those cannot be read, this is not known
}

// Faults are all the things wrong with a request, told at once.
type Faults []Fault

func (f Faults) Error() string {
	fields := make([]string, len(f))
	for i, fault := range f {
		fields[i] = fault.Field + ": " + fault.Code
	}
	return strings.Join(fields, ", ")
}

// OrNil is the faults as an error, nil when there are none.
func (f Faults) OrNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
