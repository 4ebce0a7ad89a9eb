package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const (
	lastCall       = 72 * time.Hour // before registration closes
	mostLastSeats  = 100
	mostToRingEach = 20
)

const closingSoon = `
select ` + sessionColumns + `, s.change, s.renewed_at, p.fund, p.department from model.session s left join model.provider p on p.id = s.provider_id` + seatCounts + `
where s.status in ('open', 'confirmed') and s.first_at > $1 and (s.plan->>'registration_closes_at')::timestamptz > $1
  and (s.plan->>'registration_closes_at')::timestamptz <= $2 and s.mode <> 'webinar' and s.capacity > n.taken + n.held + s.kept + s.own
order by (s.plan->>'registration_closes_at')::timestamptz, s.id limit $3`

// unserved says whether the last referral of a flag ended without a seat.
const unserved = `(select r.status from model.referral r where r.flag_id = f.id order by r.id desc limit 1) in ('unserved', 'expired', 'declined', 'cancelled') as unserved`

var inWant = `select ` + sheetOfFlag + `, ` + unserved + ` from model.flag f` + flagJoins + `
where f.desk = $1 and f.help in ('wished', 'to_refer') and ` + seenFlag + ` order by coalesce(f.help_at, f.submitted_at), f.id limit $2`

// wantRow is somebody who waits for help.
type wantRow struct {
	flagSheet

	Unserved *bool
}

func (r wantRow) since() time.Time {
	if r.HelpAt != nil {
		return *r.HelpAt
	}
	return r.SubmittedAt
}

func (r wantRow) why() string {
	switch {
	case r.Help == "wished":
		return "wished"
	case r.Unserved != nil && *r.Unserved:
		return "unserved"
	}
	return "to_refer"
}

// ListLastSeats gives the free seats that are soon lost, and whom of a desk they suit: the oldest wish first.
func (s *Service) ListLastSeats(ctx context.Context, request rest.ListLastSeatsRequestObject) (rest.ListLastSeatsResponseObject, error) {
	ctx, _, err := s.atDesk(ctx, policy.Refer, request.Params.Desk)
	if err != nil {
		return nil, err
	}
	answer := rest.LastSeats{Items: []rest.LastSeatsLine{}}
	now := s.Clock.Now()
	sessions, err := all[offeredRow](ctx, s, closingSoon, now, now.Add(lastCall), mostLastSeats)
	if err != nil || len(sessions) == 0 {
		return rest.ListLastSeats200JSONResponse(answer), err
	}
	wanting, err := s.wanting(ctx, request.Params.Desk)
	if err != nil {
		return nil, err
	}
	for _, row := range sessions {
		line, err := s.lastSeats(ctx, row, wanting)
		if err != nil {
			return nil, err
		}
		if len(line.People) > 0 {
			answer.Items = append(answer.Items, line)
		}
	}
	return rest.ListLastSeats200JSONResponse(answer), nil
}

// wanted is somebody who waits for help, as far as matching and the list need it.
type wanted struct {
	matching.Person

	line rest.LastSeatsPerson
}

func (s *Service) wanting(ctx context.Context, desk string) (list []wanted, err error) {
	rows, err := all[wantRow](ctx, s, inWant, desk, mostToday)
	if err != nil {
		return nil, err
	}
	persons, err := open(ctx, s, rows)
	for _, r := range rows {
		if err != nil {
			return nil, err
		}
		if r.dead() {
			continue
		}
		one := wanted{line: rest.LastSeatsPerson{
			FlagID: r.ID, Reference: r.Reference, PersonID: r.PersonID, Person: persons.name(r.PersonID), Why: r.why(), Since: r.since().UTC(),
		}}
		person, _ := persons[the(r.PersonID)].Value()
		one.line.Phone = known(person.Phone)
		one.Person, err = s.inNeed(ctx, r.flagSheet)
		list = append(list, one)
	}
	return list, err
}

func (s *Service) lastSeats(ctx context.Context, row offeredRow, wanting []wanted) (rest.LastSeatsLine, error) {
	session, err := s.offered.session(row)
	line := rest.LastSeatsLine{
		SessionID: row.ID, Title: session.Title, Insee: row.Insee, StartsAt: row.FirstAt.UTC(), ClosesAt: session.RegistrationClosesAt.UTC(), Free: session.Free,
		Waiting: row.Waiting, People: []rest.LastSeatsPerson{},
	}
	for _, w := range wanting {
		offer, suits := matching.Suits(w.Person, session)
		if !suits || len(line.People) == mostToRingEach {
			continue
		}
		w.line.DistanceKm = offer.Km
		line.People = append(line.People, w.line)
		web.Concerns(ctx, the(w.line.PersonID))
	}
	slices.SortStableFunc(line.People, func(a, b rest.LastSeatsPerson) int { return a.Since.Compare(b.Since) })
	return line, err
}
