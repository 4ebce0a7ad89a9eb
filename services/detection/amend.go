package detection

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// amending is a corrected sheet on its way to the rules.
type amending struct {
	domain.Amend
	service *Service
}

// Look is described at decider.Beside.
func (a *amending) Look(ctx context.Context) (seen map[string]int, err error) {
	seen = map[string]int{}
	flag, _, err := a.service.flags.Get(ctx, a.FlagID)
	if err != nil {
		return seen, err
	}
	a.Programme = a.service.programme(flag.Programme)
	a.OneOpen = domain.OneOpen{Programme: a.Programme.ID, PerInstitution: a.Programme.OneOpenPerInstitution, Mark: a.service.markOf(flag.Fund)}
	a.Observing, err = a.service.observingFlag(ctx, flag, seen)
	return seen, err
}

// AmendFlag changes parts of a sheet.
func (s *Service) AmendFlag(ctx context.Context, r rest.AmendFlagRequestObject) (rest.AmendFlagResponseObject, error) {
	a := &amending{service: s, Amend: domain.Amend{
		FlagID: r.ID, Helper: helperOf(r.Body.Helper), Context: r.Body.Context, Note: engine.Value(r.Body.Note), By: web.Account(ctx), At: s.Clock.Now(),
	}}
	if r.Body.Answers != nil {
		answers := answersOf(*r.Body.Answers)
		a.Answers = &answers
	}
	if r.Body.Profile != nil {
		profile := profileOf(*r.Body.Profile)
		a.Profile = &profile
	}
	if r.Body.Needs != nil {
		needs := needsOf(*r.Body.Needs)
		a.Needs = &needs
	}
	done, err := s.review(ctx, policy.AmendFlag, r.ID, a)
	if err != nil {
		return nil, err
	}
	return rest.AmendFlag200JSONResponse{
		Body: rest.FlagAmended{
			ID: done.Body.ID, Status: done.Body.Status, Help: done.Body.Help,
			ReviewHints: append([]string{}, done.Flag.Hints...), // read again: they say something of the person
		},
		Headers: rest.AmendFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position},
	}, nil
}

// CorrectObservation says what was observed, as it is right.
func (s *Service) CorrectObservation(ctx context.Context, r rest.CorrectObservationRequestObject) (rest.CorrectObservationResponseObject, error) {
	if err := s.mayReviewFlag(ctx, policy.ReviewFlag, r.ID); err != nil {
		return nil, err
	}
	flag, _, err := s.flags.Get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if flag.Wrote(web.Account(ctx)) {
		return nil, domain.ErrOwnFlag
	}
	c := &correcting{service: s, flag: flag, CorrectObservation: correctionOf(*r.Body)}
	c.At = s.Clock.Now()
	id, _ := domain.CampaignOf(s.programme(flag.Programme), flag.FindingDate)
	observation := s.observationOf(finding{FlagID: flag.ID, Fund: flag.Fund}, id)
	done, err := engine.Command(ctx, s.observations, "observation", observation, c, func(domain.Observation, int) any { return flagState(flag, 0) })
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.FlagState](done)
	return rest.CorrectObservation200JSONResponse{Body: body, Headers: rest.CorrectObservation200ResponseHeaders{PasserellePosition: web.Position(Name, done.Position)}}, err
}

// correcting is a correction, with the campaign as it is at the moment of the decision.
type correcting struct {
	domain.CorrectObservation
	service *Service
	flag    domain.Flag
}

// Look is described at decider.Beside.
func (c *correcting) Look(ctx context.Context) (seen map[string]int, err error) {
	id, _ := domain.CampaignOf(c.service.programme(c.flag.Programme), c.flag.FindingDate)
	seen = map[string]int{}
	c.Campaign, seen["campaign:"+id], err = c.service.campaigns.Get(ctx, id)
	return seen, err
}

func correctionOf(b rest.CorrectObservation) (c domain.CorrectObservation) {
	if a := b.Answers; a != nil {
		c.Answers = &events.Answers{
			Institution: engine.Value(a.Institution), NetworkCoverage: a.NetworkCoverage, Equipment: a.Equipment, EquipmentKinds: a.EquipmentKinds,
			FinancialProblem: a.FinancialProblem, Difficulty: a.Difficulty, DifficultyReason: engine.Value(a.DifficultyReason), HelpPlace: a.HelpPlace,
			TrainingNeed: a.TrainingNeed,
		}
	}
	if p := b.Profile; p != nil {
		c.Profile = &events.Profile{
			FamilySituation: engine.Value(p.FamilySituation), Occupation: engine.Value(p.Occupation), SickLeave: p.SickLeave, Sex: engine.Value(p.Sex), Age: p.Age,
		}
	}
	c.RightsAtRisk, c.Context = b.RightsAtRisk, b.Context
	return c
}
