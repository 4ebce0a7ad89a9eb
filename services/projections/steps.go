package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/next"
	"example.org/passerelle/services/projections/rest"
)

// step is what happens next for a person. The referrals decide before the flag's own word, which comes later.
func (s *Service) step(f flagRow, referrals []next.Referral) rest.NextStep {
	return stepOf(next.Of(s.nextOf(f, referrals)))
}

// nextOf is as much of a flag as decides what comes next.
func (s *Service) nextOf(f flagRow, referrals []next.Referral) next.Flag {
	return next.Flag{
		Status: f.Status, Help: f.Help, MayRefer: f.MayRefer, Unreviewed: f.Unreviewed, Desk: f.Desk, AssignedTo: the(s.assigned(f)), Deadline: the(f.Deadline),
		SubmittedAt: f.SubmittedAt, StatusAt: engine.Value(f.StatusAt), HelpAt: engine.Value(f.HelpAt), Back: ended(referrals), Gone: f.dead(), Referrals: referrals,
	}
}

// assigned is who took the flag up and still works at its desk. Who has left, has left it to the whole desk.
func (s *Service) assigned(f flagRow) *string {
	if f.AssignedTo == nil || !s.Directory().WorksAt(*f.AssignedTo, f.Desk, s.Clock.Now()) {
		return nil
	}
	return f.AssignedTo
}

func (s *Service) desksOf(account string) []string {
	a, _ := s.Directory().Account(account, s.Clock.Now())
	return a.Desks()
}

func ended(referrals []next.Referral) bool {
	return slices.ContainsFunc(referrals, func(r next.Referral) bool { return !underWay(r.Status) && r.Helped.IsZero() })
}

func underWay(status string) bool {
	return slices.Contains([]string{"requested", "in_study", "waitlisted", "offered", "enrolled", "in_progress", "advised"}, status)
}

func stepOf(s next.Step) rest.NextStep {
	return rest.NextStep{What: s.What, Who: s.Who, By: known(s.By)}
}

// referralStep is what happens next with one referral.
func referralStep(r referralRow) rest.NextStep {
	if r.dead() {
		return rest.NextStep{What: next.None}
	}
	return stepOf(next.OfReferral(r.next(), r.Desk))
}

func (r referralRow) next() next.Referral {
	return next.Referral{
		Status: r.Status, Provider: r.ProviderID, OpenedAt: r.OpenedAt, AnswerBy: engine.Value(r.AnswerBy), First: engine.Value(r.FirstAt), Helped: engine.Value(r.HelpedAt),
	}
}

func nexts(rows []referralRow) []next.Referral {
	list := make([]next.Referral, len(rows))
	for i, r := range rows {
		list[i] = r.next()
	}
	return list
}

// pastRow is a referral as far as it decides what comes next for a flag.
type pastRow struct {
	ID, FlagID, Status, ProviderID string
	OpenedAt                       time.Time
	AnswerBy, FirstAt, HelpedAt    *time.Time
	DeclineReason, WithdrawReason  *string
}

const pastOfFlags = `
select r.id, r.flag_id, r.status, coalesce(r.provider_id, '') as provider_id, r.opened_at, r.answer_by, s.first_at, ` + helpedAt + `, r.decline_reason, r.withdraw_reason
from model.referral r left join model.session s on s.id = r.session_id where r.flag_id = any($1) order by r.id`

func (r pastRow) next() next.Referral {
	return referralRow{Status: r.Status, ProviderID: r.ProviderID, OpenedAt: r.OpenedAt, AnswerBy: r.AnswerBy, FirstAt: r.FirstAt, HelpedAt: r.HelpedAt}.next()
}

// pasts are the referrals of some flags, in the order in which they were opened.
func (s *Service) pasts(ctx context.Context, flags []flagRow) (map[string][]pastRow, error) {
	ids := keep(flags, func(f flagRow) (string, bool) { return f.ID, f.PersonID != nil })
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := all[pastRow](ctx, s, pastOfFlags, ids)
	byFlag := map[string][]pastRow{}
	for _, r := range rows {
		byFlag[r.FlagID] = append(byFlag[r.FlagID], r)
	}
	return byFlag, err
}

