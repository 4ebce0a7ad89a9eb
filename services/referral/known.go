package referral

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/referral/domain"
)

// flag is the flag as far as heard, or ErrNoFlag; also one of somebody who is to be erased.
func (s *Service) flag(ctx context.Context, id string) (domain.Flag, error) {
	return one[domain.Flag](ctx, s, domain.ErrNoFlag, `select f.*, exists (select from model.dead d where d.person_id = f.person_id) as dead,
  array(select session_id from model.referral where flag_id = f.id and open order by id) as open
from model.flag f where id = $1`, id)
}

// session is the session as far as heard, or ErrNoSession.
func (s *Service) session(ctx context.Context, id string) (domain.Session, error) {
	return one[domain.Session](ctx, s, domain.ErrNoSession, `select id, provider_id, status, first_meeting, registration_closes_at from model.session where id = $1`, id)
}

var errNoRelay = refusal.Faults{{Field: "relay_id", Code: "unknown_relay", Detail: "The session is not followed from this place. Choose one of its relays."}}

var errWrongForm = refusal.Faults{{Field: "form", Code: "wrong_form", Detail: "This form is not of this link, or is too old. Open the link again."}}

// followedFrom refuses a place that is no relay of the session.
func (s *Service) followedFrom(ctx context.Context, session, place string) error {
	_, err := one[struct{ PlaceID string }](ctx, s, errNoRelay, `select place_id from model.relay where session_id = $1 and place_id = $2`, session, place)
	return err
}

// waitedInVain: the last time they asked this provider for a session with one of the same skills, registration closed before
// their turn came.
func (s *Service) waitedInVain(ctx context.Context, flag string, session domain.Session) (bool, error) {
	type last struct{ Status string }
	found, err := engine.Rows[last](ctx, s.Pool, s.knows, `
select r.status from model.referral r join model.session s on s.id = r.session_id join model.plan p on p.session_id = s.id join model.plan n on n.session_id = $3
where r.flag_id = $1 and s.provider_id = $2 and s.id <> $3 and jsonb_path_exists(p.plan, '$.skills[*] ? (@ == $n[*])', jsonb_build_object('n', n.plan->'skills'))
order by r.id desc limit 1`, flag, session.ProviderID, session.ID)
	return err == nil && len(found) > 0 && found[0].Status == domain.Unserved, err
}

// before is the last referral of a flag, if it ended without what the person needs: a new one follows it.
func (s *Service) before(ctx context.Context, flag string) (string, error) {
	type last struct{ ID, Status string }
	found, err := engine.Rows[last](ctx, s.Pool, s.knows, `select id, status from model.referral where flag_id = $1 and not open order by id desc limit 1`, flag)
	if err != nil || len(found) == 0 || found[0].Status == domain.Completed || found[0].Status == "helped" {
		return "", err
	}
	return found[0].ID, nil
}

// deskOf is the desk in charge of somebody: of the newest flag under which help goes on, else of the newest one.
func (s *Service) deskOf(ctx context.Context, person string) (string, error) {
	flag, err := one[struct{ Desk string }](ctx, s, domain.ErrNoPerson, `
select desk from model.flag where person_id = $1 order by (help in ('to_refer', 'wished', 'referred')) desc, id desc limit 1`, person)
	return flag.Desk, err
}

// desksOf are the desks of all flags of somebody, the one of deskOf first.
func (s *Service) desksOf(ctx context.Context, person string) ([]string, error) {
	flags, err := engine.Rows[struct{ Desk string }](ctx, s.Pool, s.knows, `
select desk from model.flag where person_id = $1 order by (help in ('to_refer', 'wished', 'referred')) desc, id desc`, person)
	desks := make([]string, len(flags))
	for i, f := range flags {
		desks[i] = f.Desk
	}
	return desks, err
}

const longestWait = time.Second

var errSilent = errors.New("the session has not said anything")

// seat waits until the session has said something to a referral.
func (s *Service) seat(ctx context.Context, referral string) (seat, error) {
	wait, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	for {
		next := s.knows.Hub.Position("workshop") + 1
		said, err := one[seat](ctx, s, errSilent, `select status, seat, held_until, would_be_rank, rank from model.seat where referral_id = $1`, referral)
		if !errors.Is(err, errSilent) {
			return said, err
		}
		if s.knows.Hub.Wait(wait, "workshop", next) != nil {
			return seat{Status: domain.Requested, Seat: "pending"}, nil
		}
	}
}

func one[T any](ctx context.Context, s *Service, missing error, sql string, args ...any) (T, error) {
	return engine.Row[T](ctx, s.Pool, s.knows, missing, sql, args...)
}
