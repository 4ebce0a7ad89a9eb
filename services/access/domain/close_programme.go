package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

// CloseProgramme is heard when a campaign was closed and published.
type CloseProgramme struct {
	By string // empty: the calendar
	At time.Time
}

// Decide ends a campaign for good, once. Its other rules stay for those who read them.
func (c CloseProgramme) Decide(p Programme) ([]events.Access, error) {
	e := p.Now()
	if e.Kind != directory.KindCampaign || e.Closed {
		return nil, nil
	}
	e.Version, e.TakesFlags, e.Closed, e.Decision = e.Version+1, false, true, "Campagne close"
	e.By, e.At = c.By, c.At
	return tell(e)
}
