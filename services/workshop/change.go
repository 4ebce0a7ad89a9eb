package workshop

import (
	"context"
	"encoding/json"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// headers are those of every answer about a session.
type headers struct {
	ETag               string
	PasserellePosition string
}

func headersOf(done decider.Done[domain.Workshop]) headers {
	return headers{web.ETag("session", done.Version), web.Position(Name, done.Position)}
}

// change gives a command of a provider to its session, and the session as it is then.
func (s *Service) change(ctx context.Context, action policy.Action, session string, command func(domain.Change) domain.Decision) (b rest.Session, h headers, err error) {
	c, err := s.changing(ctx, action, session)
	if err != nil {
		return b, h, err
	}
	done, err := engine.Command(ctx, s.sessions, "session", session, command(c), func(domain.Workshop, int) any { return created{session} })
	if err != nil {
		return b, h, err
	}
	return s.describe(session, done.State), headersOf(done), nil
}

// changing is what the caller's command says of itself, if the session is the caller's to change.
func (s *Service) changing(ctx context.Context, action policy.Action, session string) (domain.Change, error) {
	provider, err := s.providerFor(ctx, action, session)
	return domain.Change{SessionID: session, ProviderID: provider, By: web.Account(ctx), At: s.Clock.Now()}, err
}

// OpenSession makes a draft take requests.
func (s *Service) OpenSession(ctx context.Context, r rest.OpenSessionRequestObject) (rest.OpenSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision { return domain.Open{Change: c} })
	return rest.OpenSession200JSONResponse{Body: b, Headers: rest.OpenSession200ResponseHeaders(h)}, err
}

// ConfirmSession says that a session takes place.
func (s *Service) ConfirmSession(ctx context.Context, r rest.ConfirmSessionRequestObject) (rest.ConfirmSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision { return domain.Confirm{Change: c} })
	return rest.ConfirmSession200JSONResponse{Body: b, Headers: rest.ConfirmSession200ResponseHeaders(h)}, err
}

// CloseSession ends a session whose meetings are over.
func (s *Service) CloseSession(ctx context.Context, r rest.CloseSessionRequestObject) (rest.CloseSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.AnswerRequest, r.SessionID, func(c domain.Change) domain.Decision { return domain.Close{Change: c} })
	return rest.CloseSession200JSONResponse{Body: b, Headers: rest.CloseSession200ResponseHeaders(h)}, err
}

// CloseRegistration takes no more requests before the time.
func (s *Service) CloseRegistration(ctx context.Context, r rest.CloseRegistrationRequestObject) (rest.CloseRegistrationResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision { return domain.EndRegistration{Change: c} })
	return rest.CloseRegistration200JSONResponse{Body: b, Headers: rest.CloseRegistration200ResponseHeaders(h)}, err
}

// SetCapacity gives a session more seats, or fewer.
func (s *Service) SetCapacity(ctx context.Context, r rest.SetCapacityRequestObject) (rest.SetCapacityResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.SetCapacity{Change: c, Capacity: r.Body.Capacity, Reason: r.Body.Reason}
	})
	return rest.SetCapacity200JSONResponse{Body: b, Headers: rest.SetCapacity200ResponseHeaders(h)}, err
}

// RescheduleSession moves a session.
func (s *Service) RescheduleSession(ctx context.Context, r rest.RescheduleSessionRequestObject) (rest.RescheduleSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.Reschedule{
			Change: c, Meetings: meetings(r.Body.Meetings), Insee: r.Body.Insee, Place: r.Body.Place, Reason: r.Body.Reason,
			RegistrationClosesAt: engine.Value(r.Body.RegistrationClosesAt),
		}
	})
	return rest.RescheduleSession200JSONResponse{Body: b, Headers: rest.RescheduleSession200ResponseHeaders(h)}, err
}

func meetings(list []rest.Meeting) (out []events.Meeting) {
	for _, m := range list {
		out = append(out, events.Meeting{StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC()})
	}
	return out
}

// AmendSession changes what is told of a session.
func (s *Service) AmendSession(ctx context.Context, r rest.AmendSessionRequestObject) (rest.AmendSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision { return amendment(c, *r.Body) })
	return rest.AmendSession200JSONResponse{Body: b, Headers: rest.AmendSession200ResponseHeaders(h)}, err
}

func amendment(c domain.Change, b rest.SessionAmendment) domain.Amend {
	amend := domain.Amend{
		Change: c, Title: b.Title, Skills: b.Skills, Languages: b.Languages, Accessible: b.Accessible, LendsEquipment: b.LendsEquipment,
		Minimum: b.Minimum, CostCents: b.CostCents, ProjectID: b.ProjectID, Transport: b.Transport, Level: b.Level, Programmes: b.Programmes,
		Booking: b.Booking, ImmediateSeats: b.ImmediateSeats, WaitingLimit: b.WaitingLimit, NoWaitingLimit: engine.Value(b.NoWaitingLimit),
		AssessmentRequired: b.AssessmentRequired,
	}
	if b.Audience != nil {
		amend.Audience = &events.Audience{AgeMinimum: engine.Value(b.Audience.AgeMinimum), GIR: engine.Value(b.Audience.Gir)}
	}
	return amend
}

// CancelMeeting takes one meeting out of a session.
func (s *Service) CancelMeeting(ctx context.Context, r rest.CancelMeetingRequestObject) (rest.CancelMeetingResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.CancelMeeting{Change: c, Meeting: r.Meeting, Reason: r.Body.Reason}
	})
	return rest.CancelMeeting200JSONResponse{Body: b, Headers: rest.CancelMeeting200ResponseHeaders(h)}, err
}

