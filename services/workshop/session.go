package workshop

import (
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// describe is a session as the caller who planned it reads it.
func (s *Service) describe(id string, w domain.Workshop) rest.Session {
	plan := w.Plan()
	d := rest.Session{
		ID: id, ProviderID: plan.ProviderID, Title: plan.Title, Mode: plan.Mode, Skills: list(plan.Skills), Insee: optional(plan.Insee),
		Place: optional(plan.Place), Status: w.StatusAt(s.Clock.Now()), Minimum: plan.Minimum, Taken: w.Taken, Held: w.Held,
		Waiting: w.Waiting(), Languages: list(plan.Languages), Accessible: plan.Accessible, LendsEquipment: plan.LendsEquipment,
		Labelled: plan.Labelled, ProjectID: optional(plan.ProjectID), Programmes: list(plan.Programmes), CostCents: plan.CostCents,
		Transport: plan.Transport, Level: optional(plan.Level), RegistrationClosesAt: plan.RegistrationClosesAt, Booking: plan.Booking,
		ImmediateSeats: plan.ImmediateSeats, WaitingLimit: plan.WaitingLimit, AssessmentRequired: plan.AssessmentRequired,
		Audience:       &rest.Audience{AgeMinimum: optional(plan.Audience.AgeMinimum), Gir: optional(plan.Audience.GIR)},
		CapacityStatus: w.CapacityStatus(),
	}
	for _, r := range w.Relays() {
		d.Relays = append(d.Relays, rest.SessionRelay{PlaceID: r.PlaceID, Seats: r.Seats, Taken: r.Taken, Free: r.Free, Waiting: r.Waiting})
	}
	d.Services, d.MissingPapers, d.Own, d.Recording = w.Presented(), w.MissingPapers(), &w.Own, optional(w.Recording())
	for _, p := range w.Papers() {
		d.Papers = append(d.Papers, rest.FiledPaper{Kind: p.Kind, Title: p.Title, At: p.At})
	}
	for _, a := range w.Attendance() {
		d.Attendance = append(d.Attendance, attendance(a))
	}
	if !w.Unlimited() {
		free := w.Free()
		d.Capacity, d.Free, d.Over = &plan.Capacity, &free, w.Over()
	}
	for i, m := range plan.Meetings {
		meeting := rest.Meeting{StartsAt: m.StartsAt, EndsAt: m.EndsAt}
		if !w.TakesPlace(i + 1) {
			meeting.Cancelled = optional(true)
		}
		d.Meetings = append(d.Meetings, meeting)
	}
	return d
}

func attendance(a domain.Attended) rest.MeetingAttendance {
	m := rest.MeetingAttendance{
		Meeting: a.Meeting, Present: len(a.Present), Excused: len(a.Excused), Absent: len(a.Absent), OwnPresent: a.OwnPresent,
		DistinctKnown: a.Counted == nil, At: a.At,
	}
	if a.Counted != nil {
		m.Counted = &rest.CountedAttendance{AtHome: a.Counted.AtHome, Relays: []rest.RelayAttendance{}}
		for _, r := range a.Counted.Relays {
			m.Counted.Relays = append(m.Counted.Relays, rest.RelayAttendance{PlaceID: r.PlaceID, Present: r.Present})
		}
	}
	return m
}

func optional[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// list is never null in an answer.
func list(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}
