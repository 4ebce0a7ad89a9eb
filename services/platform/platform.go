// Package platform puts everything into one process: `passerelle run`, and the commands of its operator.
package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/web"
)

// Version is set by the build.
var Version = "dev"

// Run starts everything and serves until ctx ends. Then it takes no more requests, finishes those that run,
// commits, mirrors, and answers nil.
func Run(ctx context.Context, c Config, out io.Writer) error {
	for _, check := range []func() error{c.Check, c.CheckServing} {
		if err := check(); err != nil {
			return err
		}
	}
	began := time.Now()
	var listener net.Listener
	i, err := open(ctx, c, func(step string) { fmt.Fprintln(out, step+" …") }, func(_ *installation, ctx context.Context) (err error) {
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.HTTPAddr); err != nil {
			return fmt.Errorf("PASSERELLE_HTTP_ADDR: %w: stop what answers there, or give another address", err)
		}
		return nil
	}, (*installation).dropHalfDemo)
	if listener != nil {
		defer listener.Close()
	}
	if err != nil {
		return err
	}
	defer i.close()
	if err := i.compareCopies(ctx); err != nil {
		return err
	}
	applied, err := i.applyErasures(ctx, true)
	if err != nil {
		return err
	}
	if err := i.beginDemo(ctx, time.Now()); err != nil {
		return err
	}
	if err := i.layDirectory(ctx); err != nil {
		return err
	}
	return i.serve(ctx, listener, out, began, func(ctx context.Context) error { return i.erasuresHeard(ctx, applied) })
}

// compareCopies looks at every ledger and its stream before anybody writes. Damage is repaired by the mirror;
// two histories are for a person to decide.
func (i *installation) compareCopies(ctx context.Context) error {
	var found error
	for _, service := range i.tellers {
		if err := i.compare(ctx, service); err != nil {
			found = errors.Join(found, err)
		}
	}
	return found
}

func (i *installation) compare(ctx context.Context, service string) error {
	state, err := i.ledgers[service].State(ctx)
	if err != nil {
		return fmt.Errorf("ledger of %s: %w", service, err)
	}
	if state == ledger.StateRestored {
		return mirror.Reopen(ctx, i.copies(service))
	}
	result, err := mirror.Compare(ctx, i.copies(service))
	switch {
	case err != nil && i.config.NATSURL == "":
		return fmt.Errorf("stream of %s: %w", service, err)
	case err != nil: // away: single writes do not need it, and the mirror compares before it sends
		i.log.Warn("NATS does not answer yet", "service", service, "reason", err.Error())
		return nil
	case result.Fork != nil:
		return result.Fork
	}
	return nil
}

// serve runs the services in two groups: what hears and copies ends after what answers, so that nothing that
// was acknowledged is left behind.
func (i *installation) serve(ctx context.Context, listener net.Listener, out io.Writer, began time.Time, heard func(context.Context) error) error {
	working, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	work, working := errgroup.WithContext(working)
	answering, stopAnswering := context.WithCancel(ctx)
	defer stopAnswering()
	go func() {
		select {
		case <-working.Done(): // something that must run has failed
			stopAnswering()
		case <-answering.Done():
		}
	}()
	if err := i.start(working, work, listener.Addr().String()); err != nil {
		stopWork()
		return errors.Join(err, work.Wait())
	}
	warm := func() error {
		if err := i.awaitWarm(working); err != nil {
			return err
		}
		if err := heard(working); err != nil {
			return err
		}
		if err := i.fillDemo(answering, "http://"+listener.Addr().String()); err != nil {
			return err
		}
		return i.announce(working, out, listener.Addr().String(), time.Since(began))
	}
	if i.folder == nil { // /readyz says when: whoever looks after processes must not take a long start for a dead one
		work.Go(warm)
	} else if err := warm(); err != nil {
		stopWork()
		return errors.Join(err, work.Wait())
	}
	served := i.serving.web.Serve(answering, listener)
	i.flush()
	stopWork()
	if err := work.Wait(); err != nil {
		return err
	}
	return served
}

