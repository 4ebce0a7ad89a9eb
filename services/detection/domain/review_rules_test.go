package domain

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
	"example.org/passerelle/services/reference"
)

// submitted is a flag of the campaign, by an assistant of Nièvre, of somebody known.
func submitted(change func(*FlagSenior)) events.SeniorFlagged {
	c := anonymous(func(c *FlagSenior) {
		c.PersonID, c.Known, c.Subject = "p1", &testine().Person, ""
		c.Sheet.Answers = events.Answers{Institution: "cpam", Difficulty: yes()}
		if change != nil {
			change(c)
		}
	})
	facts, err := c.Decide(Flag{})
	if err != nil {
		panic(err)
	}
	return facts[slices.IndexFunc(facts, func(f events.Detection) bool { _, is := f.(events.SeniorFlagged); return is })].(events.SeniorFlagged)
}

var (
	someWhere = Observing{ObservationID: "o1", Opens: events.CampaignOpened{CampaignID: "observation-bfc-2020", SubjectID: "k1"}, Person: &testine().Person}
	amend     = Amend{FlagID: "f1", Programme: programme("observation-bfc-2020"), Observing: someWhere, By: "advisor-58", At: noon}
	yesOf58   = Validate{FlagID: "f1", Observing: someWhere, By: "referent-58", At: noon}
	askAgain  = Return{FlagID: "f1", Reason: "Laquelle ?", Fields: []string{"answers.difficulty_reason"}, By: "referent-58", At: noon}
	setAside  = Dismiss{FlagID: "f1", Reason: "incoherent", By: "referent-58", At: noon}
	takeBack  = Withdraw{FlagID: "f1", By: "advisor-58", At: noon}
	severals  = Reclassify{FlagID: "f1", Institution: multiple, OneOpen: OneOpen{"observation-bfc-2020", true, func(p, i string) string { return p + "-" + i }}, By: "referent-58", At: noon}
)

func amended(change func(*Amend)) Amend {
	c := amend
	change(&c)
	return c
}

// after is a flag after a command that is not refused.
func after(t *testing.T, c interface {
	Decide(Flag) ([]events.Detection, error)
}, facts ...events.Detection) story.Case[Flag, events.Detection] {
	t.Helper()
	_, next := given(t, facts...).When(c).Told()
	return next
}

// observedIn is the only observation that a decision tells.
func observedIn(t *testing.T, facts []events.Detection) events.Observed {
	t.Helper()
	for _, f := range facts {
		if e, ok := f.(events.ObservationTold); ok {
			o, _ := e.Details.Value()
			return o
		}
	}
	t.Fatal("nothing was observed:", facts)
	return events.Observed{}
}

func TestA4_TheObservationDoesNotSayWhoFound(t *testing.T) {
	t.Parallel()
	facts, _ := given(t, submitted(nil)).When(yesOf58).Told()
	o := observedIn(t, facts)
	written, err := json.Marshal(o)
	if text := string(written); err != nil || strings.Contains(text, "advisor-58") || strings.Contains(text, `"f1"`) || strings.Contains(text, `"p1"`) {
		t.Error(text, err)
	}
	if o.Day != "2020-02-10" || o.Month != "2020-02" || o.Desk != "nievre" || o.Department != "34" && o.Department != "58" || *o.Age != 61 || o.Sex != "F" {
		t.Errorf("%+v", o)
	}
}

func TestA12_ADifficultyWithoutReasonIsAHintUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	flag := submitted(nil)
	sheet, _ := flag.Details.Value()
	if !slices.Equal(sheet.Hints, []string{"difficulty_reason"}) {
		t.Fatal(sheet.Hints)
	}
	c := after(t, amended(func(a *Amend) {
		a.Answers = &events.Answers{Institution: "cpam", Difficulty: yes(), DifficultyReason: "language"}
	}), flag)
	if len(c.State.Hints) > 0 {
		t.Error(c.State.Hints)
	}
	given(t, flag).When(amended(func(a *Amend) {
		a.Answers = &events.Answers{Institution: multiple, Difficulty: no(), DifficultyReason: "language", Equipment: yes(), FinancialProblem: yes()}
		a.Needs = &events.Needs{Deadline: "demain"}
	})).Faults("answers.institution only_by_reclassification", "answers.financial_problem needs_no_equipment", "answers.difficulty_reason needs_difficulty", "needs.deadline not_a_day")
}

