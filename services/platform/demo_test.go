package platform_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/passerelle/services/reference"
)

// later are the states that nobody can reach in this version. A state that becomes reachable leaves this list
// and joins the demo's year.
var later = map[string][]string{
	"flag_status":     {"returned", "dismissed", "withdrawn"},
	"help":            {"wished", "closed"},
	"session_status":  {"cancelled", "stopped"},
	"referral_status": {"in_study", "cancelled", "dropped", "no_show"},
	"item_status":     {"lent", "to_reset", "repair", "retired", "lost"},
	"capacity_status": {},
}

// capacityStatus is the list of the session's capacity_status, which is in the OpenAPI file only.
var capacityStatus = []string{"capacity", "waitlist", "no-capacity", "additional-assessment-required"}

// TestTheDemosYear: two houses get the same year, the second one after it was interrupted; who tries it finds
// something to do; a later start changes nothing.
func TestTheDemosYear(t *testing.T) {
	t.Parallel()
	first, second := newHouse(t), newHouse(t)
	first.demo, second.demo = "on", "on"
	first.start()
	year := first.year()
	t.Run("figures", func(*testing.T) { year.hasItsFigures(t) })
	t.Run("states", func(*testing.T) { year.hasEveryState(t) })
	t.Run("the campaign of 2020", first.hasTheCampaignOf2020)
	t.Run("something to do", func(*testing.T) { first.everybodyFindsSomethingToDo() })
	positions := first.positions()
	first.stop()
	first.start()
	if after := first.positions(); !maps.Equal(after, positions) {
		t.Errorf("after another start %v, before %v", after, positions)
	}
	first.stop()

	second.killDuring("the demo's year: January")
	second.start()
	if !strings.Contains(second.log.String(), "was interrupted, and is begun anew") {
		t.Error(second.log)
	}
	again := second.year()
	for what, lines := range year.lines {
		if !slices.Equal(lines, again.lines[what]) {
			t.Errorf("%s: %s", what, firstDifference(lines, again.lines[what]))
		}
	}
}

func TestTheDemoLeavesOtherDataAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.as("equipment-lr").post(201, "/equipment/items", map[string]any{"pool": "provider-a", "kind": "tablet", "asset_tag": "T-1"})
	before := h.positions()
	h.stop()
	h.demo = "on"
	h.start()
	after := h.positions()
	h.stop()
	if !strings.Contains(h.log.String(), "was not made by the demo and is left as it is") || !maps.Equal(before, after) {
		t.Error(before, after, h.log)
	}
}

// killDuring starts the process and kills it as soon as it has said something.
func (h *house) killDuring(word string) {
	h.Helper()
	h.saying = word
	if err := h.tryStart(); err != nil {
		h.Fatal(err, h.log)
	}
	h.saying = ""
	h.kill()
}

// positions are how far the ledgers are.
func (h *house) positions() map[string]int64 {
	h.Helper()
	db, positions := h.database(), map[string]int64{}
	for _, service := range []string{"detection", "referral", "workshop", "equipment", "funding"} {
		var at int64
		if err := db.QueryRow(h.Context(), "select coalesce(max(position), 0) from "+service+".event").Scan(&at); err != nil {
			h.Fatal(err)
		}
		positions[service] = at
	}
	return positions
}

// year is what everybody together can read, without identifiers, in a fixed order.
type year struct {
	lines map[string][]string
	seen  map[string]map[string]int // by list, by code
}

// all pages of a list.
func (c *caller) all(path string) (items []map[string]any) {
	c.h.Helper()
	next := ""
	for {
		page := c.get(path + "?limit=500" + next)
		items = append(items, page.items()...)
		cursor := page.text("next")
		if cursor == "" {
			return items
		}
		next = "&cursor=" + cursor
	}
}

func (h *house) year() year {
	h.Helper()
	y := year{map[string][]string{}, map[string]map[string]int{}}
	names := map[string]any{}
	name := func(kind string, item map[string]any, parts ...string) {
		text := kind
		for _, part := range parts {
			text += fmt.Sprint(" ", item[part])
		}
		id, _ := item["id"].(string)
		names[id] = text
	}
	read := func(what, path string, accounts ...string) (list []map[string]any) {
		for _, account := range accounts {
			list = append(list, h.as(account).all(path)...)
		}
		return list
	}
	providers := read("providers", "/providers", "partnership-lr")
	for _, one := range providers {
		name("provider", one, "name")
	}
	sessions := read("sessions", "/sessions", "provider-a")
	sessions = append(sessions, h.drafts()...)
	for _, one := range sessions {
		name("session", one, "title", "mode", "meetings", "place", "capacity")
	}
	flags := slices.DeleteFunc(read("flags", "/flags", "referent-34", "phone-lr", "referent-58"), ofTheCampaign)
	forms := slices.DeleteFunc(read("forms", "/flags", "deputy-bfc"), func(one map[string]any) bool { return !ofTheCampaign(one) })
	for _, one := range flags {
		name("flag", one, "person", "finding_date", "submitted_at", "desk")
		if step, ok := one["next_step"].(map[string]any); ok && names[fmt.Sprint(step["who"])] != nil {
			step["who"] = names[fmt.Sprint(step["who"])] // a provider
		}
	}
	referrals := read("referrals", "/referrals", "partnership-lr", "partnership-bfc")
	for _, one := range referrals {
		one["flag"], one["session"] = names[one["flag_id"].(string)], names[one["session_id"].(string)]
		name("referral", one, "flag", "session", "opened_at")
	}
	loans := read("loans", "/equipment/loans", "equipment-lr")
	for _, one := range loans {
		one["referral"] = names[one["referral_id"].(string)]
	}
	items := read("items", "/equipment/items", "equipment-lr")
	for what, list := range map[string][]map[string]any{
		"provider": providers, "session": sessions, "flag": flags, "referral": referrals, "loan": loans, "item": items, "form": forms,
	} {
		y.note(what, list, names)
	}
	return y
}

