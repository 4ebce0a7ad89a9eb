package platform_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/services/demo"
	"example.org/passerelle/services/paperform"
)

// paperOf2020 are the forms of the study as one file.
func paperOf2020(t *testing.T) csvFile {
	t.Helper()
	file, err := demo.FormsOf2020()
	if err != nil {
		t.Fatal(err)
	}
	return csvFile(file)
}

// formsOf2020 are the same as sheets, as an advisor types them in.
func formsOf2020(t *testing.T) (sheets []object) {
	t.Helper()
	in := csv.NewReader(strings.NewReader(string(paperOf2020(t))))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil || len(rows) != situations+1 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, name := range rows[0] {
			cells[name] = row[i]
		}
		sheets = append(sheets, paperform.Sheet("observation-bfc-2020", cells))
	}
	return sheets
}

// paperColumns are those that a file of forms has at least, and a few more.
var paperColumns = strings.Split("cle;date_constat;premier_contact;accord_etude;institution;couverture_reseau;equipement;types_equipement;probleme_financier;difficulte;"+
	"motif_difficulte;lieu_aide;besoin_formation;description;sexe;age;arret_maladie;situation_familiale;activite", ";")

// TestC_TheFormsOf2020AsOneFileGiveThePublishedPercentages: imported once, found again by their export, put under several
// institutions, validated, and read as the study that was published.
func TestC_TheFormsOf2020AsOneFileGiveThePublishedPercentages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	author, deputy, analyst := h.as("advisor-58"), h.as("deputy-bfc"), h.as("analyst-bfc")
	const path, query = "/flags/import", "?programme=observation-bfc-2020"
	file := paperOf2020(t)
	first := author.post(200, path+query, file)
	if first.number("accepted") != situations || first.number("rejected") != 0 {
		t.Fatalf("%s", first.raw)
	}
	if again := author.post(200, path+query, file); again.number("accepted") != 0 || again.number("already") != situations {
		t.Errorf("%s", again.raw)
	}
	if told := author.get("/imports/" + first.text("id")); told.number("accepted") != situations || told.text("state") != "done" {
		t.Errorf("%s", told.raw)
	}
	deputy.do(404, "GET", "/imports/"+first.text("id"), nil)

	deputy.learn(author)
	rows, caf := exported(t, deputy, query), []string{}
	institution := slices.Index(rows[0], "institution")
	for _, row := range rows[1:] {
		if row[institution] == "caf" && len(caf) < 42 {
			caf = append(caf, row[0])
		}
	}
	var ids []string
	for _, item := range deputy.get("/flags" + query + "&limit=500").items() {
		ids = append(ids, item["id"].(string))
		if slices.Contains(caf, item["reference"].(string)) {
			deputy.post(200, "/flags/"+item["id"].(string)+"/reclassify", object{"institution": "multiple"})
		}
	}
	for some := range slices.Chunk(ids, 50) {
		deputy.post(200, "/flags/validate", object{"ids": some})
	}
	analyst.learn(deputy)
	wantTheStudy(t, analyst.get("/observatory?programme=observation-bfc-2020&from=2020-01-01&to=2020-02-29"))
	h.stop()
}

func exported(t *testing.T, c *caller, query string) [][]string {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(string(c.get("/flags/export" + query).raw)))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != situations+1 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	return rows
}
