package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/chromedp"
)

// patience is how long one step may take on a busy machine before the test gives up.
const patience = time.Minute

// Tab is one page in a browser context of its own: it shares no cookie with another tab. Its methods end the test
// when a step fails, so they are for the test's own goroutine.
type Tab struct {
	t        testing.TB
	ctx      context.Context
	base     string
	status   int
	setup    setup
	arrivals *arrivals
	faults   *faults
}

type setup struct {
	width, height int64
	zoom          float64
	noScript      bool
	faulty        bool
	before        func()
}

// Option says how the tab differs from an ordinary screen of 1280 × 1000.
type Option func(*setup)

// NoScript: the page's scripts do not run. Text, Fill, Click, Press and Focused still work; Axe and the WaitFor
// methods do not, they are scripts themselves.
func NoScript(s *setup) { s.noScript = true }

// Faulty lets the test end well although the page had errors. ConsoleErrors tells them.
func Faulty(s *setup) { s.faulty = true }

// Before is done whenever the tab goes to a path by itself, as whoever types an address after a while.
func Before(do func()) Option {
	return func(s *setup) { s.before = do }
}

// Viewport sets the size in CSS pixels; 320 wide is the narrowest that has to work.
func Viewport(width, height int64) Option {
	return func(s *setup) { s.width, s.height = width, height }
}

// Zoom is what the browser's own zoom does: 2 halves the CSS pixels of the viewport.
func Zoom(factor float64) Option {
	return func(s *setup) { s.zoom = factor }
}

// Open gives a tab that goes to paths under base ("http://localhost:8080"). At the end of the test it is closed, and
// the test fails if a page had an error in its console, a refusal of the content security policy, or a failed request.
func Open(t testing.TB, base string, options ...Option) *Tab {
	t.Helper()
	b := &Tab{t: t, base: strings.TrimSuffix(base, "/"), arrivals: newArrivals(), faults: &faults{}}
	b.setup = setup{width: 1280, height: 1000, zoom: 1}
	for _, option := range options {
		option(&b.setup)
	}
	ctx, cancel := cdp.NewContext(browser(t), cdp.WithNewBrowserContext(), cdp.WithListener(b.arrivals.hear), cdp.WithListener(b.faults.hear))
	b.ctx = ctx
	t.Cleanup(cancel)
	if err := cdp.Do(ctx, b.emulate()); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(b.expectNoFaults)
	return b
}

func (b *Tab) emulate() cdp.Action[cdp.Void] {
	css := func(pixels int64) int64 { return int64(math.Round(float64(pixels) / b.setup.zoom)) }
	return cdp.Steps(
		cdp.EmulateViewport(css(b.setup.width), css(b.setup.height), cdp.EmulateScale(b.setup.zoom)),
		cdp.Func(func(ctx context.Context, _ *cdp.Target) error {
			_, err := cdp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: b.setup.noScript})
			return err
		}),
	)
}

// Paper shows pages from now on as they are printed: A4 upright, without the margins. Buttons are gone then, so sign in before.
func (b *Tab) Paper() {
	b.t.Helper()
	run(b, "take paper", cdp.Steps(cdp.EmulateViewport(643, 971), cdp.Func(func(ctx context.Context, _ *cdp.Target) error {
		_, err := cdp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	})))
}

// run does one step and ends the test if it fails.
func run[T any](b *Tab, what string, action cdp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := cdp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
	return v
}

// ask evaluates a script in the page. Arguments stand as JSON where the script has %s.
func ask[T any](b *Tab, what, script string, args ...any) T {
	b.t.Helper()
	quoted := make([]any, len(args))
	for i, arg := range args {
		raw, err := json.Marshal(arg)
		if err != nil {
			b.t.Fatalf("%s: %v", what, err)
		}
		quoted[i] = string(raw)
	}
	return run(b, what, cdp.Evaluate[T](fmt.Sprintf(script, quoted...), cdp.EvalAwaitPromise))
}
