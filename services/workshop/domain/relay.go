package domain

import (
	"slices"

	"example.org/passerelle/api/events"
)

// relay is a place where people come together to follow a session at a distance.
type relay struct {
	placeID string
	seats   int
}

// Relay is a place with the seats of its own, taken and held together.
type Relay struct {
	PlaceID            string
	Seats, Taken, Free int
	Waiting            int
}

// Relays are the places from which the session is followed.
func (w Workshop) Relays() []Relay {
	list := make([]Relay, len(w.relays))
	for i, r := range w.relays {
		list[i] = Relay{PlaceID: r.placeID, Seats: r.seats, Taken: w.taken(r.placeID), Free: w.freeIn(r.placeID)}
		for _, id := range w.waiting {
			list[i].Waiting += count(w.find(id).relay == r.placeID)
		}
	}
	return list
}

// room says whether so many people have seats, each in the room from which they follow it.
func (w Workshop) room(unit []*request) bool {
	if !w.Unlimited() && w.Free() < len(unit) {
		return false
	}
	for _, r := range unit {
		if r.relay != "" && w.freeIn(r.relay) < sharing(unit, r.relay) {
			return false
		}
	}
	return true
}

func sharing(unit []*request, relay string) (n int) {
	for _, r := range unit {
		n += count(r.relay == relay)
	}
	return n
}

// freeIn is how many seats a relay has left; one that was never named has none.
func (w Workshop) freeIn(place string) int {
	for _, r := range w.relays {
		if r.placeID == place {
			return max(0, r.seats-w.taken(place))
		}
	}
	return 0
}

func (w Workshop) taken(place string) (n int) {
	for _, r := range w.requests {
		n += count(r.relay == place && r.occupies())
	}
	return n
}

// relayed is the session with a relay more, or another number of its seats.
func (w Workshop) relayed(e events.RelaySet) Workshop {
	w.relays = slices.Clone(w.relays)
	i := slices.IndexFunc(w.relays, func(r relay) bool { return r.placeID == e.PlaceID })
	if i < 0 {
		w.relays = append(w.relays, relay{placeID: e.PlaceID})
		i = len(w.relays) - 1
	}
	w = w.seatsGrow(e.Seats > w.relays[i].seats)
	w.relays[i].seats = e.Seats
	return w
}

// inRooms: somebody of them follows the session from a relay.
func inRooms(unit []*request) bool {
	return slices.ContainsFunc(unit, func(r *request) bool { return r.relay != "" })
}
