package platform

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection"
)

const (
	linger     = time.Second     // an edge looks four times as often whether a process is ready
	drainApart = 6 * time.Second // with linger and flush it is over in ten seconds
)

// RunService runs one service as a process of its own until ctx ends. Any number of the same may run.
func RunService(ctx context.Context, c Config, name string, out io.Writer) error {
	for _, check := range []func() error{c.Check, c.checkApart, c.checkIssuer} {
		if err := check(); err != nil {
			return err
		}
	}
	began := time.Now()
	listener, err := listenAt(ctx, c)
	if err != nil {
		return err
	}
	defer listener.Close()
	i, err := join(ctx, c, name+"@"+listener.Addr().String(), usualStock, name)
	if err != nil {
		return err
	}
	defer i.close()
	if err := i.compareCopies(ctx); err != nil {
		return err
	}
	if _, err := i.applyErasures(ctx, true); err != nil {
		return err
	}
	return i.serve(ctx, listener, out, began, func(context.Context) error { return nil })
}

func listenAt(ctx context.Context, c Config) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.HTTPAddr)
	if err != nil {
		return nil, fmt.Errorf("PASSERELLE_HTTP_ADDR: %w: stop what answers there, or give another address", err)
	}
	return listener, nil
}

// Keys of persons that are minted ahead.
const (
	usualStock = 0 // as the vault thinks fit
	noStock    = 1 // the least: an operator's command, nobody will be flagged here
)

// join opens what a process needs for these services; everything was made by provision. The name stands in
// leases: it is another one each time, so that two processes never pass for one.
func join(ctx context.Context, c Config, name string, stock int, hosted ...string) (_ *installation, err error) {
	host, _ := os.Hostname()
	i := &installation{config: c, clock: c.clock(), log: c.logger(os.Stderr, nil), progress: func(string) {}, name: host + ":" + name + "#" + rand.Text()[:8],
		idle:    stock == noStock,
		ledgers: map[string]*ledger.Postgres{}, mirrors: map[string]*mirror.Mirror{}}
	for _, s := range services {
		if slices.Contains(hosted, s.name) {
			i.hosted = append(i.hosted, s)
		}
	}
	for _, teller := range tellers {
		if slices.Contains(hosted, teller) {
			i.tellers = append(i.tellers, teller)
		}
	}
	defer func() {
		if err != nil {
			i.close()
		}
	}()
	for _, step := range []func(context.Context) error{i.openPostgres, i.checkProvisioned, i.joinNATS, func(ctx context.Context) error { return i.unlock(ctx, stock) }, i.openLedgers,
		func(context.Context) error {
			return i.openRegister(slices.Contains(hosted, detection.Name) && stock != noStock)
		}} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// unlock reads the secrets and opens the vault with them.
func (i *installation) unlock(ctx context.Context, stock int) (err error) {
	if i.secrets, err = readSecrets(i.config.SecretsDir); err != nil {
		return err
	}
	return i.unlockVault(ctx, stock)
}

// behindEdge makes a server believe the edge in front of it, and the issuers.
func (i *installation) behindEdge(c *web.Config) (err error) {
	c.Proxies, _ = i.config.proxies() // checked at the start
	c.Linger, c.Drain = linger, drainApart
	c.Tokens, err = i.verifiers(nil)
	return err
}

// isApart tells whether an operator's command is for a house whose Postgres and NATS are elsewhere.
func (c Config) isApart() bool { return c.DatabaseURL != "" && c.NATSURL != "" && c.SecretsDir != "" }

// operateApart runs an operator command beside the processes that are at work.
func operateApart(ctx context.Context, c Config, name string, args url.Values, out io.Writer) error {
	all := slices.Clone(tellers)
	for _, s := range services {
		all = append(all, s.name)
	}
	i, err := join(ctx, c, "operator", noStock, all...)
	if err != nil {
		return err
	}
	defer i.close()
	if needsServices[name] {
		if i.serving, err = i.quietServices(); err != nil {
			return err
		}
	}
	return operations[name](ctx, i, args, out)
}

// quietServices are there to be asked what they keep: nothing runs in the background.
func (i *installation) quietServices() (*serving, error) {
	s := &serving{}
	i.directory = live.New(feed.Source{Conn: i.conn, JS: i.js, Service: live.Service}, i.log)
	for _, service := range i.hosted {
		e := i.engine(service.name)
		e.Asleep = true // nobody is erased here
		if _, _, err := service.run(i, e); err != nil {
			return nil, fmt.Errorf("start %s: %w", service.name, err)
		}
		s.engines = append(s.engines, e)
	}
	return s, nil
}

// place is a path in the data folder.
func (i *installation) place(name string) (string, error) {
	if i.folder != nil {
		return i.folder.join(name), nil
	}
	return filepath.Join(i.config.DataDir, name), os.MkdirAll(i.config.DataDir, 0o700)
}

// errWorking: somebody writes, or did a moment ago.
var errWorking = errors.New("this decides between two histories and works only while nobody writes: stop its processes and wait until their leases are over")

// checkNobodyWorks asks the leases of a service whether a process of it runs.
func (i *installation) checkNobodyWorks(ctx context.Context, service string) error {
	if i.folder != nil {
		return nil // its lock says more
	}
	holder, err := lease.Holder(ctx, i.pool, heardSchema(service), "mirror")
	if err == nil && holder != "" {
		err = fmt.Errorf("%s is at work as %s: %w", service, holder, errWorking)
	}
	return err
}
