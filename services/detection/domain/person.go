package domain

import (
	"maps"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrNoPerson says that there is no such person here.
var ErrNoPerson = refusal.New(refusal.NotFound, "unknown_person", "There is no such person. Look for them again by name.")

// Refusals of what is to be done with a person.
var (
	ErrDead   = refusal.New(refusal.Conflict, "person_deceased", "The death of this person was told. Nothing more is done; undo it first if it was a mistake.")
	ErrMerged = refusal.New(refusal.Conflict, "person_merged", "This record is shown with another one of the same person. Go on with that one.")
)

// Person is somebody the fund knows, as far as rules look at it. It is never changed in place: EvolvePerson gives
// the next one. Zero: nobody.
type Person struct {
	ID, Fund string
	Desk     string                       // in charge by the last move; empty: that of the last flag
	Details  events.Sealed[events.Person] // what is known now
	Merged   []Merged                     // records that are shown with this one
	With     string                       // the record this one is shown with; empty: none
	Links    []Linked
	Consents map[string]Consent // by kind
	Objected bool
	Dead     bool
	EraseAt  time.Time // zero: stays
	Why      string    // of the erasure
	Erased   bool
}

// Merged is another record of the same person, and since when it is known to be one.
type Merged struct {
	OtherID string
	At      time.Time
}

// Linked is somebody who belongs to the person.
type Linked struct{ OtherID, Kind string }

// Consent is the last word on something.
type Consent struct {
	Given bool
	At    time.Time
}

// Hidden tells whether nobody sees the person any more.
func (p Person) Hidden() bool { return p.Erased || !p.EraseAt.IsZero() }

// There tells whether commands about the person are heard at all.
func (p Person) There() bool { return p.ID != "" && !p.Hidden() }

// standing refuses commands about somebody who is not there, or is another record by now.
func (p Person) standing() error {
	switch {
	case !p.There():
		return ErrNoPerson
	case p.With != "":
		return ErrMerged
	}
	return nil
}

// living is standing for what is done with the living only.
func (p Person) living() error {
	if err := p.standing(); err != nil || !p.Dead {
		return err
	}
	return ErrDead
}

// EvolvePerson is the person after a fact; those of flags are in other streams.
func EvolvePerson(p Person, fact events.Detection) Person {
	switch e := fact.(type) {
	case events.PersonRegistered:
		return Person{ID: e.PersonID, Fund: e.Fund, Details: e.Details}
	case events.PersonCorrected:
		p.Details = e.Details
	case events.PersonMoved:
		p.Details, p.Desk = e.Details, e.Desk
	case events.PersonMerged:
		return p.merged(e)
	case events.PersonParted:
		return p.parted(e)
	case events.RecordJoined:
		p.With = e.WithID
	case events.RecordLeft:
		p.With = ""
	case events.PersonLinked:
		p.Links = relinked(p.Links, e)
	case events.WishesNoted: // no rule looks at them
	case events.ConsentNoted:
		p.Consents = maps.Clone(p.Consents)
		if p.Consents == nil {
			p.Consents = map[string]Consent{}
		}
		p.Consents[e.Kind] = Consent{e.Given, e.At}
	case events.PersonObjected:
		p.Objected = true
	case events.DeathTold:
		p.Dead = true
	case events.DeathUndone:
		p.Dead = false
	case events.ErasureRequested:
		p.EraseAt, p.Why = e.EraseAt, e.Reason
	case events.ErasureUndone:
		p.EraseAt, p.Why = time.Time{}, ""
	case events.PersonErased:
		return Person{ID: p.ID, Fund: p.Fund, EraseAt: p.EraseAt, Why: e.Reason, Erased: true} // nothing else is kept in memory
	case events.SeniorFlagged, events.FlagValidated, events.HelpReferred, events.HelpReturned, events.HelpEnded, events.HelpResumed, events.FlagHandedOver,
		events.FlagClosed, events.FlagReopened, events.HelpWished, events.HelpActed, events.SignalSent, events.SignalAnswered, events.FlagTransferred, events.FlagTakenUp, // of a flag
		events.FlagReturned, events.FlagAmended, events.FlagReclassified, events.FlagDismissed, events.FlagWithdrawn, events.ReviewReminded,
		events.CampaignOpened, events.ObservationTold, events.ObservationCorrected, events.ObservationsPublished, events.CampaignEnded, events.CampaignClosed,
		events.ValidationBegun, events.FlagsValidated, events.RefusalCounted, events.EnquiryCounted, events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved:
	}
	return p
}

func (p Person) merged(e events.PersonMerged) Person {
	p.Merged = append(slices.Clone(p.Merged), Merged{e.OtherID, e.At})
	return p
}

func (p Person) parted(e events.PersonParted) Person {
	p.Merged = slices.DeleteFunc(slices.Clone(p.Merged), func(m Merged) bool { return m.OtherID == e.OtherID })
	return p
}

func relinked(links []Linked, e events.PersonLinked) []Linked {
	one := Linked{e.OtherID, e.Kind}
	links = slices.DeleteFunc(slices.Clone(links), func(l Linked) bool { return l == one })
	if !e.Ended {
		links = append(links, one)
	}
	return links
}
