package projections

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

var (
	errNoLetter       = refusal.New(refusal.NotFound, "unknown_letter", "There is no such letter. Look at the list of the day again.")
	errNothingToWrite = refusal.New(refusal.Conflict, "nothing_to_write", "There is nothing to write about this referral any more.")
	errNoCalendar     = refusal.New(refusal.Conflict, "no_seat", "Only a confirmed place has a calendar.")
)

const letterColumns = `coalesce(r.desk, c.desk) as desk, f.id as flag_id, f.reference, coalesce(r.id, c.referral_id) as referral_id, r.status,
  c.about as id, c.why, c.until, s.plan, s.cancelled, s.version as session_version, l.sheet as place, null::text as to_day, `

// Letters that are to be printed; one of a referral as long as the seat is theirs.
var lettersDue = `
select ` + letterColumns + callPerson + `
from model.call c left join model.referral r on r.id = c.referral_id
join model.flag f on f.id = coalesce(r.flag_id, (select max(o.id) from model.flag o where o.person_id = c.person_id and not o.hidden)) and not f.hidden
left join model.session s on s.id = r.session_id left join model.place l on l.id = coalesce(r.relay_id, r.place_id)` + callPersonJoins + `
where c.kind = 'letter_to_print' and (c.referral_id is null or r.status = 'enrolled')
  and not exists (select from model.contact k where k.about = c.about and k.at >= c.since and ` + answering + `)`

// Letters about tablets that are still with somebody after their day, when calls were of no use: see loansLate.
var lettersOfLoans = `
select r.desk, f.id as flag_id, f.reference, r.id as referral_id, r.status, c.id, '` + tabletLetter + `' as why, (c.late_at + interval '7 days') as until, s.plan, s.cancelled,
  s.version as session_version, null::jsonb as place, c.to_day, ` + callPerson + `
from model.loan c join model.referral r on r.id = c.referral_id join model.flag f on f.id = r.flag_id and not f.hidden
left join model.session s on s.id = r.session_id` + callPersonJoins + `
where c.late = 'letter' and c.lent_at is not null and c.returned_at is null and not c.lost
  and not exists (select from model.contact k where k.about = c.id and k.at > c.late_at and ` + answering + `)`

// tabletLetter is the kind of a letter that asks for a tablet.
const tabletLetter = "tablet"

var letterPerson, letterPersonJoins = personOf("r.person_id")

var letterOfReferral = `
select ` + letterColumns + letterPerson + `
from model.referral r join model.flag f on f.id = r.flag_id and not f.hidden
left join model.call c on c.referral_id = r.id and c.kind = 'letter_to_print' and r.status = 'enrolled'
left join model.session s on s.id = r.session_id left join model.place l on l.id = coalesce(r.relay_id, r.place_id)` + letterPersonJoins + `
where r.id = $1 and ` + opened + ` and ` + seenReferral

// letterRow is what is written to somebody, or to be written.
type letterRow struct {
	sealedPerson

	ID, ReferralID, Why, Status *string
	FlagID, Reference, Desk     string
	Until                       *time.Time
	Plan                        json.RawMessage
	Cancelled                   []int
	SessionVersion              *int
	Place                       json.RawMessage
	ToDay                       *string // of a tablet: when it was due
}

// ListLetters gives what the caller's desks are to print.
func (s *Service) ListLetters(ctx context.Context, request rest.ListLettersRequestObject) (rest.ListLettersResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.Refer)
	if err != nil {
		return nil, err
	}
	desks := s.desks(a, policy.Refer)
	if one := request.Params.Desk; one != nil {
		desks = slices.DeleteFunc(desks, func(desk string) bool { return desk != *one })
	}
	rows, err := all[letterRow](ctx, s, lettersDue+` and coalesce(r.desk, c.desk) = any($1) order by c.until, c.about limit $2`, desks, mostToday+1)
	if err != nil {
		return nil, err
	}
	answer := rest.Letters{Truncated: len(rows) > mostToday, Items: []rest.Letter{}}
	rows = rows[:min(len(rows), mostToday)]
	loans, err := all[letterRow](ctx, s, lettersOfLoans+` and r.desk = any($1) order by c.late_at, c.id limit $2`, desks, mostToday+1-len(rows))
	if err != nil {
		return nil, err
	}
	rows = append(rows, loans...)
	answer.Truncated = answer.Truncated || len(rows) > mostToday
	rows = rows[:min(len(rows), mostToday)]
	persons, err := open(ctx, s, rows)
	for _, r := range rows {
		person, _ := persons[the(r.PersonID)].Value()
		if r.dead() || r.ReferralID != nil && r.kind() != tabletLetter && reachable(person) {
			continue
		}
		web.Concerns(ctx, the(r.PersonID))
		answer.Items = append(answer.Items, s.letter(r, person))
	}
	if err != nil || !asPDF(request.Params.Format) {
		return rest.ListLetters200JSONResponse(answer), err
	}
	sheets, err := s.lettersToPrint(answer.Items)
	return rest.ListLetters200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
}

