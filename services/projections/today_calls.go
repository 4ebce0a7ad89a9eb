package projections

import (
	"context"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const (
	callsKept = 120 // days for which a call that nobody made stands on the list
	answering = `(k.outcome in ('reached', 'left_word', 'sent', 'call_back') or k.direction = 'in' and k.outcome <> 'returned')`
)

// callsToday are the calls of a desk that no contact has answered, as long as there is something to say. Those of a referral go
// with it to another desk.
var callsToday = `
select c.about, c.kind, c.why, c.referral_id, c.since, c.until, f.id as flag_id, f.reference, f.assigned_to, coalesce(r.desk, c.desk) as desk,
  s.first_at, s.plan->>'title' as session_title, (select count(*) from model.contact k where k.about = c.about and k.outcome = 'not_reached' and k.at >= c.since)::int as tries,
  ` + callPerson + `
from (
  select * from model.call where desk = $1 and since > $2
  union select c.* from model.call c join model.referral r on r.id = c.referral_id where r.desk = $1 and r.handed_over) c
left join model.referral r on r.id = c.referral_id
join model.flag f on f.id = coalesce(r.flag_id, (select max(o.id) from model.flag o where o.person_id = c.person_id and not o.hidden)) and not f.hidden
left join model.session s on s.id = r.session_id` + callPersonJoins + `
where coalesce(r.desk, c.desk) = $1 and not exists (select from model.contact k where k.about = c.about and k.at >= c.since and ` + answering + `)
  and case c.kind
    when 'seat_offer' then r.status = 'offered'
    when 'reminder' then r.status = 'enrolled' and c.until > $3
    when 'session_moved' then r.status in ('requested', 'in_study', 'waitlisted', 'offered', 'enrolled')
    when 'session_cancelled' then f.help <> 'closed' and not exists (select from model.referral n where n.flag_id = r.flag_id and n.opened_at > c.since)
    when 'no_news' then f.help <> 'closed'
    when 'letter_to_print' then c.referral_id is null or r.status = 'enrolled'
    else c.why <> 'address' or r.status = 'advised' end`

// callBacks are those who asked to be rung again, or whom the desk wanted to ring again, until somebody was reached. A letter about a
// seat keeps no such promise.
var callBacks = `
select coalesce(c.about, f.id) as about, 'call_back' as kind, 'asked' as why, null as referral_id, c.at as since, c.next_at as until, f.id as flag_id, f.reference, f.assigned_to,
  c.desk, null::timestamptz as first_at, null as session_title,
  (select count(*) from model.contact k where k.person_id = c.person_id and k.outcome = 'not_reached' and k.at > c.at)::int as tries, ` + callPerson + `
from model.contact c
join model.flag f on f.id = (select max(o.id) from model.flag o where o.person_id = c.person_id and not o.hidden)` + callPersonJoins + `
where c.desk = $1 and c.next_at > $2 and c.next_at < $3
  and not exists (select from model.contact k where k.person_id = c.person_id and k.at > c.at and k.letter_of is null and (k.next_at is not null or ` + answering + `))`

// loansLate are tablets that are with somebody of the desk after their day: a call, from the eighth day on a letter.
var loansLate = `
select c.id as about, case c.late when 'letter' then 'letter_to_print' else 'loan_late' end as kind, 'late' as why, c.referral_id, c.lent_at as since, (c.to_day::date)::timestamp at time zone 'Europe/Paris' as until,
  f.id as flag_id, f.reference, f.assigned_to, r.desk, s.first_at, s.plan->>'title' as session_title,
  (select count(*) from model.contact k where k.about = c.id and k.outcome = 'not_reached')::int as tries, ` + callPerson + `
from model.loan c join model.referral r on r.id = c.referral_id join model.flag f on f.id = r.flag_id and not f.hidden
left join model.session s on s.id = r.session_id` + callPersonJoins + `
where r.desk = $1 and c.lent_at is not null and c.returned_at is null and not c.lost and c.to_day < $2
  and not exists (select from model.contact k where k.about = c.id and k.at > coalesce(c.late_at, c.lent_at) and ` + answering + `)`

var callPerson, callPersonJoins = personOf("c.person_id")

// callRow is something that a desk is to say to somebody.
type callRow struct {
	sealedPerson

	About, Kind, Why, FlagID, Reference, Desk string
	ReferralID, AssignedTo, SessionTitle      *string
	Since, Until                              time.Time
	FirstAt                                   *time.Time
	Tries                                     int
}

// forNobodyElse: a reminder, and a letter about a seat (not one about a tablet), are for those whom no message reaches.
func (r callRow) forNobodyElse() bool {
	return r.Kind == "reminder" || r.Kind == letterLine && r.ReferralID != nil && r.Why != "late"
}

// calls are what the desk is to say to people.
func (d deskDay) calls(ctx context.Context) (lines []todayRow, err error) {
	rows, err := all[callRow](ctx, d.Service, callsToday, d.desk, d.now.AddDate(0, 0, -callsKept), d.now)
	if err != nil {
		return nil, err
	}
	tomorrow := dayAfter(d.now)
	back, err := all[callRow](ctx, d.Service, callBacks, d.desk, d.now.AddDate(0, 0, -callsKept), tomorrow)
	if err != nil {
		return nil, err
	}
	late, err := all[callRow](ctx, d.Service, loansLate, d.desk, d.today())
	if err != nil {
		return nil, err
	}
	rows = append(append(rows, back...), late...)
	kept, err := d.alternatives(ctx, rows)
	if err != nil {
		return nil, err
	}
	persons, err := open(ctx, d.Service, rows)
	for _, r := range rows {
		person, _ := persons[the(r.PersonID)].Value()
		if r.dead() || r.forNobodyElse() && reachable(person) {
			continue
		}
		lines = append(lines, todayRow{sealedPerson: r.sealedPerson, TodayLine: kept.beside(d.call(r, person))})
	}
	return lines, err
}

func (d deskDay) call(r callRow, person events.Person) rest.TodayLine {
	by := reference.Day(r.Until)
	line := rest.TodayLine{
		Kind: r.Kind, Why: r.Why, FlagID: &r.FlagID, ReferralID: r.ReferralID, Reference: r.Reference, PersonID: r.PersonID, About: &r.About, Who: r.Desk,
		By: &by, Overdue: by < d.today(), Mine: the(r.AssignedTo) == d.caller.ID, Tries: r.Tries, Phone: known(person.Phone), Word: known(d.wordOf(the(r.PersonID))),
	}
	script := scriptOf(r, person)
	line.Script = &script
	return line
}

// reachable says whether a message reaches the person: by mobile or e-mail.
func reachable(p events.Person) bool {
	number := strings.TrimPrefix(strings.TrimPrefix(p.Phone, "+33"), "0")
	return p.Email != "" || strings.HasPrefix(number, "6") || strings.HasPrefix(number, "7")
}

func dayAfter(at time.Time) time.Time {
	y, m, d := at.In(reference.Paris).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, reference.Paris)
}
