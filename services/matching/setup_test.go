package matching_test

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/matching"
)

// noon is a Monday in winter.
var noon = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

var (
	montpellier = matching.Where{Lat: 43.61, Lon: 3.877, Precision: matching.Precise, Insee: "34172", EPCI: "243400017", Department: "34"}
	lattes      = matching.Where{Lat: 43.567, Lon: 3.904, Precision: matching.Precise, Insee: "34129", EPCI: "243400017", Department: "34"}
	beziers     = matching.Where{Lat: 43.344, Lon: 3.215, Precision: matching.Precise, Insee: "34032", EPCI: "243400769", Department: "34"}
)

func yes() *bool { return new(true) }
func no() *bool  { return new(false) }

// somebody lives in Montpellier, is 63, and has answered nothing.
func somebody(with ...func(*matching.Person)) matching.Person {
	p := matching.Person{Where: montpellier, Born: "1958-03-02", Age: -1, Programme: "reperage-lr", Fund: "carsat-lr", Now: noon}
	for _, w := range with {
		w(&p)
	}
	return p
}

func session(id string, with ...func(*matching.Session)) matching.Session {
	first := noon.AddDate(0, 0, 21).Add(-2 * time.Hour)
	s := matching.Session{SessionPlanned: events.SessionPlanned{
		SessionID: id, ProviderID: "provider-a", Title: "Premiers pas " + id, Mode: "in_person", Skills: []string{"internet", "email"}, Capacity: 8,
		Meetings: []events.Meeting{{StartsAt: first, EndsAt: first.Add(2 * time.Hour)}}, Languages: []string{"fr"}, Accessible: true, LendsEquipment: true,
		Transport: "none", Level: "beginner", RegistrationClosesAt: first.AddDate(0, 0, -4), Booking: "on_request", Status: "open",
	}, Where: montpellier, Fund: "carsat-lr", Free: 3}
	for _, w := range with {
		w(&s)
	}
	return s
}

func place(id string, with ...func(*matching.Place)) matching.Place {
	p := matching.Place{ID: id, Name: "Lieu Exemple " + id, Where: lattes}
	for _, w := range with {
		w(&p)
	}
	return p
}

// among answers for somebody among these sessions and places.
func among(t *testing.T, p matching.Person, offered ...any) matching.Result {
	t.Helper()
	x := matching.NewIndex()
	for _, one := range offered {
		switch one := one.(type) {
		case matching.Session:
			x.PutSession(one)
		case matching.Place:
			x.PutPlace(one)
		}
	}
	return matching.Match(x, p)
}

// order are the identifiers of the offers.
func order(r matching.Result) (ids []string) {
	for _, o := range r.Offers {
		ids = append(ids, o.ID())
	}
	return ids
}

// because tells whether an offer was kept with this code, by this answer.
func because(r matching.Result, id, code, answer string) bool {
	for _, o := range r.Offers {
		for _, reason := range o.Reasons {
			if o.ID() == id && reason.Code == code && reason.Answer == answer {
				return true
			}
		}
	}
	return false
}

// out gives the codes for which something was excluded.
func out(r matching.Result, id string) (codes []string) {
	for _, e := range r.Excluded {
		if e.Session != nil && e.Session.SessionID == id || e.Place != nil && e.Place.ID == id {
			for _, reason := range e.Reasons {
				codes = append(codes, reason.Code)
			}
		}
	}
	return codes
}
