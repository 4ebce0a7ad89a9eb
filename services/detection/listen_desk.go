package detection

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/detection/domain"
)

// A desk that is closed is in charge of nothing: its open flags go to the desk that looks after the place.
func (s *Service) ofDesks() []engine.Reaction {
	return []engine.Reaction{
		engine.On(func(e events.DeskSet) string { return e.Desk }, s.onDeskSet),
		engine.On(func(e events.SeniorFlagged) string { return e.FlagID }, s.onSeniorFlagged),
		engine.On(func(e events.FlagTransferred) string { return e.FlagID }, s.onFlagTransferred),
		engine.On(func(e events.FlagHandedOver) string { return e.FlagID }, s.onFlagHandedOver),
		engine.On(func(e events.FlagReopened) string { return e.FlagID }, s.onFlagReopened),
	}
}

// noteCharge keeps which desk is in charge.
func noteCharge(write writing, fact events.Fact) {
	const move, open = `update model.charge set desk = $2 where flag_id = $1`, `update model.charge set open = $2 where flag_id = $1`
	switch e := fact.(type) {
	case events.SeniorFlagged:
		write(`insert into model.charge values ($1, $2, true) on conflict do nothing`, e.FlagID, e.Desk)
	case events.FlagHandedOver:
		write(move, e.FlagID, e.Desk)
	case events.FlagTransferred:
		write(move, e.FlagID, e.Desk)
	case events.FlagClosed:
		write(open, e.FlagID, false)
	case events.FlagReopened:
		write(open, e.FlagID, true)
	case events.HelpEnded:
		write(open, e.FlagID, e.Help != domain.HelpClosed)
	}
}

type inCharge struct{ FlagID string }

// onDeskSet hands over what a closed desk is in charge of, as far as everything that was told is known: what comes later
// is looked at when it is heard, see leave.
func (s *Service) onDeskSet(ctx context.Context, e events.DeskSet, h feed.Heard, key ledger.Key) error {
	if !e.Closed {
		return nil
	}
	head, err := s.Ledger.Head(ctx)
	if err == nil {
		err = s.knows.Hub.Wait(ctx, Name, head.Position)
	}
	if err != nil {
		return err
	}
	flags, err := engine.Rows[inCharge](ctx, s.Pool, s.knows, `select flag_id from model.charge where desk = $1 and open order by flag_id`, e.Desk)
	for _, f := range flags {
		if err == nil {
			err = s.leave(ctx, f.FlagID, e.Desk, h, keyFor(key, f.FlagID))
		}
	}
	return err
}

func (s *Service) leave(ctx context.Context, flag, desk string, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, flag, domain.LeaveDesk{FlagID: flag, Closed: desk, Directory: s.Directory(), At: s.Clock.Now()}, h, key)
}

// leaveClosed looks once more: a desk may be closed while a flag is on its way to it.
func (s *Service) leaveClosed(ctx context.Context, flag, desk string, h feed.Heard, key ledger.Key) error {
	if d, ok := s.Directory().Desk(desk); !ok || !d.Closed {
		return nil
	}
	return s.leave(ctx, flag, desk, h, key)
}

func (s *Service) onSeniorFlagged(ctx context.Context, e events.SeniorFlagged, h feed.Heard, key ledger.Key) error {
	return s.leaveClosed(ctx, e.FlagID, e.Desk, h, key)
}

func (s *Service) onFlagTransferred(ctx context.Context, e events.FlagTransferred, h feed.Heard, key ledger.Key) error {
	return s.leaveClosed(ctx, e.FlagID, e.Desk, h, key)
}

func (s *Service) onFlagHandedOver(ctx context.Context, e events.FlagHandedOver, h feed.Heard, key ledger.Key) error {
	return s.leaveClosed(ctx, e.FlagID, e.Desk, h, key)
}

func (s *Service) onFlagReopened(ctx context.Context, e events.FlagReopened, h feed.Heard, key ledger.Key) error {
	flag, _, err := s.flags.Get(ctx, e.FlagID)
	if err != nil {
		return err
	}
	return s.leaveClosed(ctx, flag.ID, flag.Desk, h, key)
}
