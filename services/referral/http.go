package referral

import (
	"cmp"
	"context"
	"errors"

	"example.org/passerelle/api/events"
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

// CreateReferral asks for a seat, or gives an address.
func (s *Service) CreateReferral(ctx context.Context, r rest.CreateReferralRequestObject) (rest.CreateReferralResponseObject, error) {
	opening, err := s.opening(ctx, *r.Body)
	if err != nil {
		return nil, err
	}
	done, err := s.open(ctx, opening)
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
func (s *Service) opening(ctx context.Context, b rest.NewReferral) (o opening, err error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return o, errNotYours
	}
	if err := web.Fault(ctx, s.form(ctx, b)); err != nil {
		return o, err
	}
	flag, err := web.Find(ctx, func(ctx context.Context) (domain.Flag, error) { return s.flagOfCaller(ctx, b.FlagID) })
	if err != nil {
		return o, err
	}
	follows := engine.Value(b.Follows)
	if follows == "" {
		if follows, err = s.before(ctx, flag.ID); err != nil {
			return o, err
		}
	}
	if b.PlaceID == nil && b.SessionID == nil {
		return o, cmp.Or(flag.MayBeSent(), web.Faulty(ctx)) // nowhere: that was noted
	}
	if b.PlaceID != nil {
		return s.addressing(ctx, *b.PlaceID, follows, flag)
	}
	open := domain.Open{
		ReferralID: engine.NewID(), Flag: flag, Follows: follows, RelayID: engine.Value(b.RelayID), By: web.Account(ctx), At: s.Clock.Now(),
	}
	open.Session, err = web.Find(ctx, func(ctx context.Context) (domain.Session, error) { return s.session(ctx, *b.SessionID) })
	if err == nil && open.RelayID != "" {
		err = s.followedFrom(ctx, open.Session.ID, open.RelayID)
	}
	if err == nil {
		open.Unserved, err = s.waitedInVain(ctx, flag.ID, open.Session)
	}
	if err == nil && b.TogetherWith != nil {
		pair, err := s.pairing(ctx, b, open)
		if !errors.Is(err, domain.ErrNoFlag) || web.Faulty(ctx) == nil { // that was noted, and the rules look at the others
			return pair, err
		}
	}
	return opening{open.ReferralID, func(slot slots) command { open.Slot = slot.of(flag.ID); return open }}, err
}

// form refuses what does not belong together, and other referrals that the caller does not know.
func (s *Service) form(ctx context.Context, b rest.NewReferral) error {
	var faults refusal.Faults
	switch {
	case b.PlaceID == nil && b.SessionID == nil:
		faults = append(faults, refusal.Fault{Field: "session_id", Code: "required", Detail: "Choose a session or a place."})
	case b.PlaceID != nil && b.SessionID != nil:
		faults = append(faults, refusal.Fault{Field: "place_id", Code: "not_with_session", Detail: "Choose a session or a place, not both."})
	case b.PlaceID != nil && b.RelayID != nil:
		faults = append(faults, refusal.Fault{Field: "relay_id", Code: "not_with_place", Detail: "Only a session is followed from a relay."})
	}
	if b.Follows != nil {
		switch err := s.mayTouch(ctx, *b.Follows); {
		case errors.Is(err, domain.ErrNoReferral):
			faults = append(faults, refusal.Fault{Field: "follows", Code: "unknown_referral", Detail: "Your desk has no such referral."})
		case err != nil:
			return err
		}
	}
	more, err := s.pairFaults(ctx, b)
	if err != nil {
		return err
	}
	return append(faults, more...).OrNil()
}

func (s *Service) flagOfCaller(ctx context.Context, id string) (domain.Flag, error) {
	flag, err := s.flag(ctx, id)
	web.Concerns(ctx, flag.PersonID)
	if err == nil && !s.mayRefer(ctx, flag.Desk) {
		return domain.Flag{}, domain.ErrNoFlag
	}
	return flag, err
}

type command = decider.Command[domain.Referral, events.Referral]

// opening is what opens a referral in one of the flag's places.
type opening struct {
	referral string
	in       func(slots) command
}

// open takes the first of each flag's places that is free.
func (s *Service) open(ctx context.Context, o opening) (done decider.Done[domain.Referral], err error) {
	for tried := (slots{}); ; {
		done, err = engine.Command(ctx, s.referrals, "referral", o.referral, o.in(tried), stateOf)
		var claimed *ledger.Claimed
		if !errors.As(err, &claimed) {
			return done, err
		}
		if meant := domain.RefusalOf(claimed.Claim); meant != nil {
			err = meant
		}
		if !errors.Is(err, domain.ErrTooManyOpen) || !tried.next(domain.FlagOf(claimed.Claim)) {
			return done, err
		}
	}
}

// stateOf is where a referral stands, without what the session says.
func stateOf(r domain.Referral, _ int) any {
	state := rest.ReferralState{ID: r.ID, FlagID: r.FlagID, Status: r.Status, Seat: "none"}
	if r.SessionID != "" {
		state.SessionID = &r.SessionID
	}
	if r.PlaceID != "" {
		state.PlaceID = &r.PlaceID
	}
	if r.Together != "" {
		state.TogetherWith = &r.Together
	}
	return state
}

// withSeat adds what the session says. The yes and the seat are the session's word, so the status is too.
func (s *Service) withSeat(ctx context.Context, r rest.ReferralState) (rest.ReferralState, error) {
	if r.SessionID == nil {
		return r, nil
	}
	if r.TogetherWith != nil { // the session has said nothing to both before it has to the second
		if _, err := s.seat(ctx, *r.TogetherWith); err != nil {
			return r, err
		}
	}
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
	done, err := engine.Command(ctx, s.referrals, "referral", r.ID, withdraw, stateOf)
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
