package referral

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

var errNotYours = refusal.New(refusal.Forbidden, "forbidden", "Only advisors and referents send people to a session.")

// CreateReferral asks for a seat.
func (s *Service) CreateReferral(ctx context.Context, r rest.CreateReferralRequestObject) (rest.CreateReferralResponseObject, error) {
	open, err := s.opening(ctx, *r.Body)
	if err != nil {
		return nil, err
	}
	done, err := s.open(ctx, open)
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, done.State.PersonID)
	kept, err := engine.Answered[rest.ReferralState](done)
	if err != nil {
		return nil, err
	}
	body, err := s.withSeat(ctx, kept)
	return rest.CreateReferral201JSONResponse{Body: body, Headers: rest.CreateReferral201ResponseHeaders{
		ETag: web.ETag("referral", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// opening translates a request. What it names may be so new that it was not heard yet.
func (s *Service) opening(ctx context.Context, b rest.NewReferral) (domain.Open, error) {
	open := domain.Open{
		ReferralID: engine.NewID(), Follows: engine.Value(b.Follows), Together: engine.Value(b.TogetherWith), By: web.Account(ctx), At: s.Clock.Now(),
	}
	if !policy.May(s.Account(ctx), policy.Refer) {
		return open, errNotYours
	}
	err := s.form(ctx, b)
	if err == nil {
		open.Flag, err = web.Find(ctx, func(ctx context.Context) (domain.Flag, error) { return s.flagOfCaller(ctx, b.FlagID) })
	}
	if err == nil {
		open.Session, err = web.Find(ctx, func(ctx context.Context) (domain.Session, error) { return s.session(ctx, *b.SessionID) })
	}
	return open, err
}

// form refuses what this version cannot do, and other referrals that the caller does not know.
func (s *Service) form(ctx context.Context, b rest.NewReferral) error {
	var faults refusal.Faults
	if b.PlaceID != nil {
		faults = append(faults, refusal.Fault{Field: "place_id", Code: "not_available", Detail: "People cannot be sent to a place yet. Choose a session."})
	} else if b.SessionID == nil {
		faults = append(faults, refusal.Fault{Field: "session_id", Code: "required", Detail: "Choose a session."})
	}
	for _, other := range []struct {
		field string
		id    *string
	}{{"follows", b.Follows}, {"together_with", b.TogetherWith}} {
		if other.id == nil {
			continue
		}
		switch err := s.mayTouch(ctx, *other.id); {
		case errors.Is(err, domain.ErrNoReferral):
			faults = append(faults, refusal.Fault{Field: other.field, Code: "unknown_referral", Detail: "Your desk has no such referral."})
		case err != nil:
			return err
		}
	}
	return faults.OrNil()
}

func (s *Service) flagOfCaller(ctx context.Context, id string) (domain.Flag, error) {
	flag, err := s.flag(ctx, id)
	web.Concerns(ctx, flag.PersonID)
	if err == nil && !s.mayRefer(ctx, flag.Desk) {
		return domain.Flag{}, domain.ErrNoFlag
	}
	return flag, err
}

// open takes the first of the flag's places that is free.
func (s *Service) open(ctx context.Context, o domain.Open) (done decider.Done[domain.Referral], err error) {
	for o.Slot = 1; o.Slot <= domain.MaxOpen; o.Slot++ {
		done, err = engine.Command(ctx, s.referrals, "referral", o.ReferralID, o, func(r domain.Referral, _ int) any {
			return rest.ReferralState{ID: r.ID, FlagID: r.FlagID, SessionID: &r.SessionID, Status: r.Status}
		})
		var claimed *ledger.Claimed
		if !errors.As(err, &claimed) {
			return done, err
		}
		if meant := domain.RefusalOf(claimed.Claim); meant != nil {
			err = meant
		}
		if !errors.Is(err, domain.ErrTooManyOpen) {
			return done, err
		}
	}
	return done, err
}

// withSeat adds what the session says. The yes and the seat are the session's word, so the status is too.
func (s *Service) withSeat(ctx context.Context, r rest.ReferralState) (rest.ReferralState, error) {
	said, err := s.seat(ctx, r.ID)
	r.Status, r.Seat, r.HeldUntil, r.WouldBeRank, r.Rank = said.Status, said.Seat, said.HeldUntil, said.WouldBeRank, said.Rank
	if r.HeldUntil != nil {
		until := r.HeldUntil.UTC()
		r.HeldUntil = &until
	}
	return r, err
}

// WithdrawReferral takes a request back.
func (s *Service) WithdrawReferral(ctx context.Context, r rest.WithdrawReferralRequestObject) (rest.WithdrawReferralResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return nil, errNotYours
	}
	if err := s.mayTouch(ctx, r.ID); err != nil {
		return nil, err
	}
	withdraw := domain.Withdraw{ReferralID: r.ID, Reason: r.Body.Reason, By: web.Account(ctx), At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.referrals, "referral", r.ID, withdraw, func(r domain.Referral, _ int) any {
		return rest.ReferralState{ID: r.ID, FlagID: r.FlagID, SessionID: &r.SessionID, Status: r.Status, Seat: "none"}
	})
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ReferralState](done)
	return rest.WithdrawReferral200JSONResponse{Body: body, Headers: rest.WithdrawReferral200ResponseHeaders{
		ETag: web.ETag("referral", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// mayTouch: whose desk it is not does not learn that the referral exists.
func (s *Service) mayTouch(ctx context.Context, id string) error {
	referral, _, err := s.referrals.Get(ctx, id)
	web.Concerns(ctx, referral.PersonID)
	if err == nil && !s.mayRefer(ctx, referral.Desk) {
		err = domain.ErrNoReferral
	}
	return err
}

func (s *Service) mayRefer(ctx context.Context, desk string) bool {
	account := s.Account(ctx)
	return policy.Can(account, policy.Refer, policy.Resource{Fund: account.Fund, Desk: desk}) == policy.Allowed
}
