package projections

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/reference"
)

//go:embed observatory.sql
var observatoryTables string

// Observatory is the read model of what was observed. An observation stays sealed until its campaign closes; nothing here
// says who told it. Raise Version with every change of what a fact writes.
func Observatory() projection.Projection {
	return projection.Projection{Name: "observatory", Services: []string{"detection"}, Tables: observatoryTables, Version: 1, Apply: observe}
}

const (
	openCampaign = `
insert into model.campaign (id, fund, programme, change) values ($1, $2, $3, $4) on conflict (id) do nothing`
	closeCampaign = `
insert into model.campaign (id, fund, programme, closed, change) values ($1, $2, $3, $4, $5)
on conflict (id) do update set closed = excluded.closed, change = excluded.change`
	forgetSealed = `delete from model.observation where campaign_id = $1 and box is not null`

	tellObservation = `
insert into model.observation (id, told, campaign_id, fund, known_from, subject, fact, box, change)
values ($1, $2, $3, $4, $5, $6, $7, $8, $2) on conflict do nothing`
	endObservation     = `update model.observation set known_to = $2, change = $3 where id = $1 and known_to is null`
	publishObservation = `
insert into model.observation (id, told, campaign_id, fund, known_from, published, change) values ($1, $2, $3, $4, $5, $6, $2) on conflict do nothing`

	countRefusal = `
insert into model.refusal (id, fund, programme, desk, finding_date, known_from, change) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
)

func observe(b *projection.Batch, h projection.Heard) error {
	e := entry{b, b.Schema(), h}
	switch f := h.Fact.(type) {
	case events.CampaignOpened:
		e.write(openCampaign, f.CampaignID, f.Fund, f.Programme, e.Position)
	case events.ObservationTold:
		e.write(tellObservation, f.ObservationID, e.Position, f.CampaignID, f.Fund, reference.Day(f.At), f.Details.Subject(), e.Name, f.Details.Box())
	case events.ObservationCorrected:
		e.write(endObservation, f.ObservationID, reference.Day(f.At), e.Position)
		e.write(tellObservation, f.ObservationID, e.Position, f.CampaignID, f.Fund, reference.Day(f.At), f.Details.Subject(), e.Name, f.Details.Box())
	case events.ObservationsPublished:
		return e.published(f)
	case events.CampaignClosed:
		e.write(forgetSealed, f.CampaignID)
		e.write(closeCampaign, f.CampaignID, f.Fund, f.Programme, reference.Day(f.At), e.Position)
	case events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved:
		return e.follows()
	case events.RefusalCounted:
		e.write(countRefusal, f.RefusalID, f.Fund, f.Programme, f.Desk, f.FindingDate, reference.Day(f.At), e.Position)
	default: // about persons and sheets
	}
	return nil
}

// published names the rows by where they stand: who reads them learns no other order.
func (e entry) published(f events.ObservationsPublished) error {
	for n, row := range f.Rows {
		published, err := json.Marshal(row)
		if err != nil {
			return fmt.Errorf("row %d of campaign %s: %w", n, f.CampaignID, err)
		}
		e.write(publishObservation, fmt.Sprintf("%s/%d/%03d", f.CampaignID, e.Position, n), e.Position, f.CampaignID, f.Fund, reference.Day(f.At), published)
	}
	return nil
}
