package portal

import (
	"cmp"
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

// relayOf is the name of the place from which somebody follows a session.
func relayOf(r client.FollowedFrom) string { return cmp.Or(the(r.Name), "Un relais") }

// relayInput is the name of the list of a session's relays.
func relayInput(session string) string { return "relais-" + session }

// relayChoices are the places from which somebody may follow a session, beside their home; none where there are no relays.
func relayChoices(s client.Session) (list []choice) {
	for i, r := range s.Relays {
		if r.Seats > 0 {
			list = append(list, choice{Value: r.PlaceID, Label: joined(relayName(i, r), communeName(the(r.Insee))) + "\u00a0: " + lower(placesLeft(r.Free, r.Seats))})
		}
	}
	if len(list) > 0 {
		list = append([]choice{{Label: "De chez elle"}}, list...)
	}
	return list
}

var relayWords = map[string]string{"unknown_relay": "D’où suivre l’atelier\u00a0: ce relais n’accueille plus cet atelier, choisissez-en un autre"}

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