func ofTheCampaign(flag map[string]any) bool { return flag["programme"] == "observation-bfc-2020" }

// hasTheCampaignOf2020: the figures that were published, of a campaign that is over and of nobody any more.
func (h *house) hasTheCampaignOf2020(t *testing.T) {
	analyst := h.as("analyst-bfc")
	got := analyst.get("/observatory?programme=observation-bfc-2020&from=2020-01-01&to=2020-02-29")
	wantTheStudy(t, got)
	if got.text("state") != "anonymous" {
		t.Error(got.text("state"))
	}
	if tables := analyst.get("/observatory/tables").items(); len(tables) == 0 {
		t.Error("nothing was published at the end of the campaign")
	}
}

// drafts are for those who plan them.
func (h *house) drafts() []map[string]any {
	var list []map[string]any
	for _, account := range []string{"partnership-lr", "partnership-bfc"} {
		for _, one := range h.as(account).all("/sessions") {
			if one["status"] == "draft" {
				list = append(list, one)
			}
		}
	}
	return list
}

func (y year) note(what string, list []map[string]any, names map[string]any) {
	for _, one := range list {
		for field, list := range map[string]string{
			"status": what + "_status", "help": "help", "channel": "channel", "mode": "session_mode", "booking": "booking",
			"capacity_status": "capacity_status", "kind": "item_kind",
		} {
			if code, ok := one[field].(string); ok {
				if y.seen[list] == nil {
					y.seen[list] = map[string]int{}
				}
				y.seen[list][code]++
			}
		}
		line, err := json.Marshal(withoutIDs(one, names))
		if err != nil {
			panic(err) // it came as JSON
		}
		y.lines[what] = append(y.lines[what], string(line))
	}
	slices.Sort(y.lines[what])
}

// withoutIDs leaves out what is made by chance, and names what it points to.
func withoutIDs(one map[string]any, names map[string]any) map[string]any {
	clean := maps.Clone(one)
	maps.DeleteFunc(clean, func(field string, value any) bool {
		id, _ := value.(string)
		return field == "reference" || field == "id" || strings.HasSuffix(field, "_id") && names[id] == nil
	})
	for field, value := range clean {
		if id, ok := value.(string); ok && names[id] != nil {
			clean[field] = names[id]
		}
	}
	return clean
}

func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d:\n%s\n%s", i, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(a), len(b))
}

func (y year) hasItsFigures(t *testing.T) {
	for what, want := range map[string]int{"provider": 30, "session": 120, "flag": 1500, "form": situations} {
		if got := len(y.lines[what]); got != want {
			t.Errorf("%d of %s, want %d", got, what, want)
		}
	}
	if kept, lacking := y.seen["loan_status"]["kept"], y.seen["loan_status"]["lacking"]; kept == 0 || lacking == 0 {
		t.Errorf("tablets: %v", y.seen["loan_status"])
	}
}

func (y year) hasEveryState(t *testing.T) {
	lists := append(reference.Codes(), reference.List{Name: "capacity_status"})
	for _, list := range lists {
		codes := list.Codes
		if list.Name == "capacity_status" {
			for _, code := range capacityStatus {
				codes = append(codes, reference.Code{Code: code})
			}
		}
		for _, code := range codes {
			seen := y.seen[list.Name]
			switch isLater := slices.Contains(later[list.Name], code.Code); {
			case seen == nil: // a list of what is asked, not of states
			case isLater && seen[code.Code] > 0:
				t.Errorf("%s %s is reached: it is for later no more", list.Name, code.Code)
			case !isLater && seen[code.Code] == 0:
				t.Errorf("%s %s is in no line", list.Name, code.Code)
			}
		}
	}
	for name := range later {
		if y.seen[name] == nil {
			t.Error("nothing was read of", name)
		}
	}
}

func (h *house) everybodyFindsSomethingToDo() {
	h.Helper()
	for account, what := range map[string]string{"advisor-34": "to_refer", "provider-a": "to_answer", "referent-58": "to_review", "provider-58": "to_answer"} {
		counts, _ := h.as(account).get("/me").body["counts"].(map[string]any)
		if n, _ := counts[what].(float64); n < 2 {
			h.Errorf("%s has %v %s", account, n, what)
		}
	}
	ahead := map[any]int{}
	for _, one := range h.as("advisor-34").all("/sessions") {
		if one["status"] == "open" || one["status"] == "confirmed" {
			ahead[one["capacity_status"]]++
		}
	}
	if ahead["capacity"] < 10 || ahead["waitlist"]+ahead["no-capacity"] < 3 {
		h.Errorf("sessions to come: %v", ahead)
	}
}

// TestAHalfDemoOfAnotherPostgresIsNotThrownAway: it is not ours.
func TestAHalfDemoOfAnotherPostgresIsNotThrownAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.demo = "on"
	h.killDuring("the demo's year: ")
	cmd := h.command("run")
	cmd.Env = append(cmd.Env, "PASSERELLE_NATS_URL=nats://127.0.0.1:1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "is not ours to empty") || time.Since(began) > 20*time.Second {
		t.Error(err, string(out))
	}
}
