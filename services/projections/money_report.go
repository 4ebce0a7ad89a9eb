package projections

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

var errNoProject = refusal.New(refusal.NotFound, "unknown_project", "There is no such project.")

const draftCaveat = "Ne compte que ce qui a été noté\u00a0; qui a seulement été compté, sans nom, n’est pas dans les personnes."

// labelPapers are what a labelled session needs.
var labelPapers = []string{"content_plan", "evaluation", "impact_sheet"}

// moneyProject is one that the caller may see: of their funds, or their own.
func (s *Service) moneyProject(ctx context.Context, a directory.Account, id string) (p moneyProject, funding int, err error) {
	r := policy.ReachOf(a, policy.ReadProject)
	found, err := web.Find(ctx, func(ctx context.Context) (purse[moneyProject], error) {
		found, err := fromMoney[moneyProject](ctx, s, projectsOf+`p.id = $1 and (p.fund = any($2) or p.structure_id = any($3))`, id, s.fundsOf(r), r.Providers)
		if err == nil && len(found.Rows) == 0 {
			err = errNoProject
		}
		return found, err
	})
	if err != nil {
		return p, 0, err
	}
	return found.Rows[0], found.At.Funding, nil
}

// GetReportDraft fills a report in.
func (s *Service) GetReportDraft(ctx context.Context, r rest.GetReportDraftRequestObject) (rest.GetReportDraftResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadProject)
	if err != nil {
		return nil, err
	}
	p, funding, err := s.moneyProject(ctx, a, r.ID)
	if err != nil {
		return nil, err
	}
	tallies, at, err := s.brought(ctx, a, []moneyProject{p})
	if err != nil {
		return nil, err
	}
	draft := draftOf(p, tallies[p.ID])
	draft.Positions = moneyPositions(at, funding)
	draft.Tablets, err = s.tabletsOf(ctx, tallies[p.ID].sessions)
	return rest.GetReportDraft200JSONResponse(draft), err
}

func draftOf(p moneyProject, t *projectTally) rest.ReportDraft {
	draft := rest.ReportDraft{
		Project: p.ID, Structure: p.StructureID, Name: p.Name, Reached: len(t.reached), Finished: len(t.finished), Autonomous: len(t.autonomous), Sessions: t.held(),
		TargetPeople: p.TargetPeople, ReachedPercent: percentOf(len(t.reached), p.TargetPeople),
		Outcomes: rest.FileOutcomes{N: t.line.N, Parts: t.line.Parts, Objective: judgedObjective(t.line.Objective)},
		Skills:   t.skills.lines(), Services: servicesIn(t.presented), Missing: gapsOf(t), Caveat: draftCaveat,
	}
	for _, one := range t.sessions {
		if one.Held {
			draft.OwnParticipants += one.Own
			draft.CountedOnly += one.Counted
		}
	}
	if p.Sent != nil {
		draft.Sent = &rest.ReportSent{Reached: p.Sent.Reached, Finished: p.Sent.Finished, Autonomous: p.Sent.Autonomous, Sessions: p.Sent.Held, Final: p.Sent.Final}
	}
	draft.Complete = len(draft.Missing) == 0
	return draft
}

// gapsOf is what the provider has not noted yet.
func gapsOf(t *projectTally) []rest.ReportGap {
	gaps := []rest.ReportGap{}
	if t.held() == 0 {
		gaps = append(gaps, rest.ReportGap{Code: "no_session", N: 1})
	}
	for _, s := range t.sessions {
		for _, gap := range s.gaps(t.unrecorded[s.ID]) {
			gap.Session, gap.Title = &s.ID, &s.Title
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

func (s projectSession) gaps(unrecorded int) (gaps []rest.ReportGap) {
	missing := func(code string, n int) {
		if n > 0 {
			gaps = append(gaps, rest.ReportGap{Code: code, N: n})
		}
	}
	missing("attendance", s.Unattended)
	if !s.Ended {
		return gaps
	}
	missing("outcomes", unrecorded)
	missing("services", oneIf(len(s.Presented) == 0))
	if s.Labelled {
		for _, paper := range labelPapers {
			missing(paper, oneIf(!slices.Contains(s.Papers, paper)))
		}
		missing("not_closed", oneIf(s.Status != "closed" && s.Status != "stopped"))
	}
	return gaps
}

// tabletsOf counts the loans of some sessions, whoever has them.
func (s *Service) tabletsOf(ctx context.Context, sessions []projectSession) (rest.FileTablets, error) {
	ids := keep(sessions, func(one projectSession) (string, bool) { return one.ID, true })
	rows, err := all[lentRow](ctx, s, `select '' as key, coalesce(sum(lent), 0)::int as lent, coalesce(sum(lost), 0)::int as lost from model.lending where session_id = any($1)`, ids)
	if err != nil {
		return rest.FileTablets{}, err
	}
	return rest.FileTablets{Lent: rows[0].Lent, Lost: rows[0].Lost}, nil
}

// GetTargets compares what projects were to reach with what they reached.
func (s *Service) GetTargets(ctx context.Context, r rest.GetTargetsRequestObject) (rest.GetTargetsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadProject)
	if err != nil {
		return nil, err
	}
	of, f := policy.ReachOf(a, policy.ReadProject), &filter{}
	f.and("l.granted > 0 and (p.fund = any(?) or p.structure_id = any(?))", s.fundsOf(of), of.Providers)
	f.same("p.fund", r.Params.Fund)
	f.same("p.call_id", r.Params.Call)
	f.same("p.structure_id", r.Params.Structure)
	projects, err := fromMoney[moneyProject](ctx, s, projectsOf+f.String()+` order by l.date desc, p.id`, f.args...)
	if err != nil {
		return nil, err
	}
	tallies, at, err := s.brought(ctx, a, projects.Rows)
	if err != nil {
		return nil, err
	}
	answer := rest.Targets{Items: []rest.TargetLine{}, Positions: moneyPositions(at, projects.At.Funding), Caveat: draftCaveat}
	for _, p := range projects.Rows {
		line := p.target(tallies[p.ID])
		answer.Projects++
		answer.TargetPeople += line.TargetPeople
		answer.Counted += line.Counted
		answer.Reached += line.Reached
		answer.Items = append(answer.Items, line)
	}
	answer.CountedPercent, answer.ReachedPercent = percentOf(answer.Counted, answer.TargetPeople), percentOf(answer.Reached, answer.TargetPeople)
	return rest.GetTargets200JSONResponse(answer), nil
}

func (p moneyProject) target(t *projectTally) rest.TargetLine {
	b := p.before(t)
	return rest.TargetLine{
		Project: p.ID, Name: p.Name, Structure: p.StructureID, StructureName: p.StructureName, Date: p.Date, GrantedCents: b.GrantedCents, PaidCents: b.PaidCents,
		RecoveredCents: b.RecoveredCents, TargetPeople: b.TargetPeople, Reached: b.Reached, ReachedPercent: b.ReachedPercent, Counted: b.Counted,
		CountedPercent: percentOf(b.Counted, b.TargetPeople), Sessions: b.Sessions, PaidCentsPerPerson: b.PaidCentsPerPerson, Report: b.Report,
	}
}
