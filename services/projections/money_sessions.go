package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// ofProjects is that a session is one of some projects: those that it names, where its provider is the structure of the project.
const ofProjects = "(s.plan->>'project_id', s.provider_id) in (select * from unnest(?::text[], ?::text[]))"

// projectSeat is a participant in a session of a project, with what was recorded not opened yet.
type projectSeat struct {
	outcomeRow

	Project string  `json:"project"`
	Person  *string `json:"person"`
	Present bool    `json:"present"`
	Ended   bool    `json:"ended"`
}

// projectSession is a session of a project that is neither a draft nor cancelled.
type projectSession struct {
	Project    string   `json:"project"`
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Status     string   `json:"status"`
	Held       bool     `json:"held"`  // it began
	Ended      bool     `json:"ended"` // its last meeting is over
	Own        int      `json:"own"`
	Counted    int      `json:"counted"` // without names
	Labelled   bool     `json:"labelled"`
	Skills     []string `json:"skills"`
	Presented  []string `json:"presented"`
	Papers     []string `json:"papers"`
	Unattended int      `json:"unattended"` // meetings that are over, and nobody said who was there
}

const sessionsOfProjects = `
select s.plan->>'project_id' as project, s.id, s.plan->>'title' as title, s.status, s.first_at <= ? as held, s.last_at <= ? as ended, s.own,
  coalesce((s.plan->>'labelled')::boolean, false) as labelled, s.skills, s.presented, (select coalesce(jsonb_agg(kind), '[]') from jsonb_object_keys(s.papers) kind) as papers,
  (select count(*) from jsonb_array_elements(s.plan->'meetings') with ordinality meeting(m, n) where (m->>'ends_at')::timestamptz <= ?
    and not n::int = any(s.cancelled) and s.attendance->(n::text) is null) as unattended, ` + countedIn + ` as counted
from model.session s where s.status not in ('draft', 'cancelled') and `

// countedIn is how many were only counted in the meetings of a session, at home and in relays.
const countedIn = `(
  select coalesce(sum((a.value->'counted'->>'at_home')::int + (
    select coalesce(sum((one->>'present')::int), 0) from jsonb_array_elements(case jsonb_typeof(a.value->'counted'->'relays') when 'array' then a.value->'counted'->'relays' else '[]' end) one)), 0)::int
  from jsonb_each(s.attendance) a where a.value->'counted' is not null)`

// projectTally is what the sessions of a project brought.
type projectTally struct {
	line                          rest.OutcomeLine // participations, as in the figures
	reached, finished, autonomous map[string]bool  // people
	skills                        learnt
	presented                     map[string][]string
	unrecorded                    map[string]int // by session that is over
	sessions                      []projectSession
}

func newProjectTally() *projectTally {
	return &projectTally{
		reached: map[string]bool{}, finished: map[string]bool{}, autonomous: map[string]bool{}, skills: learnt{}, presented: map[string][]string{}, unrecorded: map[string]int{},
	}
}

// held counts the sessions that took place, or began.
func (t *projectTally) held() (n int) {
	for _, s := range t.sessions {
		n += oneIf(s.Held)
	}
	return n
}

// add counts a participation, and the person once. Who left is not among those who finished, whatever was recorded.
func (t *projectTally) add(r projectSeat, o *events.Outcome) {
	r.into(&t.line, o)
	stayed := r.Seat != "dropped" && r.Seat != "no_show"
	finished := stayed && o != nil && o.Completed
	person := the(r.Person)
	if r.Present || finished {
		t.reached[person] = true
	}
	if finished {
		t.finished[person] = true
		if o.AccountCreated && o.PortalConsulted && o.MailboxCreated {
			t.autonomous[person] = true
		}
	}
	if o != nil {
		t.skills.add(o.Skills)
	} else if stayed && r.Ended {
		t.unrecorded[r.Session]++
	}
}

// brought counts what the sessions of some projects brought, by project.
func (s *Service) brought(ctx context.Context, a directory.Account, projects []moneyProject) (map[string]*projectTally, rest.Positions, error) {
	all := map[string]*projectTally{}
	var ids, structures []string
	for _, p := range projects {
		all[p.ID] = newProjectTally()
		ids, structures = append(ids, p.ID), append(structures, p.StructureID)
	}
	ctx = s.within(ctx, a, policy.ReadOutcomes)
	f, now := &filter{}, s.Clock.Now()
	statement := f.put(sessionsOfProjects, now, now, now) + f.put(ofProjects, ids, structures) + ` order by s.first_at, s.id`
	sessions, err := count[projectSession](ctx, s, statement, f.args)
	if err != nil {
		return nil, sessions.At, err
	}
	for _, one := range sessions.Rows {
		t := all[one.Project]
		t.sessions = append(t.sessions, one)
		if one.Held {
			t.presented[one.ID] = one.Presented
		}
	}
	return all, sessions.At, s.seatsOf(ctx, a, ids, structures, now, all)
}

// seatsOf adds the participants.
func (s *Service) seatsOf(ctx context.Context, a directory.Account, ids, structures []string, now time.Time, all map[string]*projectTally) error {
	f := &filter{}
	ended := f.put("s.last_at <= ?", now)
	f.and(orNothing(s.entitled(f, a, policy.ReadOutcomes, outcomeReach)))
	f.and("s.first_at <= ?", now)
	f.and(ofProjects, ids, structures)
	c, err := count[projectSeat](ctx, s, `
select s.plan->>'project_id' as project, s.id as session, r.seat, s.status in ('closed', 'stopped') as over, r.outcome_subject as subject,
  encode(r.outcome_box, 'base64') as box, coalesce(o.root, r.seat_person) as person, `+ended+` as ended,
  exists (select from jsonb_each_text(r.attendance) a where a.value = 'present') as present
from model.referral r join model.session s on s.id = r.seat_session left join model.person o on o.id = r.seat_person
where `+tookPart+` and `+f.String()+` order by s.id, r.id`, f.args)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(c.Rows, manyOutcomes) {
		if err := s.Vault.Prefetch(ctx, keep(some, func(r projectSeat) (string, bool) { return the(r.Subject), r.Subject != nil })); err != nil {
			return engine.Away(err)
		}
		for _, r := range some {
			o, err := s.outcomeOf(ctx, r.outcomeRow)
			if err != nil {
				return err
			}
			all[r.Project].add(r, o)
		}
	}
	return nil
}

// moneyPositions joins what was heard of the people with what was heard of the money.
func moneyPositions(p rest.Positions, funding int) rest.MoneyPositions {
	return rest.MoneyPositions{Detection: p.Detection, Referral: p.Referral, Workshop: p.Workshop, Equipment: p.Equipment, Funding: funding}
}
