package platform_test

import (
	"net/http"
	"strings"
	"testing"
)

// secretsOf is what the story says about a person, in the forms in which it could lie around.
func secretsOf() sought {
	return sought{
		"given name": "Zénobie", "family name": "Exemple-Imaginaire-77", "phone": "+33465710077", "phone digits": "465710077",
		"birth date": "1951-07-23", "street": "impasse de l'Invention", "description": "coffre aux licornes",
		"folded name": "exemple imaginaire 77", "joined name": "exempleimaginaire77",
		"contact of a provider": "anselme.inventif",
	}
}

// TestNothingAboutAPersonIsOnDiskInClear searches the whole data folder, what the process printed, and a dump.
func TestNothingAboutAPersonIsOnDiskInClear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.secret = secretsOf()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	session := provider.post(201, "/sessions", workshop(3)).text("id")
	advisor.learn(provider)
	officer := h.as("partnership-lr")
	officer.post(201, "/providers", map[string]any{"name": "Tiers-lieu Exemple-Garrigue", "insee": "34172",
		"contact_email": "anselme.inventif@tiers-lieu.example"}, "Idempotency-Key", "privacy")
	if r := officer.get("/providers"); !strings.Contains(string(r.raw), "anselme.inventif@") {
		t.Errorf("nobody can write to the provider: %s", r.raw)
	}
	flag := advisor.post(201, "/flags", senior(77), "Idempotency-Key", "privacy")
	referral := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session})
	provider.learn(advisor)
	provider.post(200, "/sessions/"+session+"/requests/"+referral.text("id")+"/decline",
		map[string]any{"reason": "other", "message": "Préfère garder son coffre aux licornes fermé"})
	advisor.post(409, "/flags", senior(77)) // known already: the refusal is logged
	advisor.do(200, http.MethodPut, "/flags/drafts/0190a0c4-7a10-7c3e-8f00-0000000000d1", map[string]any{"sheet": senior(77)})
	if r := advisor.get("/flags/drafts/0190a0c4-7a10-7c3e-8f00-0000000000d1"); !strings.Contains(string(r.raw), "coffre aux licornes") {
		t.Errorf("the draft cannot be read by its author: %s", r.raw)
	}
	advisor.post(201, "/flags/"+flag.text("id")+"/help-acts", map[string]any{"kind": "explained", "mode": "phone", "topic": "Ouvrir le coffre aux licornes"})
	advisor.get("/flags/" + flag.text("id"))
	advisor.learn(provider)
	if r := advisor.get("/referrals/" + referral.text("id")); !strings.Contains(string(r.raw), "coffre aux licornes") {
		t.Errorf("the desk cannot read the provider's message: %s", r.raw)
	}
	h.searchTables()
	h.searchFolder("running")
	h.stop()
	h.searchFolder("stopped")
	h.search("log of the process", []byte(h.log.String()))
	h.search("dump", h.dump())
}
