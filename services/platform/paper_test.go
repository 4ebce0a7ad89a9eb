package platform_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// paperColumns are those that a file of forms has at least, and a few more.
var paperColumns = strings.Split("cle;date_constat;premier_contact;accord_etude;institution;couverture_reseau;equipement;types_equipement;probleme_financier;difficulte;"+
	"motif_difficulte;lieu_aide;besoin_formation;description;sexe;age;arret_maladie;situation_familiale;activite", ";")

// paperOf2020 are the forms of the study as one file.
func paperOf2020(t *testing.T) csvFile {
	t.Helper()
	var file strings.Builder
	out := csv.NewWriter(&file)
	out.Comma = ';'
	rows := [][]string{paperColumns}
	for n := range situations {
		form := formOf2020(n)
		answers, profile := form["answers"].(object), form["profile"].(object)
		cell := func(o object, name string) string { return cellOf(o[name]) }
		rows = append(rows, []string{fmt.Sprint(n), cell(form, "finding_date"), cell(form, "first_contact"), "oui", cell(answers, "institution"), cell(answers, "network_coverage"),
			cell(answers, "equipment"), cell(answers, "equipment_kinds"), "", cell(answers, "difficulty"), cell(answers, "difficulty_reason"), cell(answers, "help_place"),
			cell(answers, "training_need"), "", cell(profile, "sex"), cell(profile, "age"), cell(profile, "sick_leave"), cell(profile, "family_situation"), cell(profile, "occupation")})
	}
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return csvFile(file.String())
}

func cellOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		return oneOf(v, "oui", "non")
	case []string:
		return oneOf(len(v) == 0, "aucun", strings.Join(v, "|"))
	}
	return fmt.Sprint(value)
}

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
