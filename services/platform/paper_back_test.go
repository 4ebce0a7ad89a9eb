package platform_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/services/paperform"
)

// hostileCells are what a spreadsheet would compute, or a careless reader of CSV would trip over.
var hostileCells = []string{`=cmd|' /C calc'!A0`, `+33 465710000 ; "dit"`, "-1+1", "@SUM(1;2)", "\t=1+1", "'=1+1", "deux\nlignes; et plus", `""`}

// fullForms are people with a name, of whom every column says something.
func fullForms(t *testing.T) csvFile {
	t.Helper()
	names, _ := paperform.Names()
	var file strings.Builder
	out := csv.NewWriter(&file)
	out.Comma = ';'
	rows := [][]string{names}
	for n, text := range hostileCells {
		cells := map[string]string{
			"cle": fmt.Sprintf("complet-%d", n), "date_constat": "03/02/2020", "premier_contact": "csam", "nom": fmt.Sprintf("Exemple-Fictif-%d", n), "prenom": "Testine",
			"nom_naissance": "Imaginaire", "date_naissance": "1951-07-2" + fmt.Sprint(n), "sexe": "Femme", "telephone": fmt.Sprintf("01 99 00 12 %02d", n), "courriel": fmt.Sprintf("exemple%d@example.org", n),
			"langue": "fr", "rue": text, "code_postal": "58000", "insee": "58194", "nir": "", "aidant_nom": text, "aidant_lien": "Quelqu’un du voisinage", "aidant_telephone": "01 99 00 99 99",
			"aidant_informe": "oui", "aidant_appele_en_premier": "non", "accord_orientation": "oui", "accord_etude": "oui", "accord_donne": "oral", "accord_donne_par": "La personne",
			"institution": "Autre (à préciser)", "couverture_reseau": "oui", "equipement": "oui", "types_equipement": "aucun", "difficulte": "oui", "motif_difficulte": "Isolement", "lieu_aide": "non|Difficultés pour s'y rendre",
			"besoin_formation": "oui", "description": text, "situation_familiale": "Vit seul(e)", "activite": "Retraité(e)", "arret_maladie": "non", "aide_avant_le": "2027-01-31",
			"droit_en_danger": "oui", "pret_souhaite": "non", "apprendre": "Internet|Courriel", "accessibilite": "Audition", "deplacements": "À proximité seulement", "forme_atelier": "in_person",
			"disponibilites": "Mardi matin|wed_pm", "isolee": "oui", "precaire": "non", "gir": "5", "contexte": "lockdown",
		}
		row := make([]string, len(names))
		for i, name := range names {
			row[i] = cells[name]
		}
		rows = append(rows, row)
	}
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return csvFile(file.String())
}

// TestAnExportComesBackByteForByte from an installation that had nothing, and is nothing new to the one it came from.
func TestAnExportComesBackByteForByte(t *testing.T) {
	t.Parallel()
	const into, from = "/flags/import?programme=observation-bfc-2020", "/flags/export?programme=observation-bfc-2020"
	first, second := newHouse(t), newHouse(t)
	first.start()
	author := first.as("advisor-58")
	for want, file := range map[int]csvFile{situations: paperOf2020(t), len(hostileCells): fullForms(t)} {
		if r := author.post(200, into, file); r.number("accepted") != want || r.number("rejected") != 0 {
			t.Fatalf("%s", r.raw)
		}
	}
	told := author.get(from).raw
	isHarmless(t, told)
	if again := author.post(200, into, csvFile(told)); again.number("accepted") != 0 || again.number("already") != situations+len(hostileCells) {
		t.Errorf("what was exported here is not known here: %s", again.raw)
	}
	first.stop()

	second.start()
	author = second.as("advisor-58")
	if r := author.post(200, into, csvFile(told)); r.number("accepted") != situations+len(hostileCells) {
		t.Fatalf("%s", r.raw)
	}
	if back := author.get(from).raw; !bytes.Equal(back, told) {
		for i, line := range bytes.Split(told, []byte("\r\n")) {
			if lines := bytes.Split(back, []byte("\r\n")); i >= len(lines) || !bytes.Equal(line, lines[i]) {
				t.Fatalf("line %d was\n%s\nand came back as\n%s", i, line, lines[min(i, len(lines)-1)])
			}
		}
		t.Fatal("more came back")
	}
	second.stop()
}

// isHarmless: no cell begins as a formula does, and each says what was written.
func isHarmless(t *testing.T, export []byte) {
	t.Helper()
	reader := csv.NewReader(bytes.NewReader(export))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	description, found := slices.Index(rows[0], "description"), 0
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a spreadsheet would compute %q", cell)
			}
		}
		if slices.Contains(hostileCells, strings.TrimPrefix(row[description], "'")) || slices.Contains(hostileCells, row[description]) {
			found++
		}
	}
	if found != len(hostileCells) {
		t.Errorf("%d of %d texts came out as they were written", found, len(hostileCells))
	}
}
