package equipment

import (
	"context"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

// HandOverLoan gives a tablet into the person's hands.
func (s *Service) HandOverLoan(ctx context.Context, r rest.HandOverLoanRequestObject) (rest.HandOverLoanResponseObject, error) {
	pool, err := s.poolOfLoan(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	now, tag := s.Clock.Now(), ""
	if r.Body != nil {
		tag = engine.Value(r.Body.AssetTag)
	}
	done, err := engine.Command(ctx, s.pools, "pool", pool, domain.HandOver{
		Pool: pool, LoanID: r.ID, AssetTag: tag, By: web.Account(ctx), Today: reference.Day(now), At: now,
	}, loanState(pool, r.ID))
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.LoanState](done)
	return rest.HandOverLoan200JSONResponse{Body: body, Headers: rest.HandOverLoan200ResponseHeaders(heads(done))}, err
}

// ReturnLoan takes a tablet back.
func (s *Service) ReturnLoan(ctx context.Context, r rest.ReturnLoanRequestObject) (rest.ReturnLoanResponseObject, error) {
	pool, err := s.poolOfLoan(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	done, err := engine.Command(ctx, s.pools, "pool", pool, domain.Return{
		Pool: pool, LoanID: r.ID, By: web.Account(ctx), Today: reference.Day(now), At: now,
	}, loanState(pool, r.ID))
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.LoanState](done)
	return rest.ReturnLoan200JSONResponse{Body: body, Headers: rest.ReturnLoan200ResponseHeaders(heads(done))}, err
}

type headers struct{ ETag, PasserellePosition string }

func heads(done decider.Done[domain.Pool]) headers {
	return headers{ETag: web.ETag("pool", done.Version), PasserellePosition: web.Position(Name, done.Position)}
}

func loanState(pool, id string) func(domain.Pool, int) any {
	return func(p domain.Pool, _ int) any {
		loan := p.Loan(id)
		return rest.LoanState{ID: id, Pool: pool, ItemID: loan.ItemID, ReferralID: loan.ReferralID, Status: loan.Status}
	}
}

// poolOfLoan is the pool of a loan that the caller looks after; else nobody learns that it exists.
func (s *Service) poolOfLoan(ctx context.Context, id string) (string, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.HandOver) {
		return "", errNotYours
	}
	type loan struct{ Pool, PersonID string }
	found, err := web.Find(ctx, func(ctx context.Context) (loan, error) {
		return engine.Row[loan](ctx, s.Pool, s.knows, domain.ErrNoLoan, `select pool, person_id from model.loan where id = $1`, id)
	})
	if err != nil {
		return "", err
	}
	fund, err := s.fundOf(ctx, found.Pool)
	if err != nil {
		return "", err
	}
	if policy.Can(account, policy.HandOver, policy.Resource{Fund: fund, Pool: found.Pool}) != policy.Allowed {
		return "", domain.ErrNoLoan
	}
	web.Concerns(ctx, found.PersonID)
	return found.Pool, nil
}
