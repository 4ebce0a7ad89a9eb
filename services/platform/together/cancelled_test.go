package together

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral"
	"example.org/passerelle/services/workshop"
)

// cancelledAtFive has eight people whose session of tomorrow is cancelled, and six seats elsewhere.
type cancelledAtFive struct {
	*town

	people     []person
	referrals  []string // of the session that does not take place
	gone       string
	near, next string // two seats and four, the first one sooner
}

func newCancelledAtFive(t *testing.T) *cancelledAtFive {
	t.Helper()
	c := &cancelledAtFive{town: newTown(t, 1)}
	c.gone = c.session("Demain", 8, enginetest.Noon.AddDate(0, 0, 21))
	for n := range 8 {
		p := c.senior(n)
		c.people, c.referrals = append(c.people, p), append(c.referrals, c.seat(p, c.gone))
	}
	c.Clock.Set(enginetest.Noon.AddDate(0, 0, 20).Add(5 * time.Hour)) // Sunday, 17:00 in Paris
	c.quiet()
	c.near = c.session("Bientôt", 2, c.Clock.Now().AddDate(0, 0, 20))
	c.next = c.session("Ensuite", 4, c.Clock.Now().AddDate(0, 0, 34))
	c.post(http.StatusOK, workshop.Name, "provider-a", "/sessions/"+c.gone+"/cancel", object{"reason": "animator"})
	return c
}

// lines are those of the list of the day that are about the session, by the person's flag.
func (c *cancelledAtFive) lines() map[string]object {
	c.Helper()
	lines := map[string]object{}
	for _, l := range items(c.see("advisor-34", "/desks/montpellier/today")) {
		if l["kind"] == "session_cancelled" {
			lines[text(l, "flag_id")] = l
		}
	}
	return lines
}

// held is how many seats of a session are held, as everybody sees it.
func (c *cancelledAtFive) held(session string) int {
	c.Helper()
	n, _ := c.see("advisor-34", "/sessions/"+session)["held"].(float64)
	return int(n)
}

// TestP15_WhatIsHeldForThoseOfACancelledSession goes through both services and what the desk sees: a seat for six of eight, a
// word for two; who says yes has it, who says no or nothing leaves it to others, and nobody is sent anywhere without a word.
func TestP15_WhatIsHeldForThoseOfACancelledSession(t *testing.T) {
	t.Parallel()
	c := newCancelledAtFive(t)
	lines := c.lines()
	on := map[string][]int{}
	for i, p := range c.people {
		where := text(lines[p.flag], "alternative")
		on[where] = append(on[where], i)
		if where != "none" && (text(lines[p.flag], "alternative_offer") == "" || text(lines[p.flag], "script") == "") {
			t.Errorf("%+v", lines[p.flag])
		}
	}
	if len(lines) != 8 || len(on[c.near]) != 2 || len(on[c.next]) != 4 || len(on["none"]) != 2 {
		t.Fatal(on)
	}
	if opened := enginetest.Facts[events.ReferralOpened](c.World); len(opened) != 8 {
		t.Error("somebody was referred without their word")
	}
	if c.held(c.near) != 2 || c.held(c.next) != 4 {
		t.Error(c.held(c.near), c.held(c.next))
	}
	c.Clock.Set(c.Clock.Now().Add(time.Minute)) // the first call
	yes, no, silent := on[c.near][0], on[c.near][1], on[c.next]
	t.Run("yes", func(t *testing.T) { c.saysYes(t, yes) })
	t.Run("no", func(t *testing.T) { c.saysNo(t, no, text(lines[c.people[no].flag], "alternative_offer")) })
	t.Run("nothing", func(t *testing.T) {
		c.saysNothing(t, silent, text(lines[c.people[silent[0]].flag], "alternative_until"))
	})
}

// saysYes asks for the seat: it is theirs, whoever else would like it, and their line is done.
func (c *cancelledAtFive) saysYes(t *testing.T, i int) {
	made := c.post(http.StatusCreated, referral.Name, "advisor-34", "/referrals", object{"flag_id": c.people[i].flag, "session_id": c.near})
	if made["seat"] != "held" || c.held(c.near) != 2 {
		t.Error(made, c.held(c.near))
	}
	if line, still := c.lines()[c.people[i].flag]; still {
		t.Error("their line stands there still:", line)
	}
	got := c.see("advisor-34", "/referrals/"+text(made, "id"))
	if got["follows"] != c.referrals[i] {
		t.Error("the way is not one:", got["follows"])
	}
}

// saysNo leaves the seat to others, and the line stands there with nothing held.
func (c *cancelledAtFive) saysNo(t *testing.T, i int, offer string) {
	c.post(http.StatusOK, workshop.Name, "advisor-34", "/seat-offers/"+offer+"/pass", object{})
	if got := text(c.lines()[c.people[i].flag], "alternative"); got != "none" || c.held(c.near) != 1 {
		t.Error(got, c.held(c.near))
	}
}

// fiveWorkingDays after the Sunday on which it was cancelled.
var fiveWorkingDays = enginetest.Noon.AddDate(0, 0, 25).Add(5 * time.Hour)

// saysNothing is five working days later: the seats are free again, each once, and whoever asks has one.
func (c *cancelledAtFive) saysNothing(t *testing.T, silent []int, until string) {
	end, err := time.Parse(time.RFC3339, until)
	if err != nil || !end.Equal(fiveWorkingDays) {
		t.Fatal(until, err)
	}
	c.Clock.Set(end.Add(-time.Second))
	c.quiet()
	if c.held(c.next) != 4 {
		t.Error("before the time", c.held(c.next))
	}
	c.Clock.Set(end)
	c.quiet()
	ended := map[string]int{}
	for _, e := range enginetest.Facts[events.AlternativeEnded](c.World) {
		ended[fmt.Sprint(e.Reason, " ", e.ReferralID)]++
	}
	lines := c.lines()
	for _, i := range silent {
		if ended["lapsed "+c.referrals[i]] != 1 || text(lines[c.people[i].flag], "alternative") != "none" {
			t.Error(ended, lines[c.people[i].flag])
		}
	}
	if c.held(c.next) != 0 {
		t.Error("still held:", c.held(c.next))
	}
	if made := c.post(http.StatusCreated, referral.Name, "advisor-34", "/referrals", object{"flag_id": c.people[silent[0]].flag, "session_id": c.next}); made["seat"] != "held" {
		t.Error(made)
	}
}
