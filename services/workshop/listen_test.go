package workshop

import (
	"fmt"
	"slices"
	"strings"
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
	w.Tell(planned("s1"))
	return w
}

func planned(session string) events.Fact {
	return events.SessionPlanned{
		SessionID: session, ProviderID: "provider-a", Mode: "in_person", Capacity: 2, Booking: "on_request", Status: "open",
		RegistrationClosesAt: noon.AddDate(0, 0, 17), At: noon,
		Meetings: []events.Meeting{{StartsAt: noon.AddDate(0, 0, 21), EndsAt: noon.AddDate(0, 0, 21).Add(2 * time.Hour)}},
	}
}

func opened(session string, n int) events.Fact {
	return events.ReferralOpened{ReferralID: fmt.Sprintf("r%d", n), FlagID: "f1", PersonID: "p1", SessionID: session, Desk: "montpellier"}
}

func withdrawn(session string, n int) events.Fact {
	return events.ReferralWithdrawn{ReferralID: fmt.Sprintf("r%d", n), FlagID: "f1", SessionID: session}
}

// told is what a session says after it was planned.
func told(w *enginetest.World, session string) (list []string) {
	for _, one := range w.Told(Name) {
		if name, ours := strings.CutSuffix(one, " session:"+session); ours && name != "workshop.session-planned.v1" {
			list = append(list, strings.TrimPrefix(name, "workshop."))
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
	w := setup(t)
	type heard = func(session string, n int) events.Fact
	for name, c := range map[string]struct {
		heard []heard
		of    []int
		want  []string
	}{
		"opened":             {[]heard{opened}, []int{1}, []string{requested, held}},
		"three for two":      {[]heard{opened, opened, opened}, []int{1, 2, 3}, []string{requested, held, requested, held, requested, queued}},
		"withdrawn":          {[]heard{opened, withdrawn}, []int{1, 1}, []string{requested, held, back}},
		"the hold passes on": {[]heard{opened, opened, opened, withdrawn}, []int{1, 2, 3, 1}, []string{requested, held, requested, held, requested, queued, back, held}},
		"swapped":            {[]heard{withdrawn, opened}, []int{1, 1}, []string{back}},
	} {
		t.Run(name, func(t *testing.T) {
			w.Tell(planned(name))
			for i, fact := range c.heard {
				w.Tell(fact(name, c.of[i]))
			}
			if got := told(w, name); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
	w.Tell(opened("of nobody", 1))
	if got := told(w, "of nobody"); got != nil {
		t.Error(got)
	}
}

// along is a referral of somebody who comes with another one.
func along(session string, n, with int) events.Fact {
	o := opened(session, n).(events.ReferralOpened)
	o.FlagID, o.PersonID, o.Together = fmt.Sprintf("f%d", n), fmt.Sprintf("p%d", n), fmt.Sprintf("r%d", with)
	return o
}

// TestP18_TwoWhoComeTogetherReachTheirSession in either order, and one of them taken back meanwhile.
func TestP18_TwoWhoComeTogetherReachTheirSession(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, c := range map[string]struct {
		heard []events.Fact
		want  []string
	}{
		"one-after-the-other": {[]events.Fact{along("one-after-the-other", 1, 2), along("one-after-the-other", 2, 1)}, []string{requested, queued, requested, held, held}},
		"swapped":             {[]events.Fact{along("swapped", 2, 1), along("swapped", 1, 2)}, []string{requested, queued, requested, held, held}},
		"heard-twice":         {[]events.Fact{along("heard-twice", 1, 2), along("heard-twice", 1, 2), along("heard-twice", 2, 1), along("heard-twice", 2, 1)}, []string{requested, queued, requested, held, held}},
		"one-is-taken":        {[]events.Fact{opened("one-is-taken", 3), along("one-is-taken", 1, 2), along("one-is-taken", 2, 1)}, []string{requested, held, requested, queued, requested, queued}},
		"taken-back": {
			[]events.Fact{along("taken-back", 1, 2), withdrawn("taken-back", 2), along("taken-back", 2, 1)}, []string{requested, queued, back, held},
		},
	} {
		w.Tell(planned(name))
		w.Tell(c.heard...)
		if got := told(w, name); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestReferralsHeardTwiceChangeNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	all := []events.Fact{opened("s1", 1), opened("s1", 2), withdrawn("s1", 1), opened("s1", 3)}
	w.Tell(all...)
	before := told(w, "s1")
	if len(before) != 7 {
		t.Fatal(before)
	}
	w.HearAgain()
	w.Tell(all...) // told twice, so under other keys, with others in between
	if after := told(w, "s1"); !slices.Equal(after, before) {
		t.Error(after)
	}
}

// TestARequestLapsesOnItsDayAndNotTwice: the clock moves, and a listener that hears again changes nothing.
func TestARequestLapsesOnItsDayAndNotTwice(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(opened("s1", 1))
	lapsed := enginetest.Hear[events.RequestLapsed](w)
	by := enginetest.Facts[events.SeatRequested](w)[0].AnswerBy
	w.Clock.Set(by.Add(-time.Second))
	w.Tell(opened("s1", 2))
	w.Clock.Set(by)
	if e := enginetest.Next(w, lapsed); e.ReferralID != "r1" {
		t.Error(e)
	}
	before := told(w, "s1")
	w.HearAgain()
	w.Tell(opened("s1", 1), withdrawn("s1", 1))
	if after := told(w, "s1"); !slices.Equal(after, before) {
		t.Error(after)
	}
}
