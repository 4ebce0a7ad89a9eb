package domain

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// TakeDecision commits money. Its lines add up to its total, to the cent.
type TakeDecision struct {
	Act
	ID, CommitteeID, Date string
	TotalCents            int
	Lines                 []events.DecisionLine
}

// Decide tells the decision. A line that names a source, and no envelope, is of the only envelope of that source which is
// open on the day of the decision, if there is one.
func (t TakeDecision) Decide(b Budget) ([]events.Funding, error) {
	lines := slices.Clone(t.Lines)
	faults := t.faults(b)
	for n := range lines {
		faults = append(faults, t.place(b, at("lines", n), &lines[n])...)
	}
	if faults != nil {
		return nil, faults
	}
	if !b.covers(lines) {
		return nil, ErrExceeded
	}
	return tell(events.FundingDecided{
		Fund: t.Fund, DecisionID: t.ID, CommitteeID: t.CommitteeID, Date: t.Date, TotalCents: t.TotalCents, Lines: lines, By: t.By, At: t.At,
	})
}

func (t TakeDecision) faults(b Budget) (faults refusal.Faults) {
	sum := 0
	for _, line := range t.Lines {
		sum += line.AmountCents
	}
	if sum != t.TotalCents {
		faults = append(faults, refusal.Fault{Field: "total_cents", Code: "lines_do_not_add_up", Detail: "The lines do not add up to the total.", Of: "lines"})
	}
	if t.CommitteeID == "" {
		return faults
	}
	committee, ok := b.Committee(t.CommitteeID)
	switch {
	case !ok:
		faults = append(faults, refusal.Fault{Field: "committee_id", Code: "unknown_committee", Detail: "There is no such committee."})
	case committee.Date != t.Date:
		faults = append(faults, refusal.Fault{Field: "date", Code: "not_of_committee", Detail: "The committee sat on another day.", Of: "committee_id"})
	case onlyPresents(committee):
		faults = append(faults, refusal.Fault{Field: "committee_id", Code: "presentation_only", Detail: "This committee was shown something. It decided nothing."})
	}
	return faults
}

// place checks a line and finds its envelope.
func (t TakeDecision) place(b Budget, field string, line *events.DecisionLine) (faults refusal.Faults) {
	if _, ok := b.Project(line.ProjectID); line.ProjectID != "" && !ok {
		faults = append(faults, refusal.Fault{Field: field + ".project_id", Code: "unknown_project", Detail: "There is no such project."})
	}
	if vote, _ := b.Vote(line.ProjectID); line.ProjectID != "" && vote.Answer == Unfavourable {
		faults = append(faults, refusal.Fault{Field: field + ".project_id", Code: "project_refused", Detail: "The committee refused this project."})
	}
	if line.Source != "" {
		faults = append(faults, sourceFaults(field+".source", line.Source)...)
	}
	if line.EnvelopeID == "" {
		return append(faults, t.choose(b, field, line)...)
	}
	envelope, ok := b.Envelope(line.EnvelopeID)
	switch {
	case !ok:
		return append(faults, refusal.Fault{Field: field + ".envelope_id", Code: "unknown_envelope", Detail: "There is no such envelope."})
	case line.Source != "" && line.Source != envelope.Source:
		faults = append(faults, refusal.Fault{Field: field + ".source", Code: "not_of_envelope", Detail: "The envelope is of another source."})
	case !openOn(envelope, t.Date):
		faults = append(faults, refusal.Fault{Field: field + ".envelope_id", Code: "envelope_closed", Detail: "The envelope is not open on the day of the decision.", Of: "date"})
	}
	line.Source = envelope.Source
	return faults
}

func (t TakeDecision) choose(b Budget, field string, line *events.DecisionLine) refusal.Faults {
	var open []events.EnvelopeOpened
	for _, e := range b.Envelopes {
		if e.Source == line.Source && openOn(e, t.Date) {
			open = append(open, e)
		}
	}
	if len(open) > 1 {
		return refusal.Faults{{Field: field + ".envelope_id", Code: "which_envelope", Detail: "Several envelopes of this source are open. Say which."}}
	}
	if len(open) == 1 {
		line.EnvelopeID = open[0].EnvelopeID
	}
	return nil
}

func openOn(e events.EnvelopeOpened, day string) bool {
	return e.From <= day && (e.To == "" || day <= e.To)
}

// covers says whether each envelope has what the lines take. What was promised to their projects is theirs.
func (b Budget) covers(lines []events.DecisionLine) bool {
	var projects []string
	for _, line := range lines {
		projects = append(projects, line.ProjectID)
	}
	for _, e := range b.Envelopes {
		taken := 0
		for _, line := range lines {
			if line.EnvelopeID == e.EnvelopeID {
				taken += line.AmountCents
			}
		}
		if taken > 0 && b.Of(e.EnvelopeID).Committed+b.promised(e.EnvelopeID, projects)+taken > e.AmountCents {
			return false
		}
	}
	return true
}
