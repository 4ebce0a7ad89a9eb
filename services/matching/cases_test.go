package matching_test

import (
	"slices"
	"testing"

	"example.org/passerelle/services/matching"
)

// C9, line 295: no computer, and a right of the CAF at risk.
func TestC9NoComputerAndARightAtRisk(t *testing.T) {
	p := somebody(func(p *person) {
		p.Answers.Institution, p.Answers.Equipment, p.Answers.TrainingNeed, p.Needs.RightsAtRisk = "caf", no(), no(), yes()
	})
	r := among(t, p,
		place("forms", func(p *lieu) { p.Services = []string{"Aide aux démarches administratives"} }),
		place("both", func(p *lieu) {
			p.Services = []string{"Aide aux démarches administratives", "Accès internet et matériel informatique"}
		}))
	check(t, r, "both", "forms")
	if len(r.Advice) != 1 || r.Advice[0].Code != "rights_at_risk" {
		t.Errorf("advice is %v", r.Advice)
	}
}

// C9, line 296: a woman of 60 without equipment and with a weak network, met by the social service: the agency is told.
func TestC9TheRetirementAgencyIsTold(t *testing.T) {
	p := somebody(func(p *person) {
		p.Channel, p.Answers.Institution, p.Answers.Equipment, p.Answers.NetworkCoverage = "social_service", "carsat_retraite", no(), no()
	})
	r := among(t, p, session("video", func(s *seance) { s.Mode = "video" }), session("here"))
	check(t, r, "here")
	if len(r.Advice) != 1 || r.Advice[0].Code != "signal_agency" {
		t.Errorf("advice is %v", r.Advice)
	}
}

// C9, line 304: an account that others have opened, and that the person cannot use.
func TestC9AnAccountThatOthersHaveOpened(t *testing.T) {
	p := somebody(func(p *person) {
		p.Answers.Difficulty, p.Answers.DifficultyReason, p.Needs.Skills = yes(), "appropriation", []string{"procedures"}
	})
	r := among(t, p, session("mail"), session("account", func(s *seance) { s.Skills = []string{"procedures", "internet"} }))
	check(t, r, "account")
	kept(t, r, "account", "appropriation", "answers.difficulty_reason")
	kept(t, r, "account", "skills", "needs.skills")
	excluded(t, r, "mail", "skills")
}

// C9, line 305: a phone only, and a centre that stays closed until the deadline.
func TestC9ACentreThatIsClosedUntilTheDeadline(t *testing.T) {
	p := somebody(func(p *person) { p.Needs.Deadline = "2021-11-17" })
	r := among(t, p,
		place("thursdays", func(p *lieu) { p.Hours = "Th-Fr 09:00-12:00" }), place("tuesdays", func(p *lieu) { p.Hours = "Tu 14:00-17:00; PH off" }),
		place("unknown", func(p *lieu) { p.Hours = "sur rendez-vous" }), session("in three weeks"))
	check(t, r, "tuesdays", "unknown")
	kept(t, r, "tuesdays", "open_before_deadline", "needs.deadline")
	excluded(t, r, "thursdays", "closed_until_deadline")
	excluded(t, r, "in three weeks", "after_deadline")
	if c := r.Offers[1].Checks; len(c) != 1 || c[0].Code != "check_hours" || c[0].Text != "Horaires à vérifier" {
		t.Errorf("of the other is said %v", c)
	}
}

// C9, line 313: somebody who speaks little French; the language filters places and sessions.
func TestC9LittleFrenchFiltersPlaces(t *testing.T) {
	p := somebody(func(p *person) {
		p.Language, p.Answers.Difficulty, p.Answers.DifficultyReason = "ar", yes(), "language"
	})
	r := among(t, p, place("silent"), place("english", func(p *lieu) { p.Care = []string{"Langues étrangères (anglais)"} }),
		place("others", func(p *lieu) { p.Care = []string{"Langues étrangères (autres)"} }),
		session("french"), session("arabic", func(s *seance) { s.Languages = []string{"fr", "ar"} }))
	if got := order(r); !slices.Contains(got, "arabic") || slices.Index(got, "others") > slices.Index(got, "english") || len(got) != 3 {
		t.Errorf("offers %v", got)
	}
	kept(t, r, "arabic", "language", "person.language")
	excluded(t, r, "french", "language")
	excluded(t, r, "silent", "language")
}

// P36: no workshop takes somebody of 48; places come first.
func TestUnderFiftyFivePlacesComeFirst(t *testing.T) {
	p := somebody(func(p *person) { p.Born, p.Answers.TrainingNeed = "1973-05-01", yes() })
	older := func(s *seance) { s.Audience.AgeMinimum = 55 }
	r := among(t, p, session("seniors", older), session("all"), place("open", func(p *lieu) {
		p.Services, p.Support = []string{"Maîtrise des outils numériques du quotidien"}, []string{"Dans un atelier collectif"}
	}))
	check(t, r, "open", "all")
	excluded(t, r, "seniors", "age")
}