// CancelSession ends a session that does not take place, or does not go on.
func (s *Service) CancelSession(ctx context.Context, r rest.CancelSessionRequestObject) (rest.CancelSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.Cancel{Change: c, Reason: r.Body.Reason}
	})
	return rest.CancelSession200JSONResponse{Body: b, Headers: rest.CancelSession200ResponseHeaders(h)}, err
}

// AdaptSession holds a session in another way.
func (s *Service) AdaptSession(ctx context.Context, r rest.AdaptSessionRequestObject) (rest.AdaptSessionResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.Adapt{Change: c, Mode: r.Body.Mode, Reason: r.Body.Reason}
	})
	return rest.AdaptSession200JSONResponse{Body: b, Headers: rest.AdaptSession200ResponseHeaders(h)}, err
}

// SetOwnSeats keeps seats for the provider's own public.
func (s *Service) SetOwnSeats(ctx context.Context, r rest.SetOwnSeatsRequestObject) (rest.SetOwnSeatsResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.SetOwnSeats{Change: c, Seats: r.Body.Seats}
	})
	return rest.SetOwnSeats200JSONResponse{Body: b, Headers: rest.SetOwnSeats200ResponseHeaders(h)}, err
}

// SetRelay names a place from which a session is followed.
func (s *Service) SetRelay(ctx context.Context, r rest.SetRelayRequestObject) (rest.SetRelayResponseObject, error) {
	b, h, err := s.change(ctx, policy.PlanSession, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.SetRelay{Change: c, PlaceID: r.Body.PlaceID, Seats: r.Body.Seats}
	})
	return rest.SetRelay200JSONResponse{Body: b, Headers: rest.SetRelay200ResponseHeaders(h)}, err
}

// FilePaper says that a paper of a labelled session is there.
func (s *Service) FilePaper(ctx context.Context, r rest.FilePaperRequestObject) (rest.FilePaperResponseObject, error) {
	b, h, err := s.change(ctx, policy.AnswerRequest, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.FilePaper{Change: c, Kind: r.Kind, Title: r.Body.Title}
	})
	return rest.FilePaper200JSONResponse{Body: b, Headers: rest.FilePaper200ResponseHeaders(h)}, err
}

// PresentServices says which services the animators have presented.
func (s *Service) PresentServices(ctx context.Context, r rest.PresentServicesRequestObject) (rest.PresentServicesResponseObject, error) {
	b, h, err := s.change(ctx, policy.AnswerRequest, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.PresentServices{Change: c, Services: r.Body.Services}
	})
	return rest.PresentServices200JSONResponse{Body: b, Headers: rest.PresentServices200ResponseHeaders(h)}, err
}

// LinkRecording says where a session can be watched afterwards.
func (s *Service) LinkRecording(ctx context.Context, r rest.LinkRecordingRequestObject) (rest.LinkRecordingResponseObject, error) {
	b, h, err := s.change(ctx, policy.AnswerRequest, r.SessionID, func(c domain.Change) domain.Decision {
		return domain.LinkRecording{Change: c, URL: engine.Value(r.Body.URL)}
	})
	return rest.LinkRecording200JSONResponse{Body: b, Headers: rest.LinkRecording200ResponseHeaders(h)}, err
}

// RecordAttendance says who was at a meeting.
func (s *Service) RecordAttendance(ctx context.Context, r rest.RecordAttendanceRequestObject) (rest.RecordAttendanceResponseObject, error) {
	named := make([]string, len(r.Body.Participants))
	for i, p := range r.Body.Participants {
		named[i] = p.ReferralID
	}
	b, h, err := s.change(ctx, policy.AnswerRequest, r.SessionID, func(c domain.Change) domain.Decision {
		s.concerns(ctx, r.SessionID, named...)
		attend := domain.Attend{Change: c, Meeting: r.Body.Meeting, OwnPresent: engine.Value(r.Body.OwnPresent), Counted: counted(r.Body.Counted)}
		for _, p := range r.Body.Participants {
			attend.Participants = append(attend.Participants, domain.Presence{ReferralID: p.ReferralID, Status: p.Status})
		}
		return attend
	})
	return rest.RecordAttendance200JSONResponse{Body: b, Headers: rest.RecordAttendance200ResponseHeaders(h)}, err
}

func counted(b *rest.CountedAttendance) *domain.Count {
	if b == nil {
		return nil
	}
	c := &domain.Count{AtHome: b.AtHome}
	for _, r := range b.Relays {
		c.Relays = append(c.Relays, events.RelayCount{PlaceID: r.PlaceID, Present: r.Present})
	}
	return c
}

// concerns notes for the access log whom a request is about, also when it is refused.
func (s *Service) concerns(ctx context.Context, session string, referrals ...string) {
	w, _, err := s.sessions.Get(ctx, session)
	for _, referral := range referrals {
		if err == nil {
			web.Concerns(ctx, w.PersonOf(referral))
		}
	}
}

// providerFor is the provider the caller answers for on this session. Whose session it is not, does not learn
// that it exists.
func (s *Service) providerFor(ctx context.Context, action policy.Action, sessionID string) (string, error) {
	if !policy.May(s.Account(ctx), action) {
		return "", errNotYours
	}
	session, _, err := s.sessions.Get(ctx, sessionID)
	if err != nil {
		return "", err
	}
	decision, err := s.can(ctx, action, session.ProviderID)
	if err == nil && decision != policy.Allowed {
		err = domain.ErrNoSession
	}
	return session.ProviderID, err
}

// created is what is kept of a command on a session, for who asks for it again.
type created struct {
	ID string `json:"id"`
}

// idOf reads it back.
func idOf(answer json.RawMessage) (string, error) {
	var kept created
	err := json.Unmarshal(answer, &kept)
	return kept.ID, err
}
