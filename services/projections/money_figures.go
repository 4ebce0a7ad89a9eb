package projections

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// fileKm is how far around a structure people count whom nothing suits.
const fileKm = 20

// workplace is where a structure works, if it is a provider.
type workplace struct {
	ID    string
	Insee *string
}

// workplaces are the communes of the providers among some structures: as registered, else of their last session.
const workplaces = `
select x.id, coalesce(p.insee, (select s.insee from model.session s where s.provider_id = x.id and s.insee is not null
  and s.status not in ('draft', 'cancelled') order by s.first_at desc, s.id limit 1)) as insee
from unnest($1::text[]) x(id) left join model.provider p on p.id = x.id where p.id is not null or x.id = any($2)`

// compare adds to a file the figures of the providers in it. They are counted by the statements of the dashboards.
func (s *Service) compare(ctx context.Context, a directory.Account, file *rest.CommitteeFile, days period) error {
	ids := keep(file.Structures, func(f rest.StructureFile) (string, bool) { return f.Structure, true })
	places, err := all[workplace](ctx, s, workplaces, ids, keep(s.Directory().Providers(), func(p directory.Organisation) (string, bool) { return p.ID, true }))
	if err != nil || len(places) == 0 {
		return err
	}
	files := map[string]*rest.StructureFile{}
	for _, p := range places {
		i := slices.IndexFunc(file.Structures, func(f rest.StructureFile) bool { return f.Structure == p.ID })
		files[p.ID] = &file.Structures[i]
	}
	for _, add := range []func(context.Context, directory.Account, map[string]*rest.StructureFile, period) error{s.addOutcomes, s.addSeats, s.addDelays, s.addTablets} {
		if err := add(ctx, a, files, days); err != nil {
			return err
		}
	}
	return s.addUnmet(ctx, a, file.Committee.Fund, files, places)
}

func (s *Service) addOutcomes(ctx context.Context, a directory.Account, files map[string]*rest.StructureFile, period period) error {
	ctx, by, f := s.within(ctx, a, policy.ReadOutcomes), "provider", &filter{}
	f.and("s.provider_id = any(?::text[])", idsOf(files))
	c, err := count[outcomeRow](ctx, s, s.outcomes(f, a, rest.GetOutcomesParams{By: &by}, period), f.args)
	if err != nil {
		return err
	}
	answer := rest.Outcomes{By: &by}
	if err := s.countOutcomes(ctx, c.Rows, &answer, newSeries[rest.OutcomeLine](&by, period)); err != nil {
		return err
	}
	for _, file := range files {
		file.Outcomes = &rest.FileOutcomes{Objective: judgedObjective(rest.OutcomeObjective{})}
	}
	for _, line := range answer.Series {
		files[line.Key].Outcomes = &rest.FileOutcomes{N: line.N, Parts: line.Parts, Objective: line.Objective}
	}
	return nil
}

func (s *Service) addSeats(ctx context.Context, a directory.Account, files map[string]*rest.StructureFile, period period) error {
	ctx, by, f := s.within(ctx, a, policy.ReadCapacity), "provider", &filter{}
	f.and("s.provider_id = any(?::text[])", idsOf(files))
	c, err := count[capacityRow](ctx, s, s.capacity(f, a, rest.GetCapacityParams{By: &by}, period), f.args)
	if err != nil {
		return err
	}
	for _, file := range files {
		file.Seats = &rest.FileSeats{}
	}
	for _, line := range capacityOf(c, &by, period).Series {
		files[line.Key].Seats = &rest.FileSeats{N: line.N, Parts: line.Parts, Seats: line.Seats}
	}
	room, taken := map[string]int{}, map[string]int{}
	for _, r := range c.Rows {
		if r.Status != "cancelled" {
			room[r.Key] += r.Capacity
			taken[r.Key] += r.Taken
		}
	}
	for id, file := range files {
		file.Seats.FillPercent = percentOf(taken[id], room[id])
	}
	return nil
}

