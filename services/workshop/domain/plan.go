package domain

import (
	"fmt"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrAlreadyPlanned says that the identifier is in use.
var ErrAlreadyPlanned = refusal.New(refusal.Conflict, "already_planned", "This session is planned already. Change it instead of planning it again.")

// Plan is a provider's offer of seats. Sessions of the past are recorded the same way.
type Plan struct {
	SessionID            string
	ProviderID           string
	Title                string
	Mode                 string // in_person, video, phone, hybrid, webinar
	Skills               []string
	Insee                string
	Place                string
	Capacity             int
	Minimum              int
	Meetings             []events.Meeting
	Languages            []string
	Accessible           bool
	LendsEquipment       bool
	Labelled             bool
	ProjectID            string
	Programmes           []string
	Audience             events.Audience
	CostCents            int
	Transport            string
	Level                string
	RegistrationClosesAt time.Time // zero: two working days before the first meeting, 18:00 in Paris
	Booking              string    // empty: on_request
	ImmediateSeats       *int      // nil: all seats, when the booking is immediate
	WaitingLimit         *int
	AssessmentRequired   bool
	Draft                bool
	By                   string
	At                   time.Time
}

// Decide tells the session, or every fault of the plan.
func (p Plan) Decide(w Workshop) ([]events.Workshop, error) {
	if w.exists() {
		return nil, ErrAlreadyPlanned
	}
	p = p.complete()
	if err := p.faults().OrNil(); err != nil {
		return nil, err
	}
	return tell(events.SessionPlanned{
		SessionID: p.SessionID, ProviderID: p.ProviderID, Title: p.Title, Mode: p.Mode, Skills: p.Skills,
		Insee: p.Insee, Place: p.Place, Capacity: p.Capacity, Minimum: p.Minimum, Meetings: p.Meetings,
		Languages: p.Languages, Accessible: p.Accessible, LendsEquipment: p.LendsEquipment, Labelled: p.Labelled,
		ProjectID: p.ProjectID, Programmes: p.Programmes, Audience: p.Audience, CostCents: p.CostCents,
		Transport: p.Transport, Level: p.Level, RegistrationClosesAt: p.RegistrationClosesAt,
		Booking: p.Booking, ImmediateSeats: *p.ImmediateSeats, WaitingLimit: p.WaitingLimit,
		AssessmentRequired: p.AssessmentRequired, Status: p.status(), By: p.By, At: p.At,
	})
}

// complete fills in what a plan may leave out.
func (p Plan) complete() Plan {
	if p.Mode == "webinar" {
		p.Capacity = 0
	}
	p.Booking, p.Transport = orText(p.Booking, "on_request"), orText(p.Transport, "none")
	p.Skills, p.Languages, p.Programmes = orNone(p.Skills), orNone(p.Languages), orNone(p.Programmes)
	p.Meetings = inUTC(p.Meetings)
	if p.ImmediateSeats == nil {
		seats := 0
		if p.Booking == "immediate" {
			seats = p.Capacity
		}
		p.ImmediateSeats = &seats
	}
	if p.RegistrationClosesAt.IsZero() && len(p.Meetings) > 0 {
		p.RegistrationClosesAt = defaultClosing(p.Meetings[0].StartsAt)
	}
	p.RegistrationClosesAt = p.RegistrationClosesAt.UTC()
	return p
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (p Plan) status() string {
	if p.Draft {
		return "draft"
	}
	planned := Workshop{Status: "open", plan: events.SessionPlanned{Meetings: p.Meetings, Labelled: p.Labelled}}
	return planned.StatusAt(p.At)
}

func (p Plan) faults() refusal.Faults {
	faults := append(meetingFaults(p.Meetings), p.figureFaults()...)
	if len(p.Meetings) > 0 && p.RegistrationClosesAt.After(p.Meetings[0].StartsAt) {
		faults = append(faults, closesLate)
	}
	return faults
}

func (p Plan) figureFaults() refusal.Faults {
	var faults refusal.Faults
	add := func(wrong bool, field, code, detail string, of ...string) {
		if wrong {
			faults = append(faults, refusal.Fault{Field: field, Code: code, Detail: detail, Of: strings.Join(of, " ")})
		}
	}
	limited := p.Mode != "webinar"
	add(limited && p.Capacity < 1, "capacity", "too_small", "A session has at least one seat; only a webinar has no limit.", "mode")
	add(p.Minimum < 0, "minimum", "negative", "The minimum cannot be below zero.")
	add(limited && p.Capacity >= 1 && p.Minimum > p.Capacity, "minimum", "above_capacity", "The minimum cannot be above the capacity.", "mode", "capacity")
	add(p.CostCents < 0, "cost_cents", "negative", "The cost cannot be below zero.")
	add(p.WaitingLimit != nil && *p.WaitingLimit < 0, "waiting_limit", "negative", "The limit of the waiting list cannot be below zero.")
	add(*p.ImmediateSeats < 0, "immediate_seats", "negative", "The number of seats cannot be below zero.")
	add(limited && p.Capacity >= 1 && *p.ImmediateSeats > p.Capacity, "immediate_seats", "above_capacity", "There are not as many seats.", "mode", "capacity")
	add(*p.ImmediateSeats > 0 && p.Booking != "immediate", "immediate_seats", "needs_immediate_booking", "Seats are given at once only where the booking is immediate.", "booking")
	return faults
}

func meetingFaults(meetings []events.Meeting) refusal.Faults {
	if len(meetings) == 0 {
		return refusal.Faults{{Field: "meetings", Code: "required", Detail: "A session has at least one meeting."}}
	}
	var faults refusal.Faults
	for i, m := range meetings {
		if !m.EndsAt.After(m.StartsAt) {
			faults = append(faults, refusal.Fault{Field: fmt.Sprintf("meetings[%d].ends_at", i), Code: "ends_before_start",
				Detail: "A meeting ends after it begins.", Of: fmt.Sprintf("meetings[%d].starts_at", i)})
		}
		if i > 0 && m.StartsAt.Before(meetings[i-1].EndsAt) {
			faults = append(faults, refusal.Fault{Field: fmt.Sprintf("meetings[%d].starts_at", i), Code: "not_in_order",
				Detail: "Meetings come one after the other; this one begins before the one above ends.", Of: fmt.Sprintf("meetings[%d].ends_at", i-1)})
		}
	}
	return faults
}
