package workshop

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var noon = enginetest.Noon

// setup has a session of two seats.
func setup(t *testing.T) *enginetest.World {
	t.Helper()
	w := enginetest.Start(t, Name, Run)
	w.Tell(events.SessionPlanned{
		SessionID: "s1", ProviderID: "provider-a", Mode: "in_person", Capacity: 2, Booking: "on_request", Status: "open",
		RegistrationClosesAt: noon.AddDate(0, 0, 17), At: noon,
		Meetings: []events.Meeting{{StartsAt: noon.AddDate(0, 0, 21), EndsAt: noon.AddDate(0, 0, 21).Add(2 * time.Hour)}},
	})
	return w
}

func opened(n int) events.Fact {
	return events.ReferralOpened{ReferralID: fmt.Sprintf("r%d", n), FlagID: "f1", PersonID: "p1", SessionID: "s1", Desk: "montpellier"}
}

func withdrawn(n int) events.Fact {
	return events.ReferralWithdrawn{ReferralID: fmt.Sprintf("r%d", n), FlagID: "f1", SessionID: "s1"}
}

// told is what the session says after it was planned.
func told(w *enginetest.World) []string {
	list := w.Told(Name)[1:]
	for i, one := range list {
		_, err := fmt.Sscanf(one, "workshop.%s session:s1", &list[i])
		if err != nil {
			list[i] = one
		}
	}
	return list
}

const (
	requested = "seat-requested.v1"
	held      = "seat-held.v1"
	queued    = "request-queued.v1"
	back      = "request-withdrawn.v1"
)

func TestAReferralReachesItsSession(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts []events.Fact
		want  []string
	}{
		"opened":             {[]events.Fact{opened(1)}, []string{requested, held}},
		"three for two":      {[]events.Fact{opened(1), opened(2), opened(3)}, []string{requested, held, requested, held, requested, queued}},
		"withdrawn":          {[]events.Fact{opened(1), withdrawn(1)}, []string{requested, held, back}},
		"the hold passes on": {[]events.Fact{opened(1), opened(2), opened(3), withdrawn(1)}, []string{requested, held, requested, held, requested, queued, back, held}},
		"swapped":            {[]events.Fact{withdrawn(1), opened(1)}, []string{back}},
		"an unknown session": {[]events.Fact{events.ReferralOpened{ReferralID: "r1", SessionID: "s0"}}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.Tell(c.facts...)
			if got := told(w); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
}

func TestReferralsHeardTwiceChangeNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(opened(1), opened(2), withdrawn(1), opened(3))
	before := told(w)
	if len(before) != 7 {
		t.Fatal(before)
	}
	w.HearAgain()
	w.Tell(opened(1), opened(2), withdrawn(1), opened(3)) // told twice, so under other keys, with others in between
	if after := told(w); !slices.Equal(after, before) {
		t.Error(after)
	}
}

// TestARequestLapsesOnItsDayAndNotTwice: the clock moves, and a listener that hears again changes nothing.
func TestARequestLapsesOnItsDayAndNotTwice(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(opened(1))
	lapsed := enginetest.Hear[events.RequestLapsed](w)
	by := enginetest.Facts[events.SeatRequested](w)[0].AnswerBy
	w.Clock.Set(by.Add(-time.Second))
	w.Tell(opened(2))
	w.Clock.Set(by)
	if e := enginetest.Next(w, lapsed); e.ReferralID != "r1" {
		t.Error(e)
	}
	before := told(w)
	w.HearAgain()
	w.Tell(opened(1), withdrawn(1))
	if after := told(w); !slices.Equal(after, before) {
		t.Error(after)
	}
}
