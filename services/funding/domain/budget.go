// Package domain holds the rules of a fund's money: which is promised, decided, paid and left, and for whom.
package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
)

// Budget is what was told of a fund's money, in order and by kind. No total is kept in it: each is summed from these
// facts whenever it is asked for. It is never changed in place: Evolve gives the next one.
type Budget struct {
	Envelopes  []events.EnvelopeOpened
	Calls      []events.CallOpened
	Structures []events.StructureNoted
	Projects   []events.ProjectProposed
	Committees []events.CommitteeConvened
	Votes      []events.ProjectVoted
	Minutes    []events.MinutesFiled
	Decisions  []events.FundingDecided
	Subsidies  []events.TabletsSubsidised
	Reports    []events.ProjectReported
	Payments   []events.PaymentMade
	Recoveries []events.RecoveryAsked
}

// Act is who does something, in which fund and when.
type Act struct {
	Fund, By string
	Today    string // in Paris
	At       time.Time
}

// Evolve is the budget after a fact.
func Evolve(b Budget, fact events.Funding) Budget {
	switch e := fact.(type) {
	case events.EnvelopeOpened:
		b.Envelopes = with(b.Envelopes, e)
	case events.CallOpened:
		b.Calls = with(b.Calls, e)
	case events.StructureNoted:
		b.Structures = with(slices.DeleteFunc(slices.Clone(b.Structures), func(s events.StructureNoted) bool { return s.StructureID == e.StructureID }), e)
	case events.ProjectProposed:
		b.Projects = with(b.Projects, e)
	case events.CommitteeConvened:
		b.Committees = with(b.Committees, e)
	case events.ProjectVoted:
		b.Votes = with(slices.DeleteFunc(slices.Clone(b.Votes), func(v events.ProjectVoted) bool { return v.ProjectID == e.ProjectID }), e)
	case events.MinutesFiled:
		b.Minutes = with(b.Minutes, e)
	case events.FundingDecided:
		b.Decisions = with(b.Decisions, e)
	case events.TabletsSubsidised:
		b.Subsidies = with(b.Subsidies, e)
	case events.ProjectReported:
		b.Reports = with(slices.DeleteFunc(slices.Clone(b.Reports), func(r events.ProjectReported) bool { return r.ProjectID == e.ProjectID }), e)
	case events.PaymentMade:
		b.Payments = with(b.Payments, e)
	case events.RecoveryAsked:
		b.Recoveries = with(b.Recoveries, e)
	}
	return b
}

// with never writes into the room behind a list that another state may have.
func with[T any](list []T, one T) []T { return append(slices.Clip(list), one) }

func tell(facts ...events.Funding) ([]events.Funding, error) { return facts, nil }

func find[T any](list []T, is func(T) bool) (found T, ok bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return found, false
}

// Envelope is the envelope with this identifier.
func (b Budget) Envelope(id string) (events.EnvelopeOpened, bool) {
	return find(b.Envelopes, func(e events.EnvelopeOpened) bool { return e.EnvelopeID == id })
}

// Call is the call with this identifier.
func (b Budget) Call(id string) (events.CallOpened, bool) {
	return find(b.Calls, func(c events.CallOpened) bool { return c.CallID == id })
}

// Structure is the structure with this identifier.
func (b Budget) Structure(id string) (events.StructureNoted, bool) {
	return find(b.Structures, func(s events.StructureNoted) bool { return s.StructureID == id })
}

// Project is the project with this identifier.
func (b Budget) Project(id string) (events.ProjectProposed, bool) {
	return find(b.Projects, func(p events.ProjectProposed) bool { return p.ProjectID == id })
}

// Committee is the committee with this identifier.
func (b Budget) Committee(id string) (events.CommitteeConvened, bool) {
	return find(b.Committees, func(c events.CommitteeConvened) bool { return c.CommitteeID == id })
}

// Decision is the decision with this identifier.
func (b Budget) Decision(id string) (events.FundingDecided, bool) {
	return find(b.Decisions, func(d events.FundingDecided) bool { return d.DecisionID == id })
}

// Vote is the last vote on a project.
func (b Budget) Vote(projectID string) (events.ProjectVoted, bool) {
	return find(b.Votes, func(v events.ProjectVoted) bool { return v.ProjectID == projectID })
}

// Report is the last report of a project.
func (b Budget) Report(projectID string) (events.ProjectReported, bool) {
	return find(b.Reports, func(r events.ProjectReported) bool { return r.ProjectID == projectID })
}
