package projections

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// pdf gives what Poppler reads on a page that an account asks for.
func (h *house) pdf(account, path string) string {
	h.t.Helper()
	return h.readPDF([]byte(h.text(account, path, "application/pdf")))
}

func (h *house) readPDF(pdf []byte) string {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "paper.pdf")
	h.must(os.WriteFile(file, pdf, 0o600))
	if dir := os.Getenv("PASSERELLE_PICTURES"); dir != "" {
		h.must(os.WriteFile(filepath.Join(dir, strings.ReplaceAll(h.t.Name(), "/", "-")+".pdf"), pdf, 0o600))
	}
	said, err := exec.CommandContext(h.ctx, "pdftotext", "-layout", file, "-").CombinedOutput()
	h.must(err)
	return strings.ReplaceAll(string(said), "\u00a0", " ")
}

// says names what is not on a page.
func (h *house) says(page string, wanted ...string) {
	h.t.Helper()
	for _, one := range wanted {
		if !strings.Contains(page, one) {
			h.t.Errorf("the page does not say %q:\n%s", one, page)
		}
	}
}

// TestP31_ALetterIsASheetOfPaper with the same words as the page: who, when in full, where, one phone number, the reference and the word of trust.
func TestP31_ALetterIsASheetOfPaper(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	h.hear(dueLetter(o, "1", "seat"))
	path := "/letters/" + o.ReferralID + ".1"
	letter := see[rest.Letter](h, "advisor-34", path)
	page := h.pdf("advisor-34", path+"?format=pdf")
	h.says(page, "Zélie Exemple-0", "1 rue Exemple", "34000 Montpellier", "Votre place est réservée", "Salle Exemple, Montpellier", "2021, de ", "Vous ne pouvez pas venir ?",
		"Votre référence : "+letter.Reference, "nous dirons : "+letter.Word+".")
	if got := strings.Count(strings.ReplaceAll(page, letter.DeskPhone, "#"), "#"); got != 2 || strings.ContainsRune(page, '\ufffd') {
		t.Error("the desk's number is above, and in the sentence, and no other is there:", got, page)
	}
	other := h.pdf("advisor-34", "/referrals/"+o.ReferralID+"/letter?format=pdf")
	if other != page {
		t.Error("the letter of the referral is another one:", other)
	}
	for account, want := range map[string]int{"advisor-34b": 404, "provider-a": 403} {
		for _, at := range []string{path, "/referrals/" + o.ReferralID + "/letter"} {
			if got := h.get(account, at+"?format=pdf", nil).StatusCode; got != want {
				t.Error(account, at, got)
			}
		}
	}
}

// TestEachKindOfLetterIsASheet: nothing of the template is left on it.
func TestEachKindOfLetterIsASheet(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	h.hear(dueLetter(o, "1", "seat"))
	letter := see[rest.Letter](h, "advisor-34", "/letters/"+o.ReferralID+".1")
	for kind, text := range letterTexts {
		one := letter
		one.Kind, one.Paragraphs = kind, nil
		one = worded(one, events.SessionPlanned{Title: "Premiers pas", CostCents: 500}, events.Person{GivenName: "Zélie", FamilyName: "Exemple"})
		pdf, err := New(h.config()).lettersToPrint([]rest.Letter{one})
		h.must(err)
		page := h.readPDF(pdf)
		h.says(page, text.subject, letter.DeskPhone, letter.Reference, letter.Word)
		if strings.ContainsAny(page, "{}") {
			t.Error(kind, page)
		}
	}
}

// lettersOn says whose letters are in what is printed.
func lettersOn(page string, letters []rest.Letter) (persons []string) {
	for _, l := range letters {
		if strings.Contains(page, l.To[0]) {
			persons = append(persons, l.PersonID)
		}
	}
	return persons
}

