package projections

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// sessionRow is a session with its seats counted.
type sessionRow struct {
	ID, ProviderID       string
	Insee                *string
	Status               string // as planned
	FirstAt, LastAt      time.Time
	Plan                 json.RawMessage
	Taken, Held, Waiting int
	Own                  int
	Relays               map[string]int
	Presented            []string
	Recording            *string
	Cancelled            []int
	Papers               map[string]filedPaper
	Attendance           map[string]rest.MeetingAttendance
	Version              int
}

const sessionColumns = `s.id, s.provider_id, s.insee, s.status, s.first_at, s.last_at, s.plan, s.version, s.own, s.relays, s.presented, s.recording, s.cancelled, s.papers, s.attendance, n.taken, n.held + s.kept as held, n.waiting`

// seatCounts reads only the index on seats.
const seatCounts = ` cross join lateral (
  select count(*) filter (where r.seat = 'taken')::int as taken, count(*) filter (where r.seat = 'held' or r.offered)::int as held,
    count(*) filter (where r.seat = 'waiting')::int as waiting
  from model.seat r where r.seat_session = s.id and r.seat in ('taken', 'held', 'waiting')) n`

// statusOf is what statusAt says, for a filter.
const statusOf = `case when s.status not in ('open', 'confirmed', 'running') then s.status when ? < s.first_at then case when s.status = 'confirmed' then 'confirmed' else 'open' end
  when ? < s.last_at or (s.plan->>'labelled')::boolean then 'running' else 'closed' end`

// ListSessions gives the sessions, newest first, or nearest first within a distance. A draft is for those who plan it.
func (s *Service) ListSessions(ctx context.Context, request rest.ListSessionsRequestObject) (rest.ListSessionsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	var after sessionPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	f, err := sessionFilter(request.Params, now)
	if err != nil {
		return nil, err
	}
	near, err := nearbyOf(request.Params)
	if err != nil {
		return nil, err
	}
	f.and("(s.status <> 'draft' or s.provider_id in "+providersOf+")", s.providers(a, policy.PlanSession), s.fundsWhole(a, policy.PlanSession))
	if !page.First {
		near.follow(f, after)
	}
	sql := near.sorted(f) + ` where ` + free(request.Params) + ` order by ` + near.order() + ` limit ` + f.arg(page.Limit+1)
	rows, err := all[sessionRow](ctx, s, sql, f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r sessionRow) any { return near.place(r) })
	items, relayed := make([]rest.Session, len(rows)), []*rest.Session(nil)
	for i, row := range rows {
		if items[i], err = row.session(now); err != nil {
			return nil, err
		}
		items[i].DistanceKm = near.distance(row)
		relayed = withRelays(&items[i], row, relayed)
	}
	return rest.ListSessions200JSONResponse{Items: items, Next: next}, s.putRelays(ctx, relayed)
}

func sessionFilter(p rest.ListSessionsParams, now time.Time) (*filter, error) {
	f := &filter{}
	f.same("s.provider_id", p.ProviderID)
	if p.Status != nil {
		f.and(statusOf+" = ?", now, now, *p.Status)
	}
	f.held(p)
	f.same("s.mode", p.Mode)
	if len(p.Skills) > 0 {
		f.and("s.skills @> ?::text[]", p.Skills)
	}
	if p.Language != nil {
		f.and("s.languages @> array[?::text]", *p.Language)
	}
	if p.From != nil {
		from, err := time.ParseInLocation(time.DateOnly, *p.From, reference.Paris)
		if err != nil {
			return nil, refusal.Faults{{Field: "from", Code: "not_a_day", Detail: "Write the day as 2021-12-06."}}
		}
		f.and("s.first_at >= ?", from)
	}
	return f, nil
}

// free is the only condition on what is counted.
func free(p rest.ListSessionsParams) string {
	if p.Free != nil && *p.Free {
		return "(s.mode = 'webinar' or s.capacity > n.taken + n.held + s.kept + s.own)"
	}
	return "true"
}

const oneSession = `select ` + sessionColumns + ` from model.session s` + seatCounts + ` where s.id = $1`

// findSession gives a session that the caller may see.
func (s *Service) findSession(ctx context.Context, a directory.Account, id string) (sessionRow, error) {
	return web.Find(ctx, func(ctx context.Context) (sessionRow, error) {
		row, err := one[sessionRow](ctx, s, ErrNoSession, oneSession, id)
		if err == nil && row.Status == "draft" {
			err = s.forProvider(ctx, a, policy.PlanSession, row.ProviderID, ErrNoSession)
		}
		return row, err
	})
}

