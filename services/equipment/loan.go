package equipment

import (
	"context"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
)

// HandOverLoan gives a tablet into the person's hands.
func (s *Service) HandOverLoan(ctx context.Context, r rest.HandOverLoanRequestObject) (rest.HandOverLoanResponseObject, error) {
	said := engine.Value(r.Body)
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command {
		return domain.HandOver{Act: a, LoanID: r.ID, AssetTag: engine.Value(said.AssetTag), Condition: engine.Value(said.Condition), Accessories: said.Accessories}
	})
	return rest.HandOverLoan200JSONResponse{Body: body, Headers: rest.HandOverLoan200ResponseHeaders(h)}, err
}

// ReturnLoan takes a tablet back.
func (s *Service) ReturnLoan(ctx context.Context, r rest.ReturnLoanRequestObject) (rest.ReturnLoanResponseObject, error) {
	said := engine.Value(r.Body)
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command {
		return domain.Return{Act: a, LoanID: r.ID, Condition: engine.Value(said.Condition), Incomplete: said.Complete != nil && !*said.Complete}
	})
	return rest.ReturnLoan200JSONResponse{Body: body, Headers: rest.ReturnLoan200ResponseHeaders(h)}, err
}

// SwapLoan gives another tablet for the one that comes back.
func (s *Service) SwapLoan(ctx context.Context, r rest.SwapLoanRequestObject) (rest.SwapLoanResponseObject, error) {
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command {
		return domain.Swap{Act: a, LoanID: r.ID, AssetTag: r.Body.AssetTag, Condition: r.Body.Condition}
	})
	return rest.SwapLoan200JSONResponse{Body: body, Headers: rest.SwapLoan200ResponseHeaders(h)}, err
}

// ExtendLoan lets somebody keep the tablet longer.
func (s *Service) ExtendLoan(ctx context.Context, r rest.ExtendLoanRequestObject) (rest.ExtendLoanResponseObject, error) {
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command { return domain.Extend{Act: a, LoanID: r.ID, To: r.Body.To} })
	return rest.ExtendLoan200JSONResponse{Body: body, Headers: rest.ExtendLoan200ResponseHeaders(h)}, err
}

// LoseLoan says that a tablet does not come back.
func (s *Service) LoseLoan(ctx context.Context, r rest.LoseLoanRequestObject) (rest.LoseLoanResponseObject, error) {
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command { return domain.Lose{Act: a, LoanID: r.ID, Reason: r.Body.Reason} })
	return rest.LoseLoan200JSONResponse{Body: body, Headers: rest.LoseLoan200ResponseHeaders(h)}, err
}

// WriteOffLoan ends a loan without its tablet.
func (s *Service) WriteOffLoan(ctx context.Context, r rest.WriteOffLoanRequestObject) (rest.WriteOffLoanResponseObject, error) {
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command { return domain.WriteOff{Act: a, LoanID: r.ID, Decision: r.Body.Decision} })
	return rest.WriteOffLoan200JSONResponse{Body: body, Headers: rest.WriteOffLoan200ResponseHeaders(h)}, err
}

// ReleaseLoan says that a tablet is not needed.
func (s *Service) ReleaseLoan(ctx context.Context, r rest.ReleaseLoanRequestObject) (rest.ReleaseLoanResponseObject, error) {
	body, h, err := s.lend(ctx, r.ID, func(a domain.Act) command { return domain.Forgo{Act: a, LoanID: r.ID} })
	return rest.ReleaseLoan200JSONResponse{Body: body, Headers: rest.ReleaseLoan200ResponseHeaders(h)}, err
}

// lend does something with a loan of a pool that the caller looks after.
func (s *Service) lend(ctx context.Context, id string, what func(domain.Act) command) (body rest.LoanState, h headers, err error) {
	pool, err := s.poolOfLoan(ctx, id)
	if err != nil {
		return body, h, err
	}
	done, err := engine.Command(ctx, s.pools, "pool", pool, what(s.act(ctx, pool)), loanState(pool, id))
	if err != nil {
		return body, h, err
	}
	body, err = engine.Answered[rest.LoanState](done)
	return body, heads(done), err
}

type headers struct{ ETag, PasserellePosition string }

func heads(done decider.Done[domain.Pool]) headers {
	return headers{ETag: web.ETag("pool", done.Version), PasserellePosition: web.Position(Name, done.Position)}
}

func loanState(pool, id string) func(domain.Pool, int) any {
	return func(p domain.Pool, _ int) any {
		l := p.Loan(id)
		if l.ID == "" {
			return rest.LoanState{ID: id, Pool: pool, Status: "released"}
		}
		state := rest.LoanState{
			ID: id, Pool: pool, ItemID: some(l.ItemID), ReferralID: some(l.ReferralID), From: some(l.From), To: some(l.To), Status: l.Status,
		}
		if l.Own > 0 {
			state.OwnParticipant = &l.Own
		}
		return state
	}
}

// poolOfLoan is the pool of a loan that the caller looks after; else nobody learns that it exists.
func (s *Service) poolOfLoan(ctx context.Context, id string) (string, error) {
	if !policy.May(s.Account(ctx), policy.HandOver) {
		return "", errNotYours
	}
	type loan struct{ Pool, PersonID string }
	found, err := web.Find(ctx, func(ctx context.Context) (loan, error) {
		return engine.Row[loan](ctx, s.Pool, s.knows, domain.ErrNoLoan, `select pool, person_id from model.loan where id = $1`, id)
	})
	if err != nil {
		return "", err
	}
	if err := s.looksAfter(ctx, policy.HandOver, found.Pool, domain.ErrNoLoan); err != nil {
		return "", err
	}
	web.Concerns(ctx, found.PersonID)
	return found.Pool, nil
}
