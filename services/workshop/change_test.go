package workshop

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/workshop/rest"
)

// TestAProviderChangesItsSessionAndADeskAnswersAnOffer goes through the edges; the rules have their own stories.
func TestAProviderChangesItsSessionAndADeskAnswersAnOffer(t *testing.T) {
	t.Parallel()
	w := begin(t)
	id := enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", sessions, planFor("provider-a")), 201).ID
	session := sessions + "/" + id
	changed := func(path, body string) rest.Session {
		t.Helper()
		return enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", session+path, body), 200)
	}
	w.Refused(w.Ask("advisor-34", "POST", session+"/capacity", `{"capacity": 1, "reason": "place"}`), 403, "forbidden")
	w.Refused(w.Ask("provider-b", "POST", session+"/capacity", `{"capacity": 1, "reason": "place"}`), 404, "unknown_session")
	if got := changed("/capacity", `{"capacity": 3, "reason": "demand"}`); *got.Capacity != 3 || *got.Free != 3 {
		t.Errorf("%+v", got)
	}
	if got := changed("/capacity", `{"capacity": 1, "reason": "place"}`); *got.Capacity != 1 || *got.Free != 1 {
		t.Errorf("%+v", got)
	}
	if got := changed("/confirm", `{}`); got.Status != "confirmed" {
		t.Error(got.Status)
	}
	w.Refused(w.Ask("provider-a", "POST", session+"/close", `{}`), 409, "not_begun")

	w.Tell(opened(id, 1), opened(id, 2))
	for _, referral := range []string{"r1", "r2"} {
		enginetest.Read[rest.RequestAnswer](w, w.Ask("provider-a", "POST", session+"/requests/"+referral+"/accept", `{}`), 200)
	}
	w.Tell(withdrawn(id, 1))
	offer := enginetest.Facts[events.SeatOffered](w)[0]
	w.Refused(w.Ask("advisor-58", "POST", "/api/v1/seat-offers/"+offer.OfferID+"/take", `{}`), 404, "unknown_offer")
	answer := enginetest.Read[rest.RequestAnswer](w, w.Ask("advisor-34", "POST", "/api/v1/seat-offers/"+offer.OfferID+"/take", `{}`), 200)
	if answer.Status != "enrolled" || answer.ReferralID != "r2" {
		t.Errorf("%+v", answer)
	}
	if got := changed("/cancel", `{"reason": "too_few"}`); got.Status != "cancelled" || got.Taken != 0 {
		t.Errorf("%+v", got)
	}
	if list := told(w, id); !slices.Contains(list, "request-cancelled.v1") {
		t.Error(list)
	}
	w.Refused(w.Ask("provider-a", "POST", session+"/capacity", `{"capacity": 3, "reason": "demand"}`), 409, "session_over")
}

// TestASessionRunsItsCourseInTheService: registration closes, the session begins and ends, each told once.
func TestASessionRunsItsCourseInTheService(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(opened("s1", 1))
	closed := enginetest.Hear[events.SessionClosed](w)
	w.Clock.Set(noon.AddDate(0, 0, 22))
	enginetest.Next(w, closed)
	w.HearAgain()
	list := told(w, "s1")
	for _, one := range []string{"request-lapsed.v1", "registration-closed.v1", "session-started.v1", "session-closed.v1"} {
		if n := len(slices.DeleteFunc(slices.Clone(list), func(is string) bool { return is != one })); n != 1 {
			t.Errorf("%s is told %d times: %v", one, n, list)
		}
	}
}
