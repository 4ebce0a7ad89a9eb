package matching_test

import (
	"slices"
	"testing"

	"example.org/passerelle/services/matching"
)

type (
	person = matching.Person
	lieu   = matching.Place
	seance = matching.Session
)

func check(t *testing.T, r matching.Result, offers ...string) {
	t.Helper()
	if got := order(r); !slices.Equal(got, offers) {
		t.Errorf("offers %v, not %v", got, offers)
	}
}

func kept(t *testing.T, r matching.Result, id, code, answer string) {
	t.Helper()
	if !because(r, id, code, answer) {
		t.Errorf("%s was not kept for %s, by %s: %+v", id, code, answer, r.Offers)
	}
}

func excluded(t *testing.T, r matching.Result, id, code string) {
	t.Helper()
	if !slices.Contains(out(r, id), code) {
		t.Errorf("%s is out for %v, not for %s", id, out(r, id), code)
	}
}

// Row 1 of table J: no network.
func TestJ1_NetworkNoLeavesOutWhatWorksOnlyAtADistance(t *testing.T) {
	p := somebody(func(p *person) { p.Answers.NetworkCoverage = no() })
	r := among(t, p,
		place("distance", func(p *lieu) { p.Support = []string{"À distance"} }),
		place("door", func(p *lieu) { p.Support = []string{"Accompagnement individuel", "À distance"} }),
		place("internet", func(p *lieu) { p.Services = []string{"Accès internet et matériel informatique"} }),
		session("video", func(s *seance) { s.Mode = "video" }))
	check(t, r, "internet", "door")
	kept(t, r, "internet", "internet_there", "answers.network_coverage")
	kept(t, r, "door", "in_person", "answers.network_coverage")
	excluded(t, r, "distance", "remote_only")
	excluded(t, r, "video", "remote_only")
}

// Row 2: no equipment for want of money.
func TestJ2_NoEquipmentForWantOfMoneyAsksForEquipment(t *testing.T) {
	p := somebody(func(p *person) { p.Answers.Equipment, p.Answers.FinancialProblem = no(), yes() })
	r := among(t, p, place("free", func(p *lieu) { p.Costs = []string{"Gratuit"} }),
		place("cheap", func(p *lieu) {
			p.Services, p.Costs = []string{"Acquisition de matériel informatique à prix solidaire"}, []string{"Gratuit"}
		}),
		place("dear", func(p *lieu) { p.Costs = []string{"Payant"} }))
	check(t, r, "cheap", "free")
	kept(t, r, "cheap", "solidarity_equipment", "answers.equipment")
	excluded(t, r, "dear", "cost")
	if len(r.Advice) != 1 || r.Advice[0].Code != "equipment_request" {
		t.Errorf("advice is %v", r.Advice)
	}
}

// Row 3: the language.
func TestJ3_LanguageNeedsAPlaceThatSaysSo(t *testing.T) {
	p := somebody(func(p *person) { p.Answers.Difficulty, p.Answers.DifficultyReason = yes(), "language" })
	r := among(t, p, place("silent"),
		place("others", func(p *lieu) { p.Care = []string{"Langues étrangères (autres)"} }),
		place("english", func(p *lieu) { p.Care = []string{"langues etrangeres (anglais)"} }),
		place("letters", func(p *lieu) { p.Care = []string{"Illettrisme"} }),
		place("deaf", func(p *lieu) { p.Care = []string{"Surdité"} }))
	check(t, r, "english", "letters", "others")
	kept(t, r, "others", "language_need", "answers.difficulty_reason")
	excluded(t, r, "silent", "language")
	excluded(t, r, "deaf", "language")
}

// Row 4: health.
func TestJ4_HealthNeedsAnAdaptedPlaceOrADistance(t *testing.T) {
	p := somebody(func(p *person) { p.Answers.Difficulty, p.Answers.DifficultyReason = yes(), "health" })
	r := among(t, p, place("silent"),
		place("adapted", func(p *lieu) { p.Care = []string{"Handicaps moteurs"} }),
		place("distance", func(p *lieu) { p.Support = []string{"À distance", "Accompagnement individuel"} }))
	check(t, r, "adapted", "distance")
	kept(t, r, "adapted", "health", "answers.difficulty_reason")
	kept(t, r, "distance", "health_remote", "answers.difficulty_reason")
	excluded(t, r, "silent", "health")
}

