package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/listen"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/projection"
)

// ErrNotWell: something needs a person; the lines before say what and what to do.
var ErrNotWell = errors.New("something is not well, see above")

// examination writes a line for each thing that is looked at.
type examination struct {
	*installation
	out  io.Writer
	ill  bool
	ends map[string]int64 // last position of each ledger
}

func (x *examination) well(format string, args ...any) {
	fmt.Fprintf(x.out, "ok   "+format+"\n", args...)
}

func (x *examination) note(format string, args ...any) {
	fmt.Fprintf(x.out, "note "+format+"\n", args...)
}

func (x *examination) bad(format string, args ...any) {
	x.ill = true
	fmt.Fprintf(x.out, "BAD  "+format+"\n", args...)
}

// doctor looks at everything that an operator would look at first, and says what to do about what is not well.
func doctor(ctx context.Context, i *installation, _ url.Values, out io.Writer) error {
	x := &examination{installation: i, out: out, ends: map[string]int64{}}
	x.well("passerelle %s", Version)
	for _, look := range []func(context.Context) error{x.database, x.ledgerAndStream, x.readers, x.parked, x.accessLog, x.secrecy, x.disk, x.bus} {
		if err := look(ctx); err != nil {
			x.bad("%v", err)
		}
	}
	if x.ill {
		return ErrNotWell
	}
	return nil
}

// ledgerAndStream compares both copies of what each service told, and asks who copies.
func (x *examination) ledgerAndStream(ctx context.Context) error {
	for _, service := range tellers {
		head, err := x.installation.ledgers[service].Head(ctx)
		if err != nil {
			return fmt.Errorf("ledger of %s: %w", service, err)
		}
		x.ends[service] = head.Position
		found, err := x.compared(ctx, service, head.Position)
		switch {
		case err != nil:
			x.bad("%s: the stream cannot be compared: %v", service, err)
		case found.Fork != nil:
			x.bad("%s: %v", service, found.Fork)
		case found.Missing || found.Damage != "":
			x.bad("%s: the stream is missing or damaged %s: a running mirror fills it again; if this stays, look at its log", service, found.Damage)
		case found.Last < head.Position:
			x.bad("%s: the stream lacks %d of %d events: is a process of this service running?", service, head.Position-found.Last, head.Position)
		default:
			x.well("%s: ledger and stream are equal up to %d", service, head.Position)
		}
		if err := x.mirrored(ctx, service); err != nil {
			return err
		}
	}
	return nil
}

// compared gives the stream a moment to have what the ledger had when it was asked: people may be working.
func (x *examination) compared(ctx context.Context, service string, head int64) (mirror.Comparison, error) {
	for end := time.Now().Add(lagPatience); ; {
		found, err := mirror.Compare(ctx, x.copies(service))
		if err != nil || found.Fork != nil || found.Missing || found.Damage != "" || found.Last >= head || time.Now().After(end) {
			return found, err
		}
		if err := x.pause(ctx); err != nil {
			return found, err
		}
	}
}

func (x *examination) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(lagLook):
		return nil
	}
}

// mirrored says who copies a ledger into its stream.
func (x *examination) mirrored(ctx context.Context, service string) error {
	holder, err := lease.Holder(ctx, x.pool, heardSchema(service), "mirror")
	if err == nil && holder == "" {
		x.note("%s: no process of it runs", service)
	}
	return err
}

// lag is a reader that has not read everything.
type lag struct {
	reader, service string
	behind          int64
}

const (
	lagPatience = 3 * time.Second
	lagLook     = 100 * time.Millisecond
)

// readers tells how far read models and listeners are. One that is behind is watched for a moment: who catches
// up is well, who stands still is not.
func (x *examination) readers(ctx context.Context) error {
	first, count, err := x.lags(ctx)
	if err != nil {
		return err
	}
	last := first
	for end := time.Now().Add(lagPatience); len(last) > 0 && time.Now().Before(end); {
		if err := x.pause(ctx); err != nil {
			return err
		}
		if last, _, err = x.lags(ctx); err != nil {
			return err
		}
	}
	before := map[[2]string]int64{}
	for _, l := range first {
		before[[2]string{l.reader, l.service}] = l.behind
	}
	for _, l := range last {
		if l.behind < before[[2]string{l.reader, l.service}] {
			x.note("%s: %d events of %s behind, and catching up", l.reader, l.behind, l.service)
		} else {
			x.bad("%s: %d events of %s behind, and does not move: is its process running? What does /readyz say?", l.reader, l.behind, l.service)
		}
	}
	if len(last) == 0 {
		x.well("%d read models and listeners have read everything", count)
	}
	return nil
}

// lags compares what was read with where the ledgers ended.
func (x *examination) lags(ctx context.Context) (list []lag, readers int, err error) {
	names := map[string]bool{}
	add := func(reader, service string, position int64) {
		names[reader] = true
		if behind := x.ends[service] - position; behind > 0 {
			list = append(list, lag{reader, service, behind})
		}
	}
	models, err := projection.Reading(ctx, x.pool, engine.Control)
	if err != nil {
		return nil, 0, err
	}
	for _, m := range models {
		if !m.Closed {
			add("read model "+m.Projection, m.Service, m.Position)
		}
	}
	for _, service := range tellers {
		heard, err := listen.Reading(ctx, x.pool, heardSchema(service))
		if err != nil {
			return nil, 0, err
		}
		for _, h := range heard {
			add("listener "+h.Listener, h.Service, h.Position)
		}
	}
	return list, len(names), nil
}

// parked counts what listeners could not act on.
func (x *examination) parked(ctx context.Context) error {
	total := 0
	for _, service := range tellers {
		rows, err := listen.List(ctx, x.pool, heardSchema(service))
		if err != nil {
			return err
		}
		total += len(rows)
	}
	if total > 0 {
		x.bad("%d messages are parked: see `passerelle parked list`, mend the reason, then `passerelle parked retry`", total)
		return nil
	}
	x.well("nothing is parked")
	return nil
}