// delayRow is how long people waited for a provider.
type delayRow struct {
	Provider string `json:"provider"`
	Asked    int    `json:"asked"`
	Answered int    `json:"answered"`
	Median   *int   `json:"median"`
	Late     int    `json:"late"`
	Waiting  int    `json:"waiting"`
}

// firstAnswer is when a provider said yes or no for the first time.
const firstAnswer = "coalesce(r.accepted_at, case when r.seat = 'declined' then r.answered_at end)"

func (s *Service) addDelays(ctx context.Context, a directory.Account, files map[string]*rest.StructureFile, period period) error {
	ctx, f := s.within(ctx, a, policy.ReadOutcomes), &filter{}
	now := f.arg(s.Clock.Now())
	f.and(orNothing(s.entitled(f, a, policy.ReadOutcomes, outcomeReach)))
	f.and("r.seat_provider = any(?::text[]) and r.asked_at >= ? and r.asked_at < ?", idsOf(files), period.day(period.from), period.day(period.to).AddDate(0, 0, 1))
	c, err := count[delayRow](ctx, s, `
select provider, count(*) as asked, count(answered) as answered, count(*) filter (where late) as late, count(*) filter (where waits) as waiting,
  floor(percentile_cont(0.5) within group (order by extract(epoch from answered - asked_at) / 86400) + 0.5)::int as median
from (
  select r.seat_provider as provider, r.asked_at, `+firstAnswer+` as answered, r.seat in ('asked', 'held', 'queued') as waits,
    r.seat = 'lapsed' or coalesce(`+firstAnswer+`, case when r.seat in ('asked', 'held', 'queued') then `+now+`::timestamptz end) > r.answer_by as late
  from model.referral r where `+f.String()+`) request
group by provider`, f.args)
	if err != nil {
		return err
	}
	for _, file := range files {
		file.Delays = &rest.FileDelays{}
	}
	for _, r := range c.Rows {
		files[r.Provider].Delays = &rest.FileDelays{Asked: r.Asked, Answered: r.Answered, MedianDays: r.Median, Late: r.Late, Waiting: r.Waiting}
	}
	return nil
}

// lentRow counts loans that were handed over.
type lentRow struct {
	Key        string
	Lent, Lost int
}

func (s *Service) addTablets(ctx context.Context, _ directory.Account, files map[string]*rest.StructureFile, period period) error {
	rows, err := all[lentRow](ctx, s, `
select pool as key, sum(lent)::int as lent, sum(lost)::int as lost from model.lending where pool = any($1) and to_day between $2 and $3 group by pool`,
		idsOf(files), period.from, period.to)
	for _, file := range files {
		file.Tablets = &rest.FileTablets{}
	}
	for _, r := range rows {
		files[r.Key].Tablets = &rest.FileTablets{Lent: r.Lent, Lost: r.Lost}
	}
	return err
}

// addUnmet counts around each commune the people of the fund whom nothing suits now.
func (s *Service) addUnmet(ctx context.Context, a directory.Account, fund string, files map[string]*rest.StructureFile, places []workplace) error {
	ctx, f, km := s.within(ctx, a, policy.ReadUnmet), &filter{}, fileKm
	f.and(orNothing(s.entitled(f, a, policy.ReadUnmet, unmetReach)))
	asked, err := s.unmetAsked(rest.GetUnmetParams{Fund: &fund}, false)
	if err != nil {
		return err
	}
	c, err := count[unmetRow](ctx, s, unmetStatement(f, asked), f.args)
	if err != nil {
		return err
	}
	people, err := s.unmetPeople(ctx, c.Rows)
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.Insee == nil {
			continue
		}
		near, err := codesAround(*p.Insee, km)
		if err != nil {
			continue // a commune that is no more
		}
		around := &rest.FileUnmet{Insee: *p.Insee, WithinKm: km}
		for _, one := range people {
			around.N += oneIf(near[one.where.Insee])
		}
		files[p.ID].Unmet = around
	}
	return nil
}

func idsOf(files map[string]*rest.StructureFile) (ids []string) {
	for id := range files {
		ids = append(ids, id)
	}
	return ids
}