// GetLetter gives one that is to be printed.
func (s *Service) GetLetter(ctx context.Context, request rest.GetLetterRequestObject) (rest.GetLetterResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.Refer)
	if err != nil {
		return nil, err
	}
	letter, _, err := s.letterFor(ctx, a, errNoLetter, lettersDue+` and c.about = $1 union all `+lettersOfLoans+` and c.id = $1`, request.ID)
	if err != nil || !asPDF(request.Params.Format) {
		return rest.GetLetter200JSONResponse(letter), err
	}
	sheets, err := s.lettersToPrint([]rest.Letter{letter})
	return rest.GetLetter200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
}

// GetReferralLetter gives what is written about a referral as it stands now, also where nothing is due.
func (s *Service) GetReferralLetter(ctx context.Context, request rest.GetReferralLetterRequestObject) (rest.GetReferralLetterResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.Refer)
	if err != nil {
		return nil, err
	}
	letter, row, err := s.letterFor(ctx, a, ErrNoReferral, letterOfReferral, request.ID)
	if err == nil && letter.Kind == "" {
		err = errNothingToWrite
	}
	if err != nil {
		return nil, err
	}
	switch the(request.Params.Format) {
	case "html":
		return letterPage(letter)
	case "pdf":
		sheets, err := s.lettersToPrint([]rest.Letter{letter})
		return rest.GetReferralLetter200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
	case "ics":
		if the(row.Status) != "enrolled" {
			return nil, errNoCalendar
		}
		return calendarOf(letter, *row.SessionVersion, s.Clock.Now()), nil
	}
	return rest.GetReferralLetter200JSONResponse(letter), nil
}

// letterFor finds a letter. Whose desk it is not does not learn that there is one; nobody writes to the dead.
func (s *Service) letterFor(ctx context.Context, a directory.Account, missing error, sql, id string) (rest.Letter, letterRow, error) {
	row, err := web.Find(ctx, func(ctx context.Context) (letterRow, error) { return one[letterRow](ctx, s, missing, sql, id) })
	if err != nil {
		return rest.Letter{}, row, err
	}
	web.Concerns(ctx, the(row.PersonID))
	desk, ok := s.Directory().Desk(row.Desk)
	if !ok || policy.Can(a, policy.Refer, onDesk(desk)) != policy.Allowed || row.dead() {
		return rest.Letter{}, row, missing
	}
	persons, err := open(ctx, s, []letterRow{row})
	person, _ := persons[the(row.PersonID)].Value()
	return s.letter(row, person), row, err
}

// letter says what is written.
func (s *Service) letter(r letterRow, p events.Person) rest.Letter {
	desk, _ := s.Directory().Desk(r.Desk)
	l := rest.Letter{
		ID: r.ID, Kind: r.kind(), ReferralID: r.ReferralID, FlagID: r.FlagID, Reference: r.Reference, Word: s.wordOf(the(r.PersonID)), PersonID: the(r.PersonID),
		Desk: desk.ID, DeskName: desk.Name, DeskPhone: desk.Phone, To: addressLines(p), Meetings: []rest.Meeting{}, Paragraphs: []string{}, DueOn: r.ToDay,
	}
	if r.Until != nil {
		l.By = known(reference.Day(*r.Until))
		l.Overdue = *l.By < reference.Day(s.Clock.Now())
	}
	var plan events.SessionPlanned
	var place events.PlaceSheet
	_, _ = json.Unmarshal(r.Plan, &plan), json.Unmarshal(r.Place, &place) // absent: there is none
	if plan.Title != "" {
		l.SessionTitle, l.Place = &plan.Title, known(heldAt(plan))
	}
	if place.Name != "" {
		l.Place = known(joinedBy(", ", place.Name, place.Street, joinedBy(" ", place.Postcode, communeName(place.Insee))))
	}
	for i, m := range plan.Meetings {
		if !slices.Contains(r.Cancelled, i+1) {
			l.Meetings = append(l.Meetings, rest.Meeting{StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC()})
		}
	}
	return worded(l, plan, p)
}

// kind is what a letter tells: what is due, else how the referral stands; empty where there is nothing to say.
func (r letterRow) kind() string {
	if r.Why != nil {
		return *r.Why
	}
	return kindsOfLetter[the(r.Status)]
}

var kindsOfLetter = map[string]string{
	"requested": "asked", "in_study": "asked", "enrolled": "seat", "in_progress": "seat", "waitlisted": "waiting", "offered": "waiting",
	"cancelled": "cancelled", "advised": "address", "completed": "completed", "dropped": "dropped",
}

func clockInFrench(at time.Time) string {
	at = at.In(reference.Paris)
	if at.Minute() == 0 {
		return fmt.Sprintf("%d h", at.Hour())
	}
	return fmt.Sprintf("%d h %02d", at.Hour(), at.Minute())
}
