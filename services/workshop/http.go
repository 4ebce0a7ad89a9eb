package workshop

import (
	"context"

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

var errNotYourDesk = refusal.New(refusal.Forbidden, "forbidden", "Only the desk that sent the person says this for them.")

// CreateSession plans a session, for a provider or on its behalf.
func (s *Service) CreateSession(ctx context.Context, r rest.CreateSessionRequestObject) (rest.CreateSessionResponseObject, error) {
	switch decision, err := s.can(ctx, policy.PlanSession, r.Body.ProviderID); {
	case err != nil:
		return nil, err
	case decision == policy.Never:
		return nil, errNotYours
	case decision == policy.Elsewhere:
		_ = web.Fault(ctx, errNoProvider) // the plan may be wrong too
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
	id, err := idOf(done.Answer)
	if err != nil {
		return nil, err
	}
	session, version, err := s.sessions.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return rest.CreateSession201JSONResponse{
		Body: s.describe(id, session),
		Headers: rest.CreateSession201ResponseHeaders{
			ETag: web.ETag("session", version), PasserellePosition: web.Position(Name, done.Position),
		},
	}, nil
}

// AcceptRequest is the provider's yes.
func (s *Service) AcceptRequest(ctx context.Context, r rest.AcceptRequestRequestObject) (rest.AcceptRequestResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.Accept{SessionID: c.SessionID, ReferralID: r.ReferralID, ProviderID: c.ProviderID, By: c.By, At: c.At}
	})
	return rest.AcceptRequest200JSONResponse{Body: b, Headers: rest.AcceptRequest200ResponseHeaders(h)}, err
}

// DeclineRequest is the provider's no.
func (s *Service) DeclineRequest(ctx context.Context, r rest.DeclineRequestRequestObject) (rest.DeclineRequestResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.Decline{
			SessionID: c.SessionID, ReferralID: r.ReferralID, ProviderID: c.ProviderID, Reason: r.Body.Reason, Message: engine.Value(r.Body.Message),
			By: c.By, At: c.At,
		}
	})
	return rest.DeclineRequest200JSONResponse{Body: b, Headers: rest.DeclineRequest200ResponseHeaders(h)}, err
}

func answerTo(session, referral string) func(domain.Workshop, int) any {
	return func(w domain.Workshop, _ int) any {
		is := w.AnswerTo(referral)
		answer := rest.RequestAnswer{SessionID: session, ReferralID: referral, Status: statusOf(is)}
		if is.Rank > 0 {
			answer.Rank = &is.Rank
		}
		return answer
	}
}

// statusOf is where a referral stands, in the words of referrals.
func statusOf(a domain.Answer) string {
	switch {
	case a.Studied:
		return "in_study"
	case a.Status == domain.Held, a.Status == domain.Queued:
		return "requested"
	}
	return a.Status
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
	p.Meetings = meetings(b.Meetings)
	return p
}
