package projections

import (
	"bytes"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/services/projections/rest"
)

// poppler runs one of Poppler's programs on a file. `tools/need.sh test` installs them.
func (h *house) poppler(file, program string, args ...string) string {
	h.t.Helper()
	return poppler(h.t, file, program, args...)
}

func poppler(t testing.TB, file, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// TestP31_ALetterIsPrintedOnA4: whoever opens the file reads the name, the whole day, the place and one telephone number, in letters of
// 14 points or more that are all in the file.
func TestP31_ALetterIsPrintedOnA4(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	h.hear(dueLetter(o, "1", "seat"))
	about := h.text("advisor-34", "/referrals/"+o.ReferralID+"/letter?format=pdf", "application/pdf")
	due := h.text("advisor-34", "/letters/"+o.ReferralID+".1?format=pdf", "application/pdf")
	if again := h.text("advisor-34", "/letters/"+o.ReferralID+".1?format=pdf", "application/pdf"); due != again || about != due {
		t.Error("the same letter has other bytes")
	}
	words := strings.ReplaceAll(h.poppler(due, "pdftotext", "-layout", "-", "-"), "\u00a0", " ")
	for _, said := range []string{"Zélie Exemple-0", "34000 Montpellier", "Votre place est réservée", "Salle Exemple, Montpellier", "lundi 6 décembre 2021, de 13 h à 15 h", "04 65 71 34 01", "Référence"} {
		if !strings.Contains(words, said) {
			t.Errorf("%q is not on the page:\n%s", said, words)
		}
	}
	if strings.ContainsRune(words, '\uFFFD') || strings.Count(words, "04 65 71 34 01") != 2 || strings.Contains(strings.ReplaceAll(words, "04 65 71 34 01", ""), "04") {
		t.Error("a broken letter, or another telephone number:", words)
	}
	for _, font := range strings.Split(strings.TrimSpace(h.poppler(due, "pdffonts", "-")), "\n")[2:] {
		if fields := strings.Fields(font); fields[len(fields)-5] != "yes" {
			t.Error("not embedded:", font)
		}
	}
	if title := h.poppler(due, "pdfinfo", "-"); strings.Contains(title, "Zélie") || !strings.Contains(title, "A4") {
		t.Error(title)
	}
	h.onThePage(due)
	if got := h.get("advisor-34b", "/letters/"+o.ReferralID+".1?format=pdf", nil).StatusCode; got != 404 {
		t.Error("another desk:", got)
	}
}

// printed is where Poppler finds a word, in points.
type printed struct {
	left, top, right, bottom float64
	text                     string
}

func printedWords(t testing.TB, file string) (words []printed) {
	t.Helper()
	for line := range strings.Lines(poppler(t, file, "pdftotext", "-bbox", "-", "-")) {
		var w printed
		line = strings.TrimSpace(line)
		if n, _ := fmt.Sscanf(line, `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, &w.left, &w.top, &w.right, &w.bottom); n == 4 {
			w.text = line[strings.Index(line, ">")+1 : strings.LastIndex(line, "<")]
			words = append(words, w)
		}
	}
	return words
}

// onThePage finds a word that is cut by the edge of the page, or smaller than 14 points.
func (h *house) onThePage(file string) {
	h.t.Helper()
	if fault := offThePage(printedWords(h.t, file)); fault != "" {
		h.t.Error(fault)
	}
}

const a4Width, a4Height = 595.28, 841.89 // points

func offThePage(words []printed) string {
	if len(words) == 0 {
		return "no words"
	}
	for _, w := range words {
		switch {
		case w.left < 20 || w.right > a4Width-20 || w.top < 20 || w.bottom > a4Height-20:
			return "at the edge: " + w.text
		case w.bottom-w.top < 14:
			return "smaller than 14 points: " + w.text + " " + strconv.FormatFloat(w.bottom-w.top, 'f', 1, 64)
		}
	}
	return ""
}

// TestALongNameAndAddressStayOnThePage: sixty letters, four lines; and what is too wide is found.
func TestALongNameAndAddressStayOnThePage(t *testing.T) {
	t.Parallel()
	l := rest.Letter{
		DeskName: "Plate-forme téléphonique d’exemple de la caisse de retraite", DeskPhone: "04 65 71 34 01", Reference: "K7QF-2M9D", Subject: "Votre place est réservée",
		To:         []string{"Marie-Bernadette-Éléonore d’Exemple-de-la-Très-Longue-Rivière", "Résidence des Grands-Chênes-d’Exemple, bâtiment Magnolia", "1234 bis avenue du Général-Inventé-de-l’Exemple-du-Bout-du-Monde", "34000 Saint-Martin-de-l’Exemple-sur-la-Grande-Montagne"},
		Paragraphs: []string{strings.Repeat("Votre place est réservée. ", 150)},
		Meetings:   []rest.Meeting{{StartsAt: noon, EndsAt: noon.Add(time.Hour)}},
	}
	file, err := letterPDF("Lettre", l)
	if err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	_, _ = file.WriteTo(&whole)
	words := printedWords(t, whole.String())
	if fault := offThePage(words); fault != "" {
		t.Error(fault)
	}
	subject, address := 0.0, 0.0
	for _, w := range words {
		if w.text == "Votre" && subject == 0 {
			subject = w.top
		}
		if strings.HasPrefix(w.text, "Saint-Martin") {
			address = w.bottom
		}
	}
	if address == 0 || address > subject {
		t.Errorf("the address ends at %.0f, the letter begins at %.0f", address, subject)
	}
	wide := append(words, printed{left: 580, top: 100, right: 600, bottom: 120, text: "planté"})
	small := append(words, printed{left: 100, top: 100, right: 120, bottom: 109, text: "planté"})
	if offThePage(wide) == "" || offThePage(small) == "" {
		t.Error("a word beyond the edge, or a small one, is not found")
	}
}

// TestABatchPrintedAfterADeathHasNoLetterForThatPerson: what was on the list this morning is looked at again when it is printed.
func TestABatchPrintedAfterADeathHasNoLetterForThatPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	group := h.group(3)
	for _, o := range group {
		h.hear(dueLetter(o, "1", "seat"))
	}
	if due := h.letters("advisor-34"); len(due) != 3 {
		t.Fatalf("%+v", due)
	}
	h.hear(events.DeathTold{PersonID: group[1].PersonID, By: "advisor-34", At: noon})
	words := h.poppler(h.text("advisor-34", "/letters?format=pdf", "application/pdf"), "pdftotext", "-", "-")
	if strings.Contains(words, "Exemple-1") {
		t.Error("a letter to somebody who died")
	}
	if !strings.Contains(words, "Exemple-0") || !strings.Contains(words, "Exemple-2") || strings.Count(words, "\f") != 2 {
		t.Errorf("not each of the others has a page:\n%q", words)
	}
	if got := h.get("advisor-34", "/letters/"+group[1].ReferralID+".1?format=pdf", nil).StatusCode; got != 404 {
		t.Error(got)
	}
}

// TestLabelsOfAPoolAreSheetsWithABarcode: of what is on the shelf, or of the tags that are named; each tag in writing, the name of the pool below.
func TestLabelsOfAPoolAreSheetsWithABarcode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 25 {
		h.hear(events.ItemRegistered{Pool: "provider-a", ItemID: fmt.Sprint("item-", i), Kind: "tablet", AssetTag: fmt.Sprintf("T-%03d", i), By: "provider-a", At: noon})
	}
	h.hear(events.ItemRegistered{Pool: "provider-b", ItemID: "other", Kind: "tablet", AssetTag: "T-900", By: "provider-b", At: noon},
		events.ItemRetired{Pool: "provider-a", ItemID: "item-7", Reason: "broken", By: "provider-a", At: noon})
	all := h.text("provider-a", "/equipment/items/labels?pool=provider-a", "application/pdf")
	words := h.poppler(all, "pdftotext", "-", "-")
	for i := range 25 {
		if got := strings.Contains(words, fmt.Sprintf("T-%03d", i)); got == (i == 7) {
			t.Errorf("T-%03d: %v", i, got)
		}
	}
	if strings.Contains(words, "T-900") || strings.Count(words, "\f") != 1 {
		t.Errorf("%q", words)
	}
	if named := h.poppler(h.text("provider-a", "/equipment/items/labels?pool=provider-a&tags=T-007,T-001", "application/pdf"), "pdftotext", "-", "-"); !strings.Contains(named, "T-007") || strings.Count(named, "T-0") != 2 {
		t.Errorf("%q", named)
	}
	for path, status := range map[string]int{
		"?pool=provider-a&tags=T-001,T-900": 422, "?pool=provider-b": 404, "?pool=nobody": 404, "": 422,
	} {
		if got := h.get("provider-a", "/equipment/items/labels"+path, nil).StatusCode; got != status {
			t.Error(path, got)
		}
	}
	if got := h.get("advisor-34", "/equipment/items/labels?pool=provider-a", nil).StatusCode; got != 404 && got != 403 {
		t.Error("whose pool it is not:", got)
	}
}

// TestASheetHoldsTwentyFourLabels: the 25th begins another page.
func TestASheetHoldsTwentyFourLabels(t *testing.T) {
	t.Parallel()
	for n, pages := range map[int]int{1: 1, 24: 1, 25: 2} {
		p := paper.New("Étiquettes")
		labels := make([]paper.Label, n)
		for i := range labels {
			labels[i] = paper.Label{Code: fmt.Sprintf("T-%03d", i), Name: "Parc d’exemple"}
		}
		if err := p.Labels(labels); err != nil {
			t.Fatal(err)
		}
		file, err := p.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if got := poppler(t, string(file), "pdfinfo", "-"); !strings.Contains(got, fmt.Sprintf("Pages:           %d\n", pages)) {
			t.Error(n, got)
		}
	}
}
