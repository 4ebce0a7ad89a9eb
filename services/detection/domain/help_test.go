package domain

import (
	"fmt"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
)

// The life of the help of Testine Exemplaire's flag.
var (
	sentOn = events.HelpReferred{FlagID: "f1", ReferralID: "r1", At: noon}
	back   = events.HelpReturned{FlagID: "f1", ReferralID: "r1", Help: "to_refer", At: noon}
	closed = events.FlagClosed{FlagID: "f1", Help: "closed", Outcome: "helped", By: "advisor-34", At: noon, Details: noted("Elle sait faire")}
	reopen = Reopen{FlagID: "f1", Reason: "Elle a rappelé", Is: agreeing, By: "advisor-34", At: noon}

	agreeing = Person{ID: "p1", Fund: "carsat-lr", Consents: map[string]Consent{ConsentReferral: {Given: true}}}
)

func noted(text string) events.Sealed[events.Note] {
	return events.Clear("p1", events.Note{Text: text})
}

func closing(outcome string) Close {
	return Close{FlagID: "f1", Outcome: outcome, Note: "Elle sait faire", By: "advisor-34", At: noon}
}

func TestAFlagIsClosedWithWhatCameOfIt(t *testing.T) {
	t.Parallel()
	given(t).When(closing("helped")).Refused(ErrNoFlag)
	c := given(t, flagged(nil)).When(closing("helped")).Then(closed)
	c.When(closing("helped")).Then()
	c.When(closing("moved")).Refused(ErrHelpClosed)
	given(t, flagged(nil), sentOn).When(closing("helped")).Refused(ErrReferralOpen)
	given(t, flagged(nil), sentOn, back).When(closing("helped")).Then(closed)
	withNumber := closing("helped")
	withNumber.Note = "Son numéro : 2 60 07 34 172 005 10"
	given(t, flagged(nil)).When(withNumber).Faults("note nir_in_text")
}

func TestAClosingIsTakenBackWithinSevenDays(t *testing.T) {
	t.Parallel()
	again := events.FlagReopened{FlagID: "f1", Help: "to_refer", OneOpen: "open-flag:reperage-lr:p1", By: "advisor-34", At: noon, Details: noted("Elle a rappelé")}
	c := given(t, flagged(nil), closed).When(reopen).Then(again)
	c.When(reopen).Refused(ErrNotClosed)
	if c.State.Help != HelpToRefer || c.State.Outcome != "" {
		t.Errorf("%+v", c.State)
	}
	for name, one := range map[string]struct {
		change func(*Reopen)
		want   error
	}{
		"a week and a minute": {func(r *Reopen) { r.At = noon.AddDate(0, 0, 7).Add(1) }, ErrClosingSettled},
		"dead":                {func(r *Reopen) { r.Is.Dead = true }, ErrDead},
		"objected":            {func(r *Reopen) { r.Is.Objected = true }, ErrObjected},
	} {
		r := reopen
		one.change(&r)
		t.Log(name)
		given(t, flagged(nil), closed).When(r).Refused(one.want)
	}
	silent := reopen
	silent.Is.Consents = nil
	again.Help = "none"
	given(t, flagged(nil), closed).When(silent).Then(again)
}

func TestAnOpenFlagOfThePersonIsLetGoAndTakenAgain(t *testing.T) {
	t.Parallel()
	open := given(t, flagged(nil)).State
	take, release := Claims(open, closed)
	if fmt.Sprint(take, release) != "[] [open-flag:reperage-lr:p1]" {
		t.Error(take, release)
	}
	take, release = Claims(Evolve(open, closed), events.FlagReopened{FlagID: "f1", OneOpen: "open-flag:reperage-lr:p1"})
	if fmt.Sprint(take, release) != "[open-flag:reperage-lr:p1] []" {
		t.Error(take, release)
	}
}

func TestAWishEndsWithAReferralOrAClosing(t *testing.T) {
	t.Parallel()
	wish := WishHelp{FlagID: "f1", Wish: events.Wish{Skills: []string{"internet"}, WithinKm: 15}, By: "advisor-34", At: noon}
	wished := events.HelpWished{FlagID: "f1", Help: "wished", By: "advisor-34", At: noon, Details: events.Clear("p1", wish.Wish)}
	c := given(t, flagged(nil)).When(wish).Then(wished)
	c.When(NoteReferral{FlagID: "f1", ReferralID: "r1", At: noon}).Then(sentOn).When(wish).Refused(ErrReferralOpen)
	c.When(closing("helped")).Then(closed).When(wish).Refused(ErrHelpClosed)
	given(t, flagged(func(e *events.SeniorFlagged) { e.Help = "none" })).When(wish).Refused(ErrConsentMissing)
}

