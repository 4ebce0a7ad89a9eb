package projections

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const capacityCaveat = "Les séances à venir peuvent encore changer\u00a0; les places que les prestataires gardent pour leur propre public ne sont ni libres ni comptées comme prises."

// departmentOfSession is that of its commune, without a commune that of its provider.
const departmentOfSession = `case when s.insee is null then coalesce(p.department, '') when left(s.insee, 2) in ('97', '98') then left(s.insee, 3) else left(s.insee, 2) end`

// capacityRow counts sessions of one key that have one status.
type capacityRow struct {
	Key       string `json:"key"`
	Status    string `json:"status"`
	N         int    `json:"n"`
	Capacity  int    `json:"capacity"`
	Taken     int    `json:"taken"`
	Held      int    `json:"held"`
	Free      int    `json:"free"`
	Over      int    `json:"over"`
	Waiting   int    `json:"waiting"`
	Unlimited int    `json:"unlimited"`
	Listening int    `json:"listening"` // in the unlimited ones
}

// GetCapacity counts the seats of the sessions that begin in a period.
func (s *Service) GetCapacity(ctx context.Context, request rest.GetCapacityRequestObject) (rest.GetCapacityResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadCapacity)
	if err != nil {
		return nil, err
	}
	p := request.Params
	period, err := periodOf(p.From, p.To, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	f := &filter{}
	c, err := count[capacityRow](ctx, s, s.capacity(f, a, p, period), f.args)
	if err != nil {
		return nil, err
	}
	return rest.GetCapacity200JSONResponse(capacityOf(c, p.By, period)), nil
}

// capacity is the statement. Providers are told with their departments.
func (s *Service) capacity(f *filter, a directory.Account, p rest.GetCapacityParams, period period) string {
	ids, departments := s.providersAndDepartments()
	now := s.Clock.Now()
	known := f.put("(select * from unnest(?::text[], ?::text[]) union select id, department from model.provider)", ids, departments)
	status := f.put(statusOf, now, now)
	keys := map[string]string{
		"": "''", "month": "to_char(s.first_at at time zone 'Europe/Paris', 'YYYY-MM')",
		"department": departmentOfSession, "provider": "s.provider_id", "status": status,
	}
	f.and("s.status <> 'draft' and s.first_at >= ? and s.first_at < ?", period.day(period.from), period.day(period.to).AddDate(0, 0, 1))
	s.offeredTo(f, a)
	f.same(departmentOfSession, p.Department)
	f.same("s.provider_id", p.Provider)
	return `
select key, status, count(*) as n, ` + sumOf("capacity", "taken", "held", "waiting") + `,
  coalesce(sum(greatest(0, capacity - taken - held - own)) filter (where not unlimited), 0) as free,
  coalesce(sum(greatest(0, taken + own - capacity)) filter (where not unlimited), 0) as over,
  count(*) filter (where unlimited) as unlimited, coalesce(sum(taken) filter (where unlimited), 0) as listening
from (
  select ` + keys[the(p.By)] + ` as key, ` + status + ` as status, s.mode = 'webinar' as unlimited, s.capacity, s.own, n.taken, n.held + s.kept as held, n.waiting
  from model.session s left join ` + known + ` p(id, department) on p.id = s.provider_id` + seatCounts + `
  where ` + f.String() + `) session
group by key, status`
}

func sumOf(columns ...string) string {
	sql := ""
	for _, c := range columns {
		sql += ", coalesce(sum(" + c + ") filter (where not unlimited), 0) as " + c
	}
	return sql[2:]
}

// offeredTo leaves the sessions of the caller's providers, and of the departments that the caller looks after.
func (s *Service) offeredTo(f *filter, a directory.Account) {
	r := policy.ReachOf(a, policy.ReadCapacity)
	if r.AllFunds {
		return
	}
	var any []string
	if len(r.Providers) > 0 {
		any = append(any, f.put("s.provider_id = any(?::text[])", r.Providers))
	}
	if departments := s.departmentsOf(r); len(departments) > 0 {
		any = append(any, f.put(departmentOfSession+" = any(?::text[])", departments))
	}
	f.and(orNothing(either(any)))
}

// departmentsOf are those within reach.
func (s *Service) departmentsOf(r policy.Reach) []string {
	r.Providers = nil
	list := []string{}
	for _, fund := range s.Directory().Funds() {
		list = append(list, keep(fund.Departments, func(d string) (string, bool) { return d, r.Holds(policy.Resource{Fund: fund.ID, Department: d}) })...)
	}
	return list
}

// providersAndDepartments are those of the demonstration.
func (s *Service) providersAndDepartments() (ids, departments []string) {
	for _, p := range s.Directory().Providers() {
		ids, departments = append(ids, p.ID), append(departments, p.Department)
	}
	return ids, departments
}

func capacityOf(c tally[capacityRow], by *string, p period) rest.Capacity {
	total, series := rest.CapacityLine{}, newSeries[rest.CapacityLine](by, p)
	for _, row := range c.Rows {
		row.into(&total)
		if by != nil {
			row.into(series.line(row.Key))
		}
	}
	return rest.Capacity{
		N: total.N, From: p.from, To: p.to, Basis: cohort, By: by, Parts: total.Parts, Seats: total.Seats, Unlimited: total.Unlimited,
		Series: series.sorted(func(l *rest.CapacityLine, key string) { l.Key = key }), Positions: c.At, Caveat: capacityCaveat,
	}
}

func (r capacityRow) into(l *rest.CapacityLine) {
	l.N += r.N
	l.Seats.Capacity += r.Capacity
	l.Seats.Taken += r.Taken
	l.Seats.Held += r.Held
	l.Seats.Free += r.Free
	l.Seats.Over += r.Over
	l.Seats.Waiting += r.Waiting
	l.Unlimited.Sessions += r.Unlimited
	l.Unlimited.Taken += r.Listening
	*map[string]*int{
		"open": &l.Parts.Open, "confirmed": &l.Parts.Confirmed, "running": &l.Parts.Running,
		"closed": &l.Parts.Closed, "cancelled": &l.Parts.Cancelled, "stopped": &l.Parts.Stopped,
	}[r.Status] += r.N
}
