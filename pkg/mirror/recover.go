package mirror

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// What Recover may keep.
const (
	KeepLedger = "ledger"
	KeepStream = "stream"
)

// Recovery is what a person decided about two copies that differ. No mirror may run on them meanwhile.
type Recovery struct {
	Copies
	ChainKey []byte // of the ledger
	Lost     string // path of a file to be made, for the events that only the copy has that is not kept
}

// Outcome says what was done.
type Outcome struct {
	Service  string
	Common   int64 // last position that both copies had
	Imported int64 // events the ledger got from the stream
	Lost     int64 // events written to File
	File     string
	Refilled int64 // events the stream was filled with again
}

func (o Outcome) String() string {
	s := fmt.Sprintf("%s: both copies agreed up to position %d", o.Service, o.Common)
	if o.Imported > 0 {
		s += fmt.Sprintf("; positions %d to %d came back from the stream", o.Common+1, o.Common+o.Imported)
	}
	if o.Lost > 0 {
		s += fmt.Sprintf("; %d events were given up, they are in %s", o.Lost, o.File)
	}
	if o.Refilled > 0 {
		s += fmt.Sprintf("; the stream was filled again with %d events", o.Refilled)
	}
	return s + "; the ledger is open"
}

// Unproven says that the stream's surplus is not an unbroken continuation of the ledger.
type Unproven struct {
	Position int64
	Why      string
}

func (u *Unproven) Error() string {
	return fmt.Sprintf("the stream cannot be kept: position %d %s; nothing was changed", u.Position, u.Why)
}

var (
	// ErrNoStream: there is no stream to keep.
	ErrNoStream = errors.New("there is no stream to recover from")
	// ErrKeep: neither "ledger" nor "stream".
	ErrKeep = errors.New("keep is ledger or stream")
	// ErrUndecided: a restored ledger and what is left of its stream do not show whether something was lost.
	ErrUndecided = errors.New("nothing shows whether the restored ledger is complete")
)

// Recover ends a fork: the ledger takes over what the stream has, or the stream is made again from the
// ledger. A second call finds nothing to do. Interrupted, it is simply called again; the ledger takes no
// append until then.
func Recover(ctx context.Context, r Recovery, keep string) (Outcome, error) {
	found, err := Compare(ctx, r.Copies)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case keep == KeepLedger:
		return r.keepLedger(ctx, found)
	case keep != KeepStream:
		return Outcome{}, ErrKeep
	case found.Missing:
		return Outcome{}, ErrNoStream
	}
	return r.keepStream(ctx, found)
}

// AcceptLoss takes a restored ledger as it is: what the stream has besides is given up.
func AcceptLoss(ctx context.Context, r Recovery) (Outcome, error) {
	return Recover(ctx, r, KeepLedger)
}

// Reopen opens a restored ledger if its stream is whole and ends where the ledger ends. Otherwise it
// answers *Fork, or ErrUndecided when the stream is gone, damaged or shorter. Call it before the mirror
// runs, which would fill such a stream.
func Reopen(ctx context.Context, c Copies) error {
	found, err := Compare(ctx, c)
	switch {
	case err != nil:
		return err
	case found.Fork != nil:
		return found.Fork
	case found.Equal():
		return c.Ledger.SetState(ctx, ledger.StateOpen)
	}
	why := found.Damage
	if found.Missing {
		why = "there is no stream"
	} else if why == "" {
		why = fmt.Sprintf("the stream ends at %d", found.Last)
	}
	return fmt.Errorf("%s: %w: the ledger ends at %d, %s. `passerelle ledger accept-loss %s` takes it as it is",
		c.Service, ErrUndecided, found.Head, why, c.Service)
}

// common is the last position where both copies agree.
func (c Comparison) common() int64 {
	if c.Fork != nil {
		return c.Fork.Position - 1
	}
	return min(c.Head, c.Last)
}

