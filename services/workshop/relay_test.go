package workshop

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/workshop/rest"
)

const (
	room    = "01930000-0000-7000-8000-0000000000aa"
	webinar = `{"provider_id": "provider-a", "title": "Conférence", "mode": "webinar", "booking": "immediate", "meetings": [{"starts_at": "2021-12-06T09:30:00+01:00", "ends_at": "2021-12-06T11:30:00+01:00"}]}`
)

// followed is somebody who follows a session from a relay, or from home.
func followed(session, referral, relay string) events.Fact {
	return events.ReferralOpened{ReferralID: referral, FlagID: "f-" + referral, PersonID: "p1", SessionID: session, Desk: "montpellier", RelayID: relay}
}

// TestH2_SixFollowFromARoomTheSeventhWaitsAndWhoIsAtHomeDoesNot through the edges: seats per relay, offers, attendance by count.
func TestH2_SixFollowFromARoomTheSeventhWaitsAndWhoIsAtHomeDoesNot(t *testing.T) {
	t.Parallel()
	w := begin(t)
	id := enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", sessions, webinar), 201).ID
	relays := sessions + "/" + id + "/relays"
	w.Refused(w.Ask("provider-b", "POST", relays, `{"place_id": "`+room+`", "seats": 6}`), 404, "unknown_session")
	w.Refused(w.Ask("advisor-34", "POST", relays, `{"place_id": "`+room+`", "seats": 6}`), 403, "forbidden")
	if got := w.Ask("provider-a", "POST", relays, `{"place_id": "`+room+`", "seats": -1}`); got.Status != 422 {
		t.Error(got.Body)
	}
	enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", relays, `{"place_id": "`+room+`", "seats": 6}`), 200)
	here := sessions + "/" + enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", sessions, planFor("provider-a")), 201).ID
	w.Refused(w.Ask("provider-a", "POST", here+"/relays", `{"place_id": "`+room+`", "seats": 6}`), 422, "not_at_a_distance")

	for _, who := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		w.Tell(followed(id, who, room))
	}
	w.Tell(followed(id, "at-home", ""))
	if waiting := enginetest.Facts[events.WaitingListJoined](w); len(waiting) != 1 || waiting[0].ReferralID != "g" {
		t.Error(waiting)
	}
	if seated := enginetest.Facts[events.SeatTaken](w); len(seated) != 7 {
		t.Error(seated)
	}
	w.Tell(events.ReferralWithdrawn{ReferralID: "at-home", FlagID: "f-at-home", SessionID: id})
	if offers := enginetest.Facts[events.SeatOffered](w); len(offers) != 0 {
		t.Error("a seat at home is none in the room:", offers)
	}
	w.Tell(events.ReferralWithdrawn{ReferralID: "c", FlagID: "f-c", SessionID: id})
	offer := enginetest.Facts[events.SeatOffered](w)[0]
	if got := enginetest.Read[rest.RequestAnswer](w, w.Ask("advisor-34", "POST", "/api/v1/seat-offers/"+offer.OfferID+"/take", `{}`), 200); got.ReferralID != "g" || got.Status != "enrolled" {
		t.Errorf("%+v", got)
	}
	countedFromAfar(t, w, id)
}

