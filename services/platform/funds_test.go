package platform_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
)

// TestAnEmptyInstallationSaysWhatComesFirst, and takes a fund and its first administrator while it runs and while it does not.
func TestAnEmptyInstallationSaysWhatComesFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.demo = "off"
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("published test secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.env = append(h.env, "PASSERELLE_SIGN_IN_ISSUER=https://issuer.example", "PASSERELLE_SIGN_IN_SECRET_FILE="+secret, "PASSERELLE_PUBLIC_URL=http://"+h.address)
	h.start()
	fund := []string{"fund", "register", "--id", "caisse-exemple", "--name", "Caisse Exemple", "--departments", "11,30"}
	h.says("passerelle fund register", "fund", "list")
	h.says("--departments[0]: There is no such department.", "fund", "register", "--id", "caisse", "--name", "Caisse Exemple", "--departments", "99")
	h.says("There is no such fund.", "fund", "invite", "--fund", "caisse-exemple", "--email", "zoé@exemple.fr", "--name", "Zoé Imaginaire")
	h.says("passerelle fund invite --fund caisse-exemple", fund...)
	h.says("registered already", fund...)
	h.says("Invited.", "fund", "invite", "--fund", "caisse-exemple", "--email", "zoé@exemple.fr", "--name", "Zoé Imaginaire")
	h.says("--email: This is no e-mail address.", "fund", "invite", "--fund", "caisse-exemple", "--email", "zoé", "--name", "Zoé Imaginaire")
	h.stop()
	if !strings.Contains(h.log.String(), "The directory is empty") {
		t.Errorf("%s", h.log)
	}

	h.says("Invited.", "fund", "invite", "--fund", "caisse-exemple", "--email", "ali@exemple.fr", "--name", "Ali Imaginaire")
	h.says("Invited.", "fund", "invite", "--fund", "network", "--email", "lou@exemple.fr", "--name", "Lou Imaginaire")
	h.log = &record{}
	h.start()
	h.says("departments 11, 30; an erased person's key is destroyed after 3 days; administrators: 0 active, 2 invited", "fund", "list")
	h.mustOperate("ledger", "verify")
	h.stop()
	if strings.Contains(h.log.String(), "The directory is empty") {
		t.Errorf("%s", h.log)
	}

	h.demo = "identity" // as a folder of an earlier version: it has a directory, and none of the demonstration's programmes
	for range 2 {
		h.start()
		if n := h.programmesTold(); n != len(sample.Programmes(sample.Day)) {
			t.Errorf("%d programmes were told", n)
		}
		h.stop()
	}
}

func (h *house) programmesTold() (n int) {
	for _, e := range h.ledgerOf("access") {
		if e.Name == events.Name(events.ProgrammeSet{}) {
			n++
		}
	}
	return n
}

// says expects a text in what an operator's command prints or refuses.
func (h *house) says(want string, args ...string) {
	h.Helper()
	if out, err := h.operator(args...); !strings.Contains(out, want) {
		h.Errorf("%v: %v: %s", args, err, out)
	}
}
