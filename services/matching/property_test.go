package matching_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/services/matching"
)

func some(t *rapid.T, label string, list ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(list), 0, len(list), rapid.ID[string]).Draw(t, label)
}

func anyone(t *rapid.T) matching.Person {
	answer := rapid.SampledFrom([]*bool{nil, yes(), no()})
	p := somebody(func(p *person) {
		p.Where = rapid.SampledFrom([]matching.Where{montpellier, lattes, beziers, {Department: "34"}, {}}).Draw(t, "where")
		p.Language = rapid.SampledFrom([]string{"", "fr", "ar"}).Draw(t, "language")
		p.Born = rapid.SampledFrom([]string{"", "1930-01-01", "1980-01-01"}).Draw(t, "born")
		p.Answers.NetworkCoverage, p.Answers.Equipment, p.Answers.FinancialProblem = answer.Draw(t, "network"), answer.Draw(t, "equipment"), answer.Draw(t, "money")
		p.Answers.Difficulty, p.Answers.TrainingNeed = answer.Draw(t, "difficulty"), answer.Draw(t, "training")
		p.Answers.DifficultyReason = rapid.SampledFrom([]string{"", "health", "language", "appropriation"}).Draw(t, "reason")
		p.Answers.HelpPlace = some(t, "help place", "no", "hard_to_reach")
		p.Needs.Travel = rapid.SampledFrom([]string{"", "any", "near", "pick_up", "home_only"}).Draw(t, "travel")
		p.Needs.Access = some(t, "access", "wheelchair", "hearing", "sight", "cognitive", "reads_little_french")
		p.Needs.Modes = some(t, "modes", "in_person", "video", "phone", "hybrid", "webinar")
		p.Needs.Deadline = rapid.SampledFrom([]string{"", "2021-11-20", "2022-01-15"}).Draw(t, "deadline")
	})
	return p
}

// offered are sessions and places of every kind.
func offered(t *rapid.T) (list []any) {
	at := rapid.SampledFrom([]matching.Where{montpellier, lattes, beziers, {Department: "34"}, {}})
	for i := range rapid.IntRange(1, 12).Draw(t, "sessions") {
		list = append(list, session(string(rune('a'+i)), func(s *seance) {
			s.Where, s.Free = at.Draw(t, "at"), rapid.IntRange(0, 2).Draw(t, "free")
			s.Mode = rapid.SampledFrom([]string{"in_person", "video", "phone", "hybrid", "webinar"}).Draw(t, "mode")
			s.Transport = rapid.SampledFrom([]string{"none", "pick_up"}).Draw(t, "transport")
		}))
	}
	for i := range rapid.IntRange(1, 12).Draw(t, "places") {
		list = append(list, place(string(rune('A'+i)), func(p *lieu) {
			p.Where, p.Itinerant = at.Draw(t, "at"), rapid.Bool().Draw(t, "itinerant")
			p.Support = some(t, "support", "En autonomie", "Accompagnement individuel", "Dans un atelier collectif", "À distance")
			p.Care = some(t, "care", "Illettrisme", "Handicaps moteurs", "Langues étrangères (autres)")
			p.Access = some(t, "ways", "Se présenter", "Ce lieu n'accueille pas de public")
		}))
	}
	return list
}

// onlyAtADistance is worked out here in its own way: by the words themselves.
func onlyAtADistance(o matching.Offer) bool {
	if o.Session != nil {
		return o.Session.Mode != "in_person" && o.Session.Mode != "hybrid"
	}
	alone := len(o.Place.Support) == 1 && o.Place.Support[0] == "À distance"
	for _, way := range o.Place.Access {
		alone = alone || way == "Ce lieu n'accueille pas de public"
	}
	return alone
}

// TestWithoutNetworkNothingIsOnlyAtADistance, whatever else is answered and offered.
func TestWithoutNetworkNothingIsOnlyAtADistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyone(t)
		p.Answers.NetworkCoverage = no()
		if bad := firstOnlyAtADistance(t, p, offered(t)); bad != "" {
			t.Fatalf("%s is offered to somebody without network", bad)
		}
	})
}

func firstOnlyAtADistance(t rapid.TB, p matching.Person, list []any) string {
	for _, o := range matching.Match(indexOf(list), p).Offers {
		if onlyAtADistance(o) {
			return o.ID()
		}
	}
	return ""
}

// TestThePropertyOfTheNetworkCanFail: with the answer forgotten on the way, which is the planted fault, it finds an offer.
func TestThePropertyOfTheNetworkCanFail(t *testing.T) {
	found := false
	rapid.Check(t, func(t *rapid.T) {
		p := anyone(t)
		p.Answers.NetworkCoverage = nil
		found = found || firstOnlyAtADistance(t, p, offered(t)) != ""
	})
	if !found {
		t.Error("a person whose answer was forgotten is offered nothing at a distance: the property shows nothing")
	}
}

// TestTheSameQuestionHasTheSameAnswer, in whatever order the sessions and places came, and after some were put twice.
func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, list := anyone(t), offered(t)
		want := matching.Match(indexOf(list), p)
		again := rapid.Permutation(append(list[:len(list):len(list)], list...)).Draw(t, "again")
		if got := matching.Match(indexOf(again), p); !reflect.DeepEqual(order(got), order(want)) || len(got.Excluded) != len(want.Excluded) {
			t.Fatalf("%v, then %v", order(want), order(got))
		}
		for _, o := range want.Offers {
			if len(o.Reasons) == 0 || o.Promise.Text == "" {
				t.Fatalf("%s says nothing", o.ID())
			}
		}
		if best, ok := matching.Best(indexOf(list), p); ok != (len(want.Offers) > 0) || ok && best.ID() != want.Offers[0].ID() {
			t.Fatalf("the best is %v", best)
		}
	})
}

func indexOf(list []any) *matching.Index {
	x := matching.NewIndex()
	for _, one := range list {
		switch one := one.(type) {
		case matching.Session:
			x.PutSession(one)
		case matching.Place:
			x.PutPlace(one)
		}
	}
	return x
}
