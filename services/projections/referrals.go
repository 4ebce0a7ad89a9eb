package projections

import (
	"context"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// referralRow is a referral as lists have it. What the session has not said yet is nil.
type referralRow struct {
	sealedPerson

	ID, FlagID, SessionID, ProviderID string // of an address no session and no provider
	PlaceID                           *string
	Fund, Programme, Desk, Department string
	Status                            string
	Seat                              *string
	AnswerBy, HeldUntil, HelpedAt     *time.Time
	Rank, WouldBeRank                 *int
	OpenedAt                          time.Time
	SessionTitle                      *string
	FirstAt                           *time.Time // of the session
}

// Ranks are present ones: who waits now and came earlier, and for a request without a seat also who asked earlier.
var referralColumns = `r.id, r.flag_id, coalesce(r.session_id, '') as session_id, coalesce(r.provider_id, '') as provider_id, r.place_id, ` + helpedAt + `, r.fund, r.programme, r.desk, r.department, r.status, r.seat,
  r.answer_by, r.held_until, r.opened_at, s.first_at, s.plan->>'title' as session_title, ` + referralPerson + `,
  case when r.seat = 'waiting' then (
    select 1 + count(*) from model.seat o where o.seat_session = r.seat_session and o.seat = 'waiting' and o.place < r.place)::int end as rank,
  case when r.status in ('requested', 'in_study') and r.seat = 'queued' then (
    select 1 + count(*) from model.seat o where o.seat_session = r.seat_session and o.seat in ('waiting', 'queued')
      and (o.seat = 'waiting' or o.place < r.place))::int end as would_be_rank`

// helpedAt is when a referral has brought what it should; null: not yet, or never.
const helpedAt = `case when r.status = 'completed' then coalesce(s.last_at, r.answered_at) when r.result = 'helped' then r.followed_at end as helped_at`

var referralPerson, referralPersonJoins = personOf("r.person_id")

var referralJoins = referralPersonJoins + ` left join model.session s on s.id = r.session_id`

// A row without a flag is one that only the session has spoken of so far.
const opened = "r.flag_id is not null"

var referralReach = columns{
	desk: "r.desk = reach.value", provider: "r.provider_id = reach.value", fund: "r.fund = reach.value",
	author: "r.flag_id = any(array(select id from model.flag where author = reach.value))", // an array: they are few
}

type referralPlace struct {
	ID string `json:"id"`
}

// ListReferrals gives the referrals of the caller's desks or sessions, newest first.
func (s *Service) ListReferrals(ctx context.Context, request rest.ListReferralsRequestObject) (rest.ListReferralsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadReferral)
	if err != nil {
		return nil, err
	}
	var after referralPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.and(opened)
	f.and(seenReferral)
	f.same("r.status", request.Params.Status)
	f.same("r.session_id", request.Params.SessionID)
	f.same("r.desk", request.Params.Desk)
	if !page.First {
		f.and("r.id < ?", after.ID)
	}
	l := listing{table: "model.referral r", name: "r", order: "r.id desc", columns: referralColumns, joins: referralJoins}
	rows, err := all[referralRow](ctx, s, l.sql(s.reachesOf(referralReach, a, policy.ReadReferral), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r referralRow) any { return referralPlace{r.ID} })
	items, err := s.referralLines(ctx, rows)
	return rest.ListReferrals200JSONResponse{Items: items, Next: next}, err
}

// referralsOf are those of a flag or a person that the caller may see, newest first.
func (s *Service) referralsOf(ctx context.Context, a directory.Account, condition, id string) ([]referralRow, error) {
	if !policy.May(a, policy.ReadReferral) {
		return nil, nil
	}
	ctx = s.within(ctx, a, policy.ReadReferral)
	f := &filter{}
	f.and(opened)
	f.and(seenReferral)
	f.and(condition, id)
	l := listing{table: "model.referral r", name: "r", order: "r.id desc", columns: referralColumns, joins: referralJoins}
	return all[referralRow](ctx, s, l.sql(s.reachesOf(referralReach, a, policy.ReadReferral), f, 100), f.args...)
}

func (s *Service) referralLines(ctx context.Context, rows []referralRow) ([]rest.ReferralLine, error) {
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]rest.ReferralLine, len(rows))
	for i, r := range rows {
		web.Concerns(ctx, the(r.PersonID))
		lines[i] = rest.ReferralLine{
			ID: r.ID, FlagID: r.FlagID, PersonID: r.PersonID, Person: persons.name(r.PersonID), SessionID: known(r.SessionID), PlaceID: r.PlaceID, SessionTitle: r.SessionTitle,
			StartsAt: inUTC(r.FirstAt), ProviderID: known(r.ProviderID), Programme: r.Programme, Desk: r.Desk, Department: r.Department, Status: r.Status, Seat: r.seat(), HeldUntil: r.held(),
			Rank: r.Rank, WouldBeRank: r.WouldBeRank, OpenedAt: r.OpenedAt.UTC(),
		}
	}
	return lines, nil
}

// open tells whether the referral has a seat, waits for one, or waits for an answer.
func (r referralRow) open() bool { return underWay(r.Status) }

// seat is what the person may count on.
func (r referralRow) seat() string {
	switch {
	case r.Status == "enrolled", r.Status == "in_progress", r.Status == "completed":
		return "taken"
	case r.Status == "offered", (r.Status == "requested" || r.Status == "in_study") && the(r.Seat) == "held":
		return "held"
	case r.Status != "requested" && r.Status != "in_study", the(r.Seat) == "queued":
		return "none"
	}
	return "pending"
}

func (r referralRow) held() *time.Time {
	if r.seat() != "held" {
		return nil
	}
	return inUTC(r.HeldUntil)
}

func inUTC(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	utc := at.UTC()
	return &utc
}
