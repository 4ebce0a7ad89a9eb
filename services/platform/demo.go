package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"strings"
	"sync"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/demo"
	"example.org/passerelle/services/projections"
	"example.org/passerelle/services/reference"
)

// The file "demo" in the data folder says whether the demo's year is there: "filling" while it is played, then
// "filled" and the day on which it ends.
const (
	demoFile = "demo"
	filling  = "filling"
	filled   = "filled "
)

func (f *folder) demo() (string, error) {
	text, err := os.ReadFile(f.join(demoFile))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

func (f *folder) noteDemo(state string) error {
	return writeDurably(f.join(demoFile), []byte(state+"\n"))
}

var errHalfDemo = errors.New("the demo's year was interrupted while it was filled in, and this Postgres or NATS is not ours to empty: " +
	"give an empty one of each, remove the file")

// dropHalfDemo throws away a year that was not filled in to its end. Nobody has used it: it never answered.
func (i *installation) dropHalfDemo(context.Context) error {
	state, err := i.folder.demo()
	if err != nil || state != filling {
		return err
	}
	if i.config.DatabaseURL != "" || i.config.NATSURL != "" {
		return fmt.Errorf("%w %s, and start again", errHalfDemo, i.folder.join(demoFile))
	}
	i.progress("the demo's year was interrupted, and is begun anew")
	for _, name := range []string{"pg", "pg.password", "nats", demoFile} { // the marker last
		if err := os.RemoveAll(i.folder.join(name)); err != nil {
			return err
		}
	}
	return nil
}

// beginDemo holds the clock at the beginning of the year when there is one to fill in.
func (i *installation) beginDemo(ctx context.Context, today time.Time) error {
	if i.config.Demo != "on" {
		return nil
	}
	heads, err := i.heads(ctx)
	if err != nil {
		return err
	}
	for _, head := range heads {
		if head > 0 {
			return nil
		}
	}
	i.clock.Set(today.AddDate(-1, 0, -1))
	i.demoUntil = today
	return i.folder.noteDemo(filling)
}

// heads are how far the ledgers are.
func (i *installation) heads(ctx context.Context) (map[string]int64, error) {
	heads := map[string]int64{}
	for _, service := range tellers {
		head, err := i.ledgers[service].Head(ctx)
		if err != nil {
			return nil, fmt.Errorf("ledger of %s: %w", service, err)
		}
		heads[service] = head.Position
	}
	return heads, nil
}

// fillDemo plays the year through the services' own commands, before anybody else is answered.
func (i *installation) fillDemo(ctx context.Context, address string) error {
	if i.demoUntil.IsZero() {
		return nil
	}
	i.level.Set(slog.LevelWarn) // what nobody asked for needs no line for each request
	defer i.level.Set(slog.LevelInfo)
	i.board(func(e *engine.Engine) { e.Rest(restOfTheBoard) })
	err := demo.Fill(ctx, demo.Config{
		Address: address, HTTP: web.Inside(i.serving.web), Secret: demoSecret, Today: i.demoUntil, Move: i.moveClock, Settle: i.settle,
		Progress: func(month time.Time, people int) {
			i.progress(fmt.Sprintf("the demo's year: %s, %d people", month.In(reference.Paris).Format("January 2006"), people))
		},
	})
	if err != nil {
		return err
	}
	i.clock.LetGo()
	i.board(func(e *engine.Engine) { e.Rest(0) })
	for _, e := range i.serving.engines {
		if err := heard(ctx, e, i.told.far()); err != nil {
			return err
		}
	}
	i.flush()
	return i.folder.noteDemo(filled + reference.Day(i.demoUntil))
}

// restOfTheBoard: nobody reads the board while the year is played, so it may hear of a quarter of a second at once.
const restOfTheBoard = 250 * time.Millisecond

func (i *installation) board(do func(*engine.Engine)) {
	for _, e := range i.serving.engines {
		if e.Service == projections.Name {
			do(e)
		}
	}
}

// moveClock puts the clock somewhere and waits until everything that became due was done.
func (i *installation) moveClock(ctx context.Context, at time.Time) error {
	i.clock.Set(at)
	for _, e := range i.serving.engines {
		if err := e.Quiet(ctx); err != nil {
			return err
		}
	}
	return i.settle(ctx)
}

// settle waits until what was told is heard by all who act on it, and led to nothing new. The board only shows.
func (i *installation) settle(ctx context.Context) error {
	for {
		before := i.told.far()
		for _, e := range i.serving.engines {
			if e.Service == projections.Name {
				continue
			}
			if err := heard(ctx, e, before); err != nil {
				return err
			}
		}
		if maps.Equal(before, i.told.far()) {
			return nil
		}
	}
}

const lookAgain = 20 * time.Millisecond

// heard waits for all readers of a service. What was put aside, because the house was too busy, is done first.
func heard(ctx context.Context, e *engine.Engine, told map[string]int64) error {
	for _, r := range e.Readers() {
		for _, service := range r.Services {
			if err := r.Hub.Wait(ctx, service, told[service]); err != nil {
				return err
			}
		}
		for state, _ := r.State(); state != "ok"; state, _ = r.State() {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(lookAgain):
			}
		}
	}
	return nil
}

// told is how far the ledgers are, as far as this process has written them.
type told struct {
	mu       sync.Mutex
	position map[string]int64
}

func (t *told) note(service string, events []ledger.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.position == nil {
		t.position = map[string]int64{}
	}
	t.position[service] = max(t.position[service], events[len(events)-1].Position)
}

func (t *told) far() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.position)
}

// sayDemo is the line about the demo's data.
func (i *installation) sayDemo(out io.Writer) {
	state, err := i.folder.demo()
	if i.config.Demo != "on" || err != nil {
		return
	}
	if day, ok := strings.CutPrefix(state, filled); ok {
		fmt.Fprintf(out, "PASSERELLE_DEMO=on: the year that ends on %s in the Hérault and the Nièvre; nobody in it exists\n\n", day)
		return
	}
	fmt.Fprint(out, "PASSERELLE_DEMO=on: this data was not made by the demo and is left as it is; for the demo's year give an empty folder with PASSERELLE_DATA_DIR\n\n")
}
