package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a request and of its answer.
var (
	ErrNoGrant     = refusal.New(refusal.Invalid, "no_grant", "This programme gives nothing on this day. Choose another programme.")
	ErrEntitled    = refusal.New(refusal.Conflict, "already_entitled", "Something is asked for this person, or was given, under this programme. Look at it first.")
	ErrNotEligible = refusal.New(refusal.Invalid, "not_eligible", "The sheet does not say: no equipment, for want of money, and a risk of fragility. An evaluator or a referent may derogate, with a reason.")
	ErrQuota       = refusal.New(refusal.Conflict, "quota", "All places of this programme are given. Release one, or wait for a new decision.")
	ErrGiven       = refusal.New(refusal.Conflict, "already_given", "The person has the item. End the entitlement instead.")
)

// RequestEntitlement asks for a person. A manager's own request is approved at once.
type RequestEntitlement struct {
	EntitlementID, PersonID string
	FlagID, Fund            string // under which it is asked, and whose that is
	Eligible                bool   // the sheet says: no equipment, for want of money, and a risk of fragility
	Derogation              string // why, although the sheet speaks against it; empty: none
	Manager                 bool
	By                      string
	Today                   string // in Paris
	At                      time.Time
}

// Decide tells the request, and the yes where it is the manager's. A person has one entitlement under a decision.
func (r RequestEntitlement) Decide(g Grants) ([]events.Grant, error) {
	known := g.entitlements.Value(r.EntitlementID).ID != ""
	switch {
	case known:
		return nil, nil
	case !g.on(r.Today), r.Fund != g.Rules.Fund:
		return nil, ErrNoGrant
	case g.has(r.PersonID):
		return nil, ErrEntitled
	case !r.Eligible && r.Derogation == "":
		return nil, ErrNotEligible
	}
	asked := events.EntitlementRequested{Programme: g.Rules.Programme, EntitlementID: r.EntitlementID, PersonID: r.PersonID, FlagID: r.FlagID, By: r.By, At: r.At}
	if !r.Eligible {
		asked.Derogation = r.Derogation
	}
	if !r.Manager {
		return []events.Grant{asked}, nil
	}
	yes, err := Approve{EntitlementID: r.EntitlementID, By: r.By, Today: r.Today, At: r.At}.Decide(EvolveGrants(g, asked))
	if err != nil {
		return nil, err
	}
	return append([]events.Grant{asked}, yes...), nil
}

// on says whether the grant is open on a day.
func (g Grants) on(day string) bool {
	return g.Rules.Version > 0 && g.Rules.From <= day && day <= g.Rules.To
}

// has says whether a person is asked for, or was given something under the present decision.
func (g Grants) has(person string) bool {
	for e := range g.entitlements.Values() {
		if e.PersonID == person && (e.open() || e.Version == g.Rules.Version && e.Status != Released) {
			return true
		}
	}
	return false
}

// Approve is the manager's yes. The quota counts here.
type Approve struct {
	EntitlementID, By string
	Today             string // in Paris
	At                time.Time
}

// Decide approves once, while there is a place.
func (a Approve) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(a.EntitlementID)
	switch {
	case e.ID == "":
		return nil, ErrNoEntitlement
	case e.runs():
		return nil, nil
	case e.Status != Requested:
		return nil, ErrDecided
	case !g.on(a.Today):
		return nil, ErrNoGrant
	case g.Left().Free <= 0:
		return nil, ErrQuota
	}
	return []events.Grant{events.EntitlementApproved{
		Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Version: g.Rules.Version, Minutes: g.Rules.Minutes, By: a.By, At: a.At,
	}}, nil
}

// Refuse is the manager's no.
type Refuse struct {
	EntitlementID, Reason, By string
	At                        time.Time
}

// Decide refuses once.
func (r Refuse) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(r.EntitlementID)
	switch e.Status {
	case "":
		return nil, ErrNoEntitlement
	case Refused:
		return nil, nil
	case Requested:
		return []events.Grant{events.EntitlementRefused{Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Reason: r.Reason, By: r.By, At: r.At}}, nil
	}
	return nil, ErrDecided
}

// ReleasePlace gives the place back to the quota, where nothing was handed over.
type ReleasePlace struct {
	EntitlementID, Reason, By string
	At                        time.Time
}

// Decide releases once. Minutes that were used are something given: then the entitlement is ended.
func (r ReleasePlace) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(r.EntitlementID)
	switch {
	case e.ID == "":
		return nil, ErrNoEntitlement
	case e.Status == Released:
		return nil, nil
	case !e.runs():
		return nil, ErrNotApproved
	case e.ItemID != "" || e.Used > 0 || e.ConnectionTo != "":
		return nil, ErrGiven
	}
	return []events.Grant{events.EntitlementReleased{Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Reason: r.Reason, By: r.By, At: r.At}}, nil
}

// EndEntitlement says that the minutes that are left will not be used.
type EndEntitlement struct {
	EntitlementID, Reason, By string
	At                        time.Time
}

// Decide ends it once; the quota keeps the place.
func (c EndEntitlement) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(c.EntitlementID)
	switch {
	case e.ID == "":
		return nil, ErrNoEntitlement
	case e.Status == Ended:
		return nil, nil
	case !e.runs():
		return nil, ErrNotApproved
	}
	return []events.Grant{events.EntitlementEnded{Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, Reason: c.Reason, By: c.By, At: c.At}}, nil
}