func TestA14_APlaceOfHelpThatIsNotKnownAndHardToReachIsAHint(t *testing.T) {
	t.Parallel()
	places := func(list ...string) Amend {
		return amended(func(a *Amend) { a.Answers = &events.Answers{Institution: "cpam", HelpPlace: list} })
	}
	if c := after(t, places("no", "hard_to_reach"), submitted(nil)); !slices.Equal(c.State.Hints, []string{"help_place"}) {
		t.Error(c.State.Hints)
	}
	if c := after(t, places("yes", "hard_to_reach"), submitted(nil)); len(c.State.Hints) > 0 {
		t.Error(c.State.Hints)
	}
	given(t, submitted(nil)).When(places("yes", "no")).Faults("answers.help_place yes_and_no")
}

func TestA16_ANumberInATextIsRefusedWithItsPosition(t *testing.T) {
	t.Parallel()
	number := "2600734172005"
	for field, c := range map[string]interface {
		Decide(Flag) ([]events.Detection, error)
	}{
		"answers.description": amended(func(a *Amend) { a.Answers = &events.Answers{Description: "Son numéro : " + number} }),
		"note":                amended(func(a *Amend) { a.Note = "Son numéro : " + number }),
		"reason":              Return{FlagID: "f1", Reason: "Son numéro : " + number, By: "referent-58"},
	} {
		_, err := c.Decide(given(t, submitted(nil)).State)
		if err == nil || !strings.Contains(fmt.Sprintf("%+v", err), field) || !strings.Contains(fmt.Sprintf("%#v", err), "character 14") {
			t.Errorf("%s: %#v", field, err)
		}
	}
}

func TestA16_OnlyKeywordsAreKeptOfATextAndNamesAreNone(t *testing.T) {
	t.Parallel()
	person := testine().Person
	person.FamilyName = "Réseau"
	sheet := submitted(func(c *FlagSenior) {
		c.Known = &person
		c.Sheet.Helper = &events.Helper{Name: "Coût Exemple"}
		c.Sheet.Answers.Description = "Mme RESEAU et M. Cout : des difficultés d'accès, langue@exemple.test"
	})
	yes := yesOf58
	yes.Observing.Person = &person
	facts, _ := given(t, sheet).When(yes).Told()
	if o := observedIn(t, facts); !slices.Equal(o.Keywords, []string{"accès", "difficulté"}) || o.WordList != reference.WordListVersion {
		t.Error(o.Keywords, o.WordList)
	}
}

func TestB1_ARefusalOfTheStudyIsCountedAndCostsNothing(t *testing.T) {
	t.Parallel()
	c := flag(func(c *FlagSenior) { c.Sheet.Consents.Study, c.RefusalID, c.Observing = no(), "r1", someWhere })
	facts, _ := given(t).When(c).Told()
	want := events.RefusalCounted{RefusalID: "r1", Fund: "carsat-lr", Programme: "reperage-lr", Desk: "montpellier", FindingDate: "2021-11-15", At: noon}
	if last := facts[len(facts)-1]; last != want {
		t.Errorf("%+v", last)
	}
	if told(t, c).Help != HelpToRefer {
		t.Error("the help was lost")
	}
	refused := yesOf58
	refused.Observing.StudyRefused = true
	given(t, submitted(nil)).When(refused).Then(events.FlagValidated{FlagID: "f1", By: "referent-58", At: noon})
}