// start begins what works in the background and puts the edges together.
func (i *installation) start(ctx context.Context, work *errgroup.Group, address string) error {
	for _, service := range i.tellers {
		work.Go(func() error {
			if err := i.mirrors[service].Run(ctx); err != nil && ctx.Err() == nil {
				return fmt.Errorf("%s: %w", service, err)
			}
			return nil
		})
	}
	i.directory = live.New(feed.Source{Conn: i.conn, JS: i.js, Service: live.Service}, i.log)
	work.Go(func() error {
		if err := i.directory.Run(ctx); err != nil && ctx.Err() == nil {
			return fmt.Errorf("directory: %w", err)
		}
		return nil
	})
	work.Go(func() error {
		if i.directoryIsThere(ctx) == nil {
			i.known.Store(true)
		}
		return nil
	})
	var err error
	if i.serving, err = i.startServices(ctx, work, "http://"+address); err != nil {
		return err
	}
	if i.folder != nil {
		work.Go(func() error { return serveAdmin(ctx, i) })
	}
	if i.postgres != nil {
		work.Go(func() error {
			select {
			case <-ctx.Done():
				return nil
			case <-i.postgres.Done():
				return errors.New("the private Postgres has ended: its log is " + i.folder.join("pg.log"))
			}
		})
	}
	return nil
}

// awaitWarm returns when every read model serves.
func (i *installation) awaitWarm(ctx context.Context) error {
	for !i.status(ctx).Ready {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// flush waits until the streams have everything that was committed, or gives up: the next start goes on there.
func (i *installation) flush() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for service, l := range i.ledgers {
		head, err := l.Head(ctx)
		if err == nil {
			err = i.mirrors[service].Flush(ctx, head.Position)
		}
		if err != nil {
			i.log.Warn("the stream is behind at the stop and is filled at the next start", "service", service)
		}
	}
}

// status is what /readyz tells.
func (i *installation) status(ctx context.Context) web.Status {
	s := web.Status{Ledger: "ok", Stream: "ok", Projections: "ok", Listeners: "ok", Ready: i.known.Load()}
	if err := i.pool.Ping(ctx); err != nil {
		s.Ledger, s.Ready = "away", false
	}
	for _, m := range i.mirrors {
		s.Stream = worse(s.Stream, m.Status().State)
	}
	for _, r := range i.serving.readers() {
		state, _ := r.State()
		if r.Projection {
			s.Projections = worse(s.Projections, state)
			if state == "building" {
				s.Ready, s.Waits = false, append(s.Waits, r.Name)
			}
		} else {
			s.Listeners = worse(s.Listeners, state)
		}
	}
	return s
}

// worse is the worse of two states, in the words of /readyz.
func worse(a, b string) string {
	rank := map[string]int{"ok": 0, "behind": 1, "building": 1}
	word := func(s string) string {
		switch rank[s] {
		case 0:
			if s == "ok" {
				return "ok"
			}
			return "away"
		default:
			return "behind"
		}
	}
	a, b = word(a), word(b)
	for _, s := range []string{"away", "behind"} {
		if a == s || b == s {
			return s
		}
	}
	return "ok"
}

func (i *installation) announce(ctx context.Context, out io.Writer, address string, took time.Duration) error {
	if i.folder == nil {
		fmt.Fprintf(out, "Passerelle %s: %s answers on http://%s (ready in %.1f s)\n", Version, i.hosted[0].name, address, took.Seconds())
		return nil
	}
	fmt.Fprintf(out, "\nPasserelle %s answers on http://%s (ready in %.1f s, data in %s)\n", Version, address, took.Seconds(), i.folder.path)
	fmt.Fprintf(out, "  open it in a browser and sign in; software begins at http://%s/api/docs\n\n", address)
	if err := i.sayEmpty(ctx, out); err != nil {
		return err
	}
	i.sayAccounts(out)
	_, err := fmt.Fprintf(out, "\nCtrl-C stops. Process %d.\n", os.Getpid())
	return err
}

// sayAccounts lists whom one may be in a demonstration.
func (i *installation) sayAccounts(out io.Writer) {
	if i.config.Demo == "off" {
		return
	}
	i.sayDemo(out)
	fmt.Fprintln(out, "Demo accounts (client credentials at /oauth2/token, secret: demo)")
	for _, a := range sample.Accounts() {
		fmt.Fprintf(out, "  %-15s %s\n", a.ID, a.Label)
	}
}
