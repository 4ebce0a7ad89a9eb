package projections

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// shownAs is where a figure of the JSON file stands on paper.
type shownAs struct{ path, label string }

var asksShown = []shownAs{
	{"cost_cents", "Coût"}, {"asked_cents", "Demandé"}, {"share_percent", "Part (%)"}, {"target_people", "Personnes visées"}, {"cents_per_person", "Par personne"}, {"tablets", "Tablettes"},
}

var beforeShown = []shownAs{
	{"granted_cents", "Accordé"}, {"paid_cents", "Payé"}, {"recovered_cents", "À récupérer"}, {"target_people", "Personnes visées"}, {"reached", "Atteintes"}, {"reached_percent", "Atteintes (%)"},
	{"counted", "Comptées"}, {"sessions", "Ateliers"}, {"paid_cents_per_person", "Payé par personne"},
}

var totalsShown = []shownAs{
	{"asked_cents", "Demandé"}, {"projects_before", "Projets d’avant"}, {"granted_cents", "Accordé avant"}, {"paid_cents", "Payé avant"}, {"recovered_cents", "À récupérer"},
	{"target_people", "Personnes visées"}, {"reached", "Personnes atteintes"}, {"reached_percent", "Atteintes (%)"}, {"promised_cents_per_person", "Promis par personne"},
	{"paid_cents_per_person", "Payé par personne"}, {"reports_missing", "Comptes rendus qui manquent"},
	{"outcomes.n", "Personnes placées"}, {"outcomes.parts.finished", "Sont allées au bout"}, {"outcomes.parts.not_finished", "Ne sont pas allées au bout"}, {"outcomes.parts.dropped", "Ont abandonné"},
	{"outcomes.parts.no_show", "Ne sont pas venues"}, {"outcomes.parts.unrecorded", "Sans résultat noté"}, {"outcomes.parts.under_way", "Encore en atelier"},
	{"outcomes.objective.finished", "Objectif : allées au bout"}, {"outcomes.objective.account", "Ont un compte"}, {"outcomes.objective.portal", "Utilisent le portail"},
	{"outcomes.objective.mailbox", "Ont une messagerie"}, {"outcomes.objective.all", "Les trois"}, {"outcomes.objective.percent", "Les trois (%)"}, {"outcomes.objective.target", "But (%)"},
	{"seats.n", "Ateliers"}, {"seats.parts.open", "Ateliers ouverts"}, {"seats.parts.confirmed", "Ateliers confirmés"}, {"seats.parts.running", "Ateliers en cours"},
	{"seats.parts.closed", "Ateliers clos"}, {"seats.parts.cancelled", "Ateliers annulés"}, {"seats.parts.stopped", "Ateliers arrêtés"}, {"seats.seats.capacity", "Places"},
	{"seats.seats.taken", "Places prises"}, {"seats.seats.held", "Places gardées"}, {"seats.seats.free", "Places libres"}, {"seats.seats.over", "Places en trop"},
	{"seats.seats.waiting", "En attente d’une place"}, {"seats.fill_percent", "Remplissage (%)"}, {"delays.asked", "Demandes reçues"}, {"delays.answered", "Demandes répondues"},
	{"delays.median_days", "Délai médian (jours)"}, {"delays.late", "Réponses en retard"}, {"delays.waiting", "Demandes sans réponse"}, {"tablets.lent", "Tablettes prêtées"},
	{"tablets.lost", "Tablettes perdues"}, {"unmet.n", "Sans offre à 20 km"},
}

// figuresAt are the figures of a part of the file, by their paths; null is -1. Lists are parts of their own.
func figuresAt(at string, part any, into map[string]float64) map[string]float64 {
	switch v := part.(type) {
	case map[string]any:
		for name, inner := range v {
			figuresAt(strings.TrimPrefix(at+"."+name, "."), inner, into)
		}
	case float64:
		into[at] = v
	case nil:
		into[at] = -1
	}
	return into
}

// figuresOf are the figures of a part in their order, and those that stand nowhere on paper.
func figuresOf(part any, shown []shownAs) (values map[string][]float64, lost []string) {
	left := figuresAt("", part, map[string]float64{})
	values = map[string][]float64{}
	for _, s := range shown {
		if value, there := left[s.path]; there {
			values[s.label] = append(values[s.label], value)
			delete(left, s.path)
		}
	}
	for _, noFigure := range []string{"unmet.within_km", "vote", "outcomes.objective.status"} {
		delete(left, noFigure)
	}
	return values, slices.Sorted(maps.Keys(left))
}