func TestB4_AReclassificationKeepsBothInstitutionsAndMovesTheClaim(t *testing.T) {
	t.Parallel()
	before := submitted(func(c *FlagSenior) { c.Mark = "p1-cpam" })
	facts, _ := given(t, before).When(severals).Told()
	e := facts[0].(events.FlagReclassified)
	if said, _ := e.Details.Value(); said != (events.Reclassification{From: "cpam", To: multiple}) || e.By != "referent-58" {
		t.Errorf("%+v %+v", e, said)
	}
	take, release := Claims(Evolve(Flag{}, before), e)
	if fmt.Sprint(take, release) != "[open-flag:observation-bfc-2020:p1-multiple] [open-flag:observation-bfc-2020:p1-cpam]" {
		t.Error(take, release)
	}
	given(t, before, e).When(severals).Then()
	facts, _ = given(t, before, e).When(yesOf58).Told()
	if o := observedIn(t, facts); o.Institution != multiple || o.First != "cpam" {
		t.Errorf("%+v", o)
	}
	given(t, before, events.FlagValidated{FlagID: "f1"}).When(severals).Refused(ErrNotSubmitted)
}

func TestB5_AReturnedFlagIsObservedOnlyWhenItWasAmendedAndValidated(t *testing.T) {
	t.Parallel()
	after(t, askAgain, submitted(nil)).When(yesOf58).Refused(ErrNotSubmitted)
	after(t, askAgain, submitted(nil)).When(setAside).Refused(ErrNotSubmitted)
	_, answered := after(t, askAgain, submitted(nil)).When(amend).Told()
	facts, _ := answered.When(yesOf58).Told()
	observedIn(t, facts)
	_, reminded := after(t, askAgain, submitted(nil)).When(Remind{"f1", Unanswered, noon}).Told()
	reminded.When(setAside).
		Then(events.FlagDismissed{FlagID: "f1", Reason: "incoherent", By: "referent-58", At: noon, Details: events.Clear("p1", events.Note{})})
}

func TestB6_NobodyReviewsWhatTheyWroteOrAmended(t *testing.T) {
	t.Parallel()
	helped := amended(func(a *Amend) { a.By = "referent-58" })
	for _, c := range []interface {
		Decide(Flag) ([]events.Detection, error)
	}{yesOf58, askAgain, setAside, severals} {
		if _, err := c.Decide(after(t, helped, submitted(nil)).State); !errors.Is(err, ErrOwnFlag) {
			t.Errorf("%T: %v", c, err)
		}
	}
}

func TestWhatIsNotReviewedIsAmendedUntilSomebodyIsReferred(t *testing.T) {
	t.Parallel()
	now := counted
	c := amended(func(a *Amend) {
		a.Programme, a.Observing.Told, a.Observing.Campaign = programme("reperage-lr"), true, Campaign{ID: "reperage-lr.2021-11", Subject: "k1"}
		a.Answers = &events.Answers{Institution: "caf"}
	})
	facts, _ := given(t, now).When(c).Told()
	if e, ok := facts[1].(events.ObservationCorrected); !ok {
		t.Error(facts)
	} else if o, _ := e.Details.Value(); o.Institution != "caf" || e.Details.Subject() != "k1" {
		t.Errorf("%+v", o)
	}
	given(t, now, referred("r1")).When(c).Refused(ErrReferred)
	given(t, now).When(Validate{FlagID: "f1", By: "referent-34"}).Refused(ErrNotReviewed)
	given(t, now).When(Return{FlagID: "f1", Reason: "?", By: "referent-34"}).Refused(ErrNotReviewed)
	given(t, now).When(takeBack).Refused(ErrNotReviewed)
	given(t, now).When(Remind{"f1", Unreviewed, noon}).Then()
}

func TestAClosedCampaignIsNotAddedTo(t *testing.T) {
	t.Parallel()
	late := yesOf58
	late.Observing.Campaign = Campaign{ID: "observation-bfc-2020", Ended: true, Closed: true}
	given(t, submitted(nil)).When(late).Then(events.FlagValidated{FlagID: "f1", By: "referent-58", At: noon})
}

