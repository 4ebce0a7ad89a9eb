package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/listen"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/stream"
)

// operation is one operator command. It writes plain lines and answers an error when it, or what it looked
// at, is not well.
type operation func(ctx context.Context, i *installation, args url.Values, out io.Writer) error

var operations map[string]operation

func init() { // the table and its functions refer to each other
	operations = map[string]operation{
		"doctor":              doctor,
		"accesslog/verify":    accesslogVerify,
		"accesslog/purge":     accesslogPurge,
		"ledger/verify":       ledgerVerify,
		"ledger/recover":      ledgerRecover,
		"ledger/accept-loss":  ledgerAcceptLoss,
		"fund/list":           fundList,
		"fund/register":       fundRegister,
		"fund/invite":         fundInvite,
		"parked/list":         parkedList,
		"parked/retry":        parkedRetry,
		"parked/drop":         parkedDrop,
		"projections/rebuild": projectionsRebuild,
		"projections/verify":  projectionsVerify,
		"erasures/apply":      erasuresApply,
	}
}

// needsServices are the operations on what the services keep while they run.
var needsServices = map[string]bool{"projections/rebuild": true, "projections/verify": true}

// ErrDiffer: what should be equal is not; the lines before say where.
var ErrDiffer = errors.New("the copies are not equal")

const mostDifferences = 20

// ledgerVerify reads every event of every ledger and its stream, bytes and headers, in both directions.
func ledgerVerify(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	equal := true
	for _, service := range chosen(args, tellers) {
		report, err := mirror.Verify(ctx, i.copies(service), mostDifferences)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, report)
		if report.Equal() {
			continue
		}
		equal = false
		if i.serving != nil || i.folder == nil {
			fmt.Fprintf(out, "%s: the mirror was told, and fills a damaged stream again; verify once more\n", service)
			if err := i.conn.Publish(stream.Damaged("", service), []byte("0")); err != nil {
				return err
			}
		}
	}
	if !equal {
		return ErrDiffer
	}
	return nil
}

func chosen(args url.Values, all []string) []string {
	if one := args.Get("service"); one != "" {
		return []string{one}
	}
	return all
}

var errStopFirst = errors.New("this decides between two histories and works only while nobody writes: stop the running process first")

func ledgerRecover(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	return i.decide(ctx, args, out, func(r mirror.Recovery) (mirror.Outcome, error) { return mirror.Recover(ctx, r, args.Get("keep")) })
}

func ledgerAcceptLoss(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	return i.decide(ctx, args, out, func(r mirror.Recovery) (mirror.Outcome, error) { return mirror.AcceptLoss(ctx, r) })
}

// decide runs a person's decision about the services whose copies differ, and lets those who heard what is
// gone hear again.
func (i *installation) decide(ctx context.Context, args url.Values, out io.Writer, decision func(mirror.Recovery) (mirror.Outcome, error)) error {
	if i.serving != nil {
		return errStopFirst
	}
	for _, service := range chosen(args, tellers) {
		if err := i.checkNobodyWorks(ctx, service); err != nil {
			return err
		}
		found, err := mirror.Compare(ctx, i.copies(service))
		if err != nil {
			return err
		}
		state, err := i.ledgers[service].State(ctx)
		if err != nil {
			return err
		}
		if found.Equal() && state == "open" {
			fmt.Fprintf(out, "%s: both copies are the same up to position %d, nothing to decide\n", service, found.Head)
			continue
		}
		lost, err := i.place("lost-" + service + "-" + strconv.FormatInt(time.Now().Unix(), 10) + ".jsonl")
		if err != nil {
			return err
		}
		outcome, err := decision(mirror.Recovery{Copies: i.copies(service), ChainKey: i.secrets.chain, Lost: lost})
		if err != nil {
			return fmt.Errorf("%s: %w", service, err)
		}
		fmt.Fprintln(out, outcome)
		if err := i.hearAgain(ctx, service, outcome.Common); err != nil {
			return err
		}
	}
	return nil
}

// hearAgain takes back what was heard of a service after a position.
func (i *installation) hearAgain(ctx context.Context, service string, after int64) error {
	if err := projection.Outdate(ctx, i.pool, engine.Control, service, after); err != nil {
		return err
	}
	for _, listener := range tellers {
		if err := listen.Outdate(ctx, i.pool, heardSchema(listener), service, after); err != nil {
			return err
		}
	}
	return nil
}

func parkedList(ctx context.Context, i *installation, _ url.Values, out io.Writer) error {
	total := 0
	for _, service := range tellers {
		rows, err := listen.List(ctx, i.pool, heardSchema(service))
		if err != nil {
			return err
		}
		for _, p := range rows {
			fmt.Fprintf(out, "%s %d: %s (%s:%d) for %s, parked %s, %d tries, next %s: %s\n", service, p.ID, p.Event, p.Service, p.Sequence, p.Lane,
				p.ParkedAt.Format(time.RFC3339), p.Tries, p.NextAt.Format(time.RFC3339), p.Reason)
		}
		total += len(rows)
	}
	_, err := fmt.Fprintf(out, "%d parked\n", total)
	return err
}

func parkedRetry(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	return i.parkedRow(args, out, "is tried again", func(schema string, id int64) error { return listen.Retry(ctx, i.pool, schema, id) })
}

func parkedDrop(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	return i.parkedRow(args, out, "is given up", func(schema string, id int64) error { return listen.Drop(ctx, i.pool, schema, id) })
}

func (i *installation) parkedRow(args url.Values, out io.Writer, became string, do func(schema string, id int64) error) error {
	service := args.Get("service")
	if !slices.Contains(tellers, service) {
		return fmt.Errorf("there is no service %q: give one of %v", service, tellers)
	}
	id, err := strconv.ParseInt(args.Get("id"), 10, 64)
	if err != nil {
		return fmt.Errorf("%q is no number of a parked message", args.Get("id"))
	}
	if err := do(heardSchema(service), id); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s %d %s\n", service, id, became)
	return err
}

func projectionsRebuild(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	return i.eachProjector(args, func(name string, p *projection.Projector) error {
		began := time.Now()
		if err := p.Rebuild(ctx, nil); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "%s: rebuilt in %.1f s, and serves\n", name, time.Since(began).Seconds())
		return err
	})
}

func projectionsVerify(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	equal := true
	err := i.eachProjector(args, func(name string, p *projection.Projector) error {
		different, err := p.Verify(ctx)
		if err != nil {
			return err
		}
		if different != nil {
			equal = false
			_, err = fmt.Fprintf(out, "%s: %s\n", name, different)
			return err
		}
		_, err = fmt.Fprintf(out, "%s: every row equals a rebuild\n", name)
		return err
	})
	if err == nil && !equal {
		return ErrDiffer
	}
	return err
}

func (i *installation) eachProjector(args url.Values, do func(string, *projection.Projector) error) error {
	wanted, done := args.Get("name"), 0
	for _, e := range i.serving.engines {
		for _, p := range e.Projectors() {
			if wanted != "" && wanted != p.Name {
				continue
			}
			done++
			if err := do(p.Name, p); err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
		}
	}
	if done == 0 {
		return fmt.Errorf("there is no read model %q", wanted)
	}
	return nil
}
