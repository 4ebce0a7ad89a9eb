package live_test

import (
	"log/slog"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestWhatTheAccessServiceTellsIsKnownHere(t *testing.T) {
	t.Parallel()
	ctx, access := feedtest.Context(t), feedtest.New(t, live.Service)
	d := live.New(access.Source, slog.New(slog.DiscardHandler))
	go func() { _ = d.Run(ctx) }()
	if _, ok := d.Now().Account("advisor-34", sample.Day); ok {
		t.Fatal("known before anything was told")
	}
	tell := func(facts ...events.Access) {
		for _, f := range facts {
			if err := d.Wait(ctx, live.Service, access.Tell(f)); err != nil {
				t.Fatal(err)
			}
		}
	}
	tell(sample.Facts(sample.Day)...)
	if a, ok := d.Now().Account("advisor-34", sample.Day); !ok || a.Desks()[0] != "montpellier" {
		t.Errorf("%+v", a)
	}
	tell(events.MembershipEnded{MembershipID: "demo-advisor-34", Fund: "carsat-lr", Reason: "left", At: sample.Day})
	if _, ok := d.Now().Account("advisor-34", sample.Day); ok {
		t.Error("a role that was taken back still holds")
	}
	if end := d.End(live.Service); end != d.Hub().Position(live.Service) {
		t.Error("the stream ends at", end)
	}
}
