package referral

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

// addressing is an address that is given.
func (s *Service) addressing(ctx context.Context, place, follows string, flag domain.Flag) (opening, error) {
	give := domain.GiveAddress{
		ReferralID: engine.NewID(), Flag: flag, PlaceID: place, Follows: follows, By: web.Account(ctx), At: s.Clock.Now(),
	}
	_, err := web.Find(ctx, func(ctx context.Context) (string, error) { return s.place(ctx, give.PlaceID) })
	return opening{give.ReferralID, func(slot slots) command { give.Slot = slot.of(flag.ID); return give }}, err
}

// FollowUpReferral keeps what came of an address.
func (s *Service) FollowUpReferral(ctx context.Context, r rest.FollowUpReferralRequestObject) (rest.FollowUpReferralResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return nil, errNotYours
	}
	if err := s.mayTouch(ctx, r.ID); err != nil {
		return nil, err
	}
	follow := domain.FollowUp{ReferralID: r.ID, Result: r.Body.Result, By: web.Account(ctx), At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.referrals, "referral", r.ID, follow, stateOf)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ReferralState](done)
	return rest.FollowUpReferral200JSONResponse{Body: body, Headers: rest.FollowUpReferral200ResponseHeaders{
		ETag: web.ETag("referral", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// UndoReferral takes a mistaken end back.
func (s *Service) UndoReferral(ctx context.Context, r rest.UndoReferralRequestObject) (rest.UndoReferralResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return nil, errNotYours
	}
	if err := s.mayTouch(ctx, r.ID); err != nil {
		return nil, err
	}
	referral, _, err := s.referrals.Get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	undo := domain.Undo{ReferralID: r.ID, Reason: r.Body.Reason, By: web.Account(ctx), At: s.Clock.Now()}
	if undo.Flag, err = s.flag(ctx, referral.FlagID); err != nil {
		return nil, err
	}
	if referral.SessionID != "" {
		if undo.Session, err = s.session(ctx, referral.SessionID); err != nil {
			return nil, err
		}
	}
	done, err := s.open(ctx, opening{r.ID, func(slot slots) command { undo.Slot = slot.of(undo.Flag.ID); return undo }})
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ReferralState](done)
	return rest.UndoReferral200JSONResponse{Body: body, Headers: rest.UndoReferral200ResponseHeaders{
		ETag: web.ETag("referral", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}
