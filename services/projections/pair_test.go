package projections

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// TestP18_WhoComesAlongIsNamedAndTwoWhoMayBePartedAreAskedAlone: the referral leads to the other one; a seat offer speaks for both
// only where both need a seat.
func TestP18_WhoComesAlongIsNamedAndTwoWhoMayBePartedAreAskedAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	for i, parted := range []bool{false, true} {
		id := []string{"referral-1", "referral-2"}[i]
		o := h.opened(h.senior("flag-"+id, "Fictif", "montpellier", "advisor-34"), id, "session-1", "provider-a")
		o.Together, o.MayPart = "other-"+id, parted
		h.hear(o, h.queued(o), h.ranked(o), events.SeatOffered{
			SessionID: "session-1", ReferralID: id, OfferID: "offer-" + id, FlagID: o.FlagID, PersonID: o.PersonID, Desk: "montpellier", Until: h.now.AddDate(0, 0, 3), At: h.now,
		})
		if got := see[rest.Referral](h, "advisor-34", "/referrals/"+id); got.TogetherWith == nil || *got.TogetherWith != "other-"+id {
			t.Errorf("%s comes along with %v", id, got.TogetherWith)
		}
	}
	for _, o := range see[rest.SeatOffers](h, "advisor-34", "/desks/montpellier/seat-offers").Items {
		if speaksForBoth := o.TogetherWith != nil; speaksForBoth != (o.ReferralID == "referral-1") {
			t.Errorf("%+v", o)
		}
	}
}

// TestARelayIsNamedWithItsSeats: one at a place that nobody knows keeps its number; in the order of their names.
func TestARelayIsNamedWithItsSeats(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.planned("session-1", "provider-a", 8)
	s.Mode = "video"
	relay := func(place string, seats int) events.RelaySet {
		return events.RelaySet{SessionID: "session-1", PlaceID: place, Seats: seats, By: "provider-a", At: h.now}
	}
	place := placed(t, "place-1")
	o := h.opened(h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), "referral-1", "session-1", "provider-a")
	asked := h.requested(o)
	asked.RelayID = "place-1"
	const film = "https://video.example.org/premiers-pas"
	h.hear(place, s, relay("unheard-of", 2), relay("place-1", 6), o, asked, h.held(o), events.RecordingLinked{SessionID: "session-1", URL: film, By: "provider-a", At: h.now})
	got := see[rest.Session](h, "advisor-34", "/sessions/session-1")
	if len(got.Relays) != 2 || got.Relays[0].Name == nil || *got.Relays[0].Name != place.Sheet.Name || *got.Relays[0].Insee != place.Sheet.Insee ||
		got.Relays[0].Taken != 1 || got.Relays[0].Free != 5 || got.Relays[1].Name != nil || got.Relays[1].PlaceID != "unheard-of" || got.Relays[1].Free != 2 {
		t.Errorf("%+v", got.Relays)
	}
	if got.Recording == nil || *got.Recording != film {
		t.Error(got.Recording)
	}
	if listed := see[rest.SessionPage](h, "advisor-34", "/sessions").Items; len(listed) != 1 || !reflect.DeepEqual(listed[0].Relays, got.Relays) {
		t.Errorf("in the list: %+v", listed)
	}
	h.senior("flag-2", "Imaginaire", "montpellier", "advisor-34")
	if offers := see[rest.Offers](h, "advisor-34", "/flags/flag-2/offers").Items; !slices.ContainsFunc(offers, func(o rest.Offer) bool { return o.Session != nil && reflect.DeepEqual(o.Session.Relays, got.Relays) }) {
		t.Errorf("among the offers: %+v", offers)
	}
	if r := see[rest.Referral](h, "advisor-34", "/referrals/referral-1").Relay; r == nil || r.PlaceID != "place-1" || the(r.Name) != place.Sheet.Name || the(r.Insee) != place.Sheet.Insee {
		t.Errorf("%+v", r)
	}
	if l := see[rest.Letter](h, "advisor-34", "/referrals/referral-1/letter"); !strings.HasPrefix(the(l.Place), place.Sheet.Name) {
		t.Error("the letter sends the person elsewhere:", the(l.Place))
	}
	h.hear(events.RecordingLinked{SessionID: "session-1", By: "provider-a", At: h.now})
	if got := see[rest.Session](h, "advisor-34", "/sessions/session-1"); got.Recording != nil {
		t.Error(*got.Recording)
	}
}
