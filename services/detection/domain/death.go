package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// TellDeath says that somebody has died. From then on nothing is sent, and what is open ends.
type TellDeath struct {
	PersonID, On, ToldBy string
	By                   string
	At                   time.Time
}

// Decide tells it once.
func (c TellDeath) Decide(p Person) ([]events.Detection, error) {
	if err := p.standing(); err != nil || p.Dead {
		return nil, err
	}
	s := sheet{}
	s.date(c.On, "on", "Write the day as YYYY-MM-DD, or YYYY-MM or YYYY where no more is known.")
	s.fault(c.On > reference.Day(c.At)[:min(len(c.On), len(day))], "on", "in_future", "This day has not come yet.")
	s.nirInText("told_by", c.ToldBy)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.DeathTold{PersonID: p.ID, By: c.By, At: c.At, Details: events.Clear(p.ID, events.Death{On: c.On, ToldBy: c.ToldBy})})
}

// UndoDeath says that it was a mistake. What has ended stays ended.
type UndoDeath struct {
	PersonID, By string
	At           time.Time
}

// Decide tells it, if somebody was taken for dead.
func (c UndoDeath) Decide(p Person) ([]events.Detection, error) {
	if err := p.standing(); err != nil || !p.Dead {
		return nil, err
	}
	return tell(events.DeathUndone{PersonID: p.ID, By: c.By, At: c.At})
}