// GetSession gives one session with its seats.
func (s *Service) GetSession(ctx context.Context, request rest.GetSessionRequestObject) (rest.GetSessionResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	row, err := s.findSession(ctx, a, request.ID)
	if err != nil {
		return nil, err
	}
	session, err := row.session(s.Clock.Now())
	if err == nil {
		err = s.putRelays(ctx, withRelays(&session, row, nil))
	}
	return rest.GetSession200JSONResponse{Body: session, Headers: rest.GetSession200ResponseHeaders{ETag: web.ETag("session", row.Version)}}, err
}

func (r sessionRow) session(now time.Time) (rest.Session, error) {
	var p events.SessionPlanned
	if err := json.Unmarshal(r.Plan, &p); err != nil {
		return rest.Session{}, fmt.Errorf("plan of session %s: %w", r.ID, err)
	}
	session := rest.Session{
		ID: r.ID, ProviderID: r.ProviderID, Title: p.Title, Mode: p.Mode, Skills: listOf(p.Skills), Insee: known(p.Insee), Place: known(p.Place),
		Status: statusAt(r.Status, r.FirstAt, r.LastAt, p.Labelled, now), Minimum: p.Minimum, Taken: r.Taken, Held: r.Held, Waiting: r.Waiting,
		CapacityStatus: r.capacityStatus(p), Languages: listOf(p.Languages), Accessible: p.Accessible, LendsEquipment: p.LendsEquipment,
		Labelled: p.Labelled, ProjectID: known(p.ProjectID), Programmes: listOf(p.Programmes), CostCents: p.CostCents, Transport: p.Transport,
		Level: known(p.Level), RegistrationClosesAt: p.RegistrationClosesAt.UTC(), Booking: p.Booking, ImmediateSeats: p.ImmediateSeats,
		WaitingLimit: p.WaitingLimit, AssessmentRequired: p.AssessmentRequired, Meetings: make([]rest.Meeting, len(p.Meetings)),
		Services: r.Presented, Recording: r.Recording, Papers: r.papers(), MissingPapers: r.missingPapers(p.Labelled), Attendance: r.attendance(), Own: &r.Own,
	}
	yes := true
	for i, m := range p.Meetings {
		session.Meetings[i] = rest.Meeting{StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC()}
		if slices.Contains(r.Cancelled, i+1) {
			session.Meetings[i].Cancelled = &yes
		}
	}
	if p.Mode != "webinar" {
		free := r.free(p)
		session.Capacity, session.Free, session.Over = &p.Capacity, &free, max(0, r.Taken+r.Own-p.Capacity)
	}
	if p.Audience != (events.Audience{}) {
		session.Audience = &rest.Audience{AgeMinimum: someOf(p.Audience.AgeMinimum), Gir: someOf(p.Audience.GIR)}
	}
	return session, nil
}

func (r sessionRow) free(p events.SessionPlanned) int { return max(0, p.Capacity-r.Taken-r.Held-r.Own) }

func (r sessionRow) capacityStatus(p events.SessionPlanned) string {
	full := p.Mode != "webinar" && r.free(p) == 0
	switch {
	case full && p.WaitingLimit != nil && r.Waiting >= *p.WaitingLimit:
		return "no-capacity"
	case full:
		return "waitlist"
	case p.AssessmentRequired:
		return "additional-assessment-required"
	}
	return "capacity"
}

// statusAt is a session's status now: an open one runs from its first meeting and is closed after its last; a labelled
// one is closed when its provider says so.
func statusAt(told string, first, last time.Time, labelled bool, now time.Time) string {
	switch {
	case told != "open" && told != "confirmed" && told != "running":
		return told
	case now.Before(first) && told == "confirmed":
		return told
	case now.Before(first):
		return "open"
	case now.Before(last), labelled:
		return "running"
	}
	return "closed"
}

// filedPaper is a paper that is there.
type filedPaper struct {
	Title string
	At    time.Time
}

// paperKinds are what a labelled session needs before it closes.
var paperKinds = []string{"content_plan", "evaluation", "impact_sheet"}

func (r sessionRow) papers() (list []rest.FiledPaper) {
	for _, kind := range paperKinds {
		if p, ok := r.Papers[kind]; ok {
			list = append(list, rest.FiledPaper{Kind: kind, Title: p.Title, At: p.At.UTC()})
		}
	}
	return list
}

func (r sessionRow) missingPapers(labelled bool) (list []string) {
	for _, kind := range paperKinds {
		if _, ok := r.Papers[kind]; labelled && !ok {
			list = append(list, kind)
		}
	}
	return list
}

// attendance is what was recorded, in the order of the meetings.
func (r sessionRow) attendance() (list []rest.MeetingAttendance) {
	for meeting, a := range r.Attendance {
		a.Meeting, _ = strconv.Atoi(meeting)
		a.DistinctKnown, a.At = a.Counted == nil, a.At.UTC()
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b rest.MeetingAttendance) int { return cmp.Compare(a.Meeting, b.Meeting) })
	return list
}

// someOf is nil for zero.
func someOf(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
