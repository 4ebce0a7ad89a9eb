package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/sdc"
	"example.org/passerelle/services/published"
	"example.org/passerelle/services/reference"
)

// Refusals of a closing.
var (
	ErrNoCampaign      = refusal.New(refusal.Conflict, "nothing_observed", "Nothing was observed in it, so there is nothing to close.")
	ErrCampaignRunning = refusal.New(refusal.Conflict, "campaign_running", "Observations may still be made in it. Close it when its last day is over.")
)

// Campaign is what collects observations under one key.
type Campaign struct {
	ID, Fund, Programme, Month string
	Subject                    string // of the key
	Ended, Closed              bool   // nothing is observed in it any more; and all of it is published
	Observations               int    // when it was closed
}

// EvolveCampaign is the campaign after a fact.
func EvolveCampaign(c Campaign, fact events.Detection) Campaign {
	if e, ok := fact.(events.CampaignOpened); ok {
		return Campaign{ID: e.CampaignID, Fund: e.Fund, Programme: e.Programme, Month: e.Month, Subject: e.SubjectID}
	}
	if _, ok := fact.(events.CampaignEnded); ok {
		c.Ended = true
	}
	if e, ok := fact.(events.CampaignClosed); ok {
		c.Ended, c.Closed, c.Observations = true, true, e.Observations
	}
	return c
}

const (
	rowsPerFact  = 500
	factsOfClose = 98 // beside TablesPublished and CampaignClosed, as many as one append holds
)

// EndCampaign says that nothing is observed in a campaign any more. Whoever is about to tell an observation has seen the
// campaign without this fact, and finds that it has moved: what stands in the ledger now is all that is published.
type EndCampaign struct {
	Over bool   // its last day has passed
	By   string // empty: the calendar
	At   time.Time
}

// Decide ends the campaign once.
func (e EndCampaign) Decide(c Campaign) ([]events.Detection, error) {
	switch {
	case c.ID == "":
		return nil, ErrNoCampaign
	case c.Ended:
		return nil, nil
	case !e.Over:
		return nil, ErrCampaignRunning
	}
	return tell(events.CampaignEnded{CampaignID: c.ID, Fund: c.Fund, Programme: c.Programme, Month: c.Month, By: e.By, At: e.At})
}

// CloseCampaign tells all observations of a campaign that has ended again, in clear, and the tables of them that may
// leave the house.
type CloseCampaign struct {
	Rows []events.Observation // in no order
	By   string               // empty: the calendar
	At   time.Time
}

// Decide tells them in one decision: from here on nobody knows whose they are.
func (c CloseCampaign) Decide(campaign Campaign) ([]events.Detection, error) {
	switch {
	case campaign.ID == "":
		return nil, ErrNoCampaign
	case campaign.Closed:
		return nil, ErrCampaignClosed
	case !campaign.Ended:
		return nil, ErrCampaignRunning
	}
	var facts []events.Detection
	each := max(rowsPerFact, (len(c.Rows)+factsOfClose-1)/factsOfClose)
	for first := 0; first < len(c.Rows); first += each {
		facts = append(facts, events.ObservationsPublished{
			CampaignID: campaign.ID, Fund: campaign.Fund, Programme: campaign.Programme, Rows: c.Rows[first:min(first+each, len(c.Rows))], At: c.At,
		})
	}
	months, tables := published.Of(c.Rows)
	facts = append(facts, events.TablesPublished{
		CampaignID: campaign.ID, Fund: campaign.Fund, Programme: campaign.Programme, Months: months, Threshold: sdc.Threshold, Tables: tables, At: c.At,
	})
	return append(facts, events.CampaignClosed{
		CampaignID: campaign.ID, Fund: campaign.Fund, Programme: campaign.Programme, Month: campaign.Month, Observations: len(c.Rows), By: c.By, At: c.At,
	}), nil
}

// CampaignOf is the campaign to which a finding of a day belongs, and its month where it has one; empty: nothing is
// observed under the programme.
func CampaignOf(p directory.Programme, day string) (id, month string) {
	switch {
	case p.Kind == directory.KindCampaign:
		return p.ID, ""
	case p.Kind == directory.KindPermanent && len(day) >= len("2006-01"):
		return p.ID + "." + day[:len("2006-01")], day[:len("2006-01")]
	}
	return "", ""
}

// Over tells whether the last day of a campaign has passed; a permanent programme has one every month.
func Over(p directory.Programme, month string, at time.Time) bool {
	today := reference.Day(at)
	if month == "" {
		return p.Closes != "" && today > p.Closes
	}
	return today[:len("2006-01")] > month
}

const monthsOpen = 3

// CloseAt is when a month closes by itself: three months after its end.
func CloseAt(month string) time.Time {
	first, err := time.ParseInLocation("2006-01", month, reference.Paris)
	if err != nil {
		return time.Time{}
	}
	return first.AddDate(0, 1+monthsOpen, 0)
}
