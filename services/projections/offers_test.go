package projections

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// offersOf are those for a flag, as "session promise".
func offersOf(h *house, flag string) (list []string, answer rest.Offers) {
	h.t.Helper()
	answer = see[rest.Offers](h, "advisor-34", "/flags/"+flag+"/offers")
	for _, o := range answer.Items {
		list = append(list, the(o.SessionID)+" "+o.Promise.Code)
	}
	return list, answer
}

func whys(list []rest.OfferReason) (codes []string) {
	for _, r := range list {
		codes = append(codes, r.Code)
	}
	return codes
}

// TestOffersFollowTheSeats: what is free, held, taken and waited for is said of each session, the same moment, and with its reasons.
func TestOffersFollowTheSeats(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, far := h.planned("session-1", "provider-a", 1), h.planned("session-2", "provider-b", 8)
	far.Insee = "34301" // Sète
	older := h.planned("session-3", "provider-a", 8)
	older.Audience.AgeMinimum = 75
	h.hear(one, far, older)
	h.senior("flag-1", "Exemple", "montpellier", "advisor-34")
	other := h.senior("flag-2", "Fictive", "montpellier", "advisor-34")
	list, answer := offersOf(h, "flag-1")
	if !slices.Equal(list, []string{"session-1 seat_held", "session-2 seat_held"}) {
		t.Fatal(list)
	}
	first := answer.Items[0]
	if first.Session.Title != one.Title || *first.DistanceKm != 0 || the(first.DistancePrecision) != "precise" || first.Reasons[0].Answer != "person.address" {
		t.Errorf("%+v", first)
	}
	if !slices.Contains(whys(first.Checks), "other_hours") || !slices.Contains(whys(first.Reasons), "lends_equipment") {
		t.Errorf("%v %v", whys(first.Reasons), whys(first.Checks))
	}
	if e := answer.Excluded; len(e) != 1 || the(e[0].SessionID) != "session-3" || !slices.Equal(whys(e[0].Why), []string{"age"}) {
		t.Errorf("%+v", answer.Excluded)
	}
	o := h.opened(other, "referral-2", "session-1", "provider-a")
	h.hear(o, h.requested(o), h.held(o))
	if list, _ := offersOf(h, "flag-1"); !slices.Equal(list, []string{"session-2 seat_held", "session-1 waiting_list"}) {
		t.Error("a held seat is not free:", list)
	}
	if list, answer := offersOf(h, "flag-2"); !slices.Equal(list, []string{"session-2 seat_held"}) || !slices.Contains(whys(answer.Excluded[0].Why), "already_asked") {
		t.Error("what was asked is not offered again:", list)
	}
	h.hear(events.RequestLapsed{SessionID: "session-1", ReferralID: "referral-2", At: noon})
	if list, _ := offersOf(h, "flag-1"); !slices.Equal(list, []string{"session-1 seat_held", "session-2 seat_held"}) {
		t.Error("the seat is free again:", list)
	}
	h.clock.Set(one.RegistrationClosesAt)
	if list, answer := offersOf(h, "flag-1"); len(list) != 0 || !slices.Contains(whys(answer.Excluded[0].Why), "registration_closed") {
		t.Error("registration has closed:", list)
	}
}

// TestOffersAreForWhoeverMayHelp, and a wish that is open counts instead of the sheet.
func TestOffersAreForWhoeverMayHelp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 3))
	f := h.senior("flag-1", "Exemple", "montpellier", "advisor-34")
	for account, status := range map[string]int{
		"advisor-34": 200, "referent-34": 200, "advisor-34b": 404, "evaluator-34": 404, "provider-a": 403, "analyst-lr": 403, "partner-34": 403, "nobody": 403,
	} {
		if got := h.get(account, "/flags/flag-1/offers", nil).StatusCode; got != status {
			t.Errorf("%s: %d, not %d", account, got, status)
		}
	}
	wish := events.HelpWished{FlagID: f.FlagID, Help: "wished", By: "advisor-34", At: noon, Details: events.Clear(f.PersonID, events.Wish{Skills: []string{"office"}, WithinKm: 5})}
	h.hear(wish)
	if list, answer := offersOf(h, "flag-1"); len(list) != 0 || !slices.Contains(whys(answer.Excluded[0].Why), "skills") {
		t.Error("office was wished for:", list)
	}
	h.hear(events.FlagClosed{FlagID: f.FlagID, Help: "closed", Outcome: "helped", By: "advisor-34", At: noon})
	if list, answer := offersOf(h, "flag-1"); len(list) != 0 || the(answer.Blocked) != "help_closed" {
		t.Error("the help is closed:", list, the(answer.Blocked))
	}
}

// TestPlacesAreOfferedWithTheirAddress, and no more once they have closed; a tablet of the pool will do for a session that lends none.
func TestPlacesAreOfferedWithTheirAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key, err := h.vault.Mint(h.ctx)
	h.must(err)
	place := events.PlaceRegistered{
		PlaceID: "place-1", Fund: "carsat-lr", By: "partnership-lr", At: noon, Words: events.Clear(key, events.PlaceWords{Phone: "+33465710102"}),
		Sheet: events.PlaceSheet{
			Name: "Médiathèque Imaginaire", Insee: "34129", Department: "34", Street: "2 place de l'Exemple", Postcode: "34970", Lat: 43.567, Lon: 3.904, Precision: "place",
			Services: []string{"Aide aux démarches administratives"}, Hours: "Mo-Fr 09:00-12:00",
		},
	}
	bare := h.planned("session-1", "provider-a", 3)
	bare.LendsEquipment = false
	h.hear(place, bare)
	person, details := h.person("Exemple")
	told, f := h.registered(person), h.flagged("flag-1", person, "montpellier", "advisor-34")
	told.Details = details
	wants := true
	f.Details = events.Clear(person, events.Sheet{Answers: events.Answers{Institution: "caf"}, Needs: events.Needs{LoanWanted: &wants}})
	h.hear(told, f)
	answer := see[rest.Offers](h, "advisor-34", "/flags/flag-1/offers")
	if len(answer.Items) != 1 || !slices.Contains(whys(answer.Excluded[0].Why), "no_loan") {
		t.Fatalf("%+v", answer)
	}
	o := answer.Items[0]
	if o.Kind != "place" || the(o.Place.Phone) != "+33465710102" || the(o.Place.Address) != "2 place de l'Exemple, 34970" || *o.DistanceKm != 5.4 || o.Promise.Code != "address" {
		t.Errorf("%+v %+v", o, o.Place)
	}
	h.hear(events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "T1", By: "provider-a", At: noon},
		events.PlaceClosed{PlaceID: "place-1", Reason: "closed", By: "partnership-lr", At: noon})
	if list, _ := offersOf(h, "flag-1"); !slices.Equal(list, []string{"session-1 seat_held"}) {
		t.Error(list)
	}
}
