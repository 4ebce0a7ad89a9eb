package referral

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral/rest"
)

func TestTheAnswerSaysWhatTheSessionSaid(t *testing.T) {
	t.Parallel()
	until, rank, s1 := noon.AddDate(0, 0, 10), 3, "s1"
	w := setup(t)
	for name, c := range map[string]struct {
		says func(referral string) events.Fact
		want rest.ReferralState
	}{
		"held": {held("s1"), rest.ReferralState{Status: "requested", Seat: "held", HeldUntil: &until}},
		"queued": {func(r string) events.Fact {
			return events.RequestQueued{SessionID: "s1", ReferralID: r, WouldBeRank: rank}
		}, rest.ReferralState{Status: "requested", Seat: "none", WouldBeRank: &rank}},
		"taken": {func(r string) events.Fact {
			return events.SeatTaken{SessionID: "s1", ReferralID: r}
		}, rest.ReferralState{Status: "enrolled", Seat: "taken"}},
		"ranked": {func(r string) events.Fact {
			return events.WaitingListJoined{SessionID: "s1", ReferralID: r, Rank: rank}
		}, rest.ReferralState{Status: "waitlisted", Seat: "none", Rank: &rank}},
		"declined": {func(r string) events.Fact {
			return events.RequestDeclined{SessionID: "s1", ReferralID: r, Reason: "session_not_open"}
		}, rest.ReferralState{Status: "declined", Seat: "none"}},
	} {
		t.Run(name, func(t *testing.T) {
			own := flagged
			own.FlagID = name
			w.Tell(own)
			got := refer(w, name, "s1", c.says)
			c.want.ID, c.want.FlagID, c.want.SessionID = got.ID, name, &s1
			if got.ID == "" || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAReferralCarriesWhatTheFlagSays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	got := refer(w, "f1", "s1", held("s1"))
	want := events.ReferralOpened{
		ReferralID: got.ID, FlagID: "f1", PersonID: "p1", SessionID: "s1", ProviderID: "provider-a", Fund: "carsat-lr", Programme: "reperage-lr",
		Desk: "montpellier", Department: "34", LoanWanted: true, Language: "fr", Deadline: "2021-12-31", Slot: 1, By: "advisor-34", At: noon,
	}
	if told := enginetest.Facts[events.ReferralOpened](w); len(told) != 1 || told[0] != want {
		t.Errorf("%+v", told)
	}
}

func TestASilentSessionLeavesTheSeatPendingAndARepetitionReadsItAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.Ask("advisor-34", "POST", referrals, ask("f1", "s1"), "Idempotency-Key", "k1")
	got := enginetest.Read[rest.ReferralState](w, first, 201)
	if got.Seat != "pending" || got.Status != "requested" || first.Header.Get("ETag") != `"referral:1"` || first.Header.Get("Passerelle-Position") != "referral:1" {
		t.Error(first.Body, first.Header)
	}
	w.Tell(held("s1")(got.ID))
	again := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, ask("f1", "s1"), "Idempotency-Key", "k1"), 201)
	if again.ID != got.ID || again.Seat != "held" || len(w.Told(Name)) != 1 {
		t.Errorf("%+v %v", again, w.Told(Name))
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s2"), "Idempotency-Key", "k1"), 422, "key_reused")
}

// TestWhatWasJustToldIsWaitedFor: the flag is in the stream, and nobody waited until it was heard.
func TestWhatWasJustToldIsWaitedFor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	next := flagged
	next.FlagID = "f2"
	w.Append(next, session("s5"))
	if got := w.Ask("advisor-34", "POST", referrals, ask("f2", "s5")); got.Status != 201 {
		t.Error(got.Body)
	}
}

func TestAFlagOfAnotherDeskIsUnknown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Refused(w.Ask("provider-a", "POST", referrals, ask("f1", "s1")), 403, "forbidden")
	w.Refused(w.Ask("advisor-34b", "POST", referrals, ask("f1", "s1")), 404, "unknown_flag")
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f0", "s1")), 404, "unknown_flag")
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s0")), 404, "unknown_session")
	if told := w.Told(Name); told != nil {
		t.Error(told)
	}
}

func TestAPlaceOrAnotherReferralIsCheckedBeforeAnythingIsTold(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "session_id": "s1", "place_id": "l1"}`), 422, "not_with_session")
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1"}`), 422, "required")
	got := w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "session_id": "s1", "follows": "Testine Exemple", "together_with": "r0"}`)
	if w.Refused(got, 422, "invalid"); len(got.Problem.Errors) != 2 {
		t.Error(got.Body)
	}
	if told := w.Told(Name); told != nil {
		t.Error(told)
	}
	first := refer(w, "f1", "s1", held("s1"))
	second := w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "session_id": "s2", "follows": "`+first.ID+`"}`)
	if second.Status != 201 || enginetest.Facts[events.ReferralOpened](w)[1].Follows != first.ID {
		t.Error(second.Body)
	}
}

