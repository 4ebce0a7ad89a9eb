package paper_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"example.org/passerelle/pkg/paper"
)

// long is a name of sixty letters without a place to part it.
var long = strings.Repeat("Exemplaire", 6)

func letter() *paper.Paper {
	p := paper.New("Lettre")
	p.Letter(paper.Letter{
		From: []string{"Agence d’exemple", "04 65 71 34 01"}, To: []string{"Camille Œuvrard-Exemple", "34000 Montpellier"},
		Subject: "Votre place est réservée", Paragraphs: []string{"L’atelier coûte 5,00 €.", "Zoe\u0301 ne peut pas venir ?"},
		Times: []string{"mardi 8 décembre 2026, de 9 h 30 à 11 h 30"}, Foot: []string{"Référence : K7QF-2M9D"},
	}, paper.UsualWindow)
	return p
}

func ended(t *testing.T, p *paper.Paper) []byte {
	t.Helper()
	got, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// asked gives what one of the Poppler tools says of a document.
func asked(t *testing.T, pdf []byte, tool string, flags ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append(flags, file)
	if tool == "pdftotext" || tool == "pdftocairo" {
		args = append(args, "-")
	}
	said, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput()
	if err != nil {
		t.Fatal(tool, err, string(said))
	}
	return strings.ReplaceAll(string(said), "\u00a0", " ")
}

// box is a word and where it stands, in points from the upper left.
type box struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Word string  `xml:",chardata"`
}

const point = 72 / 25.4 // of a millimetre

func boxes(t *testing.T, pdf []byte) (list []box) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(asked(t, pdf, "pdftotext", "-bbox")))
	d.Strict = false
	for {
		token, err := d.Token()
		if err != nil {
			return list
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "word" {
			var b box
			if err := d.DecodeElement(&b, &start); err != nil {
				t.Fatal(err)
			}
			list = append(list, b)
		}
	}
}

// offPage are the words of which some part lies outside of the sheet, less a margin of so many millimetres.
func offPage(list []box, margin float64) (words []string) {
	for _, b := range list {
		if b.XMin < margin*point || b.YMin < margin*point || b.XMax > (210-margin)*point || b.YMax > (297-margin)*point {
			words = append(words, b.Word)
		}
	}
	return words
}

func TestTheSameLetterIsTheSameBytes(t *testing.T) {
	t.Parallel()
	if one, two := ended(t, letter()), ended(t, letter()); !bytes.Equal(one, two) {
		t.Error("two letters of the same words differ")
	}
}

func TestALetterIsReadWithItsAccents(t *testing.T) {
	t.Parallel()
	pdf := ended(t, letter())
	text := asked(t, pdf, "pdftotext", "-layout")
	for _, said := range []string{"Camille Œuvrard-Exemple", "Votre place est réservée", "L’atelier coûte 5,00 €.", "Zoé ne peut pas venir ?", "• mardi 8 décembre 2026, de 9 h 30 à 11 h 30", "Référence : K7QF-2M9D"} {
		if !strings.Contains(text, said) {
			t.Errorf("not on the page: %s\n%s", said, text)
		}
	}
	if about := asked(t, pdf, "pdfinfo"); !strings.Contains(about, "A4") || strings.Contains(about, "Exemple") || !bytes.Contains(pdf, []byte("/Lang (fr-FR)")) {
		t.Error(about)
	}
}

// TestAPhoneNumberIsOnOneLine, and so is a time, wherever the line turns.
func TestAPhoneNumberIsOnOneLine(t *testing.T) {
	t.Parallel()
	for n := range 30 {
		p := paper.New("Lettre")
		p.Letter(paper.Letter{Paragraphs: []string{strings.Repeat("mot ", n) + "Appelez le 04 65 71 34 01 avant 9 h 30."}}, paper.UsualWindow)
		if text := asked(t, ended(t, p), "pdftotext"); !strings.Contains(text, "04 65 71 34 01") || !strings.Contains(text, "9 h 30") {
			t.Error(text)
		}
	}
}

// TestFontsAreInTheFile, so that it looks the same everywhere.
func TestFontsAreInTheFile(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(asked(t, ended(t, letter()), "pdffonts")), "\n")[2:]
	if len(lines) != 2 {
		t.Error(lines)
	}
	for _, line := range lines {
		if fields := strings.Fields(line); fields[len(fields)-5] != "yes" || !strings.Contains(line, "dejavu") {
			t.Error(line)
		}
	}
}

// TestALetterIsSetIn14PointsOrMore, looked up in what the pages draw.
func TestALetterIsSetIn14PointsOrMore(t *testing.T) {
	t.Parallel()
	for _, b := range boxes(t, ended(t, letter())) {
		if high := b.YMax - b.YMin; high < 14 {
			t.Errorf("%s is %.1f points high", b.Word, high)
		}
	}
}

