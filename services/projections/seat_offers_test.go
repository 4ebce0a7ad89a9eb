package projections

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// TestAnOfferedSeatIsHeldAndStandsOnTheDesksList: the list, the session and the referral count the same seats as the rule.
func TestAnOfferedSeatIsHeldAndStandsOnTheDesksList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	var all []events.ReferralOpened
	for _, n := range []string{"1", "2", "3"} {
		o := h.opened(h.senior("flag-"+n, "Fictif"+n, "montpellier", "advisor-34"), "referral-"+n, "session-1", "provider-a")
		h.hear(o, h.requested(o))
		all = append(all, o)
	}
	offer := events.SeatOffered{SessionID: "session-1", ReferralID: "referral-2", OfferID: "session-1.referral-2.1", Until: h.now.AddDate(0, 0, 5), At: h.now}
	h.hear(h.held(all[0]), h.taken(all[0]), h.queued(all[1]), h.ranked(all[1]), h.queued(all[2]), h.ranked(all[2]),
		events.SeatFreed{SessionID: "session-1", ReferralID: "referral-1", Reason: "moved", At: h.now}, offer,
		events.SeatOfferNotReached{SessionID: "session-1", ReferralID: "referral-2", OfferID: offer.OfferID, By: "advisor-34", At: h.now})

	list := see[rest.SeatOffers](h, "advisor-34", "/desks/montpellier/seat-offers")
	if len(list.Items) != 1 || list.Items[0].ID != offer.OfferID || list.Items[0].NotReached != 1 || list.Items[0].Person == nil {
		t.Fatalf("%+v", list)
	}
	if s := see[rest.Session](h, "advisor-34", "/sessions/session-1"); s.Held != 1 || s.Taken != 0 || *s.Free != 0 || s.Waiting != 2 || s.CapacityStatus != "waitlist" {
		t.Errorf("%+v", s)
	}
	if r := see[rest.Referral](h, "advisor-34", "/referrals/referral-2"); r.Status != "offered" || r.Rank == nil || *r.Rank != 1 {
		t.Errorf("%s, rank %v", r.Status, r.Rank)
	}
	h.hear(events.SeatOfferLapsed{SessionID: "session-1", ReferralID: "referral-2", OfferID: offer.OfferID, At: h.now}) // for the second time: to the end
	if list := see[rest.SeatOffers](h, "advisor-34", "/desks/montpellier/seat-offers"); len(list.Items) != 0 {
		t.Errorf("%+v", list)
	}
	if r := see[rest.Referral](h, "advisor-34", "/referrals/referral-2"); r.Status != "waitlisted" || *r.Rank != 2 {
		t.Errorf("%s, rank %d", r.Status, *r.Rank)
	}
	first := events.WaitingListJoined{SessionID: "session-1", ReferralID: "referral-1", Rank: 1, By: "provider-a", At: h.now} // a removal undone
	h.hear(first, events.SessionCapacityChanged{SessionID: "session-1", Capacity: 2, Reason: "demand", At: h.now},
		events.OwnSeatsSet{SessionID: "session-1", Seats: 1, At: h.now}, events.SessionConfirmed{SessionID: "session-1", At: h.now})
	if r := see[rest.Referral](h, "advisor-34", "/referrals/referral-1"); r.Status != "waitlisted" || *r.Rank != 1 {
		t.Errorf("%s, rank %d", r.Status, *r.Rank)
	}
	if s := see[rest.Session](h, "advisor-34", "/sessions/session-1"); s.Status != "confirmed" || *s.Capacity != 2 || *s.Free != 1 || s.Waiting != 3 {
		t.Errorf("%+v", s)
	}
}
