package platform_test

import "testing"

// TestAProviderOfTodayTakesPart: registered, its pool filled, its session planned, a request answered, a tablet kept; each
// step sends only what the one before was told.
func TestAProviderOfTodayTakesPart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	officer, equipment, advisor := h.as("partnership-lr"), h.as("equipment-lr"), h.as("advisor-34")
	if d := officer.get("/directory"); len(d.body["funds"].([]any)) != 2 {
		t.Errorf("directory: %s", d.raw)
	}
	provider := officer.post(201, "/providers", map[string]any{
		"name": "Tiers-lieu Exemple-Garrigue", "insee": "34172", "phone": "04 65 71 34 90", "contact_email": "accueil@tiers-lieu.example",
	}).text("id")

	equipment.learn(officer)
	item := tablet("EX-0001")
	item["pool"] = provider
	equipment.post(201, "/equipment/items", item)
	plan := workshop(1)
	plan["provider_id"] = provider
	session := officer.post(201, "/sessions", plan).text("id")

	advisor.learn(officer)
	if list := advisor.get("/providers?department=34").items(); len(list) != 3 || list[1]["id"] != "provider-a" || list[2]["phone"] != "04 65 71 34 90" {
		t.Errorf("providers: %v", list)
	}
	flag := advisor.post(201, "/flags", senior(1))
	referral := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session})
	h.until(func() bool { return len(officer.get("/providers/"+provider+"/inbox").items()) == 1 })
	answer := officer.post(200, "/sessions/"+session+"/requests/"+referral.text("id")+"/accept", map[string]any{})
	if answer.text("status") != "enrolled" {
		t.Errorf("the yes: %s", answer.raw)
	}
	h.until(func() bool {
		loans := equipment.get("/equipment/loans?pool=" + provider).items()
		return len(loans) == 1 && loans[0]["status"] == "kept"
	})
	h.mustOperate("ledger", "verify")
	h.mustOperate("projections", "verify")
	h.stop()
}