// countedFromAfar: a provider counts heads in the rooms, and screens at home; nobody is named.
func countedFromAfar(t *testing.T, w *enginetest.World, id string) {
	t.Helper()
	attendance := sessions + "/" + id + "/attendance"
	count := func(room string, present, atHome string) string {
		return `{"meeting": 1, "participants": [], "counted": {"relays": [{"place_id": "` + room + `", "present": ` + present + `}], "at_home": ` + atHome + `}}`
	}
	w.Refused(w.Ask("provider-a", "POST", attendance, count(room, "5", "40")), 409, "not_begun")
	w.Clock.Set(noon.AddDate(0, 0, 21))
	wrong := w.Ask("provider-a", "POST", attendance, `{"meeting": 1, "participants": [], "counted": {"at_home": 0, "relays": [{"place_id": "`+room+`", "present": 5}, {"place_id": "`+room+`", "present": 4}, {"place_id": "elsewhere", "present": 1}]}}`)
	w.Refused(wrong, 422, "invalid")
	var fields []string
	for _, f := range wrong.Problem.Errors {
		fields = append(fields, f.Field+" "+f.Code)
	}
	if !slices.Equal(fields, []string{"counted.relays[1].place_id unknown_relay", "counted.relays[2].place_id unknown_relay"}) {
		t.Error(fields)
	}
	if counted := enginetest.Facts[events.AttendanceCounted](w); len(counted) != 0 {
		t.Error("what was refused is kept:", counted)
	}
	enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", attendance, count(room, "5", "40")), 200)
	enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", attendance, `{"meeting": 1, "participants": [{"referral_id": "g", "status": "present"}]}`), 200)
	counted := enginetest.Facts[events.AttendanceCounted](w)
	if len(counted) != 1 || counted[0].AtHome != 40 || !slices.Equal(counted[0].Relays, []events.RelayCount{{PlaceID: room, Present: 5}}) {
		t.Errorf("%+v", counted)
	}
}

// TestNobodyFollowsASessionInARoomFromHome: a count at home belongs to a session at a distance.
func TestNobodyFollowsASessionInARoomFromHome(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Clock.Set(noon.AddDate(0, 0, 21).Add(time.Hour))
	got := w.Ask("provider-a", "POST", sessions+"/s1/attendance", `{"meeting": 1, "participants": [], "counted": {"at_home": 3, "relays": []}}`)
	if w.Refused(got, 422, "not_counted"); len(got.Problem.Errors) != 1 || got.Problem.Errors[0].Field != "counted" {
		t.Error(got.Body)
	}
}

// TestP21_WhoNeverCameIsNotedByTheProviderOrByTheList: with an undo by a corrected list, and never after somebody was there.
func TestP21_WhoNeverCameIsNotedByTheProviderOrByTheList(t *testing.T) {
	t.Parallel()
	w := begin(t)
	id := enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", sessions, strings.Replace(planFor("provider-a"), `"capacity": 1`, `"capacity": 2`, 1)), 201).ID
	session := sessions + "/" + id
	w.Tell(opened(id, 1), opened(id, 2))
	part := session + "/participants/"
	for _, r := range []string{"r1", "r2"} {
		enginetest.Read[rest.RequestAnswer](w, w.Ask("provider-a", "POST", session+"/requests/"+r+"/accept", `{}`), 200)
	}
	w.Refused(w.Ask("provider-a", "POST", part+"r1/no-show", `{}`), 409, "not_begun")
	begun := enginetest.Hear[events.SessionStarted](w)
	w.Clock.Set(noon.AddDate(0, 0, 21).Add(time.Minute))
	enginetest.Next(w, begun)
	w.Refused(w.Ask("provider-b", "POST", part+"r1/no-show", `{}`), 404, "unknown_session")
	w.Refused(w.Ask("advisor-34", "POST", part+"r1/no-show", `{}`), 403, "forbidden")
	w.Refused(w.Ask("provider-a", "POST", part+"nobody/no-show", `{}`), 404, "not_asked")
	for range 2 { // the button pressed twice
		if got := enginetest.Read[rest.RequestAnswer](w, w.Ask("provider-a", "POST", part+"r1/no-show", `{}`), 200); got.Status != "no_show" {
			t.Errorf("%+v", got)
		}
	}
	list := func(first, second string) {
		enginetest.Read[rest.Session](w, w.Ask("provider-a", "POST", session+"/attendance",
			`{"meeting": 1, "participants": [{"referral_id": "r1", "status": "`+first+`"}, {"referral_id": "r2", "status": "`+second+`"}]}`), 200)
	}
	list("present", "absent")
	w.Refused(w.Ask("provider-a", "POST", part+"r1/no-show", `{}`), 409, "was_present")
	never, back := enginetest.Facts[events.NoShow](w), enginetest.Facts[events.ParticipantRestored](w)
	if len(never) != 2 || never[0].By != "provider-a" || never[1].ReferralID != "r2" || never[1].By != "" || len(back) != 1 || back[0].ReferralID != "r1" {
		t.Errorf("%+v %+v", never, back)
	}
}
