package domain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
)

// year is a provider's sessions with all that is due, as pkg/deadline keeps it: derived from the facts alone.
type year struct {
	sessions map[string]Workshop
	told     []events.Workshop
	due      map[string]time.Time // by session and kind
	answered map[string]int       // how often a deadline was answered by facts
}

func newYear() *year {
	return &year{sessions: map[string]Workshop{}, due: map[string]time.Time{}, answered: map[string]int{}}
}

func (y *year) hear(id string, facts []events.Workshop) {
	for _, f := range facts {
		y.sessions[id] = Evolve(y.sessions[id], f)
		y.told = append(y.told, f)
		derive(y.due, id, f)
	}
}

func derive(due map[string]time.Time, id string, f events.Workshop) {
	set, done := Due(f)
	for _, kind := range done {
		delete(due, id+" "+kind)
	}
	for _, d := range set {
		due[id+" "+d.Kind] = d.At
	}
}

// restart forgets what is due and derives it again.
func (y *year) restart() {
	y.due = map[string]time.Time{}
	for _, f := range y.told {
		derive(y.due, f.Stream()[len("session:"):], f)
	}
}

func (y *year) do(id string, command Decision) []events.Workshop {
	facts, err := command.Decide(y.sessions[id])
	if err != nil {
		return nil
	}
	y.hear(id, facts)
	return facts
}

// pass does what is due until now, each of it by so many processes. A deadline that no fact answers would be tried for
// ever: it is told.
func (y *year) pass(now time.Time, processes int) (wrong string) {
	for {
		next := y.next(now)
		if next == "" {
			return ""
		}
		at := y.due[next]
		var id, kind string
		if _, err := fmt.Sscan(next, &id, &kind); err != nil {
			return err.Error()
		}
		for process := range processes {
			facts := y.do(id, AtDue(id, kind, at))
			if process > 0 && len(facts) > 0 {
				return fmt.Sprintf("%s: the second process tells %v", next, facts)
			}
			if len(facts) > 0 {
				y.answered[next+at.String()]++
			}
		}
		if again, still := y.due[next]; still && again.Equal(at) {
			return next + " is not answered"
		}
	}
}

func (y *year) next(now time.Time) string {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(y.due)), func(k string) bool { return y.due[k].After(now) })
	if len(keys) == 0 {
		return ""
	}
	return slices.MinFunc(keys, func(a, b string) int { return cmp.Or(y.due[a].Compare(y.due[b]), cmp.Compare(a, b)) })
}

// TestAYearPassesAndNobodyIsForgotten: people ask, answer and leave at random, a session begins every week; what is due
// is done once, with two processes and after a restart in the middle. In a session that has begun nothing is open but the
// seats of those who take part, and no seat is held after registration closed.
func TestAYearPassesAndNobodyIsForgotten(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	y := newYear()
	random := rapid.Custom(func(t *rapid.T) []int { return rapid.SliceOfN(rapid.IntRange(0, 1<<20), 4000, 4000).Draw(t, "random") }).Example(7)
	draw := func(n int) int {
		next := random[0] % n
		random = append(random[1:], random[0]>>1+n)
		return next
	}
	for day := range 430 { // sessions of a year, and the time until the last is over
		now := noon.AddDate(0, 0, day)
		if day%7 == 0 && day < 365 {
			id := fmt.Sprintf("w%d", day/7)
			y.do(id, weekly(id, now))
		}
		for range 6 {
			y.someone(now, day, draw)
		}
		if day == 200 {
			before := fmt.Sprint(y.due)
			if y.restart(); fmt.Sprint(y.due) != before {
				t.Fatal("after a restart something else is due")
			}
		}
		if wrong := y.pass(now, 2); wrong != "" {
			t.Fatal(wrong)
		}
		for id, w := range y.sessions {
			if wrong := settledAt(w, now); wrong != "" {
				t.Fatal(id, now, wrong)
			}
		}
	}
	for key, n := range y.answered {
		if n != 1 {
			t.Errorf("%s was answered %d times", key, n)
		}
	}
	if len(y.due) > 0 {
		t.Errorf("still due: %v", y.due)
	}
	kinds := map[string]int{}
	for _, f := range y.told {
		kinds[fmt.Sprintf("%T", f)]++
	}
	for _, kind := range []string{"AnswerReminded", "RequestLapsed", "HoldEnded", "SeatOffered", "SeatOfferLapsed", "LastSeatsCalled", "RegistrationClosed", "RequestUnserved", "SessionStarted", "SessionClosed"} {
		if kinds["events."+kind] == 0 {
			t.Errorf("in a whole year no %s", kind)
		}
	}
	took := time.Since(begin)
	t.Logf("%d facts of %d sessions, %d deadlines, in %v", len(y.told), len(y.sessions), len(y.answered), took)
}