// TestP16_ABatchMadeBeforeADeathIsTold and printed after has no letter for that person; printed from what was listed before, it would.
func TestP16_ABatchMadeBeforeADeathIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	group := h.group(3)
	for _, o := range group {
		h.hear(dueLetter(o, "1", "seat"))
	}
	listed := h.letters("advisor-34")
	if before := lettersOn(h.pdf("advisor-34", "/letters?format=pdf&desk=montpellier"), listed); len(listed) != 3 || len(before) != 3 {
		t.Fatal(len(listed), before)
	}
	h.hear(events.DeathTold{PersonID: group[1].PersonID, By: "advisor-34", At: noon})
	after := lettersOn(h.pdf("advisor-34", "/letters?format=pdf&desk=montpellier"), listed)
	if len(after) != 2 || after[0] == group[1].PersonID || after[1] == group[1].PersonID {
		t.Error("a letter to the dead:", after)
	}
	planted, err := New(h.config()).lettersToPrint(listed) // as a batch that was kept would
	h.must(err)
	if found := lettersOn(h.readPDF(planted), listed); len(found) != 3 {
		t.Error("a letter to the dead is not found:", found)
	}
	h.says(h.pdf("advisor-34", "/letters?format=pdf&desk=beziers"), "Aucun courrier n’est à imprimer.") // another desk's are not given
	h.says(h.pdf("advisor-34b", "/letters?format=pdf"), "Aucun courrier n’est à imprimer.")
}

// TestF1_TheWordOfTrustIsTheSameOnTheLetterAndBesideThePhone, of this person, in this installation.
func TestF1_TheWordOfTrustIsTheSameOnTheLetterAndBesideThePhone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	group := h.group(2)
	h.hear(dueLetter(group[0], "1", "seat"), dueLetter(group[1], "1", "seat"))
	words := map[string]string{}
	for _, l := range h.letters("advisor-34") {
		words[l.PersonID] = l.Word
	}
	for _, line := range h.today().Items {
		if word := words[the(line.PersonID)]; word == "" || the(line.Word) != word {
			t.Errorf("%+v, not %s", line, word)
		}
	}
	other := h.config()
	other.Secret = []byte("another published test secret")
	same, seen := 0, map[string]bool{}
	for _, word := range trustWords {
		same += oneIf(New(h.config()).wordOf(word) == New(other).wordOf(word))
		if seen[word] {
			t.Error("twice in the list:", word)
		}
		seen[word] = true
	}
	if same > len(trustWords)/10 {
		t.Error("the word follows from the person alone:", same)
	}
}

// TestLabelsAreOfTheItemsThatTheCallerMaySee.
func TestLabelsAreOfTheItemsThatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(
		events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "TAB-0001", At: h.now},
		events.ItemRegistered{Pool: "provider-a", ItemID: "item-2", Kind: "tablet", AssetTag: "TAB-0002", At: h.now},
		events.ItemRegistered{Pool: "montpellier", ItemID: "item-3", Kind: "tablet", AssetTag: "TAB-0003", At: h.now},
	)
	const path = "/equipment/items/labels"
	h.says(h.pdf("equipment-lr", path), "TAB-0001", "TAB-0002", "TAB-0003", "Agence de Montpellier")
	for query, want := range map[string]string{"": "1 2", "?item=item-2": "2", "?item=item-1,item-3": "1", "?status=available": "1 2", "?status=lent": ""} {
		page, got := h.pdf("provider-a", path+query), []string{}
		for _, n := range []string{"1", "2", "3"} {
			if strings.Contains(page, "TAB-000"+n) {
				got = append(got, n)
			}
		}
		if strings.Join(got, " ") != want || want == "" && !strings.Contains(page, "Aucun appareil") {
			t.Errorf("%s: %v, not %s", query, got, want)
		}
	}
	for query, want := range map[string]int{"?pool=montpellier": 404, "?pool=nobody": 404, "?item=item-3": 404} {
		if got := h.get("provider-a", path+query, nil).StatusCode; got != want {
			t.Errorf("%s: %d, not %d", query, got, want)
		}
	}
	if got := h.get("analyst-lr", path, nil).StatusCode; got != 403 {
		t.Error(got)
	}
}
