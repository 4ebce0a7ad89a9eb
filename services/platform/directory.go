package platform

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
)

// directoryIsThere waits until what was told before this process began was heard.
func (i *installation) directoryIsThere(ctx context.Context) error {
	for {
		end, err := i.endOfDirectory(ctx)
		if err == nil {
			return i.directory.Hub().Wait(ctx, live.Service, end)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (i *installation) endOfDirectory(ctx context.Context) (int64, error) {
	if l, ok := i.ledgers[live.Service]; ok {
		head, err := l.Head(ctx)
		return head.Position, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	s, err := i.js.Stream(ctx, stream.Name("", live.Service))
	if err != nil {
		return 0, err
	}
	return int64(s.CachedInfo().State.LastSeq), nil // far below 1<<63
}

// andDirectory lets requests wait for what the access service has told, too.
func (i *installation) andDirectory(heard *web.Heard) *web.Heard {
	ours := &web.Heard{Services: []string{live.Service}, Waiter: i.directory}
	if heard == nil {
		return ours
	}
	return engine.Together(heard, ours)
}

// layDirectory tells the directory of the demonstration where nothing was told yet.
func (i *installation) layDirectory(ctx context.Context) error {
	l := i.ledgers[live.Service]
	head, err := l.Head(ctx)
	if err != nil || i.config.Demo == "off" {
		return err
	}
	if head.Position > 0 {
		return i.layProgrammes(ctx)
	}
	appends := map[string]*ledger.Append{}
	var order []string
	codec := i.vault.Codec(nil)
	for _, f := range sample.Facts(i.clock.Now()) {
		if granted, ok := f.(events.MembershipGranted); ok {
			if f, err = i.labelled(ctx, granted); err != nil {
				return err
			}
		}
		data, err := codec.Encode(ctx, f)
		if err != nil {
			return fmt.Errorf("demo directory: %w", err)
		}
		a, ok := appends[f.Stream()]
		if !ok {
			a, order = &ledger.Append{Actor: "demo"}, append(order, f.Stream())
			appends[f.Stream()] = a
		}
		take, _ := domain.Claims(domain.Fund{}, f) // nobody works for two funds
		a.Take = append(a.Take, take...)
		a.Facts = append(a.Facts, ledger.Fact{Stream: f.Stream(), Version: len(a.Facts) + 1, Name: events.Name(f), Data: data})
	}
	for _, name := range order {
		if _, err := l.Append(ctx, *appends[name]); err != nil {
			return fmt.Errorf("demo directory: %w", err)
		}
	}
	return nil
}

// layProgrammes tells those of the demonstration that a folder of an earlier version does not have.
func (i *installation) layProgrammes(ctx context.Context) error {
	l := i.ledgers[live.Service]
	for _, f := range sample.Programmes(i.clock.Now()) {
		version, err := l.Version(ctx, f.Stream())
		if err != nil {
			return err
		}
		if version > 0 {
			continue
		}
		data, err := i.vault.Codec(nil).Encode(ctx, f)
		if err != nil {
			return fmt.Errorf("demo programmes: %w", err)
		}
		_, err = l.Append(ctx, ledger.Append{Actor: "demo", Facts: []ledger.Fact{{Stream: f.Stream(), Version: 1, Name: events.Name(f), Data: data}}})
		if err != nil && !errors.Is(err, ledger.ErrConflict) {
			return fmt.Errorf("demo programmes: %w", err)
		}
	}
	return nil
}

// labelled puts what stands on the button of the sign-in page as the name of who holds a membership.
func (i *installation) labelled(ctx context.Context, e events.MembershipGranted) (events.Access, error) {
	for _, a := range sample.Accounts() {
		if a.ID == e.Account {
			subject, err := i.vault.Mint(ctx)
			e.Details = events.Clear(subject, events.Member{Name: a.Label})
			return e, err
		}
	}
	return e, nil
}

// provisionDirectory lays the directory and puts it into the stream, so that no service waits for another to start.
func (i *installation) provisionDirectory(ctx context.Context) error {
	if err := i.layDirectory(ctx); err != nil {
		return err
	}
	return i.sendDirectory(ctx)
}

// sendDirectory puts what was told of the directory into the stream, where no service runs here that does.
func (i *installation) sendDirectory(ctx context.Context) error {
	head, err := i.ledgers[live.Service].Head(ctx)
	if err != nil || head.Position == 0 {
		return err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = i.mirrors[live.Service].Run(working) // what it could not send, Flush says
	}()
	if err := i.mirrors[live.Service].Flush(ctx, head.Position); err != nil {
		return fmt.Errorf("stream of the directory: %w", err)
	}
	stop()
	<-ended
	return nil
}
