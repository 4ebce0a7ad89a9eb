package access

import (
	"context"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

var (
	errNotTheProgrammes = refusal.New(refusal.Forbidden, "forbidden", "Only the partnership officer of a fund makes and amends its programmes.")
	errNoProgrammeHere  = refusal.New(refusal.Forbidden, "forbidden", "Your role has nothing to do with programmes.")
)

type programmeCommand = decider.Command[domain.Programme, events.Access]

// ListProgrammes gives those of the caller's fund, each in its last version.
func (s *Service) ListProgrammes(ctx context.Context, _ rest.ListProgrammesRequestObject) (rest.ListProgrammesResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.ReadProgramme) {
		return nil, errNoProgrammeHere
	}
	items := []rest.FundProgramme{}
	for _, p := range s.Directory().Programmes() {
		if policy.Can(account, policy.ReadProgramme, policy.Resource{Fund: p.Fund}) != policy.Allowed {
			continue
		}
		programme, _, err := s.programmes.Get(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		items = append(items, programmeLine(programme.Now()))
	}
	return rest.ListProgrammes200JSONResponse{Items: items}, nil
}

// GetProgramme gives one with all its versions, the last one first.
func (s *Service) GetProgramme(ctx context.Context, r rest.GetProgrammeRequestObject) (rest.GetProgrammeResponseObject, error) {
	programme, version, err := s.programme(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	versions := []rest.FundProgramme{}
	for _, v := range slices.Backward(programme.Versions()) {
		versions = append(versions, programmeLine(v))
	}
	return rest.GetProgramme200JSONResponse{
		Body:    rest.FundProgrammeHistory{Now: programmeLine(programme.Now()), Versions: versions},
		Headers: rest.GetProgramme200ResponseHeaders{ETag: web.ETag("programme", version)},
	}, nil
}

// programme is one that the caller may read.
func (s *Service) programme(ctx context.Context, id string) (p domain.Programme, version int, err error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.ReadProgramme) {
		return p, 0, errNoProgrammeHere
	}
	p, version, err = s.programmes.Get(ctx, id)
	if err == nil && policy.Can(account, policy.ReadProgramme, policy.Resource{Fund: p.Now().Fund}) != policy.Allowed {
		err = domain.ErrNoProgramme
	}
	return p, version, err
}

func programmeLine(e events.ProgrammeSet) rest.FundProgramme {
	opens := make([]rest.ProgrammeOpening, len(e.Opens))
	for i, o := range e.Opens {
		opens[i] = rest.ProgrammeOpening{Department: optional(o.Department), From: o.From}
	}
	return rest.FundProgramme{
		Priority: priorityLine(e.Priority), ID: e.Programme, Fund: e.Fund, Version: e.Version, Decision: e.Decision, Name: e.Name, Kind: e.Kind, TakesFlags: e.TakesFlags, Opens: opens,
		Closes: optional(e.Closes), AgeOver: e.AgeOver, LowestGir: e.LowestGIR, ReviewFirst: e.ReviewFirst, Reviewed: e.Reviewed, OneOpen: e.OneOpen,
		Desks: append([]string{}, e.Desks...), TextVersion: e.TextVersion, Text: e.Text, Closed: e.Closed, By: e.By, At: e.At,
	}
}

// CreateProgramme makes one of the caller's fund.
func (s *Service) CreateProgramme(ctx context.Context, r rest.CreateProgrammeRequestObject) (rest.CreateProgrammeResponseObject, error) {
	id := engine.Value(r.Body.ID)
	done, err := s.setProgramme(ctx, id, *r.Body, func(rules events.ProgrammeSet, fund directory.Fund) programmeCommand {
		return domain.MakeProgramme{Rules: rules, Fund: fund, Desks: s.Directory().Desks()}
	})
	return rest.CreateProgramme201JSONResponse{Body: programmeLine(done.State.Now()), Headers: rest.CreateProgramme201ResponseHeaders{
		ETag: web.ETag("programme", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// AmendProgramme sets all rules anew.
func (s *Service) AmendProgramme(ctx context.Context, r rest.AmendProgrammeRequestObject) (rest.AmendProgrammeResponseObject, error) {
	seen := engine.Value(r.Body.Version)
	if seen == 0 {
		var err error
		if seen, err = web.IfMatch(ctx, "programme"); err != nil {
			return nil, err
		}
	}
	done, err := s.setProgramme(ctx, r.ID, *r.Body, func(rules events.ProgrammeSet, fund directory.Fund) programmeCommand {
		return domain.AmendProgramme{Seen: seen, Rules: rules, Fund: fund, Desks: s.Directory().Desks()}
	})
	return rest.AmendProgramme200JSONResponse{Body: programmeLine(done.State.Now()), Headers: rest.AmendProgramme200ResponseHeaders{
		ETag: web.ETag("programme", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// setProgramme gives a command of the partnership officer.
func (s *Service) setProgramme(ctx context.Context, id string, b rest.ProgrammeRules, command func(events.ProgrammeSet, directory.Fund) programmeCommand) (decider.Done[domain.Programme], error) {
	account := s.Account(ctx)
	if policy.Can(account, policy.ManageProgramme, policy.Resource{Fund: account.Fund}) != policy.Allowed {
		return decider.Done[domain.Programme]{}, errNotTheProgrammes
	}
	fund, _ := s.Directory().Fund(account.Fund)
	rules := rulesOf(b)
	rules.Programme, rules.By, rules.At = id, account.ID, s.Clock.Now()
	return engine.Command(ctx, s.programmes, "programme", id, command(rules, fund), func(domain.Programme, int) any { return created{id} })
}

func priorityLine(p *events.Priority) *rest.ProgrammePriority {
	if p == nil {
		return nil
	}
	return &rest.ProgrammePriority{Criteria: p.Criteria, Decision: p.Decision}
}

func priorityOf(p *rest.ProgrammePriority) *events.Priority {
	if p == nil {
		return nil
	}
	return &events.Priority{Criteria: p.Criteria, Decision: p.Decision}
}

func rulesOf(b rest.ProgrammeRules) events.ProgrammeSet {
	opens := make([]events.Opening, len(b.Opens))
	for i, o := range b.Opens {
		opens[i] = events.Opening{Department: engine.Value(o.Department), From: o.From}
	}
	return events.ProgrammeSet{
		Priority: priorityOf(b.Priority), Decision: b.Decision, Name: b.Name, Kind: b.Kind, TakesFlags: b.TakesFlags, Opens: opens, Closes: engine.Value(b.Closes), AgeOver: b.AgeOver,
		LowestGIR: b.LowestGir, ReviewFirst: b.ReviewFirst, Reviewed: b.Reviewed, OneOpen: b.OneOpen, Desks: b.Desks, TextVersion: b.TextVersion, Text: b.Text,
	}
}
