package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

var (
	address = events.AddressGiven{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", PlaceID: "l1", Fund: "carsat-lr", Programme: "reperage-lr",
		Desk: "montpellier", Department: "34", Slot: 1, By: "advisor-34", At: noon,
	}
	give     = GiveAddress{ReferralID: "r1", Flag: opening(nil).Flag, PlaceID: "l1", Slot: 1, By: "advisor-34", At: noon}
	fortnite = time.Date(2021, 11, 29, 8, 0, 0, 0, time.UTC) // 9:00 in Paris
	asked    = events.CallAsked{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", Desk: "montpellier", Kind: AddressCall, Until: time.Date(2021, 12, 2, 17, 0, 0, 0, time.UTC), At: fortnite,
	}
)

func followed(result string) events.AddressFollowedUp {
	return events.AddressFollowedUp{ReferralID: "r1", FlagID: "f1", Result: result, By: "advisor-34", At: noon}
}

func following(result string) FollowUp {
	return FollowUp{ReferralID: "r1", Result: result, By: "advisor-34", At: noon}
}

func TestAnAddressIsGivenWhereAReferralIsAllowed(t *testing.T) {
	t.Parallel()
	given(t).When(give).Then(address)
	given(t, address).When(give).Refused(ErrExists)
	there := give
	there.Flag.Open = []string{"l1"}
	given(t).When(there).Refused(ErrAlreadyAsked)
	unasked := give
	unasked.Flag.Help = "none"
	given(t).When(unasked).Refused(ErrConsentMissing)
}

// TestACallComesTwoWeeksAfterAnAddress: once, and not when it is known already what came of it.
func TestACallComesTwoWeeksAfterAnAddress(t *testing.T) {
	t.Parallel()
	call := AskCall{ReferralID: "r1", Kind: AddressCall, At: fortnite}
	if set, _ := Due(address); set == nil || *set != (Deadline{AddressCall, fortnite}) {
		t.Error(set)
	}
	given(t, address).When(call).Then(asked).When(call).Then()
	given(t, address, followed("helped")).When(call).Then()
}

func TestWhatCameOfAnAddressIsKept(t *testing.T) {
	t.Parallel()
	for _, result := range []string{"helped", "not_helped", "did_not_go", "closed_place", Unreachable} {
		given(t, address, asked).When(following(result)).Then(followed(result)).When(following(result)).Refused(ErrEnded)
	}
	if got := Evolve(Evolve(Referral{}, address), followed(Unreachable)).Status; got != Unreachable {
		t.Error(got)
	}
	given(t, address).When(following("weather")).Faults("result not_in_list")
	given(t, opened).When(following("helped")).Refused(ErrNotAddress)
	given(t).When(following("helped")).Refused(ErrNoReferral)
}

func undoing(flag func(*Flag), days int) Undo {
	o := opening(nil)
	u := Undo{ReferralID: "r1", Flag: o.Flag, Session: o.Session, Slot: 2, Reason: "Exemple", By: "advisor-34", At: noon.AddDate(0, 0, days)}
	if flag != nil {
		flag(&u.Flag)
	}
	return u
}

func TestAMistakenEndIsUndoneWithinSevenDays(t *testing.T) {
	t.Parallel()
	undone := events.ReferralUndone{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", SessionID: "s1", Desk: "montpellier", LoanWanted: true, Status: Requested, Slot: 2, By: "advisor-34",
		At: noon.AddDate(0, 0, 7), Details: events.Clear("p1", events.Note{Text: "Exemple"}),
	}
	given(t, opened, withdrawn).When(undoing(nil, 7)).Then(undone).When(undoing(nil, 7)).Refused(ErrNothingToUndo)
	undone.SessionID, undone.PlaceID, undone.LoanWanted, undone.Status = "", "l1", false, Advised
	given(t, address, followed("did_not_go")).When(undoing(nil, 7)).Then(undone)
}

func TestAnEndThatStands(t *testing.T) {
	t.Parallel()
	unsaid := undoing(nil, 1)
	unsaid.Reason = " "
	given(t, opened, withdrawn).When(unsaid).Faults("reason required")
	given(t).When(undoing(nil, 1)).Refused(ErrNoReferral)
	given(t, opened, withdrawn).When(undoing(nil, 8)).Refused(ErrUndoTooLate)
	given(t, opened, answered(Declined)).When(undoing(nil, 1)).Refused(ErrNothingToUndo)
	given(t, opened).When(undoing(nil, 1)).Refused(ErrNothingToUndo)
	given(t, opened, withdrawn).When(undoing(func(f *Flag) { f.Open = []string{"s1"} }, 1)).Refused(ErrAlreadyAsked)
	given(t, opened, withdrawn).When(undoing(func(f *Flag) { f.Dead = true }, 1)).Refused(ErrDead)
	started := undoing(nil, 5)
	started.Session.RegistrationClosesAt = noon
	given(t, opened, withdrawn).When(started).Refused(ErrSessionNotOpen)
}