// inFile are the figures of the JSON file: of projects that are asked for, of those before, and of structures.
func inFile(file rest.CommitteeFile) (asked, before, total map[string][]float64, lost []string, err error) {
	var read struct{ Structures []map[string]any }
	written, err := json.Marshal(file)
	if err == nil {
		err = json.Unmarshal(written, &read)
	}
	asked, before, total = map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
	put := func(into map[string][]float64, part any, shown []shownAs) {
		values, missing := figuresOf(part, shown)
		lost = append(lost, missing...)
		for label, list := range values {
			into[label] = append(into[label], list...)
		}
	}
	for _, s := range read.Structures {
		for _, one := range s["asks"].([]any) {
			put(asked, one, asksShown)
		}
		for _, one := range s["before"].([]any) {
			put(before, one, beforeShown)
		}
		put(total, s, totalsShown)
	}
	return asked, before, total, lost, err
}

var printedLine = regexp.MustCompile(`(?m)^ *(\S.*?\S) {2,}(\S.*)$`)

// onPaper are the figures on a printed file by the name of their table, money in cents.
func onPaper(page string) map[string]map[string][]float64 {
	tables, table := map[string]map[string][]float64{}, ""
	for line := range strings.SplitSeq(page, "\n") {
		for _, title := range []string{"Projet demandé", "Projet d’avant", "La structure, en tout"} {
			if strings.TrimSpace(line) == title {
				table = title
			}
		}
		parts := printedLine.FindStringSubmatch(line)
		if parts == nil {
			continue
		}
		if tables[table] == nil {
			tables[table] = map[string][]float64{}
		}
		text := strings.NewReplacer(" €", "", " ", "", ",", "").Replace(parts[2])
		if text == "–" {
			text = "-1"
		}
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			tables[table][parts[1]] = append(tables[table][parts[1]], value)
		}
	}
	return tables
}

// inBook are the figures of a workbook by the name of their sheet, money in cents.
func inBook(book []byte) (map[string]map[string][]float64, error) {
	read, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		return nil, err
	}
	defer read.Close()
	sheets := map[string]map[string][]float64{"Demandes": {}, "Projets d’avant": {}, "Chiffres": {}}
	for name, into := range sheets {
		rows, err := read.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		for _, row := range rows[1:] {
			for len(row) < len(rows[0]) {
				row = append(row, "")
			}
			for i, cell := range row {
				label := rows[0][i]
				if name == "Chiffres" {
					label = row[1]
				}
				if value, err := strconv.ParseFloat(cell, 64); err == nil && (name != "Chiffres" || i == 2) {
					into[label] = append(into[label], value)
				} else if cell == "" && i == len(row)-1 && name == "Chiffres" || cell == "" && name != "Chiffres" {
					into[label] = append(into[label], -1)
				}
			}
		}
	}
	return sheets, nil
}

var moneyShown = []string{"Coût", "Demandé", "Par personne", "Accordé", "Payé", "À récupérer", "Payé par personne", "Accordé avant", "Payé avant", "Promis par personne"}

// amiss names the figures that are not the same in both.
func amiss(where string, wanted, got map[string][]float64, euros bool) (found []string) {
	for label, values := range wanted {
		list := slices.Clone(got[label])
		for i := range list {
			if euros && list[i] >= 0 && slices.Contains(moneyShown, label) {
				list[i] = math.Round(list[i]*1e8) / 1e6 // cents, to a millionth: a workbook holds binary fractions
			}
		}
		if !slices.Equal(values, list) {
			found = append(found, fmt.Sprintf("%s, %s: %v, not %v", where, label, list, values))
		}
	}
	return found
}

// filesDiffer compares every figure of the JSON file with the printed file and the workbook.
func (h *house) filesDiffer(file rest.CommitteeFile, page string, book []byte) []string {
	h.t.Helper()
	asked, before, total, found, err := inFile(file)
	h.must(err)
	paper := onPaper(page)
	sheets, err := inBook(book)
	h.must(err)
	return slices.Concat(found,
		amiss("pdf", asked, paper["Projet demandé"], false), amiss("pdf", before, paper["Projet d’avant"], false), amiss("pdf", total, paper["La structure, en tout"], false),
		amiss("xlsx", asked, sheets["Demandes"], true), amiss("xlsx", before, sheets["Projets d’avant"], true), amiss("xlsx", total, sheets["Chiffres"], true))
}

