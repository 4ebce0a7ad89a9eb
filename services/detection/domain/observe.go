package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// Refusals of what is to be done with an observation.
var (
	ErrNotObserved    = refusal.New(refusal.Conflict, "not_observed", "Nothing was counted for this flag, so there is nothing to correct.")
	ErrCampaignClosed = refusal.New(refusal.Conflict, "campaign_closed", "The campaign is closed and its observations are anonymous: nobody can change them any more.")
)

// Observing is what must be known beside a flag to tell what was observed. The zero Observing tells nothing.
type Observing struct {
	ObservationID string
	Campaign      Campaign // as it stands; zero: not opened yet
	Opens         events.CampaignOpened
	Told          bool           // once already
	Person        *events.Person // nil: anonymous
	StudyRefused  bool           // by the person's last word
}

// facts tell the observation of a flag, or tell it anew. Nothing is told once the campaign has ended, nor of somebody
// who does not want to be part of the study.
func (o Observing) facts(f Flag, at time.Time) (facts []events.Detection) {
	if o.ObservationID == "" || o.Campaign.Ended || o.StudyRefused || !f.readable {
		return nil
	}
	campaign := o.Campaign
	if campaign.ID == "" && o.Opens.Month != "" && !CloseAt(o.Opens.Month).After(at) {
		return nil // the month is over for good; alone in it, what was observed would be published with its flag beside it
	}
	if campaign.ID == "" {
		facts = append(facts, o.Opens)
		campaign = EvolveCampaign(campaign, o.Opens)
	}
	details := events.Clear(campaign.Subject, f.observed(o.Person))
	if o.Told {
		return append(facts, events.ObservationCorrected{ObservationID: o.ObservationID, CampaignID: campaign.ID, Fund: f.Fund, At: at, Details: details})
	}
	return append(facts, events.ObservationTold{ObservationID: o.ObservationID, CampaignID: campaign.ID, Fund: f.Fund, At: at, Details: details})
}

// observed is what the sheet says of the situation, without who and without a text.
func (f Flag) observed(person *events.Person) events.Observed {
	who := FlagSenior{PersonID: f.PersonID, Known: person, Subject: f.subject, FindingDate: f.FindingDate, Sheet: f.sheet}
	a, p := f.sheet.Answers, f.sheet.Profile
	o := events.Observed{Day: f.FindingDate, Observation: events.Observation{
		Programme: f.Programme, Month: f.FindingDate[:len("2006-01")], Desk: f.found.desk, Department: f.found.department, Channel: f.found.channel,
		Sex: p.Sex, Institution: a.Institution, First: f.first, NetworkCoverage: a.NetworkCoverage, Equipment: a.Equipment, EquipmentKinds: set(a.EquipmentKinds),
		FinancialProblem: a.FinancialProblem, Difficulty: a.Difficulty, DifficultyReason: a.DifficultyReason, HelpPlace: set(a.HelpPlace),
		TrainingNeed: a.TrainingNeed, FamilySituation: p.FamilySituation, Occupation: p.Occupation, SickLeave: p.SickLeave,
		RightsAtRisk: f.sheet.Needs.RightsAtRisk, Context: set(f.sheet.Context),
		Keywords: set(reference.Keywords(impersonal(a.Description, person, f.sheet.Helper))), WordList: reference.WordListVersion,
	}}
	if person != nil && person.Sex != "" {
		o.Sex = person.Sex
	}
	if age := who.age(); age != unknown {
		o.Age = &age
	}
	return o
}

// set is a list in one order, each once: the order in which somebody ticked is theirs alone. An empty list stays one.
func set(list []string) []string {
	next := slices.Clone(list)
	slices.Sort(next)
	return slices.Compact(next)
}

// Observation is one, as far as rules look at it.
type Observation struct {
	ID, CampaignID, Fund string
	details              events.Sealed[events.Observed]
}

// EvolveObservation is the observation after a fact.
func EvolveObservation(o Observation, fact events.Detection) Observation {
	if e, ok := fact.(events.ObservationTold); ok {
		return Observation{e.ObservationID, e.CampaignID, e.Fund, e.Details}
	}
	if e, ok := fact.(events.ObservationCorrected); ok {
		o.details = e.Details
	}
	return o
}

// CorrectObservation says what is right. What is nil stays.
type CorrectObservation struct {
	Campaign     Campaign
	Answers      *events.Answers
	Profile      *events.Profile
	RightsAtRisk *bool
	Context      []string
	At           time.Time
}

// Decide tells all that is observed from now on, or every fault.
func (c CorrectObservation) Decide(o Observation) ([]events.Detection, error) {
	switch {
	case o.ID == "":
		return nil, ErrNotObserved
	case c.Campaign.Ended:
		return nil, ErrCampaignClosed
	}
	now, readable := o.details.Value()
	if !readable {
		return nil, ErrNotObserved
	}
	s := sheet{}
	s.right(c)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.ObservationCorrected{
		ObservationID: o.ID, CampaignID: o.CampaignID, Fund: o.Fund, At: c.At, Details: events.Clear(o.details.Subject(), c.corrected(now)),
	})
}

// right checks answers in which the referent may say what an author may not.
func (s *sheet) right(c CorrectObservation) {
	if c.Answers != nil {
		a := *c.Answers
		if a.Institution == multiple || a.Institution == "other" {
			a.Institution = ""
		}
		s.answers(a)
	}
	s.everyText("", asJSON(c.Context))
}

func (c CorrectObservation) corrected(now events.Observed) events.Observed {
	if a := c.Answers; a != nil {
		if now.First == "" && a.Institution != now.Institution {
			now.First = now.Institution
		}
		now.Institution, now.NetworkCoverage, now.Equipment, now.EquipmentKinds = a.Institution, a.NetworkCoverage, a.Equipment, set(a.EquipmentKinds)
		now.FinancialProblem, now.Difficulty, now.DifficultyReason = a.FinancialProblem, a.Difficulty, a.DifficultyReason
		now.HelpPlace, now.TrainingNeed = set(a.HelpPlace), a.TrainingNeed
	}
	if p := c.Profile; p != nil {
		now.FamilySituation, now.Occupation, now.SickLeave, now.Sex, now.Age = p.FamilySituation, p.Occupation, p.SickLeave, p.Sex, p.Age
	}
	if c.RightsAtRisk != nil {
		now.RightsAtRisk = c.RightsAtRisk
	}
	if c.Context != nil {
		now.Context = set(c.Context)
	}
	return now
}
