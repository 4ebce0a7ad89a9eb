// Package matching says which sessions and places suit a person, in which order and why, and which do not. It is pure:
// whoever knows the person and what is offered asks it, and the same question has the same answer. docs/matching.md is the order in words.
package matching

import (
	"time"

	"example.org/passerelle/api/events"
)

// Person is what is known of who needs help. What is not known excludes nothing.
type Person struct {
	Where     Where
	Born      string // first day on which the person may be born, YYYY-MM-DD; empty: see Age
	Age       int    // whole years; negative: unknown
	Language  string
	Programme string
	Fund      string
	Channel   string // of the flag
	Answers   events.Answers
	Needs     events.Needs
	WithinKm  int             // as wished; 0: as the travel says
	Asked     map[string]bool // sessions and places under which a request or an address is open
	Lendable  map[string]int  // tablets that could be lent, by the pool of the provider
	Now       time.Time
}

// Where is a place on the map, as well as it is known.
type Where struct {
	Lat, Lon   float64 // degrees
	Precision  string  // Precise, EPCI, Department, or Nowhere
	Insee      string  // of today
	EPCI       string
	Department string
}

// How well a place is known, from well to not at all.
const (
	Precise    = "precise"
	EPCI       = "epci"
	Department = "department"
	Nowhere    = ""
)

// Session is a session with its seats counted.
type Session struct {
	events.SessionPlanned

	Where   Where
	Fund    string    // of its provider
	Renewed time.Time // since when it is as it is: planned, moved, grown
	Free    int       // held seats are not free; meaningless in a webinar
	Waiting int
}

// Place is where help is given without a session. Its lists are words of the schema of places.
type Place struct {
	ID, Name  string
	Fund      string // empty: everybody's
	Where     Where
	Services  []string
	Publics   []string
	Care      []string // prise_en_charge_specifique
	Costs     []string
	Access    []string // modalites_acces
	Support   []string // modalites_accompagnement
	Itinerant bool
	Hours     string // OSM opening_hours
	Closed    bool
}

// Reason is a stable code, the answer that it comes from, and what people read.
type Reason struct{ Code, Answer, Text string }

// Offer is a session or a place that suits, with all that is to be said of it.
type Offer struct {
	Session   *Session
	Place     *Place
	Km        *float64 // as the crow flies; nil: nobody knows
	Precision string   // of the distance: that of the end which is known less well
	Reasons   []Reason // why it was kept, by the answers
	Checks    []Reason // what is to be asked or told before
	Promise   Reason   // what can be promised now; nil answer
}

// Excluded is what does not suit, with every reason.
type Excluded struct {
	Session   *Session
	Place     *Place
	Km        *float64
	Precision string
	Reasons   []Reason
}

// Result is the answer to one question.
type Result struct {
	Offers   []Offer // in order
	More     int     // offers beyond those that are listed
	Excluded []Excluded
	Out      int      // excluded beyond those that are listed, as far as Horizon
	Advice   []Reason // what to do besides, by the answers
}

// Most offers and exclusions that are listed, and how far away somebody looks at what does not suit.
const (
	MostOffers   = 50
	MostExcluded = 20
	Horizon      = 100.0 // km
)

// ID of what is offered.
func (o Offer) ID() string { return idOf(o.Session, o.Place) }

func idOf(s *Session, p *Place) string {
	if s != nil {
		return s.SessionID
	}
	return p.ID
}
