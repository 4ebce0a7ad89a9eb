package domain

import (
	"fmt"
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

// dueLetter is the letter of that number about the referral, due on Wednesday evening.
func dueLetter(n int, kind string) events.LetterDue {
	return events.LetterDue{
		LetterID: fmt.Sprint("r1.", n), ReferralID: "r1", FlagID: "f1", PersonID: "p1", Desk: "montpellier", Kind: kind,
		Until: time.Date(2021, 11, 17, 17, 0, 0, 0, time.UTC), At: noon,
	}
}

// TestP31_WhatIsTrueNoMoreDoesNotLeave: a letter leaves once, the one before a move and the one of a seat that was given back never.
func TestP31_WhatIsTrueNoMoreDoesNotLeave(t *testing.T) {
	t.Parallel()
	send := func(letter string) SendLetter { return SendLetter{"r1", letter, "advisor-34", noon} }
	sent := events.LetterSent{LetterID: "r1.2", ReferralID: "r1", FlagID: "f1", PersonID: "p1", Desk: "montpellier", By: "advisor-34", At: noon}
	moved := given(t, opened, answered(Enrolled), dated, dueLetter(1, SeatLetter), dueLetter(2, MovedLetter))
	moved.When(send("r1.1")).Refused(ErrLetterReplaced)
	moved.When(send("r1.3")).Refused(ErrNoLetter)
	moved.When(send("l1")).Refused(ErrNoLetter)
	moved.When(send("r1.2")).Then(sent).When(send("r1.2")).Then()
	given(t, opened, answered(Enrolled), dated, dueLetter(1, SeatLetter), withdrawn).When(send("r1.1")).Refused(ErrEnded)
}

func TestNobodyIsWrittenToAboutWhatHasBegun(t *testing.T) {
	t.Parallel()
	afterwards := Date{ReferralID: "r1", StartsAt: noon.AddDate(0, 0, -7), EndsAt: noon, At: noon}
	told, _ := given(t, opened, answered(Enrolled)).When(afterwards).Told()
	if len(told) != 1 {
		t.Error(told)
	}
	tomorrow := Date{ReferralID: "r1", StartsAt: noon.AddDate(0, 0, 1), EndsAt: noon.AddDate(0, 0, 1), At: noon}
	told, _ = given(t, opened, answered(Enrolled)).When(tomorrow).Told()
	if due, ok := told[1].(events.LetterDue); !ok || !due.Until.Equal(tomorrow.StartsAt) {
		t.Error("the letter is in time:", told)
	}
}
