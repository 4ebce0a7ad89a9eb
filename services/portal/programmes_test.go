package portal

import (
	"reflect"
	"testing"
	"time"

	"example.org/passerelle/api/client"
)

// TestTheRulesComeBackAsTheyWere: what the page shows of a programme, sent again, changes nothing.
func TestTheRulesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	herault, closes := "34", "2022-02-28"
	for name, p := range map[string]client.FundProgramme{
		"everywhere": {Kind: "permanent", Opens: []client.ProgrammeOpening{{From: "2022-01-01"}}, Desks: []string{}, OneOpen: "person"},
		"some departments and the others": {
			Kind: "campaign", TakesFlags: true, Opens: []client.ProgrammeOpening{{Department: &herault, From: "2022-01-01"}, {From: "2022-01-15"}}, Closes: &closes, AgeOver: 55,
			LowestGir: 5, ReviewFirst: true, Reviewed: true, OneOpen: "person_and_institution", Desks: []string{"sete"}, TextVersion: "2022-01", Text: "Nous vous disons.",
		},
		"reviewed after": {Kind: "permanent", Opens: []client.ProgrammeOpening{{Department: &herault, From: "2022-01-01"}}, Desks: []string{}, Reviewed: true, OneOpen: "person"},
		"nobody":         {Kind: "none", Opens: []client.ProgrammeOpening{}, Desks: []string{}, OneOpen: "person"},
	} {
		p.Name = "Programme Exemple"
		v := &visit{Portal: &Portal{labels: newLabels(time.Now)}, user: user{Role: "partnership_officer", Departments: []string{"30", "34"}}}
		v.labels.kept[v.user.Role] = words{read: time.Now()}
		f := form{values: filledIn(p)}
		got, err := v.rules(&f)
		want := client.ProgrammeRules{
			Name: p.Name, Kind: p.Kind, TakesFlags: p.TakesFlags, Opens: p.Opens, Closes: p.Closes, AgeOver: p.AgeOver, LowestGir: p.LowestGir, ReviewFirst: p.ReviewFirst,
			Reviewed: p.Reviewed, OneOpen: p.OneOpen, Desks: p.Desks, TextVersion: p.TextVersion, Text: p.Text,
		}
		if err != nil || f.wrong() || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v %v\n%+v\n%+v", name, err, f.faults, got, want)
		}
	}
}

func TestWhoIsTooYoungIsLedToTheProgrammesThatFit(t *testing.T) {
	t.Parallel()
	page := flagForm{words: words{directory: client.Directory{Programmes: []client.Programme{{ID: "study", Name: "Étude"}, {ID: "other", Name: "Autre"}}}}}
	wrong := &client.Problem{Errors: []client.Fault{{Field: "person.birth_date", Code: "too_young", Detail: "These of your fund take this person: Étude (study)."}}}
	if page.fitting(wrong); page.fault("programme") != "Programme\u00a0: à cet âge, choisissez «\u00a0Étude\u00a0»" {
		t.Error(page.faults)
	}
	wrong.Errors[0].Code = "not_possible"
	page.faults = nil
	if page.fitting(wrong); page.wrong() {
		t.Error(page.faults)
	}
}
