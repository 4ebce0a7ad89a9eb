package referral

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
)

func ended(reason string) events.Fact {
	help := map[string]string{"consent_withdrawn": "none"}[reason]
	if help == "" {
		help = "closed"
	}
	return events.HelpEnded{FlagID: "f1", Help: help, Reason: reason, At: noon}
}

func TestWhenHelpEndsOpenReferralsAreTakenBackTheTakenSeatToo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first, second := refer(w, "f1", "s1", held("s1")), refer(w, "f1", "s2", held("s2"))
	w.Tell(taken(first.ID), events.RequestDeclined{SessionID: "s2", ReferralID: second.ID, Reason: "level"})
	refer(w, "f1", "s3", held("s3"))
	w.Tell(events.DeathTold{PersonID: "p1", At: noon})
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s4")), 409, "person_deceased")
	w.Tell(ended("deceased"))
	if got := withdrawals(w); !slices.Equal(got, []string{"s1 deceased", "s3 deceased"}) {
		t.Error(got)
	}
	w.Tell(events.DeathUndone{PersonID: "p1", At: noon})
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s4")), 409, "help_closed")
}

func TestWhoWasThereStaysOnTheList(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := refer(w, "f1", "s1", held("s1"))
	w.Tell(taken(first.ID))
	w.Clock.Set(noon.AddDate(0, 0, 22)) // the session has begun
	w.Tell(ended("deceased"))
	if got := withdrawals(w); got != nil {
		t.Error(got)
	}
}

func TestAWithdrawnConsentEndsWhatIsOpenUntilItIsGivenAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	refer(w, "f1", "s1", held("s1"))
	w.Tell(ended("consent_withdrawn"))
	if got := withdrawals(w); !slices.Equal(got, []string{"s1 consent_withdrawn"}) {
		t.Error(got)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s1")), 422, "consent_missing")
	w.Tell(events.HelpResumed{FlagID: "f1", Help: "to_refer", At: noon})
	refer(w, "f1", "s1", held("s1"))
}

// TestAReferralOfTheSameMomentEndsToo: it was opened while the end was on its way.
func TestAReferralOfTheSameMomentEndsToo(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(ended("deceased"))
	w.Tell(events.ReferralOpened{ReferralID: "late", FlagID: "f1", PersonID: "p1", SessionID: "s1", Desk: "montpellier", Slot: 1})
	if got := withdrawals(w); !slices.Equal(got, []string{"s1 deceased"}) {
		t.Error(got)
	}
}

func TestAnotherDeskHasTheReferralsWithTheFlag(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := refer(w, "f1", "s1", held("s1"))
	w.Tell(events.FlagHandedOver{FlagID: "f1", Desk: "nimes", Department: "30", At: noon})
	if told := enginetest.Facts[events.ReferralHandedOver](w); len(told) != 1 || told[0].ReferralID != first.ID || told[0].Desk != "nimes" {
		t.Error(told)
	}
	path := referrals + "/" + first.ID + "/withdraw"
	w.Refused(w.Ask("advisor-34", "POST", path, `{"reason": "moved"}`), 404, "unknown_referral")
	if got := w.Ask("advisor-30", "POST", path, `{"reason": "moved"}`); got.Status != 200 {
		t.Error(got.Body)
	}
}

func TestTheEndOfHelpHeardTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	w := setup(t)
	refer(w, "f1", "s1", held("s1"))
	w.Tell(events.FlagHandedOver{FlagID: "f1", Desk: "nimes", Department: "30", At: noon}, ended("moved"))
	before := w.Told(Name)
	w.HearAgain()
	if after := w.Told(Name); !slices.Equal(after, before) {
		t.Error(after)
	}
}
