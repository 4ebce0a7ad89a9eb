package detection

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/rest"
)

// second is the ledger of another process, which is slow: its first observation is on its way until the campaign is closed.
type second struct {
	ledger.Ledger
	blind            bool // does not say what its decisions rest on
	once             sync.Once
	onItsWay, closed chan struct{}
}

func (l *second) Append(ctx context.Context, appends ...ledger.Append) ([]ledger.Appended, error) {
	for i := range appends {
		if l.blind {
			appends[i].Seen = nil
		}
		if observes(appends[i].Facts) {
			l.once.Do(func() {
				close(l.onItsWay)
				<-l.closed
				ctx = context.WithoutCancel(ctx) // whoever asked may have given up, and asks again
			})
		}
	}
	return l.Ledger.Append(ctx, appends...)
}

func observes(facts []ledger.Fact) bool {
	for _, f := range facts {
		if f.Name == "detection.observation-told.v1" {
			return true
		}
	}
	return false
}

const process = "X-Process" // of the two, to which a request goes

func (l *second) run(t *testing.T) enginetest.Run {
	return twoProcesses(t, func(own ledger.Ledger) ledger.Ledger {
		l.Ledger = own
		return l
	})
}

// twoProcesses are a service with a ledger each; that of the second is wrapped.
func twoProcesses(t *testing.T, wrap func(ledger.Ledger) ledger.Ledger) enginetest.Run {
	return func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		own, err := ledger.Open(t.Context(), e.Pool, ledger.Config{Schema: e.Prefix + Name, Service: Name, ChainKey: []byte("published chain key"), Clock: e.Clock})
		if err != nil {
			return nil, nil, err
		}
		t.Cleanup(func() { _ = own.Close(context.Background()) })
		one := newService(e)
		handler, heard, err := one.run()
		there := *e
		there.Ledger = wrap(own)
		other := newService(&there)
		other.knows, other.contacts = one.knows, one.contacts
		others := other.handler()
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get(process) == "2" {
				others.ServeHTTP(w, r)
			} else {
				handler.ServeHTTP(w, r)
			}
		}), heard, err
	}
}

// lost compares what was told with what was published.
func lost(t *testing.T, w *enginetest.World) error {
	t.Helper()
	told, unpublished, closed := 0, 0, false
	list, err := w.Engine.Ledger.Read(t.Context(), 0, 10_000)
	if err != nil {
		return err
	}
	for _, e := range list {
		switch {
		case e.Name == "detection.observation-told.v1" && closed:
			unpublished++
		case e.Name == "detection.observation-told.v1":
			told++
		case strings.HasPrefix(e.Name, "detection.campaign-closed"):
			closed = true
		}
	}
	if rows := published(w); unpublished > 0 || len(rows) != told || !closed {
		return fmt.Errorf("%d observations, %d published, %d told when the key was gone", told, len(rows), unpublished)
	}
	return nil
}

// closeUnderLoad flags and validates in two processes while the campaign is closed, and on after that.
func closeUnderLoad(t *testing.T, blind bool) (w *enginetest.World) {
	t.Helper()
	l := &second{blind: blind, onItsWay: make(chan struct{}), closed: make(chan struct{})}
	w = start(t, l.run(t))
	state(w, act(w, "referent-58", enginetest.Read[rest.FlagCreated](w, w.Ask("advisor-58", "POST", flags, situation(9000)), 201).ID, "validate", `{}`))
	var begun sync.WaitGroup
	var workers sync.WaitGroup
	var over atomic.Bool
	begun.Add(4)
	for worker := range 4 {
		at := []string{process, fmt.Sprint(worker%2 + 1)}
		workers.Go(func() {
			for n, after := 0, 0; after < 3; n++ {
				if over.Load() {
					after++
				}
				if n == 2 {
					begun.Done()
				}
				name := fmt.Sprintf("w%d-%d", worker, n)
				made := enginetest.Read[rest.FlagCreated](w, insists(w, name, "advisor-58", flags, situation(worker*1000+n), at...), 201)
				state(w, insists(w, name+"-yes", "referent-58", flags+"/"+made.ID+"/validate", `{}`, at...))
			}
		})
	}
	<-l.onItsWay
	enginetest.Read[rest.CampaignState](w, insists(w, "close", "partnership-bfc", campaign2020, `{}`), 200)
	close(l.closed)
	begun.Wait()
	over.Store(true)
	workers.Wait()
	keyIsGone(t, w, nil)
	return w
}

// TestWhatIsObservedWhileACampaignIsClosedIsPublishedOrNotTold: the ledger itself puts one before the other.
func TestWhatIsObservedWhileACampaignIsClosedIsPublishedOrNotTold(t *testing.T) {
	t.Parallel()
	w := closeUnderLoad(t, false)
	if err := lost(t, w); err != nil {
		t.Error(err)
	}
	if valid, told := len(enginetest.Facts[events.FlagValidated](w)), len(enginetest.Facts[events.ObservationTold](w)); told == 0 || told >= valid {
		t.Errorf("%d observations of %d validated flags: the closing was not in between", told, valid)
	}
}

func TestAnObservationThatLooksAwayFromTheClosingIsFound(t *testing.T) {
	t.Parallel()
	if err := lost(t, closeUnderLoad(t, true)); err == nil {
		t.Error("an observation told beside the closing was not found")
	}
}

// TestAClosingThatWasInterruptedAfterTheEndIsFinishedAtTheNextStart: nothing is observed, and nothing published yet.
func TestAClosingThatWasInterruptedAfterTheEndIsFinishedAtTheNextStart(t *testing.T) {
	t.Parallel()
	w := setup(t)
	closed := enginetest.Hear[events.CampaignClosed](w)
	act(w, "referent-58", observation(w, "Une"), "validate", `{}`)
	late := observation(w, "Deux")
	w.Tell(events.CampaignEnded{CampaignID: "observation-bfc-2020", Fund: "carsat-bfc", Programme: "observation-bfc-2020", By: "partnership-bfc", At: w.Clock.Now()})
	state(w, act(w, "referent-58", late, "validate", `{}`))
	w.HearAgain()
	if e := enginetest.Next(w, closed); e.Observations != 1 || e.By != "partnership-bfc" {
		t.Errorf("%+v", e)
	}
}
