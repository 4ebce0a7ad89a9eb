package workshop

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// answering gives a command of a provider about one referral to its session, and where the referral stands then.
func (s *Service) answering(ctx context.Context, session, referral string, command func(domain.Change) domain.Decision) (b rest.RequestAnswer, h headers, err error) {
	c, err := s.changing(ctx, policy.AnswerRequest, session)
	if err != nil {
		return b, h, err
	}
	return s.answered(ctx, session, referral, command(c))
}

// answered carries a command about one referral out.
func (s *Service) answered(ctx context.Context, session, referral string, command domain.Decision) (b rest.RequestAnswer, h headers, err error) {
	s.concerns(ctx, session, referral)
	done, err := engine.Command(ctx, s.sessions, "session", session, command, answerTo(session, referral))
	if err != nil {
		return b, h, err
	}
	b, err = engine.Answered[rest.RequestAnswer](done)
	return b, headersOf(done), err
}

// StudyRequest takes more time for a request.
func (s *Service) StudyRequest(ctx context.Context, r rest.StudyRequestRequestObject) (rest.StudyRequestResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.Study{SessionID: c.SessionID, ReferralID: r.ReferralID, ProviderID: c.ProviderID, By: c.By, At: c.At}
	})
	return rest.StudyRequest200JSONResponse{Body: b, Headers: rest.StudyRequest200ResponseHeaders(h)}, err
}

// DropParticipant says that somebody stays away from now on.
func (s *Service) DropParticipant(ctx context.Context, r rest.DropParticipantRequestObject) (rest.DropParticipantResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.Drop{Change: c, ReferralID: r.ReferralID, Reason: r.Body.Reason}
	})
	return rest.DropParticipant200JSONResponse{Body: b, Headers: rest.DropParticipant200ResponseHeaders(h)}, err
}

// NoteNoShow says that somebody with a seat never came.
func (s *Service) NoteNoShow(ctx context.Context, r rest.NoteNoShowRequestObject) (rest.NoteNoShowResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.NeverCame{Change: c, ReferralID: r.ReferralID}
	})
	return rest.NoteNoShow200JSONResponse{Body: b, Headers: rest.NoteNoShow200ResponseHeaders(h)}, err
}

// RemoveParticipant takes somebody out.
func (s *Service) RemoveParticipant(ctx context.Context, r rest.RemoveParticipantRequestObject) (rest.RemoveParticipantResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.Remove{Change: c, ReferralID: r.ReferralID, Reason: r.Body.Reason}
	})
	return rest.RemoveParticipant200JSONResponse{Body: b, Headers: rest.RemoveParticipant200ResponseHeaders(h)}, err
}

// UndoParticipant takes the end of somebody's part back.
func (s *Service) UndoParticipant(ctx context.Context, r rest.UndoParticipantRequestObject) (rest.UndoParticipantResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.Undo{Change: c, ReferralID: r.ReferralID, Reason: r.Body.Reason}
	})
	return rest.UndoParticipant200JSONResponse{Body: b, Headers: rest.UndoParticipant200ResponseHeaders(h)}, err
}

// RecordOutcome says what the session has brought to somebody.
func (s *Service) RecordOutcome(ctx context.Context, r rest.RecordOutcomeRequestObject) (rest.RecordOutcomeResponseObject, error) {
	b, h, err := s.answering(ctx, r.SessionID, r.ReferralID, func(c domain.Change) domain.Decision {
		return domain.RecordOutcome{Change: c, ReferralID: r.ReferralID, Outcome: outcome(*r.Body)}
	})
	return rest.RecordOutcome200JSONResponse{Body: b, Headers: rest.RecordOutcome200ResponseHeaders(h)}, err
}

func outcome(b rest.Outcome) events.Outcome {
	return events.Outcome{
		Completed: b.Completed, AccountCreated: b.AccountCreated, PortalConsulted: b.PortalConsulted, MailboxCreated: b.MailboxCreated,
		Skills: gains(b.Skills), Items: gains(b.Items),
	}
}

func gains(said map[string]rest.Gain) map[string]events.Gain {
	kept := map[string]events.Gain{}
	for what, g := range said {
		kept[what] = events.Gain{Before: g.Before, After: g.After}
	}
	return kept
}

// offering gives what a desk says on an offered seat to the session. Whose desk it is not, does not learn of the offer.
func (s *Service) offering(ctx context.Context, offer string, command func(domain.Offer) domain.Decision) (b rest.RequestAnswer, h headers, err error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return b, h, errNotYourDesk
	}
	session, referral, ok := domain.OfferOf(offer)
	if !ok {
		return b, h, domain.ErrNoOffer
	}
	w, _, err := s.sessions.Get(ctx, session)
	if err != nil {
		return b, h, err
	}
	if desk := w.DeskOf(referral); desk == "" || !s.mayRefer(ctx, desk) {
		return b, h, domain.ErrNoOffer
	}
	return s.answered(ctx, session, referral, command(domain.Offer{SessionID: session, OfferID: offer, By: web.Account(ctx), At: s.Clock.Now()}))
}

func (s *Service) mayRefer(ctx context.Context, desk string) bool {
	account := s.Account(ctx)
	return policy.Can(account, policy.Refer, policy.Resource{Fund: account.Fund, Desk: desk}) == policy.Allowed
}

// TakeSeatOffer takes an offered seat for the person.
func (s *Service) TakeSeatOffer(ctx context.Context, r rest.TakeSeatOfferRequestObject) (rest.TakeSeatOfferResponseObject, error) {
	b, h, err := s.offering(ctx, r.OfferID, func(o domain.Offer) domain.Decision { return domain.TakeOffer{Offer: o} })
	return rest.TakeSeatOffer200JSONResponse{Body: b, Headers: rest.TakeSeatOffer200ResponseHeaders(h)}, err
}

// PassSeatOffer lets an offered seat go by.
func (s *Service) PassSeatOffer(ctx context.Context, r rest.PassSeatOfferRequestObject) (rest.PassSeatOfferResponseObject, error) {
	b, h, err := s.offering(ctx, r.OfferID, func(o domain.Offer) domain.Decision { return domain.PassOffer{Offer: o} })
	return rest.PassSeatOffer200JSONResponse{Body: b, Headers: rest.PassSeatOffer200ResponseHeaders(h)}, err
}

// NoteOfferNotReached notes a call that reached nobody.
func (s *Service) NoteOfferNotReached(ctx context.Context, r rest.NoteOfferNotReachedRequestObject) (rest.NoteOfferNotReachedResponseObject, error) {
	b, h, err := s.offering(ctx, r.OfferID, func(o domain.Offer) domain.Decision { return domain.NotReached{Offer: o} })
	return rest.NoteOfferNotReached200JSONResponse{Body: b, Headers: rest.NoteOfferNotReached200ResponseHeaders(h)}, err
}
