package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

const (
	lastSeatsPath  = "/dernieres-places"
	lastSeatsTitle = "Dernières places"
)

var lastSeatsRoutes = []Route{{Method: http.MethodGet, Path: lastSeatsPath, page: lastSeatsPage}}

// lastSeats are the seats that are soon lost, and whom of a desk they suit.
type lastSeats struct {
	form

	desks []choice
	desk  string
	lines []lastSeatsLine
}

// lastSeatsLine is one session whose registration closes within three days.
type lastSeatsLine struct {
	ID, Title string
	Facts     []fact
	People    []toRing
}

// toRing is somebody whom the seat would suit.
type toRing struct{ Name, Phone, Reference, Why, Far, Path string }

func lastSeatsPage(v *visit) error {
	if !v.user.refers() || len(v.user.Desks) == 0 {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	page := lastSeats{form: form{values: v.r.URL.Query()}, desk: v.user.Desks[0]}
	if chosen := page.value("equipe"); slices.Contains(v.user.Desks, chosen) {
		page.desk = chosen
	}
	page.values.Set("equipe", page.desk)
	if len(v.user.Desks) > 1 {
		page.desks = w.deskChoices(v.user.Desks)
	}
	answer, err := v.api.ListLastSeatsWithResponse(v.ctx, &client.ListLastSeatsParams{Desk: page.desk})
	if err != nil {
		return err
	}
	for _, l := range answer.JSON200.Items {
		page.lines = append(page.lines, lastSeatsOf(l))
	}
	return v.show(http.StatusOK, lastSeatsTitle, lastSeatsView(page, w))
}

func lastSeatsOf(l client.LastSeatsLine) lastSeatsLine {
	line := lastSeatsLine{ID: l.SessionID, Title: l.Title, Facts: []fact{
		{"Inscription jusqu’au", moment(l.ClosesAt)}, {"Première séance", moment(l.StartsAt)}, {"Où", communeName(the(l.Insee))},
		{"Places", count(l.Free, "place libre", "places libres")}}}
	if l.Waiting > 0 {
		line.Facts = append(line.Facts, fact{"Liste d’attente", count(l.Waiting, "personne, appelée avant", "personnes, appelées avant")})
	}
	for _, p := range l.People {
		one := toRing{Name: whoOf(p.PersonID, p.Person), Phone: phoneText(the(p.Phone)), Reference: p.Reference, Path: "/signalements/" + p.FlagID, Far: farOf(p.DistanceKm),
			Why: sentence(dayWhys, ringWhys[p.Why]) + ", depuis le " + dayOf(p.Since)}
		line.People = append(line.People, one)
	}
	line.Facts = present(line.Facts)
	return line
}

// farOf is a distance, where it is known.
func farOf(km *float64) string {
	if km == nil {
		return ""
	}
	return distance(*km) + ", à vol d’oiseau"
}

// ringWhys are the words of the day's list for why somebody waits.
var ringWhys = map[string]string{"wished": "wished", "unserved": "unserved", "to_refer": "new"}
