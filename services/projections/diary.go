package projections

import (
	"context"
	"time"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const (
	daysOfDiary = 7
	mostOfDiary = 500
)

// diaryRow is an appointment with the entitlement it belongs to.
type diaryRow struct {
	sealedPerson
	appointmentRow

	Programme, State string
	Promised, Used   int
	Coach            *string
}

var diaryOf = `select m.entitlement_id, m.number, m.starts_at, m.minutes, m.place, m.status, m.reason, m.skills,
  e.programme, e.status as state, e.minutes as promised, e.used, e.coach, ` + grantPerson + `
from model.appointment m join model.entitlement e on e.id = m.entitlement_id` + grantJoins + `
where m.starts_at >= $1 and m.starts_at < $2 and (e.coach = any($3) or e.fund = any($4)) order by m.starts_at, m.entitlement_id, m.number limit $5`

// ListAppointments gives the diary of a coach, or of all coaches of a fund to who looks after its equipment.
func (s *Service) ListAppointments(ctx context.Context, request rest.ListAppointmentsRequestObject) (rest.ListAppointmentsResponseObject, error) {
	_, a, err := s.caller(ctx, policy.Accompany)
	if err != nil {
		return nil, err
	}
	ctx = s.within(ctx, a, policy.ReadEntitlement)
	from, to, err := s.week(request.Params)
	if err != nil {
		return nil, err
	}
	of := policy.ReachOf(a, policy.Accompany)
	rows, err := all[diaryRow](ctx, s, diaryOf, from, to.AddDate(0, 0, 1), append(listOf(of.Providers), of.Authors...), s.fundsOf(of), mostOfDiary)
	if err != nil {
		return nil, err
	}
	persons, err := open(ctx, s, rows)
	items := make([]rest.DiaryLine, len(rows))
	for i, r := range rows {
		web.Concerns(ctx, the(r.PersonID))
		items[i] = rest.DiaryLine{
			EntitlementID: r.EntitlementID, Programme: r.Programme, PersonID: the(r.PersonID), Appointment: r.appointmentRow.rest(),
			Person: accompanied(persons.details(r.PersonID), r.Place == "home" && r.appointmentRow.Status == "planned" && coached(a, r.Coach)),
		}
		if r.State == "approved" || r.State == "equipped" {
			items[i].Left = r.Promised - r.Used
		}
	}
	return rest.ListAppointments200JSONResponse{From: reference.Day(from), To: reference.Day(to), Items: items}, err
}

// week are the days that were asked for: the mornings of the first and the last, in Paris.
func (s *Service) week(p rest.ListAppointmentsParams) (from, to time.Time, err error) {
	now := s.Clock.Now().In(reference.Paris)
	from = time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%daysOfDiary, 0, 0, 0, 0, reference.Paris)
	if p.From != nil {
		if from, err = time.ParseInLocation(time.DateOnly, *p.From, reference.Paris); err != nil {
			return from, to, err // the edge has read it
		}
	}
	to = from.AddDate(0, 0, daysOfDiary-1)
	if p.To != nil {
		if to, err = time.ParseInLocation(time.DateOnly, *p.To, reference.Paris); err != nil {
			return from, to, err
		}
	}
	if to.Before(from) || to.After(from.AddDate(0, 0, mostDays-1)) {
		return from, to, refusal.Faults{{Field: "to", Code: "out_of_range", Detail: "From the first day on, and 92 days at most."}}
	}
	return from, to, nil
}