func TestHelpOnTheSpotLeavesTheFlagWhereItIs(t *testing.T) {
	t.Parallel()
	act := HelpOnTheSpot{FlagID: "f1", ActID: "a1", Kind: "step_by_step", Mode: "counter", Topic: "Mot de passe", Minutes: 20, By: "advisor-34", At: noon}
	acted := events.HelpActed{FlagID: "f1", ActID: "a1", Kind: "step_by_step", Mode: "counter", Minutes: 20, By: "advisor-34", At: noon, Details: noted("Mot de passe")}
	if c := given(t, flagged(nil)).When(act).Then(acted); c.State.Help != HelpToRefer {
		t.Error(c.State.Help)
	}
	given(t, flagged(nil), closed).When(act).Refused(ErrHelpClosed)
}

// inNievre is a flag of the social service.
func inNievre() events.SeniorFlagged {
	return flagged(func(e *events.SeniorFlagged) {
		e.Fund, e.Programme, e.Desk, e.Department, e.By = "carsat-bfc", "accompagnement-bfc", "nievre", "58", "advisor-58"
	})
}

func signal(change func(*SendSignal)) SendSignal {
	c := SendSignal{
		FlagID: "f1", SignalID: "s1", ToDesk: "nevers", Topic: "retirement_rights", Message: "Relevé de carrière", Deadline: "2021-11-30",
		Directory: sample.Directory(), By: "advisor-58", At: noon,
	}
	if change != nil {
		change(&c)
	}
	return c
}

func TestASignalIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	sent := events.SignalSent{FlagID: "f1", SignalID: "s1", FromDesk: "nievre", Desk: "nevers", Deadline: "2021-11-30", By: "advisor-58", At: noon,
		Details: events.Clear("p1", events.Signal{Topic: "retirement_rights", Message: "Relevé de carrière"})}
	c := given(t, inNievre()).When(signal(nil)).Then(sent)
	if s, ok := c.State.Signal("s1"); !ok || s.Status != SignalSent || s.AnswerBy() != "2021-11-22" {
		t.Errorf("%+v", s)
	}
	answer := func(status, text string) AnswerSignal {
		return AnswerSignal{FlagID: "f1", SignalID: "s1", Answer: status, Text: text, By: "agency", At: noon}
	}
	told := func(status, text string) events.SignalAnswered {
		return events.SignalAnswered{FlagID: "f1", SignalID: "s1", Answer: status, By: "agency", At: noon, Details: noted(text)}
	}
	c.When(answer("done", " ")).Faults("result required")
	c.When(answer("refused", "")).Faults("reason required")
	c = c.When(answer("received", "")).Then(told("received", ""))
	c = c.When(answer("done", "Rendez-vous donné")).Then(told("done", "Rendez-vous donné"))
	c.When(answer("done", "Rendez-vous donné")).Then()
	c.When(answer("refused", "Trop tard")).Refused(ErrSignalAnswered)
	given(t, inNievre()).When(answer("done", "x")).Refused(ErrNoSignal)
}

func TestASignalGoesToTheSocialServiceOrComesFromThere(t *testing.T) {
	t.Parallel()
	between := signal(func(c *SendSignal) { c.ToDesk = "beziers" })
	given(t, flagged(nil)).When(between).Faults("to_desk not_social_service")
	given(t, inNievre()).When(signal(func(c *SendSignal) { c.ToDesk = "beziers" })).Faults("to_desk unknown_desk")
	given(t, inNievre()).When(signal(func(c *SendSignal) {
		c.ToDesk, c.Deadline, c.Topic, c.Message = "nievre", "2021-11-14", "other", ""
	})).Faults("to_desk unknown_desk", "deadline in_past", "message required")
	without := inNievre()
	without.Help = "none"
	given(t, without).When(signal(nil)).Refused(ErrConsentMissing)
	given(t, inNievre(), closed).When(signal(nil)).Refused(ErrHelpClosed)
}