// TestALongNameAndAddressStayInTheWindowAndOnThePage: sixty letters without a space, and four lines.
func TestALongNameAndAddressStayInTheWindowAndOnThePage(t *testing.T) {
	t.Parallel()
	p := paper.New("Lettre")
	p.Letter(paper.Letter{
		From: []string{long + " " + long, "04 65 71 34 01"}, To: []string{long, "Bâtiment " + long[:30], "12 bis rue de l’Exemple-sans-Fin", "34000 Montpellier"},
		Subject: long, Paragraphs: []string{strings.Repeat("Une phrase assez longue pour tourner la page. ", 60), long + long},
	}, paper.UsualWindow)
	list := boxes(t, ended(t, p))
	if off := offPage(list, 12); off != nil {
		t.Error("off the page:", off)
	}
	var town, head box
	for _, b := range list {
		switch {
		case b.Word == "Montpellier":
			town = b
		case strings.HasPrefix(b.Word, "Exemplaire") && head.Word == "" && b.YMin > 95*point:
			head = b
		}
	}
	if town.YMax > head.YMin || town.YMax > 100*point || town.XMin < 110*point {
		t.Errorf("the address is not in its window: %+v, %+v", town, head)
	}
	planted := []box{{Word: "ici", XMin: 100, YMin: 100, XMax: 190, YMax: 110}, {Word: "dehors", XMin: 560, YMin: 100, XMax: 600, YMax: 110}}
	if off := offPage(planted, 5); len(off) != 1 || off[0] != "dehors" {
		t.Error("a word that leaves the page is not found:", off)
	}
}

func TestTheWindowIsMillimetresOnTheSheet(t *testing.T) {
	t.Parallel()
	var w paper.Window
	if err := w.UnmarshalText([]byte("20,48.5")); err != nil || w != (paper.Window{Left: 20, Top: 48.5}) {
		t.Error(w, err)
	}
	for _, wrong := range []string{"", "110", "110;50", "130,50", "110,20", "10,50", "110,80", "NaN,50", "left"} {
		if err := w.UnmarshalText([]byte(wrong)); err == nil {
			t.Error("taken:", wrong)
		}
	}
	p := paper.New("Lettre")
	p.Letter(paper.Letter{To: []string{"Camille"}}, paper.Window{Left: 20, Top: 48.5})
	if b := boxes(t, ended(t, p))[0]; b.XMin < 20*point || b.XMin > 23*point || b.YMin < 47*point || b.YMin > 52*point {
		t.Errorf("%+v", b)
	}
}

func TestLabelsFillSheetsOf24(t *testing.T) {
	t.Parallel()
	p := paper.New("Étiquettes")
	labels := make([]paper.Label, 25)
	for i := range labels {
		labels[i] = paper.Label{Code: "TAB-" + strconv.Itoa(i), Name: long}
	}
	p.Labels(labels)
	pdf := ended(t, p)
	list := boxes(t, pdf)
	if off := offPage(list, 2); off != nil || strings.Count(asked(t, pdf, "pdfinfo"), "Pages:           2") != 1 {
		t.Error("25 labels are not two sheets, or leave them:", off)
	}
	codes := 0
	for _, b := range list {
		if strings.HasPrefix(b.Word, "TAB-") {
			codes++
		}
	}
	if codes != 25 {
		t.Error("labels with their code in writing:", codes)
	}
}

// TestACodeThatHasNoBarsStandsInWriting: one with a sign that Code 128 lacks, and one too long for a reader.
func TestACodeThatHasNoBarsStandsInWriting(t *testing.T) {
	t.Parallel()
	size := map[string]int{}
	for _, code := range []string{"ABCé", "ABCE", strings.Repeat("A", 60)} {
		p := paper.New("Étiquettes")
		p.Labels([]paper.Label{{Code: code}})
		pdf := ended(t, p)
		if !strings.Contains(asked(t, pdf, "pdftotext"), code) {
			t.Error("not in writing:", code)
		}
		size[code] = strings.Count(asked(t, pdf, "pdftocairo", "-svg"), "<path")
	}
	if size["ABCE"] < size["ABCé"]+20 || size[strings.Repeat("A", 60)] > size["ABCE"] {
		t.Error("bars:", size)
	}
}

func TestADocumentWithoutAPageIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := paper.New("Rien").Bytes(); err == nil {
		t.Error("a document without a page")
	}
}

// TestATableGoesOnWithItsHeadOnTheNextPage, and each row stays whole.
func TestATableGoesOnWithItsHeadOnTheNextPage(t *testing.T) {
	t.Parallel()
	p := paper.New("Liste")
	p.Sheet()
	p.Heading("Une liste")
	var rows [][]string
	for i := range 60 {
		rows = append(rows, []string{"ligne" + strconv.Itoa(i), long})
	}
	p.Table([]string{"Numéro", "Nom", "Signature"}, []float64{1, 1, 1}, rows, 12)
	list := boxes(t, ended(t, p))
	heads := 0
	for _, b := range list {
		heads += strings.Count(b.Word, "Numéro")
	}
	if off := offPage(list, 10); off != nil || heads != 3 {
		t.Error(heads, off)
	}
}