func nextsOf(rows []pastRow) []next.Referral {
	list := make([]next.Referral, len(rows))
	for i, r := range rows {
		list[i] = r.next()
	}
	return list
}

// journey is the way from the flag to the outcome. A referral that ended without a seat goes no further than that.
func (r referralSheet) journey(before []beforeRow, loan *rest.Loan, now time.Time) []rest.JourneyStep {
	way := []rest.JourneyStep{{Stage: "flag", State: "done", ID: &r.FlagID, At: inUTC(r.FlagSubmittedAt)}}
	way = append(way, reviewStep(&r.FlagID, r.FlagValidated, r.FlagUnreviewed != nil && *r.FlagUnreviewed)...)
	for _, b := range before {
		way = append(way, rest.JourneyStep{Stage: "referral", State: b.Status, ID: &b.ID, At: inUTC(&b.OpenedAt)})
	}
	way = append(way, rest.JourneyStep{Stage: "referral", State: "done", ID: &r.ID, At: inUTC(&r.OpenedAt)})
	if r.PlaceID != nil {
		return append(way, r.addressStep())
	}
	way = append(way, r.seatStep())
	if !r.open() && !r.hadSeat() {
		return way
	}
	if r.LoanWanted {
		way = append(way, tabletStep(loan))
	}
	return append(way, r.sessionStep(now), r.outcomeStep())
}

// outcomeStep: what came of it was recorded, or still is to be.
func (r referralSheet) outcomeStep() rest.JourneyStep {
	if r.OutcomeAt == nil {
		return rest.JourneyStep{Stage: "outcome", State: "open"}
	}
	return rest.JourneyStep{Stage: "outcome", State: "done", ID: &r.ID, At: inUTC(r.OutcomeAt)}
}

// reviewStep is none where the programme reviews nothing.
func reviewStep(flag *string, validated *time.Time, unreviewed bool) []rest.JourneyStep {
	switch {
	case validated != nil:
		return []rest.JourneyStep{{Stage: "review", State: "done", ID: flag, At: inUTC(validated)}}
	case unreviewed:
		return nil
	}
	return []rest.JourneyStep{{Stage: "review", State: "open", ID: flag}}
}

func (r referralSheet) seatStep() rest.JourneyStep {
	state := map[string]string{
		"enrolled": "done", "in_progress": "done", "completed": "done", "dropped": "done", "no_show": "done", "waitlisted": "waiting", "offered": "waiting", "requested": "open", "in_study": "open", "declined": "refused",
	}[r.Status]
	at := r.AnsweredAt
	if r.hadSeat() && r.SeatedAt != nil {
		at = r.SeatedAt
	}
	if state == "" {
		state = r.Status
	}
	return rest.JourneyStep{Stage: "seat", State: state, ID: &r.SessionID, At: inUTC(at)}
}

func (r referralSheet) addressStep() rest.JourneyStep {
	state := map[string]string{"advised": "open", "followed_up": "done"}[r.Status]
	if state == "" {
		state = r.Status
	}
	return rest.JourneyStep{Stage: "outcome", State: state, ID: &r.ID, At: inUTC(r.FollowedAt)}
}

func tabletStep(loan *rest.Loan) rest.JourneyStep {
	switch {
	case loan == nil:
		return rest.JourneyStep{Stage: "tablet", State: "open"}
	case loan.ItemID == nil:
		return rest.JourneyStep{Stage: "tablet", State: "lacking", At: &loan.Since}
	}
	return rest.JourneyStep{Stage: "tablet", State: "done", ID: &loan.ID, At: &loan.Since}
}

func (r referralSheet) sessionStep(now time.Time) rest.JourneyStep {
	step := rest.JourneyStep{Stage: "session", State: "open", ID: &r.SessionID, At: inUTC(r.FirstAt)}
	if r.Status == "dropped" || r.Status == "no_show" {
		step.State, step.At = r.Status, inUTC(r.AnsweredAt)
		return step
	}
	if r.SessionStatus != nil && r.LastAt != nil && r.FirstAt != nil && statusAt(*r.SessionStatus, *r.FirstAt, *r.LastAt, false, now) == "closed" {
		step.State = "done"
	}
	return step
}