func TestB2_AReferralNeedsItsOwnConsentAndTheReviewWhereItMust(t *testing.T) {
	t.Parallel()
	w := setup(t)
	unreviewed := flagged
	unreviewed.FlagID, unreviewed.MayRefer = "f2", false
	anonymous := flagged
	anonymous.FlagID, anonymous.PersonID, anonymous.Help = "f3", "", "none"
	draft := session("s5")
	draft.Status = "draft"
	w.Tell(unreviewed, anonymous, draft)
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f2", "s1")), 409, "not_validated")
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f3", "s1")), 422, "consent_missing")
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s5")), 409, "session_not_open")
	w.Tell(events.FlagValidated{FlagID: "f2"})
	if got := w.Ask("advisor-34", "POST", referrals, ask("f2", "s1")); got.Status != 201 {
		t.Error(got.Body)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f2", "s1")), 409, "already_asked")
}

// TestAtMostThreeAreOpenHoweverManyAskAtOnce: one per session, three in all, and an ended one makes room.
func TestAtMostThreeAreOpenHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var all sync.WaitGroup
	answers := make([]enginetest.Answer, 12)
	for i := range answers {
		all.Go(func() {
			answers[i] = w.Ask("advisor-34", "POST", referrals, ask("f1", []string{"s1", "s2", "s3", "s4"}[i%4]))
		})
	}
	all.Wait()
	var slots []int
	sessions := map[string]bool{}
	for _, e := range enginetest.Facts[events.ReferralOpened](w) {
		slots, sessions[e.SessionID] = append(slots, e.Slot), true
	}
	if slices.Sort(slots); !slices.Equal(slots, []int{1, 2, 3}) || len(sessions) != 3 {
		t.Error(slots, sessions)
	}
	for _, a := range answers {
		if a.Status != 201 && !slices.Contains([]string{"already_asked", "too_many_open"}, a.Problem.Code) {
			t.Error(a.Status, a.Body)
		}
	}
	ended := enginetest.Facts[events.ReferralOpened](w)[1]
	gone := w.Ask("advisor-34", "POST", referrals+"/"+ended.ReferralID+"/withdraw", `{"reason": "date"}`)
	again := w.Ask("advisor-34", "POST", referrals, ask("f1", ended.SessionID), "Passerelle-Position", gone.Header.Get("Passerelle-Position"))
	if again.Status != 201 || enginetest.Facts[events.ReferralOpened](w)[3].Slot != ended.Slot {
		t.Error(gone.Body, again.Body)
	}
}

func TestAReferralIsTakenBackByItsDesk(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := refer(w, "f1", "s1", held("s1")).ID
	withdraw := referrals + "/" + id + "/withdraw"
	w.Refused(w.Ask("provider-a", "POST", withdraw, `{"reason": "date"}`), 403, "forbidden")
	w.Refused(w.Ask("advisor-34b", "POST", withdraw, `{"reason": "date"}`), 404, "unknown_referral")
	w.Refused(w.Ask("advisor-34", "POST", strings.Replace(withdraw, id, "r0", 1), `{"reason": "date"}`), 404, "unknown_referral")
	w.Refused(w.Ask("advisor-34", "POST", withdraw, `{"reason": "weather"}`), 422, "invalid")
	first := w.Ask("advisor-34", "POST", withdraw, `{"reason": "date"}`, "If-Match", `"referral:1"`)
	if got := enginetest.Read[rest.ReferralState](w, first, 200); got.Status != "withdrawn" || got.Seat != "none" || first.Header.Get("ETag") != `"referral:2"` {
		t.Error(first.Body, first.Header)
	}
	if again := w.Ask("advisor-34", "POST", withdraw, `{"reason": "date"}`); again.Status != 200 || len(w.Told(Name)) != 2 {
		t.Error(again.Body, w.Told(Name))
	}
}

// TestTheBeginOfASessionIsKnownToTheNextRequest: who brings its position cannot take the referral back any more; the taken seat
// could be given back before.
func TestTheBeginOfASessionIsKnownToTheNextRequest(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := refer(w, "f1", "s1", held("s1")).ID
	w.Append(events.SeatTaken{SessionID: "s1", ReferralID: id}, events.SessionStarted{SessionID: "s1"})
	w.Refused(w.Ask("advisor-34", "POST", referrals+"/"+id+"/withdraw", `{"reason": "date"}`, "Passerelle-Position", "workshop:7"), 409, "session_running")
	other := refer(w, "f1", "s2", held("s2")).ID
	w.Tell(events.SeatTaken{SessionID: "s2", ReferralID: other})
	if got := w.Ask("advisor-34", "POST", referrals+"/"+other+"/withdraw", `{"reason": "date"}`); got.Status != 200 {
		t.Error(got.Body)
	}
}
