package portal

import (
	"net/http"
	"time"

	"example.org/passerelle/api/client"
)

var proposalRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements/{id}/propositions", page: proposalsPage},
}

// proposals are what suits somebody, in order, and what does not.
type proposals struct {
	Flag     string // identifier
	Name     string
	Person   []fact
	Blocked  string
	Advice   []string
	List     []proposal
	Total    string
	Excluded []leftOut
	Others   string // excluded beyond those that are shown
	Map      pointMap
	Form     form
}

// proposal is one thing that can be chosen.
type proposal struct {
	Number           int
	Input, ID        string // atelier or lieu, and which
	Button           string
	Title            string
	Promise          string
	Facts            []fact
	Reasons, Checks  []string
	Latitude, Longit float64
	Located          bool
	Relays           []choice // from where a session may be followed
}

// leftOut is one thing that does not suit, and why.
type leftOut struct{ Title, Where, Why string }

func proposalsPage(v *visit) error {
	if !v.user.refers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	p, err := v.proposals()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Propositions", proposalsView(p))
}

func (v *visit) proposals() (proposals, error) {
	w, err := v.words()
	if err != nil {
		return proposals{}, err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return proposals{}, err
	}
	flag := *answer.JSON200
	p := proposals{Flag: flag.ID, Name: nameOf(flag), Person: w.inNeed(flag), Blocked: blocked(flag), Form: form{}}
	if p.Blocked != "" {
		return p, nil
	}
	offers, err := v.api.ListOffersWithResponse(v.ctx, flag.ID)
	if err != nil {
		return p, err
	}
	p.fill(w, *offers.JSON200, v.Now())
	p.Map = mapOfPoints(inseeOf(flag), flag.Department, p.List)
	return p, nil
}

func (p *proposals) fill(w words, o client.Offers, now time.Time) {
	for _, a := range o.Advice {
		p.Advice = append(p.Advice, a.Text)
	}
	for i, one := range o.Items {
		p.List = append(p.List, w.proposal(i+1, one, now))
	}
	for _, one := range o.Excluded {
		p.Excluded = append(p.Excluded, w.leftOut(one))
	}
	p.Total = "Aucune proposition"
	if len(o.Items) > 0 {
		p.Total = count(len(o.Items)+o.More, "proposition", "propositions")
	}
	if o.More > 0 {
		p.Total += ". Les " + number(len(o.Items)) + " premières sont montrées"
	}
	if o.ExcludedMore > 0 {
		p.Others = "Et " + count(o.ExcludedMore, "autre", "autres") + ", plus loin."
	}
}

// proposal is a session or a place with its reasons.
func (w words) proposal(n int, o client.Offer, now time.Time) proposal {
	p := proposal{Number: n, Promise: o.Promise.Text, Reasons: texts(o.Reasons), Checks: texts(o.Checks)}
	if o.Session != nil {
		p.ofSession(w.sessionCard(*o.Session))
		p.Reasons, p.Relays = append(p.Reasons, w.besideSession(*o.Session, now)...), relayChoices(*o.Session)
		p.locate(communePoint(the(o.Session.Insee)))
	} else {
		p.ofPlace(*o.Place)
		p.locate(communePoint(the(o.Place.Insee)))
		if o.Place.Latitude != nil && o.Place.Longitude != nil {
			p.locate(*o.Place.Latitude, *o.Place.Longitude, true)
		}
	}
	return p
}

func (p *proposal) ofSession(c sessionCard) {
	p.Input, p.ID, p.Button, p.Title = "atelier", c.ID, "Demander une place", c.Title
	p.Facts = []fact{{"Quand", c.When}, {"Où", c.Where + ", avec " + c.Provider}, {"Forme", c.Mode}, {"Places", c.Seats}, {"Prix", c.Cost}, {"Inscription jusqu’au", c.Closes}}
}

func (p *proposal) ofPlace(place client.OfferedPlace) {
	p.Input, p.ID, p.Button, p.Title = "lieu", place.ID, "Donner cette adresse", place.Name
	add := func(name, text string) {
		if text != "" {
			p.Facts = append(p.Facts, fact{name, text})
		}
	}
	add("Où", joined(the(place.Address), communeName(the(place.Insee))))
	add("Services", listed(place.Services))
	add("Horaires", the(place.Hours))
	add("Téléphone", phoneText(the(place.Phone)))
}

func (p *proposal) locate(lat, lon float64, known bool) {
	if known {
		p.Latitude, p.Longit, p.Located = lat, lon, true
	}
}

func (w words) leftOut(e client.ExcludedOffer) leftOut {
	one := leftOut{Title: e.Title, Where: communeName(the(e.Insee)), Why: listed(texts(e.Why))}
	if e.StartsAt != nil {
		one.Title += ", " + moment(*e.StartsAt)
	}
	if e.DistanceKm != nil {
		one.Where = joined(one.Where, distance(*e.DistanceKm))
	}
	return one
}

func texts(list []client.OfferReason) (said []string) {
	for _, r := range list {
		said = append(said, r.Text)
	}
	return said
}