// TestP30_TheFileOfACommitteeIsTheSameOnPaperAndInAWorkbook: every figure of the JSON file is in both, and a figure that is not is found.
func TestP30_TheFileOfACommitteeIsTheSameOnPaperAndInAWorkbook(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.financed()
	h.hear(events.ProjectProposed{Fund: "carsat-lr", CallID: "call-2", ProjectID: "project-4", StructureID: "no-provider", Label: "=1+1", CostCents: 123456789, AskedCents: 98765432, Criteria: []string{"isolated", "no_network"}, At: h.now},
		events.CommitteeConvened{Fund: "carsat-lr", CommitteeID: "committee-2", Date: "2021-11-18", Agenda: []events.AgendaItem{
			{Kind: "decision", Label: "Encore", ProjectID: "project-2"}, {Kind: "decision", Label: "Ailleurs", ProjectID: "project-3"}, {Kind: "decision", Label: "Formule", ProjectID: "project-4"},
		}, At: h.now})
	people := h.sessionOf("project-1", "session-1", 6)
	h.hear(present("session-1", people[:4]...), h.recorded(people[0], 3, events.Outcome{}), h.recorded(people[2], 1, events.Outcome{}))
	h.clock.Set(h.now.Add(time.Hour))
	const path = "/committees/committee-2/file"
	file := see[rest.CommitteeFile](h, "funding-lr", path)
	page := h.pdf("funding-lr", path+"?format=pdf")
	book := []byte(h.text("funding-lr", path+"?format=xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
	if found := h.filesDiffer(file, page, book); found != nil {
		t.Errorf("%s\n%s", strings.Join(found, "\n"), page)
	}
	h.says(page, "personnes isolées, zones blanches", "=1+1", "1 234 567,89 €", "Centre Exemple", "favorable")
	if one := file.Structures[0].Asks; len(one) != 2 || !slices.Equal(one[0].Criteria, []string{"isolated", "no_network"}) && !slices.Equal(one[1].Criteria, []string{"isolated", "no_network"}) {
		t.Errorf("E7: %+v", one)
	}
	for name, planted := range map[string]func(*rest.CommitteeFile){
		"a cent":   func(f *rest.CommitteeFile) { f.Structures[1].Before[0].PaidCents++ },
		"a seat":   func(f *rest.CommitteeFile) { f.Structures[1].Seats.Seats.Free++ },
		"a person": func(f *rest.CommitteeFile) { f.Structures[1].Asks[0].TargetPeople-- },
	} {
		wrong := see[rest.CommitteeFile](h, "funding-lr", path)
		planted(&wrong)
		pdf, err := committeePDF(wrong)
		h.must(err)
		sheets, err := committeeBook(wrong)
		h.must(err)
		if found := h.filesDiffer(file, h.readPDF(pdf), sheets); len(found) != 2 {
			t.Errorf("%s too much in both is found %d times: %v", name, len(found), found)
		}
	}
	for account, want := range map[string]int{"analyst-bfc": 404, "provider-a": 403} {
		for _, format := range []string{"pdf", "xlsx"} {
			if got := h.get(account, path+"?format="+format, nil).StatusCode; got != want {
				t.Error(account, format, got)
			}
		}
	}
}

// TestAFormulaInAWorkbookIsAText.
func TestAFormulaInAWorkbookIsAText(t *testing.T) {
	t.Parallel()
	book, err := committeeBook(rest.CommitteeFile{Structures: []rest.StructureFile{{Name: "=1+1", Asks: []rest.FileAsk{{Name: `=HYPERLINK("x")`}}}}})
	if err != nil {
		t.Fatal(err)
	}
	read, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	for _, cell := range []string{"A2", "B2"} {
		formula, err := read.GetCellFormula("Demandes", cell)
		kind, wrong := read.GetCellType("Demandes", cell)
		if err != nil || wrong != nil || formula != "" || kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
			t.Error(cell, formula, kind, err, wrong)
		}
	}
}
