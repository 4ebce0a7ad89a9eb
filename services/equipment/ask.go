package equipment

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
)

var (
	errNotSeated     = refusal.Faults{{Field: "referral_id", Code: "not_seated", Detail: "This referral has no seat with a provider whose pool you look after."}}
	errNoSession     = refusal.Faults{{Field: "session_id", Code: "unknown_session", Detail: "There is no such session of a provider whose pool you look after."}}
	errNoParticipant = refusal.Faults{{Field: "own_participant", Code: "unknown_participant", Detail: "The session has not so many participants of the provider's own."}}
	errWhoNeedsIt    = refusal.Faults{{Field: "referral_id", Code: "required", Detail: "Give either a referral, or a session with the number of an own participant."}}
)

// needs is who needs a tablet, in which pool and on which days.
type needs struct {
	ReferralID, PersonID, FlagID string
	SessionID, Pool              string
	FromDay, ToDay               string
	Own                          int // seats for own participants
}

const (
	seatNeeds = `select s.referral_id, s.person_id, s.flag_id, s.session_id, s.pool, coalesce(m.from_day, s.from_day) as from_day, coalesce(m.to_day, s.to_day) as to_day, 0 as own
from model.seat s left join model.session m on m.id = s.session_id where s.referral_id = $1 and not s.gone`
	sessionNeeds = `select '' as referral_id, '' as person_id, '' as flag_id, id as session_id, provider_id as pool, from_day, to_day, own from model.session where id = $1 and not gone`
)

var errUnknown = refusal.New(refusal.NotFound, "unknown", "Nobody knows it.")

// AskLoan asks for a tablet for somebody who has a seat and asked for none, or for an own participant of the provider.
func (s *Service) AskLoan(ctx context.Context, r rest.AskLoanRequestObject) (rest.AskLoanResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.HandOver) {
		return nil, errNotYours
	}
	who, err := s.whoNeeds(ctx, *r.Body)
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, who.PersonID)
	first, err := s.comesFirst(ctx, who.FlagID)
	if err != nil {
		return nil, err
	}
	ask := domain.AskTablet{Own: engine.Value(r.Body.OwnParticipant), KeepTablet: domain.KeepTablet{
		Act: s.act(ctx, who.Pool), LoanID: engine.NewID(), SessionID: who.SessionID, ReferralID: who.ReferralID, PersonID: who.PersonID,
		From: who.FromDay, To: who.ToDay, First: first,
	}}
	done, err := engine.Command(ctx, s.pools, "pool", who.Pool, ask, loanState(who.Pool, ask.LoanID))
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.LoanState](done)
	return rest.AskLoan201JSONResponse{Body: body, Headers: rest.AskLoan201ResponseHeaders(heads(done))}, err
}

// whoNeeds finds the seat, or the session of an own participant, in a pool that the caller looks after.
func (s *Service) whoNeeds(ctx context.Context, asked rest.NewLoan) (who needs, err error) {
	referral, session, own := engine.Value(asked.ReferralID), engine.Value(asked.SessionID), engine.Value(asked.OwnParticipant)
	switch {
	case referral != "" && session == "" && own == 0:
		return s.needs(ctx, seatNeeds, referral, errNotSeated)
	case referral == "" && session != "" && own > 0:
		who, err = s.needs(ctx, sessionNeeds, session, errNoSession)
		if err == nil && own > who.Own {
			err = errNoParticipant
		}
		return who, err
	}
	return who, errWhoNeedsIt
}

func (s *Service) needs(ctx context.Context, sql, id string, unknown error) (needs, error) {
	who, err := web.Find(ctx, func(ctx context.Context) (needs, error) {
		return engine.Row[needs](ctx, s.Pool, s.knows, errUnknown, sql, id)
	})
	if errors.Is(err, errUnknown) {
		return who, unknown
	}
	if err != nil {
		return who, err
	}
	return who, s.looksAfter(ctx, policy.HandOver, who.Pool, unknown)
}

// comesFirst says whether somebody has no equipment for want of money. Detection told the flag before anything came of it,
// so what is not known yet is waited for.
func (s *Service) comesFirst(ctx context.Context, flag string) (bool, error) {
	type known struct{ First bool }
	look := func() (known, error) {
		return engine.Row[known](ctx, s.Pool, s.knows, errUnknown, `select first from model.flag where id = $1`, flag)
	}
	if flag == "" {
		return false, nil
	}
	found, err := look()
	if errors.Is(err, errUnknown) {
		if err := s.knows.Hub.Wait(ctx, "detection", s.known.Waiter.End("detection")); err != nil {
			return false, err
		}
		found, err = look()
	}
	if errors.Is(err, errUnknown) {
		return false, nil // of a flag that nobody told: only in a test
	}
	return found.First, err
}