// Row 5: difficulties to get there.
func TestJ5_HardToReachPutsItinerantFirstThenNearThenDistance(t *testing.T) {
	p := somebody(func(p *person) { p.Answers.HelpPlace = []string{"hard_to_reach"} })
	r := among(t, p,
		place("far", func(p *lieu) { p.Where = beziers; p.Where.Lat = 43.5; p.Where.Lon = 3.6 }), place("near"),
		place("distance", func(p *lieu) { p.Support = []string{"À distance"} }),
		place("coming", func(p *lieu) { p.Itinerant, p.Where = true, beziers; p.Where.Lat = 43.45 }))
	check(t, r, "coming", "near", "far", "distance")
	kept(t, r, "coming", "itinerant", "answers.help_place")
	kept(t, r, "distance", "no_travel", "answers.help_place")
}

// Row 6: appropriation, or a need of training.
func TestJ6_TrainingNeedsEverydayToolsInAWorkshop(t *testing.T) {
	for name, p := range map[string]matching.Person{
		"answers.training_need":     somebody(func(p *person) { p.Answers.TrainingNeed = yes() }),
		"answers.difficulty_reason": somebody(func(p *person) { p.Answers.Difficulty, p.Answers.DifficultyReason = yes(), "appropriation" }),
	} {
		everyday := []string{"Maîtrise des outils numériques du quotidien"}
		r := among(t, p,
			place("workshop", func(p *lieu) { p.Services, p.Support = everyday, []string{"Dans un atelier collectif"} }),
			place("alone", func(p *lieu) { p.Services, p.Support = everyday, []string{"En autonomie"} }),
			place("forms", func(p *lieu) { p.Services = []string{"Aide aux démarches administratives"} }), session("session"))
		check(t, r, "session", "workshop")
		code := map[bool]string{true: "training", false: "appropriation"}[name == "answers.training_need"]
		kept(t, r, "workshop", code, name)
		kept(t, r, "session", code, name)
		excluded(t, r, "alone", "services")
		excluded(t, r, "forms", "services")
	}
}

// Row 7: an institution, and no need of training.
func TestJ7_InstitutionNeedsHelpWithProcedures(t *testing.T) {
	p := somebody(func(p *person) { p.Answers.Institution, p.Answers.TrainingNeed = "caf", no() })
	r := among(t, p,
		place("forms", func(p *lieu) { p.Services = []string{"Aide aux démarches administratives"} }),
		place("games", func(p *lieu) { p.Services = []string{"Loisirs et créations numériques"} }), session("session"))
	check(t, r, "forms", "session")
	kept(t, r, "forms", "procedures", "answers.institution")
	excluded(t, r, "games", "services")
}

// Row 8: the age.
func TestJ8_AgeNeedsAPlaceForAllOrForSeniors(t *testing.T) {
	r := among(t, somebody(), place("all"),
		place("seniors", func(p *lieu) { p.Publics = []string{"Jeunes", "Seniors"} }), place("young", func(p *lieu) { p.Publics = []string{"Jeunes"} }))
	check(t, r, "all", "seniors")
	kept(t, r, "all", "all_publics", "person.birth_date")
	kept(t, r, "seniors", "age", "person.birth_date")
	excluded(t, r, "young", "age")
}

// The check under table J: 34172, no network, language.
func TestJ_InMontpellierWithoutNetworkAndFrenchNothingIsOnlyAtADistance(t *testing.T) {
	p := somebody(func(p *person) {
		p.Answers.NetworkCoverage, p.Answers.Difficulty, p.Answers.DifficultyReason = no(), yes(), "language"
	})
	tongues := []string{"Langues étrangères (autres)"}
	r := among(t, p, place("distance", func(p *lieu) { p.Care, p.Support = tongues, []string{"À distance"} }), place("door", func(p *lieu) { p.Care = tongues }))
	check(t, r, "door")
	kept(t, r, "door", "language_need", "answers.difficulty_reason")
	kept(t, r, "door", "in_person", "answers.network_coverage")
	for _, o := range r.Offers {
		for _, reason := range o.Reasons {
			if reason.Code == "" || reason.Answer == "" || reason.Text == "" {
				t.Errorf("%s is kept without saying by which answer: %+v", o.ID(), reason)
			}
		}
	}
}
