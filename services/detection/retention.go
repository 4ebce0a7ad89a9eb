package detection

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// People are kept for two years after they took part in something last; who is erased is shown a month before.
const (
	yearsKept   = 2
	monthsShown = 1
)

// forgotten is somebody whom nobody has been in contact with for long.
type forgotten struct {
	PersonID, Reference, Desk, Fund, Reason string
	LastContact                             *time.Time
	ErasedAt                                time.Time
	Held                                    bool
}

// lastContacts are those of people, with all the records that are shown as one. It looks at whom somebody was in
// contact with before $1, and at who is hidden: nobody else's time can be over.
const lastContacts = `
with old as (
  select r.root from model.contact c join model.person r using (person_id) where c.at <= $1
  union select root from model.person where hidden),
last as (
  select root, max(at) as at from (
    select root, c.at from old join model.person r using (root) join model.contact c using (person_id)
    union all select root, s.until from old join model.person r using (root) join model.seat s using (person_id)) one group by root),
held as (select distinct root from old join model.person r using (root) join model.open o using (person_id)),
line as (
  select p.person_id, p.reference, p.desk, p.fund, p.hidden, p.erased, coalesce(p.reason, 'retention') as reason, last.at as last_contact,
    coalesce(p.erase_at, last.at + interval '2 years') as erased_at, held.root is not null as held
  from old join model.person p on p.person_id = old.root left join last on last.root = p.person_id left join held on held.root = p.person_id)
select person_id, reference, desk, fund, reason, last_contact, erased_at, held from line where not erased`

const (
	anybody   = `select exists (select from model.contact where at <= $1) as there`
	dueNow    = lastContacts + ` and not hidden and not held and last_contact <= $1 order by last_contact, person_id limit 100`
	upcoming  = lastContacts + ` and not hidden and last_contact <= $1 and desk = any($2) and (erased_at, person_id) > ($3, $4) order by erased_at, person_id limit $5`
	requested = lastContacts + ` and hidden and desk = any($2) and (erased_at, person_id) > ($3, $4) order by erased_at, person_id limit $5`
)

var errMayNotSeeRetention = refusal.New(refusal.Forbidden, "forbidden", "Only desks and the privacy officer see who is erased soon.")

type retentionPlace struct {
	At time.Time `json:"at"`
	ID string    `json:"id"`
}

// ListRetention gives those who are erased soon, or whose erasure may still be undone.
func (s *Service) ListRetention(ctx context.Context, r rest.ListRetentionRequestObject) (rest.ListRetentionResponseObject, error) {
	sql, status, action := upcoming, "upcoming", policy.ErasePerson
	if engine.Value(r.Params.Status) == "requested" {
		sql, status, action = requested, "requested", policy.UndoErasure
	}
	if !policy.May(s.Account(ctx), action) {
		return nil, errMayNotSeeRetention
	}
	var after retentionPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	shown := s.Clock.Now().AddDate(-yearsKept, monthsShown, 0)
	rows, err := engine.Rows[forgotten](ctx, s.Pool, s.contacts, sql, shown, s.desksFor(ctx, action), after.At, after.ID, page.Limit+1)
	if err != nil {
		return nil, err
	}
	fund, _ := s.Directory().Fund(s.Account(ctx).Fund)
	answer := rest.ListRetention200JSONResponse{Items: []rest.RetentionLine{}, ErasureDays: fund.ErasureDays}
	if len(rows) > page.Limit {
		rows = rows[:page.Limit]
		last := rows[page.Limit-1]
		answer.Next = page.Next(retentionPlace{last.ErasedAt, last.PersonID})
	}
	for _, f := range rows {
		web.Concerns(ctx, f.PersonID)
		answer.Items = append(answer.Items, f.line(status))
	}
	return answer, nil
}

func (f forgotten) line(status string) rest.RetentionLine {
	line := rest.RetentionLine{
		PersonID: f.PersonID, Reference: &f.Reference, Desk: &f.Desk, Status: status, Reason: f.Reason, ErasedAt: f.ErasedAt.UTC(), Held: f.Held,
	}
	if f.LastContact != nil {
		at := f.LastContact.UTC()
		line.LastContact = &at
	}
	return line
}

// desksFor are those for whose people the caller may do something.
func (s *Service) desksFor(ctx context.Context, action policy.Action) []string {
	account, list := s.Account(ctx), []string{}
	for _, d := range s.Directory().Desks() {
		if policy.Can(account, action, policy.Resource{Fund: d.Fund, Desk: d.ID, Unit: d.Unit()}) == policy.Allowed {
			list = append(list, d.ID)
		}
	}
	return list
}

const retentionAgain = time.Hour

// keepNobodyTooLong asks once a day for the erasure of those whose time is over. One process does.
func (s *Service) keepNobodyTooLong(ctx context.Context) error {
	own := lease.New(lease.Config{Pool: s.Pool, Schema: s.Heard(), Name: "retention", Owner: s.Owner})
	for ctx.Err() == nil {
		held, release, err := own.Hold(ctx)
		if err != nil {
			continue
		}
		s.lookDaily(held)
		release()
	}
	return nil
}

func (s *Service) lookDaily(ctx context.Context) {
	looked := ""
	for ctx.Err() == nil {
		moved, wait := s.Clock.Moved(), retentionAgain // before the time is read
		if today := paris.Day(s.Clock.Now()); today != looked {
			if err := s.requestDue(ctx); err != nil {
				wait = settleAgain
				if away := new(web.Problem); !errors.As(err, &away) { // at the start the read model is being built
					s.Log.Warn("nobody was looked for whose time is over", "reason", feed.Reason(err))
				}
			} else {
				looked = today
			}
		}
		select {
		case <-ctx.Done():
		case <-moved:
		case <-time.After(wait):
		}
	}
}

// requestDue hides those whose time is over, as the rules allow.
func (s *Service) requestDue(ctx context.Context) error {
	for {
		now := s.Clock.Now()
		over := now.AddDate(-yearsKept, 0, 0)
		if old, err := engine.Row[struct{ There bool }](ctx, s.Pool, s.contacts, nil, anybody, over); err != nil || !old.There {
			return err
		}
		due, err := engine.Rows[forgotten](ctx, s.Pool, s.contacts, dueNow, over)
		if err != nil || len(due) == 0 {
			return err
		}
		var last int64
		for _, one := range due {
			if last, err = s.requestFor(ctx, one, now); err != nil {
				return err
			}
		}
		if err := s.contacts.Hub.Wait(ctx, Name, last); err != nil {
			return err
		}
	}
}

func (s *Service) requestFor(ctx context.Context, one forgotten, now time.Time) (position int64, err error) {
	records, err := s.records(ctx, one.PersonID)
	if err != nil {
		return 0, err
	}
	fund, _ := s.Directory().Fund(one.Fund)
	e := domain.RequestErasure{Reason: "retention", EraseAt: now.AddDate(0, 0, fund.ErasureDays), By: "retention", At: now}
	if e.LoanOpen, err = s.hasTablet(ctx, idsOf(records)...); err != nil {
		return 0, err
	}
	for i := len(records) - 1; i >= 0; i-- { // the one that goes on last
		e.PersonID = records[i].PersonID
		done, err := s.persons.Handle(ctx, e.PersonID, e, decider.Call[domain.Person]{})
		var refused *refusal.Refusal
		if err != nil && !errors.As(err, &refused) {
			return 0, err
		}
		position = done.Position
	}
	return position, nil
}
