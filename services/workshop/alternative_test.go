package workshop

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
)

func sought(referral string, sessions ...string) events.Fact {
	return events.AlternativeSought{
		ReferralID: referral, FlagID: "flag-" + referral, PersonID: "person-" + referral, Desk: "montpellier", SessionIDs: sessions, At: noon,
	}
}

// TestP15_TheNextOneIsTriedWhenTheBestIsFullMeanwhile: each has a seat, or nobody has one twice.
func TestP15_TheNextOneIsTriedWhenTheBestIsFullMeanwhile(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(planned("s2"))
	for _, who := range []string{"a", "b", "c", "d", "e"} {
		w.Tell(sought(who, "s1", "s2"))
	}
	where := map[string]string{}
	for _, e := range enginetest.Facts[events.AlternativeHeld](w) {
		where[e.ReferralID] += e.SessionID
	}
	if len(where) != 4 || where["a"] != "s1" || where["b"] != "s1" || where["c"] != "s2" || where["d"] != "s2" {
		t.Error(where)
	}
	before := len(w.Told(Name))
	w.HearAgain()
	if after := len(w.Told(Name)); after != before {
		t.Error("heard twice, held twice", before, after)
	}
	w.Tell(events.AlternativeForgone{ReferralID: "a", FlagID: "flag-a", SessionID: "s1", Reason: "referred", At: noon})
	if ended := enginetest.Facts[events.AlternativeEnded](w); len(ended) != 1 || ended[0].Reason != "forgone" {
		t.Error(ended)
	}
}

// TestASeatIsOfferedToTheDeskThatHasTheReferral after a hand-over.
func TestASeatIsOfferedToTheDeskThatHasTheReferral(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(opened("s1", 1), opened("s1", 2), opened("s1", 3))
	for _, r := range []string{"r1", "r2", "r3"} {
		enginetest.Read[map[string]any](w, w.Ask("provider-a", "POST", "/api/v1/sessions/s1/requests/"+r+"/accept", "{}"), 200)
	}
	w.Tell(events.ReferralHandedOver{ReferralID: "r3", FlagID: "f1", SessionID: "s1", Desk: "nimes", Department: "30", At: noon}, withdrawn("s1", 1))
	offers := enginetest.Facts[events.SeatOffered](w)
	if len(offers) != 1 || offers[0].Desk != "nimes" {
		t.Fatal(offers)
	}
	path := "/api/v1/seat-offers/" + offers[0].OfferID + "/take"
	w.Refused(w.Ask("advisor-34", "POST", path, "{}"), 404, "unknown_offer")
	enginetest.Read[map[string]any](w, w.Ask("advisor-30", "POST", path, "{}"), 200)
}
