package projections

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

type anyPage struct {
	Items []struct {
		ID         string
		ReferralID string `json:"referral_id"`
	}
	Next *string
}

// walk follows the cursors to the end. between is called after each page.
func (h *house) walk(account, path string, between func()) (ids []string) {
	h.t.Helper()
	cursor := ""
	for {
		page := see[anyPage](h, account, path+cursor)
		for _, i := range page.Items {
			ids = append(ids, i.ID+i.ReferralID)
		}
		if page.Next == nil {
			return ids
		}
		cursor = "&cursor=" + url.QueryEscape(*page.Next)
		between()
	}
}

func TestACursorWalksEveryRowOnceWhileRowsAreAdded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-000", "provider-a", 100))
	added := 0
	add := func() {
		added++
		id := fmt.Sprintf("%03d", added)
		f := h.senior("flag-"+id, "Fictif", []string{"montpellier", "beziers", "sete"}[added%3], "advisor-34")
		o := h.opened(f, "referral-"+id, "session-000", "provider-a")
		h.hear(h.planned("session-"+id, "provider-a", 1), o, h.requested(o), h.taken(o), h.kept(o, "item-"+id),
			events.ItemRegistered{Pool: "provider-a", ItemID: "item-" + id, Kind: "tablet", AssetTag: id, At: h.now})
	}
	for range 12 {
		add()
		h.hear(h.provider(fmt.Sprintf("registered-%03d", added), "carsat-lr", "34"))
	}
	for path, account := range map[string]string{
		"/flags?limit=5": "referent-34", "/flags?limit=5&sort=age": "referent-34", "/referrals?limit=5": "referent-34",
		"/sessions?limit=5": "provider-a", "/equipment/items?limit=5": "provider-a", "/equipment/loans?limit=5": "equipment-lr", "/providers?limit=5": "advisor-34",
		"/sessions/session-000/participants?limit=5": "provider-a",
	} {
		before := h.walk(account, path, func() {})
		seen := h.walk(account, path, add)
		for _, id := range before {
			if n := len(keep(seen, func(s string) (string, bool) { return s, s == id })); n != 1 {
				t.Errorf("%s: %s is seen %d times", path, id, n)
			}
		}
		once := slices.Compact(slices.Sorted(slices.Values(seen)))
		if len(once) != len(seen) {
			t.Errorf("%s: %d rows, %d different ones", path, len(seen), len(once))
		}
	}
}

func TestTheOldestFlagComesFirstInTheOrderOfAge(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n, days := range []int{3, 40, 0, 10} { // identifiers do not follow the days: the past was recorded late
		h.now = noon.AddDate(0, 0, -days)
		h.senior(fmt.Sprintf("flag-%d", n), "Fictif", "montpellier", "advisor-34")
	}
	want := []string{"flag-1", "flag-3", "flag-0", "flag-2"}
	if got := h.walk("advisor-34", "/flags?sort=age&limit=1", func() {}); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	page := see[rest.FlagPage](h, "advisor-34", "/flags?older_than=3&sort=age")
	if len(page.Items) != 2 || page.Items[0].AgeDays != 40 || page.Items[1].AgeDays != 10 {
		t.Errorf("%+v", page.Items)
	}
}

func TestTheInboxIsInTheOrderInWhichAnswersAreDue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 8), h.planned("session-2", "provider-a", 8))
	for n, days := range []int{9, 2, 30, 5, 2} {
		o := h.opened(h.senior(fmt.Sprintf("flag-%d", n), "Fictif", "montpellier", "advisor-34"), fmt.Sprintf("referral-%d", n), fmt.Sprintf("session-%d", 1+n%2), "provider-a")
		r := h.requested(o)
		r.AnswerBy = noon.AddDate(0, 0, days)
		h.hear(o, r, h.held(o))
	}
	want := []string{"referral-1", "referral-4", "referral-3", "referral-0", "referral-2"}
	if got := h.walk("provider-a", "/providers/provider-a/inbox?limit=2", func() {}); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	h.hear(events.RequestLapsed{SessionID: "session-2", ReferralID: "referral-1", At: h.now})
	if got := h.walk("provider-a", "/providers/provider-a/inbox?limit=2", func() {}); !slices.Equal(got, want[1:]) {
		t.Errorf("%v", got)
	}
}

