package equipment

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

var errNoAnswering = refusal.New(refusal.Forbidden, "forbidden", "Only who looks after the equipment of the fund, or the coach, may do this.")

// ApproveEntitlement is the yes.
func (s *Service) ApproveEntitlement(ctx context.Context, r rest.ApproveEntitlementRequestObject) (rest.ApproveEntitlementResponseObject, error) {
	body, h, err := s.answer(ctx, r.ID, func(by string) granting {
		now := s.Clock.Now()
		return domain.Approve{EntitlementID: r.ID, By: by, Today: reference.Day(now), At: now}
	})
	return rest.ApproveEntitlement200JSONResponse{Body: body, Headers: rest.ApproveEntitlement200ResponseHeaders(h)}, err
}

// RefuseEntitlement is the no.
func (s *Service) RefuseEntitlement(ctx context.Context, r rest.RefuseEntitlementRequestObject) (rest.RefuseEntitlementResponseObject, error) {
	body, h, err := s.answer(ctx, r.ID, func(by string) granting {
		return domain.Refuse{EntitlementID: r.ID, Reason: r.Body.Reason, By: by, At: s.Clock.Now()}
	})
	return rest.RefuseEntitlement200JSONResponse{Body: body, Headers: rest.RefuseEntitlement200ResponseHeaders(h)}, err
}

// ReleaseEntitlement gives the place back to the quota.
func (s *Service) ReleaseEntitlement(ctx context.Context, r rest.ReleaseEntitlementRequestObject) (rest.ReleaseEntitlementResponseObject, error) {
	body, h, err := s.answer(ctx, r.ID, func(by string) granting {
		return domain.ReleasePlace{EntitlementID: r.ID, Reason: r.Body.Reason, By: by, At: s.Clock.Now()}
	})
	return rest.ReleaseEntitlement200JSONResponse{Body: body, Headers: rest.ReleaseEntitlement200ResponseHeaders(h)}, err
}

// EndEntitlement stops before the hours are used.
func (s *Service) EndEntitlement(ctx context.Context, r rest.EndEntitlementRequestObject) (rest.EndEntitlementResponseObject, error) {
	body, h, err := s.answer(ctx, r.ID, func(by string) granting {
		return domain.EndEntitlement{EntitlementID: r.ID, Reason: r.Body.Reason, By: by, At: s.Clock.Now()}
	})
	return rest.EndEntitlement200JSONResponse{Body: body, Headers: rest.EndEntitlement200ResponseHeaders(h)}, err
}

// answer does what only who looks after the equipment of the fund may do.
func (s *Service) answer(ctx context.Context, id string, what func(by string) granting) (body rest.EntitlementState, h headers, err error) {
	found, err := s.entitled(ctx, policy.ApproveEntitlement, id)
	if err != nil {
		return body, h, err
	}
	return s.grant(ctx, found.Programme, id, what(web.Account(ctx)))
}

func (s *Service) grant(ctx context.Context, programme, id string, c granting) (body rest.EntitlementState, h headers, err error) {
	done, err := engine.Command(ctx, s.grants, "grant", programme, c, entitlementState(id))
	if err != nil {
		return body, h, err
	}
	body, err = engine.Answered[rest.EntitlementState](done)
	return body, grantHeads(done), err
}

// entitled is an entitlement with its flag's fund and its coach.
type entitled struct{ Programme, PersonID, Fund, ProviderID, Account string }

// entitled finds an entitlement under which the caller may do something; else nobody learns that it exists.
func (s *Service) entitled(ctx context.Context, action policy.Action, id string) (entitled, error) {
	if !policy.May(s.Account(ctx), action) {
		return entitled{}, errNoAnswering
	}
	found, err := web.Find(ctx, func(ctx context.Context) (entitled, error) {
		one, err := engine.Row[entitled](ctx, s.Pool, s.knows, domain.ErrNoEntitlement, `
select e.programme, e.person_id, f.fund, e.provider_id, e.account from model.entitlement e join model.flag f on f.id = e.flag_id where e.id = $1`, id)
		if err == nil && policy.Can(s.Account(ctx), action, policy.Resource{Fund: one.Fund, Provider: one.ProviderID, Author: one.Account}) != policy.Allowed {
			err = domain.ErrNoEntitlement // or the coach is so new that it was not heard yet
		}
		return one, err
	})
	if err == nil {
		web.Concerns(ctx, found.PersonID)
	}
	return found, err
}
