package domain

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// What a committee may say of a project.
const (
	Favourable   = "favourable"
	Reduced      = "reduced"
	Later        = "postponed"
	Unfavourable = "unfavourable"
)

// Presentation is an item of an agenda about which nothing is decided.
const Presentation = "presentation"

// Refusals around committees.
var (
	ErrNoCommittee = refusal.New(refusal.NotFound, "unknown_committee", "There is no such committee.")
	ErrDecided     = refusal.New(refusal.Conflict, "already_decided", "A decision pays for this project. A vote changes nothing any more.")
	ErrMinuted     = refusal.New(refusal.Conflict, "already_minuted", "The minutes of this committee are filed.")
	ErrExceeded    = refusal.New(refusal.Conflict, "envelope_exceeded", "There is not so much left in the envelope. Look at GET /envelopes.")
)

// Convene sets the agenda of a committee.
type Convene struct {
	Act
	ID, Date string
	Agenda   []events.AgendaItem
}

// Decide tells the committee.
func (c Convene) Decide(b Budget) ([]events.Funding, error) {
	var faults refusal.Faults
	for n, item := range c.Agenda {
		if _, ok := b.Project(item.ProjectID); item.ProjectID != "" && !ok {
			faults = append(faults, refusal.Fault{Field: at("agenda", n) + ".project_id", Code: "unknown_project", Detail: "There is no such project."})
		}
	}
	if faults != nil {
		return nil, faults
	}
	return tell(events.CommitteeConvened{Fund: c.Fund, CommitteeID: c.ID, Date: c.Date, Agenda: c.Agenda, By: c.By, At: c.At})
}

// Vote is what the committee says of a project on its agenda.
type Vote struct {
	Act
	CommitteeID, ProjectID, Answer string
	AmountCents                    int // 0: what was asked
	EnvelopeID                     string
}

// Decide tells the vote, and what it promises.
func (v Vote) Decide(b Budget) ([]events.Funding, error) {
	committee, ok := b.Committee(v.CommitteeID)
	if !ok {
		return nil, ErrNoCommittee
	}
	project, _ := b.Project(v.ProjectID)
	envelope, known := b.Envelope(v.EnvelopeID)
	if faults := v.faults(committee, project, known); faults != nil {
		return nil, faults
	}
	if b.funded(v.ProjectID) {
		return nil, ErrDecided
	}
	fact := events.ProjectVoted{
		Fund: v.Fund, CommitteeID: v.CommitteeID, ProjectID: v.ProjectID, Answer: v.Answer, AmountCents: v.amount(project), EnvelopeID: v.EnvelopeID, By: v.By, At: v.At,
	}
	if fact.AmountCents == 0 {
		fact.EnvelopeID = ""
	}
	if known && b.Of(v.EnvelopeID).Committed+b.promised(v.EnvelopeID, []string{v.ProjectID})+fact.AmountCents > envelope.AmountCents {
		return nil, ErrExceeded
	}
	return tell(fact)
}

func (v Vote) amount(p events.ProjectProposed) int {
	switch {
	case v.Answer == Later, v.Answer == Unfavourable:
		return 0
	case v.AmountCents == 0:
		return p.AskedCents
	}
	return v.AmountCents
}

func (v Vote) faults(c events.CommitteeConvened, p events.ProjectProposed, envelope bool) (faults refusal.Faults) {
	item, listed := find(c.Agenda, func(i events.AgendaItem) bool { return i.ProjectID == v.ProjectID })
	switch {
	case p.ProjectID == "":
		faults = append(faults, refusal.Fault{Field: "project_id", Code: "unknown_project", Detail: "There is no such project."})
	case !listed:
		faults = append(faults, refusal.Fault{Field: "project_id", Code: "not_on_agenda", Detail: "This project is not on the committee's agenda."})
	case item.Kind == Presentation:
		faults = append(faults, refusal.Fault{Field: "project_id", Code: "presentation_only", Detail: "The agenda presents this project. Nothing is decided about it."})
	case v.Answer == Reduced && (v.AmountCents == 0 || v.AmountCents >= p.AskedCents):
		faults = append(faults, refusal.Fault{Field: "amount_cents", Code: "not_reduced", Detail: "Say which amount, less than was asked."})
	case v.Answer == Favourable && v.AmountCents > p.AskedCents:
		faults = append(faults, refusal.Fault{Field: "amount_cents", Code: "more_than_asked", Detail: "This is more than was asked."})
	}
	if v.EnvelopeID != "" && !envelope {
		faults = append(faults, refusal.Fault{Field: "envelope_id", Code: "unknown_envelope", Detail: "There is no such envelope."})
	}
	return faults
}

// FileMinutes gives the reference of a committee's minutes.
type FileMinutes struct {
	Act
	CommitteeID, Reference string
}

// Decide tells the reference, once.
func (f FileMinutes) Decide(b Budget) ([]events.Funding, error) {
	if _, ok := b.Committee(f.CommitteeID); !ok {
		return nil, ErrNoCommittee
	}
	if filed := b.MinutesOf(f.CommitteeID); filed == f.Reference {
		return nil, nil
	} else if filed != "" {
		return nil, ErrMinuted
	}
	return tell(events.MinutesFiled{Fund: f.Fund, CommitteeID: f.CommitteeID, Filed: f.Reference, By: f.By, At: f.At})
}

// MinutesOf is the reference of a committee's minutes, empty while there is none.
func (b Budget) MinutesOf(committeeID string) string {
	m, _ := find(b.Minutes, func(m events.MinutesFiled) bool { return m.CommitteeID == committeeID })
	return m.Filed
}

// onlyPresents says whether a committee decides nothing.
func onlyPresents(c events.CommitteeConvened) bool {
	return len(c.Agenda) > 0 && !slices.ContainsFunc(c.Agenda, func(i events.AgendaItem) bool { return i.Kind != Presentation })
}