func weekly(id string, now time.Time) Plan {
	starts := now.AddDate(0, 0, 45)
	return Plan{
		SessionID: id, ProviderID: "provider-a", Title: "Chaque semaine", Mode: "in_person", Capacity: 3, By: "provider-a", At: now,
		Meetings: []events.Meeting{{StartsAt: starts, EndsAt: starts.Add(2 * time.Hour)}, {StartsAt: starts.AddDate(0, 0, 7), EndsAt: starts.AddDate(0, 0, 7).Add(2 * time.Hour)}},
	}
}

// someone does something with one of the sessions of these weeks.
func (y *year) someone(now time.Time, day int, draw func(int) int) {
	id := fmt.Sprintf("w%d", max(0, day/7-draw(7)))
	if _, ok := y.sessions[id]; !ok {
		return
	}
	who := fmt.Sprintf("r%d", draw(12))
	c := Change{SessionID: id, ProviderID: "provider-a", At: now}
	switch draw(12) {
	case 0, 1, 2, 3:
		y.do(id, RequestSeat{SessionID: id, ReferralID: who, PersonID: "p", At: now})
	case 4, 5, 6:
		y.do(id, Accept{SessionID: id, ReferralID: who, ProviderID: "provider-a", At: now})
	case 7:
		y.do(id, Study{SessionID: id, ReferralID: who, ProviderID: "provider-a", At: now})
	case 8:
		y.do(id, Withdraw{SessionID: id, ReferralID: who, At: now})
	case 9:
		y.do(id, TakeOffer{Offer{id, offerID(id, who, 1), "desk", now}})
	case 10:
		y.do(id, PassOffer{Offer{id, offerID(id, who, 1), "desk", now}})
	case 11:
		switch draw(8) {
		case 0:
			y.do(id, Cancel{c, "too_few"})
		case 1:
			y.do(id, SetCapacity{c, 2 + draw(3), "demand"})
		case 2:
			y.do(id, Reschedule{Change: c, Meetings: []events.Meeting{{StartsAt: now.AddDate(0, 0, 20), EndsAt: now.AddDate(0, 0, 20).Add(time.Hour)}}, Reason: "animator"})
		}
	}
}

// settledAt says what is open at a moment and should not be.
func settledAt(w Workshop, now time.Time) string {
	if w.TakesRequests(now) {
		return ""
	}
	for _, r := range w.requests {
		if r.open() || r.waits() {
			return r.referralID + " is " + r.answer + " in a session that is " + w.StatusAt(now)
		}
	}
	if w.Held > 0 || w.Waiting() > 0 {
		return "a seat is held, or somebody waits"
	}
	return ""
}

func TestALookAtAYearFindsWhatIsForgotten(t *testing.T) {
	t.Parallel()
	open := given(t, two, asks("anna"), held("anna")).State
	if settledAt(open, noon) != "" || settledAt(open, closing) == "" {
		t.Fatal("a hold after the closing is not found")
	}
	y := newYear()
	y.hear("s1", []events.Workshop{two})
	y.sessions["s1"] = Evolve(y.sessions["s1"], events.SessionStarted{})
	y.due["s1 start"] = noon // nobody will tell it again
	if y.pass(noon, 1) == "" {
		t.Fatal("a deadline that nobody answers is not found")
	}
}
