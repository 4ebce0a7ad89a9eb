package portal

import (
	"strconv"

	"example.org/passerelle/api/client"
)

// relayLine is a place where people follow a session together.
type relayLine struct {
	Name  string
	Facts []fact
}

func relayLines(s client.Session) (list []relayLine) {
	for i, r := range s.Relays {
		list = append(list, relayLine{relayName(i, r), present([]fact{
			{"Où", communeName(the(r.Insee))}, {"Places", placesLeft(r.Free, r.Seats)}, {"Liste d’attente", waitingText(r.Waiting)},
		})})
	}
	return list
}

func placesLeft(free, seats int) string {
	if free == 0 {
		return "Complet, " + count(seats, "place", "places")
	}
	return count(free, "place libre", "places libres") + " sur " + number(seats)
}

// relayName is that of the place, or its number where nobody knows it.
func relayName(i int, r client.SessionRelay) string {
	if name := the(r.Name); name != "" {
		return name
	}
	return "Relais " + strconv.Itoa(i+1)
}
