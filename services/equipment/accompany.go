package equipment

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

// UseHours counts minutes with a coach, without an appointment.
func (s *Service) UseHours(ctx context.Context, r rest.UseHoursRequestObject) (rest.UseHoursResponseObject, error) {
	found, err := s.entitled(ctx, policy.Accompany, r.ID)
	if err != nil {
		return nil, err
	}
	body, h, err := s.grant(ctx, found.Programme, r.ID, s.using(ctx, r.ID, r.Body.Minutes, r.Body.Date))
	return rest.UseHours200JSONResponse{Body: body, Headers: rest.UseHours200ResponseHeaders(h)}, err
}

func (s *Service) using(ctx context.Context, id string, minutes int, day string) domain.UseMinutes {
	now := s.Clock.Now()
	return domain.UseMinutes{EntitlementID: id, Minutes: minutes, Day: day, By: web.Account(ctx), Today: reference.Day(now), At: now}
}

// MakeAppointment makes an appointment.
func (s *Service) MakeAppointment(ctx context.Context, r rest.MakeAppointmentRequestObject) (rest.MakeAppointmentResponseObject, error) {
	body, h, err := s.meet(ctx, r.ID, 0, s.appointing(ctx, r.ID, 0, *r.Body))
	return rest.MakeAppointment201JSONResponse{Body: body, Headers: rest.MakeAppointment201ResponseHeaders(h)}, err
}

// MoveAppointment moves one.
func (s *Service) MoveAppointment(ctx context.Context, r rest.MoveAppointmentRequestObject) (rest.MoveAppointmentResponseObject, error) {
	body, h, err := s.meet(ctx, r.ID, r.Number, s.appointing(ctx, r.ID, r.Number, *r.Body))
	return rest.MoveAppointment200JSONResponse{Body: body, Headers: rest.MoveAppointment200ResponseHeaders(h)}, err
}

func (s *Service) appointing(ctx context.Context, id string, number int, said rest.NewAppointment) domain.MakeAppointment {
	return domain.MakeAppointment{
		EntitlementID: id, Number: number, StartsAt: said.StartsAt.UTC(), Minutes: said.Minutes, Where: said.Place, By: web.Account(ctx), At: s.Clock.Now(),
	}
}

// KeepAppointment says that one took place.
func (s *Service) KeepAppointment(ctx context.Context, r rest.KeepAppointmentRequestObject) (rest.KeepAppointmentResponseObject, error) {
	keep := domain.KeepAppointment{UseMinutes: s.using(ctx, r.ID, r.Body.Minutes, "")}
	keep.Number, keep.Skills = r.Number, r.Body.Skills
	body, h, err := s.meet(ctx, r.ID, r.Number, keep)
	return rest.KeepAppointment200JSONResponse{Body: body, Headers: rest.KeepAppointment200ResponseHeaders(h)}, err
}

// MissAppointment says that one did not take place.
func (s *Service) MissAppointment(ctx context.Context, r rest.MissAppointmentRequestObject) (rest.MissAppointmentResponseObject, error) {
	miss := domain.MissAppointment{EntitlementID: r.ID, Number: r.Number, Reason: r.Body.Reason, By: web.Account(ctx), At: s.Clock.Now()}
	body, h, err := s.meet(ctx, r.ID, r.Number, miss)
	return rest.MissAppointment200JSONResponse{Body: body, Headers: rest.MissAppointment200ResponseHeaders(h)}, err
}

// meet does something with an appointment of somebody whom the caller accompanies; 0 is the one that is made.
func (s *Service) meet(ctx context.Context, id string, number int, what granting) (body rest.Appointment, h headers, err error) {
	found, err := s.entitled(ctx, policy.Accompany, id)
	if err != nil {
		return body, h, err
	}
	done, err := engine.Command(ctx, s.grants, "grant", found.Programme, what, appointmentState(id, number))
	if err != nil {
		return body, h, err
	}
	body, err = engine.Answered[rest.Appointment](done)
	return body, grantHeads(done), err
}

func appointmentState(id string, number int) func(domain.Grants, int) any {
	return func(g domain.Grants, _ int) any {
		list := g.Entitlement(id).Appointments()
		at := number
		if at == 0 {
			at = len(list)
		}
		a := list[at-1]
		return rest.Appointment{
			Number: at, StartsAt: a.StartsAt, Minutes: a.Minutes, Place: a.Where, Status: a.Status, Reason: some(a.Reason), Skills: append([]string{}, a.Skills...),
		}
	}
}
