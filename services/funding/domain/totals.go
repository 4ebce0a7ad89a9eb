package domain

import "example.org/passerelle/api/events"

// Sums are what became of some money, in cents.
type Sums struct {
	Promised  int // by a committee, and not decided yet
	Committed int // by decisions
	Paid      int // without what has to come back
}

// Of sums what became of an envelope.
func (b Budget) Of(envelopeID string) (s Sums) {
	for _, d := range b.Decisions {
		for n, line := range d.Lines {
			if line.EnvelopeID == envelopeID {
				s.Committed += line.AmountCents
				s.Paid += b.PaidOf(d.DecisionID, n+1)
			}
		}
	}
	s.Promised = b.promised(envelopeID, nil)
	return s
}

// promised is what committees promised of an envelope to projects that no decision has reached, but for some.
func (b Budget) promised(envelopeID string, but []string) (sum int) {
	decided := map[string]bool{}
	for _, d := range b.Decisions {
		for _, line := range d.Lines {
			decided[line.ProjectID] = true
		}
	}
	for _, id := range but {
		decided[id] = true
	}
	for _, v := range b.Votes {
		if v.EnvelopeID == envelopeID && !decided[v.ProjectID] {
			sum += v.AmountCents
		}
	}
	return sum
}

// Left is what may still be promised or committed of an envelope.
func (b Budget) Left(e events.EnvelopeOpened) int {
	s := b.Of(e.EnvelopeID)
	return e.AmountCents - s.Promised - s.Committed
}

// PaidOf is what was paid of a line of a decision, counted from 1, without what has to come back.
func (b Budget) PaidOf(decisionID string, line int) int {
	return b.grossOf(decisionID, line) - b.RecoveredOf(decisionID, line)
}

func (b Budget) grossOf(decisionID string, line int) (sum int) {
	for _, p := range b.Payments {
		if p.DecisionID == decisionID && p.Line == line {
			sum += p.AmountCents
		}
	}
	return sum
}

// RecoveredOf is what of a line has to come back.
func (b Budget) RecoveredOf(decisionID string, line int) (sum int) {
	for _, r := range b.Recoveries {
		if r.DecisionID == decisionID && r.Line == line {
			sum += r.AmountCents
		}
	}
	return sum
}

// Money is how a project stands.
type Money struct {
	Granted, Paid, Recovered int // cents
	Target, Reached          int // people
	Reported                 bool
}

// MoneyOf sums what was decided for a project, and what it has reached.
func (b Budget) MoneyOf(p events.ProjectProposed) (m Money) {
	for _, d := range b.Decisions {
		for n, line := range d.Lines {
			if line.ProjectID == p.ProjectID {
				m.Granted += line.AmountCents
				m.Paid += b.PaidOf(d.DecisionID, n+1)
				m.Recovered += b.RecoveredOf(d.DecisionID, n+1)
			}
		}
	}
	report, ok := b.Report(p.ProjectID)
	m.Target, m.Reached, m.Reported = p.TargetPeople, report.Reached, ok
	return m
}

// The states of a project.
const (
	Proposed  = "proposed"
	Postponed = "postponed"
	Kept      = "kept"
	Refused   = "refused"
)

// StatusOf is how far a project is: a decision keeps it, and so does a favourable vote.
func (b Budget) StatusOf(projectID string) string {
	if b.funded(projectID) {
		return Kept
	}
	vote, _ := b.Vote(projectID)
	switch vote.Answer {
	case Favourable, Reduced:
		return Kept
	case Later:
		return Postponed
	case Unfavourable:
		return Refused
	}
	return Proposed
}

// funded says whether a decision names the project.
func (b Budget) funded(projectID string) bool {
	for _, d := range b.Decisions {
		for _, line := range d.Lines {
			if line.ProjectID == projectID {
				return true
			}
		}
	}
	return false
}

// Rate divides and rounds half up; nil where there is nothing to divide by.
func Rate(part, whole int) *int {
	if whole <= 0 {
		return nil
	}
	rounded := (2*part + whole) / (2 * whole)
	return &rounded
}

// Percent is a part of a whole in percent, rounded half up.
func Percent(part, whole int) *int { return Rate(100*part, whole) }

// Recoverable is what should come back of a project that missed its target: as much of what was paid as of its target.
func (m Money) Recoverable() int {
	if !m.Reported || m.Target == 0 || m.Reached >= m.Target {
		return 0
	}
	back := Rate(m.Paid*(m.Target-m.Reached), m.Target)
	return max(0, *back-m.Recovered)
}
