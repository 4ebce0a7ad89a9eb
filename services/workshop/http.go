package workshop

import (
	"context"
	"encoding/json"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// errNotYours: no provider account has this session or may plan for this provider.
var errNotYours = refusal.New(refusal.Forbidden, "forbidden", "Only a provider, or the partnership officer of its fund, may do this.")

// CreateSession plans a session, for a provider or on its behalf.
func (s *Service) CreateSession(ctx context.Context, r rest.CreateSessionRequestObject) (rest.CreateSessionResponseObject, error) {
	switch decision, err := s.can(ctx, policy.PlanSession, r.Body.ProviderID); {
	case err != nil:
		return nil, err
	case decision == policy.Never:
		return nil, errNotYours
	case decision == policy.Elsewhere:
		return nil, errNoProvider
	}
	if err := s.stillOpen(ctx, r.Body.ProviderID); err != nil {
		return nil, err
	}
	plan := s.plan(ctx, *r.Body)
	done, err := engine.Command(ctx, s.sessions, "session", plan.SessionID, plan, func(domain.Workshop, int) any {
		return created{plan.SessionID}
	})
	if err != nil {
		return nil, err
	}
	var answer created
	if err := json.Unmarshal(done.Answer, &answer); err != nil {
		return nil, err
	}
	session, version, err := s.sessions.Get(ctx, answer.ID)
	if err != nil {
		return nil, err
	}
	return rest.CreateSession201JSONResponse{
		Body: s.describe(answer.ID, session),
		Headers: rest.CreateSession201ResponseHeaders{
			ETag: web.ETag("session", version), PasserellePosition: web.Position(Name, done.Position),
		},
	}, nil
}

// created is what is kept of a creation, for who asks for it again.
type created struct {
	ID string `json:"id"`
}

// AcceptRequest is the provider's yes.
func (s *Service) AcceptRequest(ctx context.Context, r rest.AcceptRequestRequestObject) (rest.AcceptRequestResponseObject, error) {
	provider, err := s.providerOf(ctx, r.SessionID)
	if err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.sessions, "session", r.SessionID, domain.Accept{
		SessionID: r.SessionID, ReferralID: r.ReferralID, ProviderID: provider, By: web.Account(ctx), At: s.Clock.Now(),
	}, answerTo(r.SessionID, r.ReferralID))
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, done.State.PersonOf(r.ReferralID))
	body, err := engine.Answered[rest.RequestAnswer](done)
	return rest.AcceptRequest200JSONResponse{Body: body, Headers: rest.AcceptRequest200ResponseHeaders{
		ETag: web.ETag("session", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// DeclineRequest is the provider's no.
func (s *Service) DeclineRequest(ctx context.Context, r rest.DeclineRequestRequestObject) (rest.DeclineRequestResponseObject, error) {
	provider, err := s.providerOf(ctx, r.SessionID)
	if err != nil {
		return nil, err
	}
	decline := domain.Decline{
		SessionID: r.SessionID, ReferralID: r.ReferralID, ProviderID: provider, Reason: r.Body.Reason,
		By: web.Account(ctx), At: s.Clock.Now(),
	}
	if r.Body.Message != nil {
		decline.Message = *r.Body.Message
	}
	done, err := engine.Command(ctx, s.sessions, "session", r.SessionID, decline, answerTo(r.SessionID, r.ReferralID))
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, done.State.PersonOf(r.ReferralID))
	body, err := engine.Answered[rest.RequestAnswer](done)
	return rest.DeclineRequest200JSONResponse{Body: body, Headers: rest.DeclineRequest200ResponseHeaders{
		ETag: web.ETag("session", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func answerTo(session, referral string) func(domain.Workshop, int) any {
	return func(w domain.Workshop, _ int) any {
		is := w.AnswerTo(referral)
		answer := rest.RequestAnswer{SessionID: session, ReferralID: referral, Status: is.Status}
		if is.Status == domain.Waitlisted {
			answer.Rank = &is.Rank
		}
		return answer
	}
}

// providerOf is the provider the caller answers for on this session. Whose session it is not, does not learn
// that it exists.
func (s *Service) providerOf(ctx context.Context, sessionID string) (string, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.AnswerRequest) {
		return "", errNotYours
	}
	session, _, err := s.sessions.Get(ctx, sessionID)
	if err != nil {
		return "", err
	}
	decision, err := s.can(ctx, policy.AnswerRequest, session.ProviderID)
	if err == nil && decision != policy.Allowed {
		err = domain.ErrNoSession
	}
	return session.ProviderID, err
}

var errNoProvider = refusal.Faults{{Field: "provider_id", Code: "unknown_provider", Detail: "There is no such provider, or it is not yours."}}

// can asks the policy about a provider.
func (s *Service) can(ctx context.Context, action policy.Action, provider string) (policy.Decision, error) {
	account := s.Account(ctx)
	found, err := s.provider(ctx, provider)
	return policy.Can(account, action, policy.Resource{Fund: found.Fund, Department: found.Department, Provider: found.ID}), err
}

func (s *Service) plan(ctx context.Context, b rest.NewSession) domain.Plan {
	p := domain.Plan{
		SessionID: engine.NewID(), ProviderID: b.ProviderID, Title: b.Title, Mode: b.Mode, Skills: b.Skills, Insee: engine.Value(b.Insee),
		Place: engine.Value(b.Place), Capacity: engine.Value(b.Capacity), Minimum: engine.Value(b.Minimum), Languages: b.Languages,
		Accessible: engine.Value(b.Accessible), LendsEquipment: engine.Value(b.LendsEquipment), Labelled: engine.Value(b.Labelled),
		ProjectID: engine.Value(b.ProjectID), Programmes: b.Programmes, CostCents: engine.Value(b.CostCents), Transport: engine.Value(b.Transport),
		Level: engine.Value(b.Level), Booking: engine.Value(b.Booking), ImmediateSeats: b.ImmediateSeats, WaitingLimit: b.WaitingLimit,
		AssessmentRequired: engine.Value(b.AssessmentRequired), Draft: engine.Value(b.Draft), By: web.Account(ctx), At: s.Clock.Now(),
	}
	if b.Audience != nil {
		p.Audience = events.Audience{AgeMinimum: engine.Value(b.Audience.AgeMinimum), GIR: engine.Value(b.Audience.Gir)}
	}
	if b.RegistrationClosesAt != nil {
		p.RegistrationClosesAt = b.RegistrationClosesAt.UTC()
	}
	for _, m := range b.Meetings {
		p.Meetings = append(p.Meetings, events.Meeting{StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC()})
	}
	return p
}
