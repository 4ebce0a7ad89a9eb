package domain

import (
	"cmp"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Amend changes what is told of a session; what is nil stays.
type Amend struct {
	Change

	Title                       *string
	Skills, Languages           []string
	Accessible, LendsEquipment  *bool
	Minimum, CostCents          *int
	ProjectID, Transport, Level *string
	Programmes                  []string
	Audience                    *events.Audience
	Booking                     *string
	ImmediateSeats              *int
	WaitingLimit                *int
	NoWaitingLimit              bool
	AssessmentRequired          *bool
}

// Decide tells how the session is described from now on.
func (c Amend) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.changeable(w); err != nil {
		return nil, err
	}
	p := c.plan(w)
	faults := p.figureFaults()
	if strings.TrimSpace(p.Title) == "" {
		faults = append(faults, refusal.Fault{Field: "title", Code: "required", Detail: "Say what the session is about."})
	}
	if err := faults.OrNil(); err != nil {
		return nil, err
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(events.SessionAmended{
		SessionID: c.SessionID, Title: p.Title, Skills: p.Skills, Languages: p.Languages, Accessible: p.Accessible, LendsEquipment: p.LendsEquipment,
		Minimum: p.Minimum, ProjectID: p.ProjectID, Programmes: p.Programmes, Audience: p.Audience, CostCents: p.CostCents, Transport: p.Transport,
		Level: p.Level, Booking: p.Booking, ImmediateSeats: *p.ImmediateSeats, WaitingLimit: p.WaitingLimit, AssessmentRequired: p.AssessmentRequired,
		By: c.By, At: c.At,
	})
	return t.done()
}

// plan is the session as it would be planned now.
func (c Amend) plan(w Workshop) Plan {
	was := w.plan
	p := Plan{
		Mode: w.Mode, Capacity: w.Capacity,
		Title: or(c.Title, was.Title), Skills: orList(c.Skills, was.Skills), Languages: orList(c.Languages, was.Languages),
		Accessible: or(c.Accessible, was.Accessible), LendsEquipment: or(c.LendsEquipment, was.LendsEquipment), Minimum: or(c.Minimum, was.Minimum),
		CostCents: or(c.CostCents, was.CostCents), ProjectID: or(c.ProjectID, was.ProjectID), Transport: or(c.Transport, was.Transport),
		Level: or(c.Level, was.Level), Programmes: orList(c.Programmes, was.Programmes), Audience: or(c.Audience, was.Audience),
		Booking: cmp.Or(or(c.Booking, was.Booking), "on_request"), WaitingLimit: was.WaitingLimit, AssessmentRequired: or(c.AssessmentRequired, was.AssessmentRequired),
	}
	seats := or(c.ImmediateSeats, min(was.ImmediateSeats, w.Capacity))
	if p.Booking != "immediate" && c.ImmediateSeats == nil {
		seats = 0
	} else if was.Booking != "immediate" && c.ImmediateSeats == nil {
		seats = w.Capacity
	}
	p.ImmediateSeats = &seats
	if c.WaitingLimit != nil || c.NoWaitingLimit {
		p.WaitingLimit = c.WaitingLimit
	}
	return p
}

func or[T any](said *T, was T) T {
	if said == nil {
		return was
	}
	return *said
}

func orList(said, was []string) []string {
	if said == nil {
		return orNone(was)
	}
	return said
}

func (w Workshop) amended(e events.SessionAmended) Workshop {
	w.plan.Title, w.plan.Skills, w.plan.Languages, w.plan.Accessible, w.plan.LendsEquipment = e.Title, e.Skills, e.Languages, e.Accessible, e.LendsEquipment
	w.plan.Minimum, w.plan.ProjectID, w.plan.Programmes, w.plan.Audience, w.plan.CostCents = e.Minimum, e.ProjectID, e.Programmes, e.Audience, e.CostCents
	w.plan.Transport, w.plan.Level, w.plan.Booking, w.plan.ImmediateSeats = e.Transport, e.Level, e.Booking, e.ImmediateSeats
	w.plan.WaitingLimit, w.plan.AssessmentRequired = e.WaitingLimit, e.AssessmentRequired
	return w
}