// Every other rule that excludes, one by one: each of these would be offered but for one thing.
func TestEveryRuleExcludesByItself(t *testing.T) {
	one, none := 1, 0
	for _, c := range []struct {
		code string
		who  func(*person)
		what func(*seance)
	}{
		{"registration_closed", nil, func(s *seance) { s.RegistrationClosesAt = noon }},
		{"full", nil, func(s *seance) { s.Free, s.WaitingLimit, s.Waiting = 0, &one, 1 }},
		{"full", nil, func(s *seance) { s.Free, s.WaitingLimit = 0, &none }},
		{"programme", nil, func(s *seance) { s.Programmes = []string{"another"} }},
		{"age", nil, func(s *seance) { s.Audience.AgeMinimum = 64 }},
		{"access", func(p *person) { p.Needs.Access = []string{"wheelchair"} }, func(s *seance) { s.Accessible = false }},
		{"no_loan", func(p *person) { p.Needs.LoanWanted = yes() }, func(s *seance) { s.LendsEquipment = false }},
		{"cost", func(p *person) { p.Needs.Precarious = yes() }, func(s *seance) { s.CostCents = 500 }},
		{"too_far", nil, func(s *seance) { s.Where = beziers }},
		{"too_far", func(p *person) { p.Needs.Travel = "near"; p.Where = lattes }, func(s *seance) { s.Where = montpellier; s.Where.Lat += 0.1 }},
		{"too_far", func(p *person) { p.WithinKm = 3 }, func(s *seance) { s.Where = lattes }},
		{"travel", func(p *person) { p.Needs.Travel = "home_only" }, nil},
		{"no_pick_up", func(p *person) { p.Needs.Travel = "pick_up" }, nil},
		{"level", func(p *person) { p.Answers.Difficulty = yes() }, func(s *seance) { s.Level = "advanced" }},
		{"already_asked", func(p *person) { p.Asked = map[string]bool{"s": true} }, nil},
	} {
		p, s := somebody(), session("s")
		if r := among(t, p, s); len(r.Offers) != 1 {
			t.Fatalf("not offered before: %v", out(r, "s"))
		}
		if c.who != nil {
			c.who(&p)
		}
		if c.what != nil {
			c.what(&s)
		}
		if r := among(t, p, s); !slices.Equal(out(r, "s"), []string{c.code}) {
			t.Errorf("out for %v, not for %s: %v", out(r, "s"), c.code, order(r))
		}
	}
}

// A tablet of the provider's pool will do where the session lends nothing.
func TestATabletOfThePoolWillDo(t *testing.T) {
	p := somebody(func(p *person) { p.Needs.LoanWanted, p.Lendable = yes(), map[string]int{"provider-b": 1} })
	bare := func(provider string) func(*seance) {
		return func(s *seance) { s.LendsEquipment, s.ProviderID = false, provider }
	}
	r := among(t, p, session("a", bare("provider-a")), session("b", bare("provider-b")))
	check(t, r, "b")
	kept(t, r, "b", "tablet_available", "needs.loan_wanted")
	excluded(t, r, "a", "no_loan")
}

func TestWhatIsOverOrNotAnnouncedIsNothingToChooseFrom(t *testing.T) {
	r := among(t, somebody(), session("draft", func(s *seance) { s.Status = "draft" }), session("other", func(s *seance) { s.Fund = "carsat-bfc" }),
		session("begun", func(s *seance) { s.Meetings[0].StartsAt = noon }), place("gone", func(p *lieu) { p.Closed = true }))
	if len(r.Offers)+len(r.Excluded)+r.Out != 0 {
		t.Errorf("shown: %v and %v", r.Offers, r.Excluded)
	}
}

// What can be promised in one sentence, and the waiting list after every certain seat.
func TestThePromiseIsWhatTheSeatsSay(t *testing.T) {
	r := among(t, somebody(), session("a", func(s *seance) { s.Booking, s.ImmediateSeats = "immediate", 4 }), session("b"),
		session("c", func(s *seance) { s.AssessmentRequired = true }), session("d", func(s *seance) { s.Free, s.Waiting = 0, 3 }),
		session("e", func(s *seance) { s.Mode, s.Free = "webinar", 0 }))
	check(t, r, "a", "b", "e", "c", "d")
	for i, code := range []string{"seat_now", "seat_held", "unlimited", "assessment", "waiting_list"} {
		if got := r.Offers[i].Promise; got.Code != code {
			t.Errorf("%s promises %v", r.Offers[i].ID(), got)
		}
	}
	if got := r.Offers[4].Promise.Text; got != "C’est complet\u00a0: la personne serait numéro 4 sur la liste d’attente." {
		t.Error(got)
	}
}

func TestTheDistanceSaysHowWellItIsKnown(t *testing.T) {
	vague := matching.Where{Lat: 43.6, Lon: 3.9, Precision: matching.EPCI, Insee: "34000", Department: "34"}
	r := among(t, somebody(), session("a", func(s *seance) { s.Where = lattes }), session("b", func(s *seance) { s.Where = vague }), session("c"))
	for i, text := range []string{"Dans la commune de la personne", "À environ 2,2\u00a0km à vol d’oiseau (à l’intercommunalité près)", "À 5,3\u00a0km à vol d’oiseau"} {
		if o := r.Offers[i]; o.Reasons[0].Text != text || o.Km == nil {
			t.Errorf("%s: %v", o.ID(), o.Reasons[0])
		}
	}
	p := somebody(func(p *person) { p.Where = vague })
	vague.Insee = "34001"
	r = among(t, p, session("same mean", func(s *seance) { s.Where = vague }))
	if o := r.Offers[0]; o.Km != nil || o.Precision != "" || o.Checks[0].Code != "distance_unknown" {
		t.Errorf("two communes that are known by the same mean: %+v", o)
	}
}
