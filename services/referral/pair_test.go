package referral

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral/rest"
)

// housemate is somebody of the same desk, who comes along.
func housemate(id string) events.SeniorFlagged {
	f := flagged
	f.FlagID, f.PersonID, f.LoanWanted, f.Deadline = id, "p-"+id, false, ""
	return f
}

func askTogether(flag, other, more string) string {
	return `{"flag_id": "` + flag + `", "session_id": "s1", "together_with": "` + other + `"` + more + `}`
}

// TestP18_TwoWhoComeTogetherAreReferredAtOnce: two referrals that name each other, and the answer waits for the word to both.
func TestP18_TwoWhoComeTogetherAreReferredAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(housemate("f2"))
	opened, done := enginetest.Hear[events.ReferralOpened](w), make(chan struct{})
	go func() {
		defer close(done)
		first, second := <-opened, <-opened
		w.Tell(events.RequestQueued{SessionID: "s1", ReferralID: first.ReferralID, WouldBeRank: 1}) // until the other one is heard
		w.Tell(held("s1")(first.ReferralID), held("s1")(second.ReferralID))
	}()
	got := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, askTogether("f1", "f2", `, "may_be_parted": true`), "Idempotency-Key", "two"), 201)
	<-done
	told := enginetest.Facts[events.ReferralOpened](w)
	if len(told) != 2 || told[0].Together != told[1].ReferralID || told[1].Together != told[0].ReferralID || !told[0].MayPart || !told[1].MayPart ||
		told[1].FlagID != "f2" || told[1].PersonID != "p-f2" || told[1].LoanWanted {
		t.Fatalf("%+v", told)
	}
	if got.ID != told[0].ReferralID || got.Seat != "held" || got.TogetherWith == nil || *got.TogetherWith != told[1].ReferralID {
		t.Errorf("%+v", got)
	}
	again := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, askTogether("f1", "f2", `, "may_be_parted": true`), "Idempotency-Key", "two"), 201)
	if again.ID != got.ID || len(enginetest.Facts[events.ReferralOpened](w)) != 2 {
		t.Errorf("%+v", again)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f2", "s1")), 409, "already_asked")
}

// TestP18_WhereOneOfTwoCannotBeSentNobodyIs.
func TestP18_WhereOneOfTwoCannotBeSentNobodyIs(t *testing.T) {
	t.Parallel()
	w := setup(t)
	elsewhere, unreviewed, same := housemate("f3"), housemate("f4"), housemate("f5")
	elsewhere.Desk, unreviewed.MayRefer, same.PersonID = "beziers", false, flagged.PersonID
	w.Tell(housemate("f2"), elsewhere, unreviewed, same)
	for other, want := range map[string]string{"f3": "unknown_flag", "no-such": "unknown_flag", "f5": "same_person"} {
		w.Refused(w.Ask("advisor-34", "POST", referrals, askTogether("f1", other, "")), 422, want)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, askTogether("f1", "f4", "")), 409, "not_validated")
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "session_id": "s1", "may_be_parted": true}`), 422, "nobody_along")
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "l1", "together_with": "f2"}`), 422, "not_with_place")
	if told := w.Told(Name); told != nil {
		t.Error(told)
	}
}

// TestP18_EachOfTwoTakesAPlaceOfTheirOwnFlag: one has two open referrals, the other none.
func TestP18_EachOfTwoTakesAPlaceOfTheirOwnFlag(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(housemate("f2"))
	for _, session := range []string{"s2", "s3"} {
		enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, ask("f1", session)), 201)
	}
	enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, askTogether("f1", "f2", "")), 201)
	var slots []int
	for _, e := range enginetest.Facts[events.ReferralOpened](w) {
		slots = append(slots, e.Slot)
	}
	if !slices.Equal(slots, []int{1, 2, 3, 1}) {
		t.Error(slots)
	}
	w.Tell(housemate("f6"))
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f6", "session_id": "s4", "together_with": "f1"}`), 409, "too_many_open")
}
