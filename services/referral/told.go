package referral

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/referral/domain"
)

// told is what a session says to one referral: the state that it has from now on.
type told struct{ session, referral, answer, reason string }

// toldOf is what a fact says to one referral; a hold that ends leaves the request in study.
func toldOf(fact events.Workshop) (told, bool) {
	switch e := fact.(type) {
	case events.SeatTaken:
		return told{e.SessionID, e.ReferralID, domain.Enrolled, ""}, true
	case events.WaitingListJoined:
		return told{e.SessionID, e.ReferralID, domain.Waitlisted, ""}, true
	case events.RequestStudied:
		return told{e.SessionID, e.ReferralID, domain.InStudy, ""}, true
	case events.HoldEnded:
		return told{e.SessionID, e.ReferralID, domain.InStudy, ""}, true
	case events.SeatOffered:
		return told{e.SessionID, e.ReferralID, domain.Offered, ""}, true
	case events.SeatOfferPassed:
		return told{e.SessionID, e.ReferralID, domain.Waitlisted, "passed"}, true
	case events.SeatOfferLapsed:
		return told{e.SessionID, e.ReferralID, domain.Waitlisted, "lapsed"}, true
	case events.ParticipantRestored:
		return told{e.SessionID, e.ReferralID, domain.InProgress, ""}, true
	default:
		return endOf(fact)
	}
}

// endOf is a fact after which the session owes nothing to a referral any more.
func endOf(fact events.Workshop) (told, bool) {
	switch e := fact.(type) {
	case events.RequestDeclined:
		return told{e.SessionID, e.ReferralID, domain.Declined, e.Reason}, true
	case events.RequestLapsed:
		return told{e.SessionID, e.ReferralID, domain.Expired, ""}, true
	case events.RequestUnserved:
		return told{e.SessionID, e.ReferralID, domain.Unserved, ""}, true
	case events.RequestCancelled:
		return told{e.SessionID, e.ReferralID, domain.Cancelled, e.Reason}, true
	case events.RequestWithdrawn:
		return told{e.SessionID, e.ReferralID, domain.Withdrawn, ""}, true
	case events.SeatFreed:
		return told{e.SessionID, e.ReferralID, domain.Dropped, e.Reason}, true
	case events.ParticipantDropped:
		return told{e.SessionID, e.ReferralID, domain.Dropped, e.Reason}, true
	case events.ParticipantRemoved:
		return told{e.SessionID, e.ReferralID, domain.Dropped, e.Reason}, true
	case events.NoShow:
		return told{e.SessionID, e.ReferralID, domain.NoShow, ""}, true
	default: // nothing to one referral
		return told{}, false
	}
}

// answers are the reactions to what a session says. One session is heard in its own order.
func (s *Service) answers() []engine.Reaction {
	return []engine.Reaction{
		saying[events.SeatTaken](s), saying[events.WaitingListJoined](s), saying[events.RequestStudied](s), saying[events.SeatOffered](s),
		saying[events.SeatOfferPassed](s), saying[events.SeatOfferLapsed](s), saying[events.ParticipantRestored](s), saying[events.RequestDeclined](s),
		saying[events.RequestLapsed](s), saying[events.RequestUnserved](s), saying[events.RequestCancelled](s), saying[events.SeatFreed](s),
		saying[events.ParticipantDropped](s), saying[events.ParticipantRemoved](s), saying[events.NoShow](s),
		engine.On(func(e events.SessionStarted) string { return e.SessionID }, s.onSessionStarted),
		engine.On(func(e events.SessionClosed) string { return e.SessionID }, s.onSessionClosed),
		engine.On(func(e events.SessionRescheduled) string { return e.SessionID }, s.onSessionRescheduled),
		engine.On(func(e events.MeetingCancelled) string { return e.SessionID }, s.onMeetingCancelled),
	}
}

func saying[F events.Workshop](s *Service) engine.Reaction {
	session := func(f F) string { t, _ := toldOf(f); return t.session }
	return engine.On(session, func(ctx context.Context, f F, h feed.Heard, key ledger.Key) error {
		t, _ := toldOf(f)
		err := engine.React(ctx, s.referrals, t.referral, domain.Answer{ReferralID: t.referral, Answer: t.answer, Reason: t.reason, At: s.Clock.Now()}, h, key)
		switch {
		case err == nil && t.answer == domain.Enrolled:
			err = s.dateOf(ctx, t, h, key)
		case err == nil && t.answer == domain.Cancelled:
			err = s.seek(ctx, t.referral, h, keyFor(key, "alternative"))
		}
		return err
	})
}