func TestACursorBelongsToItsCallerAndFilter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 3 {
		h.senior(fmt.Sprintf("flag-%d", n), "Fictif", "montpellier", "advisor-34")
	}
	next := "&cursor=" + *see[rest.FlagPage](h, "advisor-34", "/flags?limit=1&help=to_refer").Next
	for _, c := range []struct {
		account, path string
		want          int
	}{
		{"advisor-34", "/flags?limit=2&help=to_refer" + next, 200}, {"referent-34", "/flags?limit=1&help=to_refer" + next, 400},
		{"advisor-34", "/flags?limit=1" + next, 400}, {"advisor-34", "/flags?limit=1&help=to_refer&sort=age" + next, 400}, {"advisor-34", "/flags?colour=red", 400},
		{"advisor-34", "/flags?limit=501", 422}, {"advisor-34", "/sessions?within_km=20", 422},
	} {
		if got := h.get(c.account, c.path, nil).StatusCode; got != c.want {
			t.Errorf("%s as %s: %d, not %d", c.path, c.account, got, c.want)
		}
	}
}

// TestAPageCostsTheSameNumberOfQueriesHoweverLong: rows are never asked for one by one.
func TestAPageCostsTheSameNumberOfQueriesHoweverLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 30))
	for n := range 30 {
		id := fmt.Sprintf("%02d", n)
		o := h.opened(h.senior("flag-"+id, "Fictif", "montpellier", "advisor-34"), "referral-"+id, "session-1", "provider-a")
		h.hear(o, h.requested(o), h.held(o))
		if n%2 == 0 {
			h.hear(h.taken(o), h.kept(o, "item-"+id), h.reachable("registered-"+id))
		}
	}
	h.must(h.people.Hub.Wait(h.ctx, "detection", h.End("detection"))) // it opens details too, with keys that are then known
	for path, account := range map[string]string{
		"/flags?": "advisor-34", "/referrals?": "advisor-34", "/sessions?": "provider-a", "/sessions/session-1/participants?": "provider-a",
		"/providers/provider-a/inbox?": "provider-a", "/equipment/items?": "equipment-lr", "/equipment/loans?": "equipment-lr",
		"/providers?": "advisor-34",
	} {
		cost := func(limit int) int64 {
			h.clock.Set(h.clock.Now().Add(time.Minute)) // no key is known any more
			return h.queries(func() { see[anyPage](h, account, fmt.Sprintf("%slimit=%d", path, limit)) })
		}
		if short, long := cost(1), cost(500); short != long || long > 4 {
			t.Errorf("%s costs %d queries for 1 row and %d for all", path, short, long)
		}
	}
	if n := h.queries(func() { see[rest.Flag](h, "advisor-34", "/flags/flag-00") }); n > 6 {
		t.Errorf("a flag costs %d queries", n)
	}
}

// TestTheCountOfQueriesFindsAPlantedLoop: asking row by row is noticed by the count.
func TestTheCountOfQueriesFindsAPlantedLoop(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 3 {
		h.senior(fmt.Sprintf("flag-%d", n), "Fictif", "montpellier", "advisor-34")
	}
	planted := h.queries(func() {
		for n := range 3 {
			if got := h.get("advisor-34", fmt.Sprintf("/flags/flag-%d", n), nil).StatusCode; got != http.StatusOK {
				t.Fatal(got)
			}
		}
	})
	if planted <= h.queries(func() { see[anyPage](h, "advisor-34", "/flags") }) {
		t.Error("not noticed")
	}
}
