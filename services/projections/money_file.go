package projections

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

var errNoCommittee = refusal.New(refusal.NotFound, "unknown_committee", "There is no such committee.")

const fileCaveat = "Ne compte que ce que les structures ont noté\u00a0; le coût par personne est ce qui a été payé, divisé par les personnes que dit le compte rendu."

const committeeOf = `
select c.id, c.fund, c.date, c.agenda, c.minutes,
  (select coalesce(jsonb_agg(jsonb_build_object('project_id', v.project_id, 'vote', v.answer, 'amount_cents', v.amount_cents) order by v.project_id), '[]')
    from model.vote v where v.committee_id = c.id) as votes,
  (select coalesce(jsonb_agg(distinct l.decision_id), '[]') from model.line l where l.committee_id = c.id) as decisions
from model.committee c where c.id = $1 and c.fund = any($2)`

// GetCommitteeFile joins what a committee's structures were given with what their sessions brought.
func (s *Service) GetCommitteeFile(ctx context.Context, r rest.GetCommitteeFileRequestObject) (rest.GetCommitteeFileResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadFunding)
	if err != nil {
		return nil, err
	}
	committee, err := s.committee(ctx, a, r.ID)
	if err != nil {
		return nil, err
	}
	period, err := filePeriod(r.Params, committee.Date, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	before, err := s.fileProjects(ctx, committee)
	if err != nil {
		return nil, err
	}
	file := rest.CommitteeFile{Committee: committee, From: period.from, To: period.to, Structures: []rest.StructureFile{}, Caveat: fileCaveat}
	tallies, at, err := s.brought(ctx, a, before.Rows)
	if err != nil {
		return nil, err
	}
	file.Positions = moneyPositions(at, before.At.Funding)
	file.Structures = structureFiles(committee, before.Rows, tallies)
	if err := s.compare(ctx, a, &file, period); err != nil {
		return nil, err
	}
	return asCommitteeFile(file, the(r.Params.Format))
}

// committee is one of the caller's funds: it may be so new that it was not heard yet.
func (s *Service) committee(ctx context.Context, a directory.Account, id string) (rest.Committee, error) {
	return web.Find(ctx, func(ctx context.Context) (rest.Committee, error) {
		found, err := fromMoney[rest.Committee](ctx, s, committeeOf, id, s.fundsOf(policy.ReachOf(a, policy.ReadFunding)))
		if err == nil && len(found.Rows) == 0 {
			err = errNoCommittee
		}
		if err != nil {
			return rest.Committee{}, err
		}
		return found.Rows[0], nil
	})
}

// filePeriod is the year before the committee and that of the committee up to its day, if nothing is said.
func filePeriod(p rest.GetCommitteeFileParams, date string, now time.Time) (period, error) {
	to := cmp.Or(the(p.To), date)
	from := the(p.From)
	if year, err := strconv.Atoi(to[:min(4, len(to))]); from == "" && err == nil {
		from = strconv.Itoa(year-1) + "-01-01"
	}
	return periodOf(&from, &to, now)
}

const fileProjectsOf = projectsOf +
	`p.fund = $1 and p.structure_id in (select structure_id from model.project where id = any($2)) order by o.name, p.structure_id, l.date, p.id`

// fileProjects are all projects of the structures on the agenda, those of before too.
func (s *Service) fileProjects(ctx context.Context, c rest.Committee) (purse[moneyProject], error) {
	ids := []string{}
	for _, item := range c.Agenda {
		ids = append(ids, the(item.ProjectID))
	}
	return fromMoney[moneyProject](ctx, s, fileProjectsOf, c.Fund, ids)
}

// structureFiles sums projects by structure, in their order.
func structureFiles(c rest.Committee, projects []moneyProject, tallies map[string]*projectTally) []rest.StructureFile {
	files := []rest.StructureFile{}
	for _, p := range projects {
		if n := len(files); n == 0 || files[n-1].Structure != p.StructureID {
			files = append(files, rest.StructureFile{
				Structure: p.StructureID, Name: p.StructureName, Networks: listOf(p.Networks), Asks: []rest.FileAsk{}, Before: []rest.FileProject{},
			})
		}
		file := &files[len(files)-1]
		switch {
		case slices.ContainsFunc(c.Agenda, func(i rest.AgendaItem) bool { return the(i.ProjectID) == p.ID }):
			file.AskedCents += p.AskedCents
			file.Asks = append(file.Asks, p.ask())
		case p.Granted > 0:
			remember(file, p.before(tallies[p.ID]))
		}
	}
	for i := range files {
		f := &files[i]
		f.ReachedPercent, f.PromisedCentsPerPerson, f.PaidCentsPerPerson = percentOf(f.Reached, f.TargetPeople), ratio(f.GrantedCents, f.TargetPeople), ratio(f.PaidCents, f.Reached)
	}
	return files
}

func (p moneyProject) ask() rest.FileAsk {
	return rest.FileAsk{
		Project: p.ID, Name: p.Name, CostCents: p.CostCents, AskedCents: p.AskedCents, SharePercent: percentOf(p.AskedCents, p.CostCents),
		TargetPeople: p.TargetPeople, CentsPerPerson: ratio(p.AskedCents, p.TargetPeople), Tablets: p.Tablets, Criteria: listOf(p.Criteria), Vote: p.Vote,
	}
}

func (p moneyProject) before(t *projectTally) rest.FileProject {
	reached, report := p.reported()
	return rest.FileProject{
		Project: p.ID, Name: p.Name, Date: p.Date, GrantedCents: p.Granted, PaidCents: p.Paid, RecoveredCents: p.Recovered, TargetPeople: p.TargetPeople,
		Reached: reached, ReachedPercent: percentOf(reached, p.TargetPeople), Counted: len(t.reached), Sessions: t.held(),
		PaidCentsPerPerson: ratio(p.Paid, reached), Report: report,
	}
}

// remember adds a project of before.
func remember(file *rest.StructureFile, p rest.FileProject) {
	file.Before = append(file.Before, p)
	file.ProjectsBefore++
	file.GrantedCents += p.GrantedCents
	file.PaidCents += p.PaidCents
	file.RecoveredCents += p.RecoveredCents
	file.TargetPeople += p.TargetPeople
	file.Reached += p.Reached
	file.ReportsMissing += oneIf(p.Report == "missing")
}
