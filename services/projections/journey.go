package projections

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// journeyRow is what a caller may be told of a flag. Details are opened only to see whether they were destroyed.
type journeyRow struct {
	flagRow

	ValidatedAt *time.Time
}

var journeyOf = `select ` + flagColumns + `, f.validated_at from model.flag f` + flagJoins + ` where f.reference = $1 and f.desk = any($2) and ` + seenFlag

// ReadJourney tells the phone platform how far things are for a caller whom another desk looks after.
func (s *Service) ReadJourney(ctx context.Context, request rest.ReadJourneyRequestObject) (rest.ReadJourneyResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadJourney)
	if err != nil {
		return nil, err
	}
	web.Because(ctx, request.Body.Reason)
	row, err := web.Find(ctx, func(ctx context.Context) (journeyRow, error) {
		return s.journeyOf(ctx, a, referenceOf(request.Body.Reference))
	})
	if err != nil {
		return nil, err
	}
	referrals, err := all[referralSheet](ctx, s, referralSheets+` where r.flag_id = $1 and `+opened+` and `+seenReferral+` order by r.id`, row.ID)
	return rest.ReadJourney200JSONResponse(s.journey(row, referrals)), err
}

func (s *Service) journeyOf(ctx context.Context, a directory.Account, reference string) (journeyRow, error) {
	row, err := one[journeyRow](ctx, s, ErrNoPerson, journeyOf, reference, s.desks(a, policy.ReadJourney))
	if err != nil {
		return row, err
	}
	persons, err := open(ctx, s, []journeyRow{row})
	if err == nil && (row.PersonID == nil || persons[*row.PersonID].Erased()) {
		return row, ErrNoPerson
	}
	web.Concerns(ctx, the(row.PersonID))
	return row, err
}

func (s *Service) journey(f journeyRow, referrals []referralSheet) rest.Journey {
	desk, _ := s.Directory().Desk(f.Desk)
	rows := make([]referralRow, len(referrals))
	for i, r := range referrals {
		rows[i] = r.referralRow
	}
	f.AssignedTo = nil // for others, the desk does it
	waited := daysBetween(f.SubmittedAt, f.waitsUntil(s.Clock.Now()))
	if counts, ok := nearestOf(referrals); ok {
		waited = counts.waited(s.Clock.Now())
	}
	return rest.Journey{
		WaitedDays: waited, Reference: f.Reference, Desk: f.Desk, DeskPhone: desk.Phone, Help: f.Help, Deceased: f.dead(), NextStep: s.step(f.flagRow, nexts(rows)), Steps: s.way(f, referrals),
	}
}

// way is that of the referral which counts, else of the flag. What lies behind a step is not the caller's.
func (s *Service) way(f journeyRow, referrals []referralSheet) []rest.JourneyStep {
	steps := slices.Concat([]rest.JourneyStep{{Stage: "flag", State: "done", At: inUTC(&f.SubmittedAt)}}, reviewStep(nil, f.ValidatedAt, f.Unreviewed), []rest.JourneyStep{{Stage: "referral", State: "open"}})
	if counts, ok := nearestOf(referrals); ok {
		counts.LoanWanted = false
		steps = counts.journey(nil, nil, s.Clock.Now())
	}
	for i := range steps {
		steps[i].ID = nil
	}
	return steps
}

// nearestOf is the referral that counts: the nearest to a seat, of several alike the latest.
func nearestOf(referrals []referralSheet) (counts referralSheet, ok bool) {
	if len(referrals) == 0 {
		return counts, false
	}
	return slices.MaxFunc(referrals, func(a, b referralSheet) int { return cmp.Or(nearness(a)-nearness(b), strings.Compare(a.ID, b.ID)) }), true
}

// waitsUntil is when help ended, else now.
func (r journeyRow) waitsUntil(now time.Time) time.Time {
	if r.Help == "closed" && r.HelpAt != nil {
		return *r.HelpAt
	}
	return now
}

// nearness is how near a referral is to a seat.
func nearness(r referralSheet) int {
	return slices.Index([]string{"advised", "requested", "in_study", "waitlisted", "offered", "enrolled", "in_progress", "completed"}, r.Status)
}
