package domain

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/steady"
	"example.org/passerelle/services/reference"
)

// Grants are what one programme gives for good, and to whom. They are never changed in place: EvolveGrants gives the next.
type Grants struct {
	Rules        events.GrantOpened // as of its last decision; zero: it gives nothing
	decisions    []string
	entitlements steady.Map[string, Entitlement]
}

// Entitlement is one person's part in a grant.
type Entitlement struct {
	ID, PersonID, FlagID string
	Status               string
	Version, Minutes     int    // of the grant that counts it, and what is promised; 0: not approved
	ApprovedOn           string // day in Paris
	Used                 int    // minutes
	ItemID               string // given for good
	ProviderID, Account  string // the coach is one of them
	ConnectionFrom       string
	ConnectionTo         string // last day
	reminded             string // of the end of which connection
	appointments         []Appointment
}

// How far an entitlement is.
const (
	Requested = "requested"
	Approved  = "approved"
	Refused   = "refused"
	Equipped  = "equipped"
	Completed = "completed"
	Ended     = "ended"
	Released  = "released"
)

// Refusals of what is asked about an entitlement.
var (
	ErrNoEntitlement = refusal.New(refusal.NotFound, "unknown_entitlement", "There is no such entitlement. Look for it again in the list.")
	ErrNotApproved   = refusal.New(refusal.Conflict, "not_approved", "This entitlement is not approved, or over. Look at it again.")
	ErrDecided       = refusal.New(refusal.Conflict, "already_decided", "This request was answered. Look at it again.")
)

// Entitlement finds one; the zero one is unknown.
func (g Grants) Entitlement(id string) Entitlement { return g.entitlements.Value(id) }

// open says whether something may still be done under it.
func (e Entitlement) open() bool {
	return slices.Contains([]string{Requested, Approved, Equipped}, e.Status)
}

// runs says whether it is approved and goes on.
func (e Entitlement) runs() bool { return e.Status == Approved || e.Status == Equipped }

// Left are the minutes that may still be used.
func (e Entitlement) Left() int {
	if !e.runs() {
		return 0
	}
	return e.Minutes - e.Used
}

// Left is what a grant has still to give, and what it has given, under its present decision.
type Left struct{ Quota, Counted, Free, Equipped, Completed, MinutesDue, MinutesUsed int }

// Left counts them. Who was approved is counted to the end, who was released is not.
func (g Grants) Left() Left {
	l := Left{Quota: g.Rules.Quota}
	for e := range g.entitlements.Values() {
		if e.Version == 0 || e.Version != g.Rules.Version || e.Status == Released {
			continue
		}
		l.Counted++
		l.MinutesDue += e.Minutes
		l.MinutesUsed += e.Used
		if e.ItemID != "" {
			l.Equipped++
		}
		if e.Status == Completed {
			l.Completed++
		}
	}
	l.Free = l.Quota - l.Counted
	return l
}

// changed is the grants with one entitlement as something leaves it.
func (g Grants) changed(id string, change func(*Entitlement)) Grants {
	e := g.entitlements.Value(id)
	change(&e)
	g.entitlements = g.entitlements.With(id, e)
	return g
}

func (g Grants) moved(id, status string) Grants {
	return g.changed(id, func(e *Entitlement) { e.Status = status })
}

// EvolveGrants is the grants after a fact.
func EvolveGrants(g Grants, fact events.Grant) Grants {
	switch e := fact.(type) {
	case events.GrantOpened:
		g.Rules, g.decisions = e, append(slices.Clip(g.decisions), e.Decision)
	case events.EntitlementRequested:
		return g.changed(e.EntitlementID, func(x *Entitlement) {
			x.ID, x.PersonID, x.FlagID, x.Status = e.EntitlementID, e.PersonID, e.FlagID, Requested
		})
	case events.EntitlementApproved:
		return g.changed(e.EntitlementID, func(x *Entitlement) {
			x.Status, x.Version, x.Minutes, x.ApprovedOn = Approved, e.Version, e.Minutes, reference.Day(e.At)
		})
	case events.EntitlementRefused:
		return g.moved(e.EntitlementID, Refused)
	case events.EntitlementReleased:
		return g.moved(e.EntitlementID, Released)
	case events.EntitlementEnded:
		return g.moved(e.EntitlementID, Ended)
	case events.EntitlementCompleted:
		return g.moved(e.EntitlementID, Completed)
	case events.ItemGiven:
		return g.changed(e.EntitlementID, func(x *Entitlement) { x.Status, x.ItemID = Equipped, e.ItemID })
	case events.ItemGranted: // stands in the stream of the pool
	case events.CoachNamed:
		return g.changed(e.EntitlementID, func(x *Entitlement) { x.ProviderID, x.Account = e.ProviderID, e.Account })
	case events.AppointmentMade:
		return g.changed(e.EntitlementID, func(x *Entitlement) { x.planned(e) })
	case events.AppointmentMissed:
		return g.changed(e.EntitlementID, func(x *Entitlement) { x.missed(e) })
	case events.MinutesUsed:
		return g.changed(e.EntitlementID, func(x *Entitlement) {
			x.Used += e.Minutes
			x.kept(e)
		})
	case events.ConnectionBegun:
		return g.changed(e.EntitlementID, func(x *Entitlement) { x.ConnectionFrom, x.ConnectionTo = e.From, e.To })
	case events.ConnectionEnding:
		return g.changed(e.EntitlementID, func(x *Entitlement) { x.reminded = e.To })
	}
	return g
}