func TestWhatTheSocialServiceKnowsGoesToAnotherUnitOnly(t *testing.T) {
	t.Parallel()
	to := func(desk string) Transfer {
		return Transfer{FlagID: "f1", Desk: desk, Reason: "Habite plus près", Directory: sample.Directory(), By: "advisor-34", At: noon}
	}
	moved := func(desk string) events.FlagTransferred {
		return events.FlagTransferred{FlagID: "f1", Desk: desk, By: "advisor-34", At: noon, Details: noted("Habite plus près")}
	}
	given(t, flagged(nil)).When(to("beziers")).Then(moved("beziers")).When(to("beziers")).Then()
	given(t, flagged(nil)).When(to("nievre")).Faults("desk unknown_desk")
	given(t, inNievre()).When(to("nevers")).Faults("desk secret")
	given(t, inNievre()).When(to("cote-dor")).Then(moved("cote-dor"))
	given(t, flagged(nil), closed).When(to("beziers")).Refused(ErrHelpClosed)
}

func TestWhoTakesAFlagUpHasItUntilAnotherDeskDoes(t *testing.T) {
	t.Parallel()
	take := func(by string, back bool) TakeUp { return TakeUp{FlagID: "f1", GiveBack: back, By: by, At: noon} }
	taken := func(who, by string) events.FlagTakenUp {
		return events.FlagTakenUp{FlagID: "f1", AssignedTo: who, By: by, At: noon}
	}
	c := given(t, flagged(nil)).When(take("advisor-34", false)).Then(taken("advisor-34", "advisor-34"))
	c.When(take("advisor-34", false)).Then()
	c.When(take("colleague", true)).Then(taken("", "colleague")).When(take("colleague", true)).Then()
	if s := given(t, flagged(nil), taken("advisor-34", "advisor-34"), events.FlagTransferred{FlagID: "f1", Desk: "beziers", At: noon}).State; s.AssignedTo != "" {
		t.Error(s.AssignedTo)
	}
	given(t, flagged(nil), closed).When(take("advisor-34", false)).Refused(ErrHelpClosed)
}

func TestRefusalsAndEnquiriesAreCountedForADeskOfTheAuthor(t *testing.T) {
	t.Parallel()
	refusal := CountRefusal{RefusalID: "n1", Programme: programme("observation-bfc-2020"), Author: nievre, Directory: sample.Directory(), FindingDate: "2020-02-03", At: at("2020-02-10 12:00")}
	facts, err := refusal.Decide(false)
	if err != nil || facts[0] != (events.RefusalCounted{RefusalID: "n1", Fund: "carsat-bfc", Programme: "observation-bfc-2020", Desk: "nievre", FindingDate: "2020-02-03", At: at("2020-02-10 12:00")}) {
		t.Error(facts, err)
	}
	enquiry := CountEnquiry{EnquiryID: "n2", Author: evaluator, Directory: sample.Directory(), Insee: "34172", Topic: "place", At: noon}
	facts, err = enquiry.Decide(false)
	if err != nil || facts[0] != (events.EnquiryCounted{EnquiryID: "n2", Fund: "carsat-lr", Desk: "montpellier", Insee: "34172", Topic: "place", At: noon}) {
		t.Error(facts, err)
	}
	enquiry.Desk = "beziers"
	if _, err := enquiry.Decide(false); err == nil {
		t.Error("it is counted for a desk where the author does not work")
	}
}

func TestANumberIsInNoDraft(t *testing.T) {
	t.Parallel()
	for field, sheet := range map[string]map[string]any{
		"sheet.answers.description": {"answers": map[string]any{"description": "Son numéro : 2 60 07 34 172 005 10"}},
		"sheet.context[0]":          {"context": []any{"260073417200510"}},
		"sheet.phone":               {"phone": float64(260073417200510)},
		"sheet":                     {"260073417200510": true},
	} {
		if faults := DraftFaults(sheet); len(faults) != 1 || faults[0].Field != field {
			t.Errorf("%s: %v", field, faults)
		}
	}
	if faults := DraftFaults(map[string]any{"person": map[string]any{"phone": "+33465710000", "birth_date": "1958-03-02"}, "n": 12.0, "nothing": nil}); faults != nil {
		t.Error(faults)
	}
}
