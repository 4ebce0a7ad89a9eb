package referral

import (
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral/rest"
)

func address(w *enginetest.World, place string) rest.ReferralState {
	w.Tell(events.PlaceRegistered{PlaceID: place, Fund: "carsat-lr", Sheet: events.PlaceSheet{Name: "Espace Exemple", Insee: "34172", Department: "34"}, At: noon})
	return enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "`+place+`"}`), 201)
}

func calls(w *enginetest.World) (list []string) {
	for _, e := range enginetest.Facts[events.CallAsked](w) {
		list = append(list, e.Kind+" "+e.ReferralID)
	}
	return list
}

// TestD4_AnAddressIsGivenAndTheDeskAsksTwoWeeksLaterWhatCameOfIt is the way of somebody for whom only a place is near.
func TestD4_AnAddressIsGivenAndTheDeskAsksTwoWeeksLaterWhatCameOfIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	given := address(w, "l1")
	if given.Status != "advised" || given.Seat != "none" || *given.PlaceID != "l1" || given.SessionID != nil {
		t.Errorf("%+v", given)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "l1"}`), 409, "already_asked")
	w.Clock.Set(noon.AddDate(0, 0, 13))
	w.Settle()
	asked := enginetest.Hear[events.CallAsked](w)
	w.Clock.Set(noon.AddDate(0, 0, 14))
	if got := enginetest.Next(w, asked); got.Kind != "address" || got.ReferralID != given.ID || !got.At.Equal(noon.AddDate(0, 0, 14)) {
		t.Errorf("%+v", got)
	}
	up := referrals + "/" + given.ID + "/follow-up"
	w.Refused(w.Ask("provider-a", "POST", up, `{"result": "helped"}`), 403, "forbidden")
	w.Refused(w.Ask("advisor-34b", "POST", up, `{"result": "helped"}`), 404, "unknown_referral")
	got := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", up, `{"result": "not_helped"}`), 200)
	if got.Status != "followed_up" {
		t.Errorf("%+v", got)
	}
	w.Refused(w.Ask("advisor-34", "POST", up, `{"result": "helped"}`), 409, "referral_ended")
}

func TestNobodyIsSentToAPlaceThatIsNotKnownOrHasClosed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	there := `{"flag_id": "f1", "place_id": "l1"}`
	w.Refused(w.Ask("advisor-34", "POST", referrals, there), 404, "unknown_place")
	w.Tell(events.PlaceRegistered{PlaceID: "l1", Fund: "carsat-lr", At: noon}, events.PlaceClosed{PlaceID: "l1", Reason: "closed", At: noon})
	w.Refused(w.Ask("advisor-34", "POST", referrals, there), 404, "unknown_place")
}

func TestAMistakenEndIsUndoneByItsDesk(t *testing.T) {
	t.Parallel()
	w := setup(t)
	own := flagged
	own.FlagID, own.PersonID = "f2", w.Mint()
	w.Tell(own)
	id := refer(w, "f2", "s1", held("s1")).ID
	undo := referrals + "/" + id + "/undo"
	w.Refused(w.Ask("advisor-34", "POST", undo, `{"reason": "Exemple"}`), 409, "nothing_to_undo")
	w.Ask("advisor-34", "POST", referrals+"/"+id+"/withdraw", `{"reason": "date"}`)
	w.Settle()
	w.Refused(w.Ask("provider-a", "POST", undo, `{"reason": "Exemple"}`), 403, "forbidden")
	w.Refused(w.Ask("advisor-34b", "POST", undo, `{"reason": "Exemple"}`), 404, "unknown_referral")
	got := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", undo, `{"reason": "Erreur de Testine Exemple"}`), 200)
	if got.Status != "requested" {
		t.Errorf("%+v", got)
	}
	w.Settle()
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f2", "s1")), 409, "already_asked")
	if places := w.InClear("Testine"); places != nil {
		t.Error(places)
	}
}

func TestANewReferralFollowsTheOneThatEndedWithoutASeat(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := refer(w, "f1", "s1", held("s1")).ID
	w.Tell(declined(first))
	w.Settle()
	second := refer(w, "f1", "s2", held("s2")).ID
	w.Tell(events.RequestDeclined{SessionID: "s2", ReferralID: second, Reason: "dates"})
	w.Settle()
	refer(w, "f1", "s3", held("s3"))
	var chain []string
	for _, e := range enginetest.Facts[events.ReferralOpened](w) {
		chain = append(chain, e.Follows)
	}
	if !slices.Equal(chain, []string{"", first, second}) {
		t.Error(chain)
	}
}

// TestASessionSaysEverythingToItsPeople lives a session to its end, and the call three months after it.
func TestASessionSaysEverythingToItsPeople(t *testing.T) {
	t.Parallel()
	w := setup(t)
	stays, drops, never := opened("stays"), opened("drops"), opened("never")
	w.Tell(stays, drops, never, taken("stays"), taken("drops"), taken("never"))
	w.Clock.Set(noon.AddDate(0, 0, 21))
	w.Tell(events.SessionStarted{SessionID: "s1"}, events.NoShow{SessionID: "s1", ReferralID: "never"}, events.ParticipantDropped{SessionID: "s1", ReferralID: "drops", Reason: "health"})
	w.Tell(events.SessionClosed{SessionID: "s1"})
	for referral, want := range map[string][]string{
		"stays": {"enrolled", "in_progress", "completed"}, "drops": {"enrolled", "in_progress", "droppedhealth"}, "never": {"enrolled", "in_progress", "no_show"},
	} {
		if got := answers(w, referral); !slices.Equal(got, want) {
			t.Error(referral, got)
		}
	}
	w.HearAgain()
	asked := enginetest.Hear[events.CallAsked](w)
	w.Clock.Set(noon.AddDate(0, 4, 0))
	if got := enginetest.Next(w, asked); got.Kind != "three_months" || got.ReferralID != "stays" {
		t.Errorf("%+v", got)
	}
	if got := calls(w); len(got) != 1 {
		t.Error(got)
	}
}

func TestF7_AReminderFollowsTheSessionWhereItMoves(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(opened("r1"), taken("r1"))
	asked := enginetest.Hear[events.CallAsked](w)
	w.Clock.Set(noon.AddDate(0, 0, 17)) // Thursday 2 December, two working days before Monday
	if got := enginetest.Next(w, asked); got.Kind != "reminder" || got.ReferralID != "r1" {
		t.Errorf("%+v", got)
	}
	moved := noon.AddDate(0, 0, 35)
	w.Tell(events.SessionRescheduled{SessionID: "s1", Meetings: []events.Meeting{{StartsAt: moved, EndsAt: moved.Add(time.Hour)}}})
	w.Clock.Set(moved.AddDate(0, 0, -2)) // Saturday
	if got := enginetest.Next(w, asked); !got.Until.Equal(moved) {
		t.Errorf("%+v", got)
	}
	if got := calls(w); !slices.Equal(got, []string{"reminder r1", "reminder r1"}) {
		t.Error(got)
	}
}
