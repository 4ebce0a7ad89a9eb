package platform_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// sheet gives what is read on a PDF that an account takes away from a page.
func (h *house) sheet(t *testing.T, account, path string) string {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	signedIn, err := browser.PostForm("http://"+h.address+"/connexion", url.Values{"compte": {account}})
	if err != nil {
		t.Fatal(err)
	}
	signedIn.Body.Close()
	answer, err := browser.Get("http://" + h.address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Fatal(path, answer.Status, answer.Header, err)
	}
	lookedAt(path)
	file := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatal(err, string(text))
	}
	return strings.ReplaceAll(string(text), "\u00a0", " ")
}

// TestLettersArePrintedInOneGo: the list, one file of all, then they have left. A death that is told after the page was opened: no letter
// in the file, and it is named when the others leave.
func TestLettersArePrintedInOneGo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier écrit", 4)).text("id")
	advisor.learn(provider)
	var seated, flags []string
	for _, n := range []int{131, 132} {
		flags = append(flags, inNeed(advisor, n))
		seated = append(seated, asks(advisor, flags[len(flags)-1], session))
	}
	provider.learn(advisor)
	for _, one := range seated {
		provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+one+"/accept", "{}")
	}
	h.until(func() bool {
		answer, err := advisor.try(http.MethodGet, "/letters", nil)
		return err == nil && answer.status == http.StatusOK && len(answer.items()) == 2
	})
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/courriers")
	tab.Go("/aujourdhui")
	tab.Follow(`main a[href^="/courriers?"]`)
	all := h.sheet(t, "advisor-34", "/courriers/tous?equipe=montpellier")
	one := h.sheet(t, "advisor-34", "/courriers/"+seated[0]+".1/pdf")
	if again := h.sheet(t, "advisor-34", "/orientations/"+seated[0]+"/courrier/pdf"); again != one || !strings.Contains(one, "« Atelier écrit » est réservée") || strings.Count(all, "Bonjour") != 2 {
		t.Error(one, again, all)
	}
	dead := advisor.get("/flags/" + flags[1])
	advisor.post(http.StatusOK, "/persons/"+dead.text("person_id")+"/deceased", object{})
	h.until(func() bool {
		answer, err := advisor.try(http.MethodGet, "/letters", nil)
		return err == nil && answer.status == http.StatusOK && len(answer.items()) == 1
	})
	if all = h.sheet(t, "advisor-34", "/courriers/tous?equipe=montpellier"); strings.Count(all, "Bonjour") != 1 || strings.Contains(all, dead.text("reference")) {
		t.Error("a letter to the dead:", all)
	}
	tab.Follow(`main form[method=post] button`) // of the page that was opened before
	sees(t, tab, "#annonce", "1 courrier est noté comme envoyé. Retirez de la pile, car ils ne doivent plus partir : "+dead.text("reference"))
	sees(t, tab, "main", "Aucun courrier n’est à imprimer.")
	tab.Axe()
	stocked := provider.post(http.StatusCreated, "/equipment/items", object{"pool": "provider-a", "kind": "tablet", "asset_tag": "EX-7001"})
	h.as("provider-a").learn(provider)
	own := h.at(t, "provider-a")
	h.until(func() bool {
		own.Go("/materiel")
		return own.Count(`main a[href^="/materiel/etiquettes"]`) == 1
	})
	if sheet := h.sheet(t, "provider-a", "/materiel/etiquettes?parc=provider-a&etat="); !strings.Contains(sheet, "EX-7001") {
		t.Error(stocked.text("id"), sheet)
	}
}
