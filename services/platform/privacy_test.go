package platform_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secretsOf is what the story says about a person, in the forms in which it could lie around.
func secretsOf() map[string]string {
	return map[string]string{
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
	advisor.get("/flags/" + flag.text("id"))
	advisor.learn(provider)
	if r := advisor.get("/referrals/" + referral.text("id")); !strings.Contains(string(r.raw), "coffre aux licornes") {
		t.Errorf("the desk cannot read the provider's message: %s", r.raw)
	}
	h.searchFolder("running")
	h.stop()
	h.searchFolder("stopped")
	h.search("log of the process", []byte(h.log.String()))
	h.search("dump", h.dump())

	// The search itself finds what is there.
	if err := os.WriteFile(filepath.Join(h.dir, "planted"), []byte("… impasse de l'Invention …"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := h.find("planted"); len(found) != 1 {
		t.Errorf("a planted address is found %d times", len(found))
	}
}

func (h *house) searchFolder(when string) {
	h.Helper()
	for _, hit := range h.find("") {
		h.Errorf("%s: %s", when, hit)
	}
}

// find gives the hits in the files of the data folder whose name holds part.
func (h *house) find(part string) (hits []string) {
	h.Helper()
	searched := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.Contains(d.Name(), part) {
			return nil // files come and go while Postgres works
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil // see above
		}
		searched++
		hits = append(hits, hitsIn(path, content)...)
		return nil
	})
	if err != nil || searched == 0 {
		h.Fatalf("searched %d files: %v", searched, err)
	}
	return hits
}

func (h *house) search(where string, content []byte) {
	h.Helper()
	for _, hit := range hitsIn(where, content) {
		h.Error(hit)
	}
}

func hitsIn(where string, content []byte) (hits []string) {
	lower := bytes.ToLower(content)
	for what, secret := range secretsOf() {
		if bytes.Contains(lower, bytes.ToLower([]byte(secret))) {
			hits = append(hits, where+" holds the "+what)
		}
	}
	return hits
}
