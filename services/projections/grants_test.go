package projections

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// given is a programme that equips somebody whom provider-a accompanies.
func (h *house) given(f events.SeniorFlagged, id string) []events.Fact {
	return []events.Fact{
		events.EntitlementRequested{Programme: "equipement-lr", EntitlementID: id, PersonID: f.PersonID, FlagID: f.FlagID, By: f.By, At: h.now},
		events.EntitlementApproved{Programme: "equipement-lr", EntitlementID: id, PersonID: f.PersonID, Version: 1, Minutes: 360, By: "equipment-lr", At: h.now},
	}
}

func (h *house) granting() events.GrantOpened {
	return events.GrantOpened{
		Programme: "equipement-lr", Fund: "carsat-lr", Version: 1, Decision: "Exemple LR 2020-12-03", Quota: 500, Minutes: 360, From: "2021-01-01", To: "2099-12-31", By: "partnership-lr", At: h.now,
	}
}

// TestWhoIsGivenWhatIsSeenByThoseConcerned: the desk, the coach and the manager of the fund, and nobody else.
func TestWhoIsGivenWhatIsSeenByThoseConcerned(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f, other := h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), h.senior("flag-2", "Inventé", "beziers", "advisor-34b")
	h.hear(h.granting())
	h.hear(h.given(f, "e-1")...)
	h.hear(h.given(other, "e-2")...)
	h.hear(events.CoachNamed{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, ProviderID: "provider-a", By: "equipment-lr", At: h.now},
		events.CoachNamed{Programme: "equipement-lr", EntitlementID: "e-2", PersonID: other.PersonID, Account: "evaluator-34", By: "equipment-lr", At: h.now})
	for account, want := range map[string][]string{
		"advisor-34": {"e-1"}, "advisor-34b": {"e-2"}, "advisor-30": nil, "provider-a": {"e-1"}, "provider-b": nil, "evaluator-34": {"e-2"}, "equipment-lr": {"e-2", "e-1"},
	} {
		got := keep(see[rest.EntitlementPage](h, account, "/entitlements").Items, func(e rest.Entitlement) (string, bool) {
			if e.Person == nil || e.Person.FamilyName == "" || e.Left != 360 {
				t.Errorf("%s: %+v", account, e)
			}
			return e.ID, true
		})
		if !slices.Equal(got, append([]string{}, want...)) {
			t.Errorf("%s sees %v, not %v", account, got, want)
		}
		for _, id := range []string{"e-1", "e-2"} {
			status := http.StatusNotFound
			if slices.Contains(want, id) {
				status = http.StatusOK
			}
			if answer := h.get(account, "/entitlements/"+id, nil).StatusCode; answer != status {
				t.Errorf("%s, %s: %d", account, id, answer)
			}
		}
	}
	for _, account := range []string{"funding-lr", "analyst-lr", "partnership-lr"} {
		if status := h.get(account, "/entitlements", nil).StatusCode; status != http.StatusForbidden {
			t.Errorf("%s: %d", account, status)
		}
	}
}

// TestF1_WhatIsLeftOfAGrantIsCountedForWhoeverAsks, with nobody's name.
func TestF1_WhatIsLeftOfAGrantIsCountedForWhoeverAsks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.granting())
	for n, id := range []string{"e-1", "e-2", "e-3"} {
		h.hear(h.given(h.senior("flag-"+id, "Fictif", "montpellier", "advisor-34"), id)...)
		if n == 0 {
			h.hear(events.EntitlementReleased{Programme: "equipement-lr", EntitlementID: id, Reason: "moved", By: "equipment-lr", At: h.now})
		}
	}
	h.hear(events.ItemGiven{Programme: "equipement-lr", EntitlementID: "e-2", ItemID: "i", At: h.now}, events.MinutesUsed{Programme: "equipement-lr", EntitlementID: "e-3", Minutes: 95, Day: "2021-11-15", At: h.now})
	for _, account := range []string{"funding-lr", "advisor-30", "equipment-lr"} {
		list := see[rest.GrantList](h, account, "/grants").Items
		if len(list) != 1 {
			t.Fatalf("%s: %+v", account, list)
		}
		g := list[0]
		if g.Quota != 500 || g.Counted != 2 || g.Free != 498 || g.Equipped != 1 || g.MinutesDue != 720 || g.MinutesUsed != 95 || g.From != "2021-01-01" {
			t.Errorf("%s: %+v", account, g)
		}
	}
	if list := see[rest.GrantList](h, "analyst-bfc", "/grants").Items; len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// TestOnlyTheCoachLearnsWhereAVisitAtHomeIs, while it is ahead.
func TestOnlyTheCoachLearnsWhereAVisitAtHomeIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "montpellier", "advisor-34", events.Person{
		GivenName: "Camille", FamilyName: "Exemple", Phone: "+33465713401", Address: &events.Address{Street: "3 impasse de l'Invention", Postcode: "34000", Insee: "34172"},
	})
	h.hear(h.granting())
	h.hear(h.given(f, "e-1")...)
	meet := events.AppointmentMade{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, Number: 1, StartsAt: h.now.Add(time.Hour), Minutes: 60, Where: "phone", At: h.now}
	h.hear(events.CoachNamed{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, ProviderID: "provider-a", At: h.now}, meet)
	where := func(account string) bool {
		t.Helper()
		return see[rest.Entitlement](h, account, "/entitlements/e-1").Person.Address != nil
	}
	if where("provider-a") {
		t.Error("it is a call")
	}
	meet.Where = "home"
	h.hear(meet)
	if !where("provider-a") || where("equipment-lr") || where("advisor-34") {
		t.Error("the coach, and nobody else")
	}
	for account, address := range map[string]bool{"provider-a": true, "equipment-lr": false} {
		lines := see[rest.Diary](h, account, "/appointments?from=2020-01-01&to=2020-01-02").Items
		if len(lines) != 0 {
			t.Errorf("%+v", lines)
		}
		day := h.now.Format(time.DateOnly)
		lines = see[rest.Diary](h, account, "/appointments?from="+day).Items
		if len(lines) != 1 || (lines[0].Person.Address != nil) != address || lines[0].Left != 360 {
			t.Errorf("%s: %+v", account, lines)
		}
	}
	if lines := see[rest.Diary](h, "provider-b", "/appointments").Items; len(lines) != 0 {
		t.Errorf("%+v", lines)
	}
	h.hear(events.MinutesUsed{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, Number: 1, Minutes: 55, Day: "2021-11-15", Skills: []string{"internet"}, At: h.now})
	if where("provider-a") {
		t.Error("it is over")
	}
}

// TestF3_ALineThatEndsIsOnTheListOfTheDesk until it is over.
func TestF3_ALineThatEndsIsOnTheListOfTheDesk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	h.hear(h.granting())
	h.hear(h.given(f, "e-1")...)
	to := h.now.AddDate(0, 0, 20).Format(time.DateOnly)
	h.hear(events.ConnectionBegun{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, From: "2021-01-01", To: to, At: h.now})
	ending := func() (n int) {
		return see[rest.Today](h, "advisor-34", "/desks/montpellier/today").Counts["connection_ending"]
	}
	if ending() != 0 {
		t.Error("nobody was reminded yet")
	}
	h.hear(events.ConnectionEnding{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, To: to, At: h.now})
	if ending() != 1 {
		t.Error("it ends soon")
	}
}
