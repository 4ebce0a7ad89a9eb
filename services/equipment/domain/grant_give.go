package domain

import (
	"cmp"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// Refusals of what is given.
var (
	ErrOtherItem      = refusal.New(refusal.Conflict, "other_item_given", "The person was given another item under this entitlement.")
	ErrNoSuchTag      = refusal.Faults{{Field: "asset_tag", Code: "unknown_item", Detail: "There is no item with this tag in a pool you look after."}}
	ErrKept           = refusal.New(refusal.Conflict, "item_kept", "This item is kept for somebody's session. Choose another one.")
	ErrNoConnection   = refusal.New(refusal.Invalid, "no_connection", "This programme has no connection line.")
	ErrConnected      = refusal.New(refusal.Conflict, "already_connected", "The person has a line under this entitlement.")
	errTooManyMonths  = refusal.Faults{{Field: "months", Code: "too_many", Detail: "The programme gives fewer months."}}
	errBeforeApproval = refusal.Faults{{Field: "starts_on", Code: "before_approval", Detail: "A line begins on the day of the approval, or later."}}
)

// GiveItem gives an item for good: it leaves the stock of its pool in the same moment.
type GiveItem struct {
	EntitlementID, AssetTag string
	Act                     // in the pool
	Stock                   Pool
}

// Decide gives it once.
func (c GiveItem) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(c.EntitlementID)
	it, ok := c.Stock.tagged(c.AssetTag)
	switch {
	case e.ID == "":
		return nil, ErrNoEntitlement
	case !ok:
		return nil, ErrNoSuchTag
	case e.ItemID == it.id:
		return nil, nil
	case e.ItemID != "":
		return nil, ErrOtherItem
	case !e.runs():
		return nil, ErrNotApproved
	}
	if err := c.Stock.mayLeave(it); err != nil {
		return nil, err
	}
	facts := []events.Grant{
		events.ItemGiven{Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, ItemID: it.id, By: c.By, At: c.At},
		events.ItemGranted{Pool: c.Pool, ItemID: it.id, EntitlementID: e.ID, By: c.By, At: c.At},
	}
	return g.completed(facts, e.ID, c.At), nil
}

// mayLeave says whether an item may leave the stock for good: nobody has it, or counts on it, and it is as new.
func (p Pool) mayLeave(it item) error {
	if _, err := p.here(it.id); err != nil {
		return err
	}
	switch {
	case it.state == ToReset:
		return ErrToReset
	case it.state == InRepair, it.missing:
		return ErrNotLendable
	case len(it.booked) > 0:
		return ErrKept
	}
	return nil
}

// completed adds that nothing is left to give: the item is there, and the last promised minute was used.
func (g Grants) completed(facts []events.Grant, id string, at time.Time) []events.Grant {
	for _, f := range facts {
		g = EvolveGrants(g, f)
	}
	e := g.entitlements.Value(id)
	if e.Status != Equipped || e.Minutes == 0 || e.Left() > 0 {
		return facts
	}
	return append(facts, events.EntitlementCompleted{Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, At: at})
}

// Connect begins the line of a person, for as many months as the programme gives.
type Connect struct {
	EntitlementID string
	StartsOn      string // day in Paris
	Months        int    // 0: as many as the programme gives
	Line          string // mobile, fixed
	By            string
	At            time.Time
}

// Decide begins it once. The last day is the one before the same day of the month in which it is over.
func (c Connect) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(c.EntitlementID)
	from, err := time.Parse(time.DateOnly, c.StartsOn)
	if err != nil {
		return nil, refusal.Faults{{Field: "starts_on", Code: "not_a_day", Detail: "Write the day as 2016-03-01."}}
	}
	to := from.AddDate(0, cmp.Or(c.Months, g.Rules.ConnectionMonths), -1).Format(time.DateOnly)
	switch {
	case e.ID == "":
		return nil, ErrNoEntitlement
	case g.Rules.ConnectionMonths == 0:
		return nil, ErrNoConnection
	case c.Months > g.Rules.ConnectionMonths:
		return nil, errTooManyMonths
	case e.ConnectionTo == to:
		return nil, nil
	case e.ConnectionTo != "":
		return nil, ErrConnected
	case !e.runs() && e.Status != Completed:
		return nil, ErrNotApproved
	case c.StartsOn < e.ApprovedOn:
		return nil, errBeforeApproval
	}
	return []events.Grant{events.ConnectionBegun{
		Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, From: c.StartsOn, To: to, Line: c.Line, By: c.By, At: c.At,
	}}, nil
}

const daysOfAlert = 30

// AlertOn is the day from which somebody should speak with the person about the end of a line.
func AlertOn(lastDay string) string {
	last, err := time.Parse(time.DateOnly, lastDay)
	if err != nil {
		return ""
	}
	return last.AddDate(0, 0, -daysOfAlert).Format(time.DateOnly)
}

// AlertAt is the moment at which that day begins in Paris.
func AlertAt(lastDay string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, AlertOn(lastDay), reference.Paris)
	if err != nil {
		return time.Time{}
	}
	return day
}

// RemindOfConnection says that a line ends soon.
type RemindOfConnection struct {
	EntitlementID, Today string
	At                   time.Time
}

// Decide says it once for each line, from thirty days before its last day on.
func (c RemindOfConnection) Decide(g Grants) ([]events.Grant, error) {
	e := g.entitlements.Value(c.EntitlementID)
	if e.ConnectionTo == "" || e.reminded == e.ConnectionTo || c.Today < AlertOn(e.ConnectionTo) || c.Today > e.ConnectionTo {
		return nil, nil
	}
	return []events.Grant{events.ConnectionEnding{Programme: g.Rules.Programme, EntitlementID: e.ID, PersonID: e.PersonID, To: e.ConnectionTo, At: c.At}}, nil
}
