package domain

import (
	"cmp"
	"slices"
	"time"

	"example.org/passerelle/api/events"
)

// Leave says that a person needs nothing any more: they died, or are forgotten.
type Leave struct {
	PersonID, Reason, By string
	At                   time.Time
}

// Decide gives back to the quota what was not given yet, and ends the rest: the hours that are left stay unused.
func (l Leave) Decide(g Grants) (facts []events.Grant, err error) {
	for _, e := range g.of(l.PersonID) {
		var told []events.Grant
		switch {
		case e.Status == Requested:
			told, err = Refuse{EntitlementID: e.ID, Reason: l.Reason, By: l.By, At: l.At}.Decide(g)
		case e.runs() && e.ItemID == "" && e.Used == 0 && e.ConnectionTo == "":
			told, err = ReleasePlace{EntitlementID: e.ID, Reason: l.Reason, By: l.By, At: l.At}.Decide(g)
		case e.runs():
			told, err = EndEntitlement{EntitlementID: e.ID, Reason: l.Reason, By: l.By, At: l.At}.Decide(g)
		}
		if err != nil {
			return nil, err
		}
		facts = append(facts, told...)
	}
	return facts, nil
}

// of are the entitlements of a person.
func (g Grants) of(person string) (list []Entitlement) {
	for e := range g.entitlements.Values() {
		if e.PersonID == person {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b Entitlement) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
