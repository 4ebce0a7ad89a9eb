package platform_test

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// senior is a flag of somebody invented. number makes the person another one.
func senior(number int) map[string]any {
	return map[string]any{
		"programme": "reperage-lr", "finding_date": "2026-01-15", "channel": "agency",
		"person": map[string]any{
			"given_name": "Zénobie", "family_name": fmt.Sprintf("Exemple-Imaginaire-%d", number), "birth_date": "1951-07-23", "sex": "F",
			"phone": fmt.Sprintf("+3346571%04d", number), "language": "fr",
			"address": map[string]any{"street": "3 impasse de l'Invention", "postcode": "34000", "insee": "34172"},
		},
		"consents": map[string]any{"study": true, "referral": true, "given": "oral", "by": "person"},
		"answers": map[string]any{
			"institution": "carsat_retraite", "network_coverage": true, "equipment": false, "financial_problem": true,
			"difficulty": true, "difficulty_reason": "appropriation", "help_place": []string{"no"}, "training_need": true,
			"description": "N'a jamais ouvert de coffre aux licornes",
		},
		"profile": map[string]any{"family_situation": "single", "occupation": "retired"},
	}
}

// workshop is a session of provider-a that takes requests for a long time.
func workshop(capacity int) map[string]any {
	first := time.Now().AddDate(0, 2, 0).UTC().Truncate(time.Hour)
	return map[string]any{
		"provider_id": "provider-a", "title": "Premiers pas sur internet", "mode": "in_person", "skills": []string{"internet", "email"},
		"insee": "34172", "place": "Centre social Exemple-Nord, salle 2", "capacity": capacity, "minimum": 1,
		"meetings":  []any{map[string]any{"starts_at": first, "ends_at": first.Add(2 * time.Hour)}},
		"languages": []string{"fr"}, "lends_equipment": true,
	}
}

func tablet(tag string) map[string]any {
	return map[string]any{"pool": "provider-a", "kind": "tablet", "asset_tag": tag}
}

func TestTheStoryRunsEndToEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.tellTheStory()
	h.stop()
}

// tellTheStory is the same in every shape of the house.
func (h *house) tellTheStory() {
	t := h.T
	t.Helper()
	advisor, provider, equipment := h.as("advisor-34"), h.as("provider-a"), h.as("equipment-lr")

	equipment.post(201, "/equipment/items", tablet("EX-0001"))
	session := provider.post(201, "/sessions", workshop(1)).text("id")
	flag := advisor.post(201, "/flags", senior(1))
	if flag.text("status") != "submitted" || flag.text("help") != "to_refer" || flag.text("desk") != "montpellier" {
		t.Errorf("flag: %s", flag.raw)
	}

	advisor.learn(provider)
	first := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session})
	if first.text("seat") != "held" {
		t.Errorf("first referral: %s", first.raw)
	}
	other := advisor.post(201, "/flags", senior(2))
	second := advisor.post(201, "/referrals", map[string]any{"flag_id": other.text("id"), "session_id": session})
	if second.text("seat") != "none" || second.number("would_be_rank") != 1 {
		t.Errorf("second referral: %s", second.raw)
	}

	// What a session concludes from a referral has no position that the advisor was told: the inbox shows it soon.
	h.until(func() bool { return len(provider.get("/providers/provider-a/inbox").items()) == 2 })
	accept := func(referral string) reply {
		return provider.post(200, "/sessions/"+session+"/requests/"+referral+"/accept", map[string]any{})
	}
	if r := accept(first.text("id")); r.text("status") != "enrolled" {
		t.Errorf("first yes: %s", r.raw)
	}
	if r := accept(second.text("id")); r.text("status") != "waitlisted" || r.number("rank") != 1 {
		t.Errorf("second yes: %s", r.raw)
	}
	if r := accept(first.text("id")); r.text("status") != "enrolled" {
		t.Errorf("the button pressed twice: %s", r.raw)
	}

	advisor.learn(provider)
	seen := advisor.get("/referrals/" + first.text("id"))
	if seen.text("status") != "enrolled" || seen.text("seat") != "taken" {
		t.Errorf("referral as the advisor sees it: %s", seen.raw)
	}
	if r := advisor.get("/referrals/" + second.text("id")); r.text("status") != "waitlisted" || r.number("rank") != 1 {
		t.Errorf("second referral as the advisor sees it: %s", r.raw)
	}
	if r := advisor.get("/sessions/" + session); r.number("taken") != 1 || r.number("waiting") != 1 || r.text("capacity_status") != "waitlist" {
		t.Errorf("session: %s", r.raw)
	}
	if r := advisor.get("/persons/" + flag.text("person_id")); r.body["details"].(map[string]any)["family_name"] != "Exemple-Imaginaire-1" {
		t.Errorf("person: %s", r.raw)
	}

	// The tablet is kept by a service that listens: nobody answers for it, so the test looks until it shows.
	h.until(func() bool {
		loans := provider.get("/equipment/loans?pool=provider-a").items()
		return len(loans) == 1 && loans[0]["referral_id"] == first.text("id") && loans[0]["status"] == "kept"
	})
	if r := provider.get("/equipment/items?pool=provider-a&status=kept"); len(r.items()) != 1 {
		t.Errorf("items: %s", r.raw)
	}
	if out := h.mustOperate("ledger", "verify"); out == "" {
		t.Error("verify says nothing")
	}
	h.mustOperate("projections", "verify")
}

// until looks again until it is so. It gives up only where nobody would wait any more: a busy machine is no mistake.
func (h *house) until(is func() bool) {
	h.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for !is() {
		if time.Now().After(deadline) {
			h.Fatalf("not so after five minutes\n%s", h.log)
		}
		time.Sleep(10 * time.Millisecond) // what is waited for needs the processor, too
	}
}

func TestFiftyYesesOnASessionOfEight(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	session := provider.post(201, "/sessions", workshop(8)).text("id")
	advisor.learn(provider)

	const people = 50
	referrals := make([]string, people)
	atOnce(people, func(i int) {
		flag := advisor.post(201, "/flags", senior(i))
		referrals[i] = advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session}).text("id")
	})
	answers := make([]reply, people)
	h.until(func() bool { return len(provider.get("/providers/provider-a/inbox?limit=100").items()) == people })
	atOnce(people, func(i int) {
		answers[i] = provider.post(200, "/sessions/"+session+"/requests/"+referrals[i]+"/accept", map[string]any{})
	})

	enrolled, ranks := 0, map[int]string{}
	for i, r := range answers {
		switch r.text("status") {
		case "enrolled":
			enrolled++
		case "waitlisted":
			ranks[r.number("rank")] = referrals[i]
		default:
			t.Errorf("answer: %s", r.raw)
		}
	}
	if enrolled != 8 || len(ranks) != 42 {
		t.Fatalf("%d enrolled, %d different ranks; want 8 and 42", enrolled, len(ranks))
	}
	taken, joined := seatsInTheLedger(t, h, session)
	if taken != 8 || len(joined) != 42 {
		t.Fatalf("the ledger has %d seats and %d waiting", taken, len(joined))
	}
	for i, referral := range joined {
		if ranks[i+1] != referral {
			t.Errorf("rank %d was told to another than who was accepted %dth", i+1, i+1)
		}
	}
}

func atOnce(n int, do func(int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