func (r Recovery) keepLedger(ctx context.Context, found Comparison) (Outcome, error) {
	done := Outcome{Service: r.Service, Common: found.common()}
	if found.Fork != nil {
		lost, err := r.writeLost(r.Lost, func(l *lostFile) error {
			return r.readStream(ctx, done.Common+1, func(m message) error { return l.message(r.Prefix, m) })
		})
		if err != nil {
			return Outcome{}, err
		}
		done.Lost, done.File = lost, r.Lost
	}
	if found.Fork != nil || found.Missing || found.Damage != "" {
		if err := r.refill(ctx); err != nil {
			return Outcome{}, err
		}
		done.Refilled = found.Head
	}
	return done, r.Ledger.SetState(ctx, ledger.StateOpen)
}

func (r Recovery) refill(ctx context.Context) error {
	if err := r.recreate(ctx); err != nil {
		return err
	}
	out := outbox{js: r.JS, prefix: r.Prefix, stream: r.name(), next: 1}
	return out.fill(ctx, r.Ledger)
}

func (r Recovery) keepStream(ctx context.Context, found Comparison) (Outcome, error) {
	done := Outcome{Service: r.Service, Common: found.common()}
	if found.Fork == nil {
		return done, r.Ledger.SetState(ctx, ledger.StateOpen)
	}
	if err := r.prove(ctx, done.Common, found.Last); err != nil {
		return Outcome{}, err
	}
	if err := r.Ledger.SetState(ctx, ledger.StateRestored); err != nil {
		return Outcome{}, err
	}
	lost, err := r.writeLost(r.Lost, func(l *lostFile) error { return l.ledger(ctx, r.Ledger, done.Common) })
	if err != nil {
		return Outcome{}, err
	}
	if done.Lost = lost; lost > 0 {
		done.File = r.Lost
		if err := r.Ledger.Truncate(ctx, done.Common); err != nil {
			return Outcome{}, err
		}
	}
	if done.Imported, err = r.takeOver(ctx, done.Common); err != nil {
		return Outcome{}, err
	}
	return done, r.Ledger.SetState(ctx, ledger.StateOpen)
}

// prove checks, before anything is changed, that the stream goes on from a position without a gap and
// under the ledger's key to its end.
func (r Recovery) prove(ctx context.Context, common, last int64) error {
	var head ledger.Event
	if common > 0 {
		var err error
		if head, err = r.at(ctx, common); err != nil {
			return err
		}
	}
	next := common + 1
	err := r.readStream(ctx, next, func(m message) error {
		e, err := r.event(m, next)
		if err != nil {
			return err
		}
		if e.Recorded.Before(head.Recorded) || !hmac.Equal(ledger.ChainLink(r.ChainKey, head.Link, e), e.Link) {
			return &Unproven{next, "was not written by this ledger's mirror"}
		}
		head = e
		next++
		return nil
	})
	if err == nil && next <= last {
		err = &Unproven{next, "is missing in it"}
	}
	return err
}

// event reads a message that has to have a certain position.
func (r Recovery) event(m message, position int64) (ledger.Event, error) {
	if m.sequence != position {
		return ledger.Event{}, &Unproven{position, "is missing in it"}
	}
	e, err := stream.Event(r.Prefix, m.sequence, m.subject, m.header, m.data)
	if err != nil {
		return e, &Unproven{position, fmt.Sprintf("is no event (%v)", err)}
	}
	return e, nil
}

// takeOver imports what the stream has after a position. The ledger checks the chain once more.
func (r Recovery) takeOver(ctx context.Context, common int64) (int64, error) {
	var page []ledger.Event
	next := common + 1
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		err := r.Ledger.Import(ctx, page)
		page = page[:0]
		return err
	}
	err := r.readStream(ctx, next, func(m message) error {
		e, err := r.event(m, next)
		if err != nil {
			return err
		}
		next++
		if page = append(page, e); len(page) >= pageSize {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	return next - 1 - common, err
}
