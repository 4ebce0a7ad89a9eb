package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
)

// Wish says how somebody wants to be met. Wishes are all from now on.
type Wish struct {
	PersonID string
	Wishes   events.Wishes
	By       string
	At       time.Time
}

// Decide tells the wishes, or every fault.
func (c Wish) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil {
		return nil, err
	}
	s := sheet{}
	helper := c.Wishes.Helper
	s.fault(c.Wishes.HelperOnly && (helper == nil || blank(helper.Phone)), "helper.phone", "required", "Give the number to ring instead of the person's.")
	s.everyText("", asJSON(c.Wishes))
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.WishesNoted{PersonID: p.ID, By: c.By, At: c.At, Details: events.Clear(p.ID, c.Wishes)})
}

// Link says that two people belong together, or no longer do. Other is the second one as it stands at the moment.
type Link struct {
	PersonID, OtherID string
	Other             Person
	Kind              string
	Ended             bool
	By                string
	At                time.Time
}

// Decide tells it of both. What is so already says nothing new.
func (c Link) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil {
		return nil, err
	}
	if c.OtherID == p.ID || !c.Other.There() || c.Other.Fund != p.Fund {
		return nil, UnknownOther("person_id")
	}
	if err := c.Other.standing(); err != nil {
		return nil, err
	}
	if slices.Contains(p.Links, Linked{c.OtherID, c.Kind}) != c.Ended {
		return nil, nil
	}
	return tell(
		events.PersonLinked{PersonID: c.OtherID, OtherID: p.ID, Kind: c.Kind, Ended: c.Ended, By: c.By, At: c.At},
		events.PersonLinked{PersonID: p.ID, OtherID: c.OtherID, Kind: c.Kind, Ended: c.Ended, By: c.By, At: c.At},
	)
}
