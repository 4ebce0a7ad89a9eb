package detection

import (
	"context"
	"encoding/hex"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/detection/domain"
)

// programme is under which rules somebody is flagged; the zero one for an unknown identifier.
func (s *Service) programme(id string) directory.Programme {
	p, _ := s.Directory().Programme(id)
	return p
}

// markOf gives the keyed hash of person and institution.
func (s *Service) markOf(fund string) func(person, institution string) string {
	return func(person, institution string) string {
		return hex.EncodeToString(marker{s.Secret, fund}.mark("institution", person, institution))
	}
}

// finding is a flag, as far as it says where its observation belongs.
type finding struct {
	FlagID, Fund, Day string
	Programme         directory.Programme
}

// observing finds the campaign and the observation of a flag as they are at this moment, and notes their versions.
func (s *Service) observing(ctx context.Context, f finding, seen map[string]int) (o domain.Observing, err error) {
	id, month := domain.CampaignOf(f.Programme, f.Day)
	if id == "" {
		return o, nil
	}
	o.ObservationID = s.observationOf(f, id)
	if o.Campaign, seen["campaign:"+id], err = s.campaigns.Get(ctx, id); err != nil {
		return o, err
	}
	told, version, err := s.observations.Get(ctx, o.ObservationID)
	if err != nil {
		return o, err
	}
	seen["observation:"+o.ObservationID], o.Told = version, told.ID != ""
	if o.Campaign.ID == "" {
		o.Opens = events.CampaignOpened{CampaignID: id, Fund: f.Fund, Programme: f.Programme.ID, Month: month, At: s.Clock.Now()}
		o.Opens.SubjectID, err = s.Vault.Mint(ctx)
	}
	return o, err
}

const observationBytes = 16

// observationOf is the identifier of what was observed with a flag: a keyed hash.
func (s *Service) observationOf(f finding, campaign string) string {
	return hex.EncodeToString(marker{s.Secret, f.Fund}.mark("observation", campaign, f.FlagID)[:observationBytes])
}

// observingFlag is observing for a flag that was told of, with who it is about.
func (s *Service) observingFlag(ctx context.Context, f domain.Flag, seen map[string]int) (o domain.Observing, err error) {
	if f.ID == "" {
		return o, nil
	}
	of := finding{FlagID: f.ID, Fund: f.Fund, Programme: s.programme(f.Programme), Day: f.FindingDate}
	if o, err = s.observing(ctx, of, seen); err != nil || f.PersonID == "" {
		o.StudyRefused = refusedIn(f)
		return o, err
	}
	own, _, err := s.persons.Get(ctx, f.PersonID)
	if err != nil {
		return o, err
	}
	person, _, err := s.root(ctx, f.PersonID)
	if err != nil {
		return o, err
	}
	if person.Hidden() {
		return o, domain.ErrNoFlag
	}
	if details, readable := person.Details.Value(); readable {
		o.Person = &details
	}
	o.StudyRefused = refusedBy(f, own, person)
	return o, nil
}

func refusedIn(f domain.Flag) bool {
	sheet, _ := f.Written()
	return sheet.Consents.Study != nil && !*sheet.Consents.Study
}

// refusedBy goes by the last word of somebody, under whichever record it was noted; without one, by the sheet.
func refusedBy(f domain.Flag, records ...domain.Person) bool {
	var last domain.Consent
	for _, r := range records {
		if said, ok := r.Consents[domain.ConsentStudy]; ok && !said.At.Before(last.At) {
			last = said
		}
	}
	if last.At.IsZero() {
		return refusedIn(f)
	}
	return !last.Given
}

// noteObservation keeps the observations of open campaigns as they were sealed.
func noteObservation(write writing, h projection.Heard) {
	switch e := h.Fact.(type) {
	case events.CampaignOpened:
		write(`insert into model.campaign (campaign_id, subject) values ($1, $2) on conflict do nothing`, e.CampaignID, e.SubjectID)
	case events.ObservationTold:
		keepObservation(write, h.Name, e.ObservationID, e.CampaignID, e.Details)
	case events.ObservationCorrected:
		keepObservation(write, h.Name, e.ObservationID, e.CampaignID, e.Details)
	case events.CampaignEnded:
		write(`update model.campaign set ended_by = $2 where campaign_id = $1`, e.CampaignID, e.By)
	case events.CampaignClosed:
		write(`update model.campaign set closed = true where campaign_id = $1`, e.CampaignID)
		write(`delete from model.observation where campaign_id = $1`, e.CampaignID)
	}
}

func keepObservation(write writing, fact, id, campaign string, details events.Sealed[events.Observed]) {
	write(`
insert into model.observation (observation_id, campaign_id, subject, fact, box) values ($1, $2, $3, $4, $5)
on conflict (observation_id) do update set fact = excluded.fact, box = excluded.box`, id, campaign, details.Subject(), fact, details.Box())
}
