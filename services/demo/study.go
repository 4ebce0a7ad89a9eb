package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// Forms is how many there were in the campaign of 2020.
const Forms = 354

// formColumns are those of the file that a study of habits needs.
var formColumns = []string{
	"cle", "date_constat", "premier_contact", "accord_etude", "institution", "couverture_reseau", "equipement", "types_equipement",
	"difficulte", "motif_difficulte", "lieu_aide", "besoin_formation", "probleme_financier", "description", "sexe", "age", "arret_maladie",
	"situation_familiale", "activite",
}

// form is one of the paper forms of 2020, a line under formColumns. Nobody is named on it.
func form(n int) []string {
	yes := func(is bool) string { return either(is, "oui", "non") }
	age, kinds, reason, place := 60+n%30, "", "", "no"
	if n >= 100 && n < 298 {
		age = 46 + n%14
	}
	if n < 184 {
		kinds = equipmentOf(n)
	}
	if n < 326 {
		reason = either(n < 170, "appropriation", "language")
	}
	switch {
	case n < 85:
		place = "yes"
	case n < 85+35:
		place = "no|hard_to_reach"
	}
	return []string{
		strconv.Itoa(n), fmt.Sprintf("2020-%s-%02d", either(n%3 == 0, "02", "01"), 1+n%28), "social_worker", "oui", either(n < 188, "cpam", "caf"),
		yes(n < 188), yes(n < 184), kinds, yes(n < 326), reason, place, yes(n < 276), "", "", either(n%2 == 0, "F", "M"), strconv.Itoa(age), yes(n < 230),
		either(n < 120, "single", "couple"), either(n < 269, "employed", "job_seeker"),
	}
}

func equipmentOf(n int) string {
	kinds := []string{}
	if n < 134 {
		kinds = append(kinds, "computer")
	}
	if n >= 184-57 {
		kinds = append(kinds, "mobile")
	}
	return strings.Join(kinds, "|")
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// FormsOf2020 is the forms as a file of paper forms: a header, and a line each. All 354 together have
// the counts that the study published (Carsat Bourgogne-Franche-Comté, 2020), once 42 were put under several institutions.
func FormsOf2020() ([]byte, error) {
	return formsOf(func(int) bool { return true })
}

// formsOf is a file of the forms that are wanted.
func formsOf(wanted func(n int) bool) ([]byte, error) {
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	out.Comma = ';'
	rows := [][]string{formColumns}
	for n := range Forms {
		if wanted(n) {
			rows = append(rows, form(n))
		}
	}
	err := out.WriteAll(rows)
	return file.Bytes(), err
}
