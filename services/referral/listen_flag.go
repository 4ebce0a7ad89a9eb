package referral

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/referral/domain"
)

func (s *Service) onHelpEnded(ctx context.Context, e events.HelpEnded, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

func (s *Service) onFlagHandedOver(ctx context.Context, e events.FlagHandedOver, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

func (s *Service) onFlagTransferred(ctx context.Context, e events.FlagTransferred, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

// onFlagClosed finds only what was opened at the same moment: a flag with an open referral is not closed by hand.
func (s *Service) onFlagClosed(ctx context.Context, e events.FlagClosed, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

// onReferralOpened looks once more: a referral may open while the flag's news are on their way. Either of the two
// reactions, whichever comes later, sees both.
func (s *Service) onReferralOpened(ctx context.Context, e events.ReferralOpened, h feed.Heard, key ledger.Key) error {
	if err := s.followFlag(ctx, e.FlagID, h, key); err != nil {
		return err
	}
	return s.forgo(ctx, e.FlagID, e.SessionID, "referred", h, key)
}

// openReferral is one of a flag, with the beginning of its session.
func (s *Service) onAddressGiven(ctx context.Context, e events.AddressGiven, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

func (s *Service) onReferralUndone(ctx context.Context, e events.ReferralUndone, h feed.Heard, key ledger.Key) error {
	return s.followFlag(ctx, e.FlagID, h, key)
}

type openReferral struct {
	ID     string
	Begins *time.Time
}

const openReferrals = `
select r.id, s.first_meeting as begins from model.referral r left join model.session s on s.id = r.session_id
where r.flag_id = $1 and r.open order by r.id`

// followFlag has the open referrals of a flag follow it: to their end, or to another desk.
func (s *Service) followFlag(ctx context.Context, id string, h feed.Heard, key ledger.Key) error {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	flag, err := s.flag(ctx, id)
	if errors.Is(err, domain.ErrNoFlag) {
		return nil
	} else if err != nil {
		return err
	}
	if cmp.Or(flag.Erasure, flag.Ended) != "" {
		if err := s.forgo(ctx, id, "", "help_ended", h, key); err != nil {
			return err
		}
	}
	open, err := engine.Rows[openReferral](ctx, s.Pool, s.knows, openReferrals, id)
	for _, r := range open {
		if err == nil {
			err = engine.React(ctx, s.referrals, r.ID, s.following(flag, r), h, keyFor(key, r.ID))
		}
	}
	return err
}

func (s *Service) following(flag domain.Flag, r openReferral) decider.Command[domain.Referral, events.Referral] {
	if because := cmp.Or(flag.Erasure, flag.Ended); because != "" {
		return domain.End{ReferralID: r.ID, Because: because, Begins: engine.Value(r.Begins), At: s.Clock.Now()}
	}
	return domain.HandOver{ReferralID: r.ID, Desk: flag.Desk, Department: flag.Department, At: s.Clock.Now()}
}

// keyFor is the key of one command of several that one fact leads to.
func keyFor(key ledger.Key, referral string) ledger.Key {
	return decider.KeyOf("reaction", hex.EncodeToString(key[:]), referral)
}
