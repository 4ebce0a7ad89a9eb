package projections

import (
	"context"
	"maps"
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const (
	activityCaveat = "Ne compte que les présences notées et l’aide notée\u00a0; de qui a seulement été compté, personne ne sait s’il est venu plusieurs fois."
	flow           = "flow"
)

// activityRow is somebody present, a webinar with those who were only counted, or help on the spot.
type activityRow struct {
	What    string  `json:"what"` // present, counted, help
	Key     string  `json:"key"`
	Session string  `json:"session"`
	Webinar bool    `json:"webinar"`
	Person  *string `json:"person"`
	Counted int     `json:"counted"`
	Mode    string  `json:"mode"`
	Instead bool    `json:"instead"` // done for the person
	Minutes int     `json:"minutes"`
}

// GetActivity counts participations, persons, and help on the spot.
func (s *Service) GetActivity(ctx context.Context, request rest.GetActivityRequestObject) (rest.GetActivityResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadOutcomes)
	if err != nil {
		return nil, err
	}
	answer, err := s.activityFor(ctx, a, request.Params, count[activityRow])
	return rest.GetActivity200JSONResponse(answer), err
}

func (s *Service) activityFor(ctx context.Context, a directory.Account, p rest.GetActivityParams, rows counting[activityRow]) (rest.Activity, error) {
	period, err := periodOf(p.From, p.To, s.Clock.Now())
	if err != nil {
		return rest.Activity{}, err
	}
	f := &filter{}
	from, to := f.arg(period.day(period.from)), f.arg(period.day(period.to).AddDate(0, 0, 1))
	seats, help := orNothing(s.entitled(f, a, policy.ReadOutcomes, outcomeReach)), orNothing(s.entitled(f, a, policy.ReadOutcomes, funnelReach))
	theirs := "false"
	if p.Fund == nil && p.Department == nil && p.Desk == nil && p.Programme == nil {
		theirs = f.put("s.provider_id in "+providersOf, s.providers(a, policy.ReadOutcomes), s.fundsWhole(a, policy.ReadOutcomes))
	}
	of := func(name string) string {
		g := &filter{args: f.args}
		g.same(name+".fund", p.Fund)
		g.same(name+".department", p.Department)
		g.same(name+".desk", p.Desk)
		g.same(name+".programme", p.Programme)
		f.args = g.args
		return g.String()
	}
	if p.Provider != nil { // a desk helps on the spot, no provider does
		at := f.put("s.provider_id = ?", *p.Provider)
		seats, theirs, help = seats+" and "+at, theirs+" and "+at, help+" and false"
	}
	c, err := rows(ctx, s, activity(from, to, seats+" and "+of("r"), theirs, help+" and "+of("f")), f.args)
	return activityOf(c, p.By, period), err
}

// activity is the statement. Those who were only counted are of nobody's desk: they count for whoever has the figures of the provider.
func activity(from, to, seats, theirs, help string) string {
	of := func(column string) string { return "to_char(" + column + " at time zone 'Europe/Paris', 'YYYY-MM')" }
	return `
select 'present' as what, ` + of("s.first_at") + ` as key, s.id as session, s.mode = 'webinar' as webinar, coalesce(o.root, r.seat_person) as person, 0 as counted,
  '' as mode, false as instead, 0 as minutes
from model.referral r join model.session s on s.id = r.seat_session left join model.person o on o.id = r.seat_person
where s.first_at >= ` + from + ` and s.first_at < ` + to + ` and exists (select from jsonb_each_text(r.attendance) a where a.value = 'present') and ` + seats + `
union all
select 'counted', ` + of("s.first_at") + `, s.id, true, null, n.counted, '', false, 0
from model.session s cross join lateral (
  select coalesce(sum((a.value->'counted'->>'at_home')::int + (
    select coalesce(sum((one->>'present')::int), 0) from jsonb_array_elements(case jsonb_typeof(a.value->'counted'->'relays') when 'array' then a.value->'counted'->'relays' else '[]' end) one)), 0)::int as counted
  from jsonb_each(s.attendance) a where a.value ? 'counted') n
where s.mode = 'webinar' and s.first_at >= ` + from + ` and s.first_at < ` + to + ` and n.counted > 0 and ` + theirs + `
union all
select 'help', ` + of("a.at") + `, '', false, coalesce(o.root, f.person_id), 0, a.mode, a.kind = 'done_for_person', coalesce(a.minutes, 0)
from model.help_act a join model.flag f on f.id = a.flag_id left join model.person o on o.id = f.person_id
where a.at >= ` + from + ` and a.at < ` + to + ` and ` + help
}

// activityTally is what was done in a month, or in all.
type activityTally struct {
	line                      rest.ActivityLine
	sessions, webinars        map[string]bool
	persons, listeners, aided map[string]bool
	modes                     map[string]*rest.ActivityMode
}

func newActivityTally() *activityTally {
	return &activityTally{
		sessions: map[string]bool{}, webinars: map[string]bool{}, persons: map[string]bool{}, listeners: map[string]bool{}, aided: map[string]bool{},
		modes: map[string]*rest.ActivityMode{},
	}
}

func (t *activityTally) add(r activityRow) {
	switch r.What {
	case "present":
		t.sessions[r.Session], t.persons[the(r.Person)] = true, true
		t.line.Sessions.Participations++
		if r.Webinar {
			t.webinars[r.Session], t.listeners[the(r.Person)] = true, true
			t.line.Webinars.Participations++
		}
	case "counted":
		t.sessions[r.Session], t.webinars[r.Session] = true, true
		t.line.Webinars.Counted += r.Counted
	case "help":
		t.help(r)
	}
}

func (t *activityTally) help(r activityRow) {
	if r.Person != nil { // of an observation nobody knows of whom it is
		t.aided[*r.Person] = true
	}
	t.line.Help.Acts++
	t.line.Help.Minutes += r.Minutes
	if t.modes[r.Mode] == nil {
		t.modes[r.Mode] = &rest.ActivityMode{Code: r.Mode}
	}
	t.modes[r.Mode].Acts++
	t.modes[r.Mode].DoneForPerson += oneIf(r.Instead)
}

func (t *activityTally) said() rest.ActivityLine {
	l := t.line
	l.Sessions.Sessions, l.Sessions.Persons = len(t.sessions), len(t.persons)
	l.Webinars.Sessions, l.Webinars.Persons, l.Webinars.DistinctKnown = len(t.webinars), len(t.listeners), l.Webinars.Counted == 0
	l.Help.Persons, l.Help.Modes = len(t.aided), []rest.ActivityMode{}
	for _, code := range slices.Sorted(maps.Keys(t.modes)) {
		l.Help.Modes = append(l.Help.Modes, *t.modes[code])
	}
	return l
}

func activityOf(c tally[activityRow], by *string, p period) rest.Activity {
	total, months := newActivityTally(), map[string]*activityTally{}
	if by != nil {
		for _, month := range p.months() {
			months[month] = newActivityTally()
		}
	}
	for _, r := range c.Rows {
		total.add(r)
		if month := months[r.Key]; month != nil {
			month.add(r)
		}
	}
	all := total.said()
	answer := rest.Activity{
		From: p.from, To: p.to, Basis: flow, By: by, Sessions: all.Sessions, Webinars: all.Webinars, Help: all.Help, Series: []rest.ActivityLine{}, Positions: c.At, Caveat: activityCaveat,
	}
	for _, month := range slices.Sorted(maps.Keys(months)) {
		line := months[month].said()
		line.Key = month
		answer.Series = append(answer.Series, line)
	}
	return answer
}
