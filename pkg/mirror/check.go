package mirror

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errCheck says that the minute is over.
var errCheck = errors.New("time to compare again")

// report is what a reader says: the stream jumps at a sequence, or cannot be read there.
type report struct{ sequence int64 }

func (r *report) Error() string { return fmt.Sprintf("a reader reports damage at %d", r.sequence) }

// unread says that the ledger could not be read, which is not the stream's fault.
type unread struct{ error }

func (u *unread) Unwrap() error { return u.error }

// patience is how often the stream may refuse the position after its own last one. A cluster does it for a
// moment while it elects; a broken store does it for ever.
const patience = 3

// doubt is why the next comparison has to look closer.
type doubt struct {
	report  *report
	refusal *refusal
	refused int // times in a row, at the same position
	ack     *misplaced
}

// note keeps what an error of send says about the stream. It is false for an error that says nothing of it.
func (d *doubt) note(err error) bool {
	var refused *refusal
	switch {
	case errors.Is(err, errCheck), errors.As(err, &d.report), errors.As(err, &d.ack):
		return true
	case errors.As(err, &refused):
		if d.refusal == nil || d.refusal.position != refused.position {
			d.refused = 0
		}
		d.refusal = refused
		d.refused++
		return d.refused == 1 // then slowly
	}
	return false
}

// damage says what is doubtful about a stream that looks sound.
func (d *doubt) damage(last int64) string {
	switch {
	case d.ack != nil:
		return d.ack.Error()
	case d.refused >= patience && d.refusal.position == last+1:
		return fmt.Sprintf("the stream ends at %d, yet %v", last, d.refusal)
	}
	return ""
}

// check compares the copies and repairs the stream if it has to. It gives the last position the stream has.
func (m *Mirror) check(ctx context.Context, d *doubt) (int64, error) {
	found, err := m.compareTwice(ctx)
	if err != nil {
		return 0, err
	}
	damage := found.Damage
	switch {
	case found.Fork != nil:
		return 0, found.Fork
	case found.Missing:
		damage = "there is no stream"
	case damage == "":
		damage = d.damage(found.Last)
	}
	if damage == "" && d.report != nil {
		if damage, err = m.readAll(ctx, d.report.sequence, found.Last); err != nil {
			return 0, err
		}
		d.report = nil
	}
	if damage == "" {
		return found.Last, nil
	}
	if err := m.repair(ctx, found, damage); err != nil {
		return 0, err
	}
	*d = doubt{}
	return 0, nil
}

// compareTwice believes in damage when it is seen twice: a stream that another mirror is just making again
// looks damaged for a moment.
func (m *Mirror) compareTwice(ctx context.Context) (Comparison, error) {
	found, err := Compare(ctx, m.Copies)
	if err != nil || found.Damage == "" && found.Fork == nil {
		return found, err
	}
	rest(ctx, pause)
	return Compare(ctx, m.Copies)
}

// repair makes the stream again. The ledger holds every position: what is deleted comes back.
func (m *Mirror) repair(ctx context.Context, found Comparison, damage string) error {
	begin := time.Now()
	if found.Missing && found.Head == 0 {
		return m.create(ctx)
	}
	m.Log.Warn("stream is made again", "service", m.Service, "because", damage, "last", found.Last, "positions", found.Head)
	if err := m.remake(ctx, found.Missing); err != nil {
		return err
	}
	m.status.repaired(damage)
	m.forgetReports()
	m.Log.Info("stream is being filled", "service", m.Service, "empty after", time.Since(begin))
	return nil
}

func (m *Mirror) remake(ctx context.Context, missing bool) error {
	if missing {
		return m.create(ctx)
	}
	return m.recreate(ctx)
}

func (m *Mirror) forgetReports() {
	select {
	case <-m.reports:
	default:
	}
}

// readAll reads the stream as a reader does, beside the ledger, and says what is wrong with it. What the
// server says of a stream proves nothing.
func (m *Mirror) readAll(ctx context.Context, reported, last int64) (string, error) {
	if reported > 0 && reported <= last {
		if one, there, err := m.exactly(ctx, reported); err != nil || !there {
			return fmt.Sprintf("message %d cannot be read", reported), err
		} else if e, err := m.at(ctx, reported); err != nil || one.id() == e.ID && !one.is(m.Prefix, e) {
			return fmt.Sprintf("message %d differs from its event", reported), err
		}
	}
	v := verifier{Copies: m.Copies, head: last, most: 1, stopAtFirst: true}
	err := v.run(ctx)
	if errors.Is(err, errEnough) {
		err = nil
	}
	if v.fork != nil {
		return "", v.fork
	}
	if v.count == 0 {
		return "", err
	}
	return v.differences[0], err
}
