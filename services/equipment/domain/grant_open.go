package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// OpenGrant says what a programme gives from now on. A renewal is the same with another decision, and counts anew.
type OpenGrant struct {
	Programme, Fund, Decision        string
	Quota, Minutes, ConnectionMonths int
	From, To                         string // days in Paris
	By                               string
	At                               time.Time
}

// Decide tells the next version. Each has a decision of its own.
func (o OpenGrant) Decide(g Grants) ([]events.Grant, error) {
	decision := strings.TrimSpace(o.Decision)
	told := events.GrantOpened{
		Programme: o.Programme, Fund: o.Fund, Version: g.Rules.Version + 1, Decision: decision, Quota: o.Quota, Minutes: o.Minutes,
		ConnectionMonths: o.ConnectionMonths, From: o.From, To: o.To, By: o.By, At: o.At,
	}
	if err := o.faults(g, decision); err != nil {
		return nil, err
	}
	return []events.Grant{told}, nil
}

func (o OpenGrant) faults(g Grants, decision string) error {
	var faults refusal.Faults
	if decision == "" {
		faults = append(faults, refusal.Fault{Field: "decision", Code: "required", Detail: "Name the decision of the committee."})
	} else if slices.Contains(g.decisions, decision) {
		faults = append(faults, refusal.Fault{Field: "decision", Code: "used", Detail: "This decision has opened the grant before. A renewal needs its own."})
	}
	if o.Quota < 1 {
		faults = append(faults, refusal.Fault{Field: "quota", Code: "too_small", Detail: "At least one person."})
	}
	if o.Minutes < 0 {
		faults = append(faults, refusal.Fault{Field: "minutes", Code: "too_small", Detail: "None, or more."})
	}
	if o.ConnectionMonths < 0 {
		faults = append(faults, refusal.Fault{Field: "connection_months", Code: "too_small", Detail: "None, or more."})
	}
	if o.To < o.From {
		faults = append(faults, refusal.Fault{Field: "to", Code: "before_from", Detail: "The last day comes after the first.", Of: "from"})
	}
	return faults.OrNil()
}
