package domain

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
)

var (
	validated = events.FlagValidated{FlagID: "f1", By: "referent-34", At: noon}
	validate  = Validate{FlagID: "f1", By: "referent-34", At: noon}
)

func opened(referral string) NoteReferral {
	return NoteReferral{FlagID: "f1", ReferralID: referral, At: noon}
}
func ended(referral string) NoteEnd { return NoteEnd{FlagID: "f1", ReferralID: referral, At: noon} }

func referred(referral string) events.HelpReferred {
	return events.HelpReferred{FlagID: "f1", ReferralID: referral, At: noon}
}

func returned(referral, help string) events.HelpReturned {
	return events.HelpReturned{FlagID: "f1", ReferralID: referral, Help: help, At: noon}
}

func TestAReferentValidates(t *testing.T) {
	t.Parallel()
	given(t, flagged(nil)).When(validate).Then(validated).When(validate).Then()
}

func TestNobodyReviewsAFlagOfTheirOwn(t *testing.T) {
	t.Parallel()
	own := validate
	own.By = "advisor-34"
	given(t, flagged(nil)).When(own).Refused(ErrOwnFlag)
	given(t, flagged(nil), validated).When(own).Refused(ErrOwnFlag)
}

func TestOnlyASubmittedFlagIsValidated(t *testing.T) {
	t.Parallel()
	given(t).When(validate).Refused(ErrNoFlag)
	given(t, flagged(func(e *events.SeniorFlagged) { e.Status = "dismissed" })).When(validate).Refused(ErrNotSubmitted)
}

func TestAReferralIsNotedOnce(t *testing.T) {
	t.Parallel()
	given(t, flagged(nil)).When(opened("r1")).Then(referred("r1")).When(opened("r1")).Then()
	given(t).When(opened("r1")).Refused(ErrNoFlag)
	given(t).When(ended("r1")).Refused(ErrNoFlag)
}

func TestTheLastReferralThatEndsPutsThePersonBackOnTheList(t *testing.T) {
	t.Parallel()
	given(t, flagged(nil), referred("r1"), referred("r2")).
		When(ended("r1")).Then(returned("r1", HelpReferred)).
		When(ended("r1")).Then().
		When(ended("r2")).Then(returned("r2", HelpToRefer))
}

func TestAnEndHeardBeforeItsReferralLeavesThePersonOnTheList(t *testing.T) {
	t.Parallel()
	c := given(t, flagged(nil)).
		When(ended("r1")).Then(returned("r1", HelpToRefer)).
		When(opened("r1")).Then()
	if c.State.Help != HelpToRefer {
		t.Fatal(c.State.Help)
	}
	given(t, flagged(nil), referred("r2")).When(ended("r1")).Then(returned("r1", HelpReferred))
}

// checkHelp does random referrals in any order, each heard any number of times, and compares with a plain count.
func checkHelp(t *rapid.T, evolve func(Flag, events.Detection) Flag) string {
	f := evolve(Flag{}, flagged(nil))
	open, over := map[string]bool{}, map[string]bool{}
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		who := fmt.Sprintf("r%d", rapid.IntRange(1, 4).Draw(t, "referral"))
		var facts []events.Detection
		var err error
		if rapid.Bool().Draw(t, "ends") {
			facts, err = ended(who).Decide(f)
			over[who] = true
			delete(open, who)
		} else {
			facts, err = opened(who).Decide(f)
			open[who] = !over[who]
		}
		if err != nil {
			return err.Error()
		}
		for _, fact := range facts {
			f = evolve(f, fact)
		}
		n := 0
		for _, is := range open {
			n += count(is)
		}
		if (n > 0) != (f.Help == HelpReferred) || (n == 0) != (f.Help == HelpToRefer) && len(over)+len(open) > 0 {
			return fmt.Sprintf("help is %s with %d open", f.Help, n)
		}
	}
	return ""
}

func TestHelpIsReferredExactlyWhileAReferralIsOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkHelp(t, Evolve); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestAFlagThatForgetsItsReferralsIsFound(t *testing.T) {
	t.Parallel()
	forgetful := func(f Flag, fact events.Detection) Flag {
		next := Evolve(f, fact)
		if e, ok := fact.(events.HelpReturned); ok {
			delete(next.referrals, e.ReferralID)
		}
		return next
	}
	found := slices.ContainsFunc(make([]int, 300), func() func(int) bool {
		seed := 0
		return func(int) bool {
			seed++
			return rapid.Custom(func(t *rapid.T) string { return checkHelp(t, forgetful) }).Example(seed) != ""
		}
	}())
	if !found {
		t.Fatal("nothing was found")
	}
}

func TestEvolveLeavesTheFlagBeforeAsItWas(t *testing.T) {
	t.Parallel()
	before := given(t, flagged(nil), referred("r1")).State
	Evolve(before, returned("r1", HelpToRefer))
	Evolve(before, referred("r2"))
	if before.Help != HelpReferred || before.openReferrals() != 1 {
		t.Fatal("changed")
	}
}