func TestAnObservationTakenBackLetsTheNextOneInUnlessSomebodyIsHelped(t *testing.T) {
	t.Parallel()
	helped := submitted(func(c *FlagSenior) { c.Mark = "p1-cpam" })
	unhelped := submitted(func(c *FlagSenior) { c.Mark, c.Sheet.Consents.Referral = "p1-cpam", nil })
	if _, release := Claims(Evolve(Flag{}, helped), events.FlagWithdrawn{}); len(release) > 0 {
		t.Error(release)
	}
	if _, release := Claims(Evolve(Flag{}, unhelped), events.FlagWithdrawn{}); len(release) != 1 {
		t.Error(release)
	}
	withdrawn := after(t, takeBack, unhelped).State
	if _, release := Claims(withdrawn, events.HelpEnded{Help: HelpClosed}); len(release) > 0 {
		t.Error("released twice:", release)
	}
}

// checkReview gives random commands by random people, and compares with a table.
func checkReview(t *rapid.T, evolve func(Flag, events.Detection) Flag) string {
	f := evolve(Flag{}, submitted(nil))
	want, unanswered, wrote := Submitted, false, map[string]bool{"advisor-58": true}
	for range rapid.IntRange(1, 30).Draw(t, "steps") {
		by := rapid.SampledFrom([]string{"advisor-58", "colleague-58", "referent-58", "deputy"}).Draw(t, "by")
		what := rapid.SampledFrom([]string{"validate", "return", "dismiss", "reclassify", "amend", "withdraw", "unanswered", "unreviewed"}).Draw(t, "what")
		review, next, mayDo := true, want, want == Submitted
		var c interface {
			Decide(Flag) ([]events.Detection, error)
		}
		switch what {
		case "validate":
			c, next, mayDo = Validate{FlagID: "f1", By: by}, Validated, want == Submitted || want == Validated
		case "return":
			c, next = Return{FlagID: "f1", Reason: "?", By: by}, Returned
		case "dismiss":
			c, next, mayDo = Dismiss{FlagID: "f1", By: by}, Dismissed, want == Submitted || want == Returned && unanswered
		case "reclassify":
			c = Reclassify{FlagID: "f1", Institution: rapid.SampledFrom([]string{"caf", multiple}).Draw(t, "institution"), By: by}
		case "amend":
			a := amend
			a.By = by
			c, next, review, mayDo = a, Submitted, false, want == Submitted || want == Returned
		case "withdraw":
			c, next, review, mayDo = Withdraw{FlagID: "f1", By: by}, Withdrawn, false, want == Submitted || want == Returned || want == Withdrawn
		default:
			c, review, mayDo = Remind{"f1", what, noon}, false, true
		}
		mayDo = mayDo && !(review && wrote[by])
		facts, err := c.Decide(f)
		if (err == nil) != mayDo || err != nil && len(facts) > 0 {
			return fmt.Sprintf("%s by %s of what is %s: %v", what, by, want, err)
		}
		for _, fact := range facts {
			f = evolve(f, fact)
		}
		if mayDo {
			want = next
			switch {
			case what == "amend":
				wrote[by], unanswered = true, false
			case what == "return":
				unanswered = false
			case what == Unanswered && want == Returned:
				unanswered = true
			}
		}
		if f.Status != want {
			return fmt.Sprintf("%s after %s by %s, not %s", f.Status, what, by, want)
		}
	}
	return ""
}

func TestAnySequenceOfReviewCommandsKeepsTheStates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkReview(t, Evolve); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestAReviewThatForgetsWhoAmendedOrWhatWasReturnedIsFound(t *testing.T) {
	t.Parallel()
	for name, evolve := range map[string]func(Flag, events.Detection) Flag{
		"who amended": func(f Flag, fact events.Detection) Flag {
			next := Evolve(f, fact)
			next.amenders = nil
			return next
		},
		"what was returned": func(f Flag, fact events.Detection) Flag {
			if _, returned := fact.(events.FlagReturned); returned {
				return f
			}
			return Evolve(f, fact)
		},
	} {
		found := false
		for seed := range 300 {
			found = found || rapid.Custom(func(t *rapid.T) string { return checkReview(t, evolve) }).Example(seed) != ""
		}
		if !found {
			t.Error("nothing was found of", name)
		}
	}
}

// counted is a flag whose programme reviews nothing.
var counted = flagged(func(e *events.SeniorFlagged) { e.Unreviewed = true })
