package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// referralSheet is a referral with all that its page shows.
type referralSheet struct {
	referralRow

	LoanWanted                     bool
	Follows, TogetherWith          *string
	WithdrawReason, DeclineReason  *string
	MessageSubject                 *string
	MessageBox                     []byte
	Version                        int
	AnsweredAt, LastAt, FollowedAt *time.Time
	Result                         *string
	SessionStatus                  *string
	FlagAuthor, FlagStatus         *string
	FlagSubmittedAt, FlagValidated *time.Time
	FlagHelp                       *string
	FlagHelpAt                     *time.Time
	FlagUnreviewed                 *bool
	SeatedAt, OutcomeAt            *time.Time
	RelayID, RelayName, RelayInsee *string
}

var referralSheets = `select ` + referralColumns + `, r.loan_wanted, r.follows, r.together_with, r.withdraw_reason, r.decline_reason,
  r.message_subject, r.message_box, r.version, r.answered_at, r.followed_at, r.result, s.last_at, s.status as session_status,
  f.author as flag_author, f.status as flag_status, f.submitted_at as flag_submitted_at, f.validated_at as flag_validated, f.unreviewed as flag_unreviewed,
  f.help as flag_help, f.help_at as flag_help_at, r.seated_at, r.outcome_at,
  r.relay_id, relay.name as relay_name, relay.insee as relay_insee
from model.referral r` + referralJoins + ` left join model.flag f on f.id = r.flag_id left join model.place relay on relay.id = r.relay_id`

var oneReferral = referralSheets + ` where r.id = $1 and ` + opened + ` and ` + seenReferral

// longestAnswer is how long ?wait=answered waits for the session.
const longestAnswer = 2 * time.Second

// GetReferral gives one referral. With ?wait=answered it waits until the session has spoken.
func (s *Service) GetReferral(ctx context.Context, request rest.GetReferralRequestObject) (rest.GetReferralResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadReferral)
	if err != nil {
		return nil, err
	}
	look := func(ctx context.Context) (referralSheet, error) {
		row, err := one[referralSheet](ctx, s, ErrNoReferral, oneReferral, request.ID)
		web.Concerns(ctx, the(row.PersonID)) // also of a referral that is refused
		if err == nil && policy.Can(a, policy.ReadReferral, row.resource()) != policy.Allowed {
			err = ErrNoReferral
		}
		return row, err
	}
	row, err := web.Find(ctx, look)
	if err == nil && request.Params.Wait != nil {
		row, err = s.answered(ctx, row, look)
	}
	if err != nil {
		return nil, err
	}
	body, err := s.referral(ctx, row)
	if slices.Contains(a.Providers(), row.ProviderID) { // what the fund reviews of its own flag is no step of theirs
		body.Journey = slices.DeleteFunc(body.Journey, func(step rest.JourneyStep) bool { return step.Stage == "review" })
	}
	return rest.GetReferral200JSONResponse{Body: body, Headers: rest.GetReferral200ResponseHeaders{ETag: web.ETag("referral", row.Version)}}, err
}

// answered looks again with each step of the workshop service until the session has spoken, or time is over.
func (s *Service) answered(ctx context.Context, row referralSheet, look func(context.Context) (referralSheet, error)) (referralSheet, error) {
	waiting, cancel := context.WithTimeout(ctx, longestAnswer)
	defer cancel()
	for row.seat() == "pending" {
		heard := s.Projector.Hub.Position("workshop") // before the look, so that nothing is missed between
		next, err := look(ctx)
		if err != nil {
			return row, err
		}
		if row = next; row.seat() != "pending" || s.Projector.Hub.Wait(waiting, "workshop", heard+1) != nil {
			break
		}
	}
	return row, nil
}

func (r referralSheet) resource() policy.Resource {
	return policy.Resource{Fund: r.Fund, Department: r.Department, Desk: r.Desk, Provider: r.ProviderID, Author: the(r.FlagAuthor)}
}

func (s *Service) referral(ctx context.Context, row referralSheet) (body rest.Referral, err error) {
	lines, err := s.referralLines(ctx, []referralRow{row.referralRow})
	if err != nil {
		return body, err
	}
	l := lines[0]
	body = rest.Referral{
		ID: l.ID, FlagID: l.FlagID, PersonID: l.PersonID, Person: l.Person, SessionID: l.SessionID, PlaceID: l.PlaceID, SessionTitle: l.SessionTitle,
		ProviderID: l.ProviderID, Programme: l.Programme, Desk: l.Desk, Department: l.Department, Status: l.Status, Seat: l.Seat,
		HeldUntil: l.HeldUntil, AnswerBy: inUTC(row.AnswerBy), Rank: l.Rank, WouldBeRank: l.WouldBeRank, Reason: row.reason(),
		Follows: row.Follows, TogetherWith: row.TogetherWith, LoanWanted: row.LoanWanted, NextStep: referralStep(row.referralRow), OpenedAt: l.OpenedAt,
	}
	if row.RelayID != nil {
		body.Relay = &rest.FollowedFrom{PlaceID: *row.RelayID, Name: row.RelayName, Insee: row.RelayInsee}
	}
	if body.Message, err = s.message(ctx, row); err != nil {
		return body, err
	}
	loans, err := s.loansOf(ctx, []string{row.ID})
	if err != nil {
		return body, err
	}
	if len(loans) > 0 {
		body.Loan = &loans[0]
	}
	before, err := all[beforeRow](ctx, s, chainBefore, row.ID)
	if err != nil {
		return body, err
	}
	body.WaitedDays = row.waited(s.Clock.Now())
	body.Journey = row.journey(before, body.Loan, s.Clock.Now())
	body.History, err = s.history(ctx, historyOfReferral, row.ID)
	return body, err
}

func (r referralSheet) reason() *string {
	switch r.Status {
	case "withdrawn":
		return r.WithdrawReason
	case "followed_up":
		return r.Result
	}
	return r.DeclineReason
}

// beforeRow is an earlier referral of the same way.
type beforeRow struct {
	ID, Status string
	OpenedAt   time.Time
}

const chainBefore = `
with recursive chain(id, follows, step) as (
  select id, follows, 0 from model.referral where id = $1
  union all select r.id, r.follows, c.step + 1 from chain c join model.referral r on r.id = c.follows where c.step < 50)
select r.id, r.status, r.opened_at from chain c join model.referral r on r.id = c.id where c.step > 0 and r.opened_at is not null order by c.step desc`

// waited is for how many days the person has waited since the flag: until there was a seat, help at an address, or help ended.
func (r referralSheet) waited(now time.Time) *int {
	since := engine.Value(r.FlagSubmittedAt)
	if since.IsZero() {
		return nil
	}
	switch {
	case r.hadSeat() && r.SeatedAt != nil:
		now = *r.SeatedAt
	case r.FollowedAt != nil:
		now = *r.FollowedAt
	case the(r.FlagHelp) == "closed" && r.FlagHelpAt != nil:
		now = *r.FlagHelpAt
	}
	return daysBetween(since, now)
}

// hadSeat: in the session, to its end or not.
func (r referralSheet) hadSeat() bool {
	return slices.Contains([]string{"enrolled", "in_progress", "completed", "dropped", "no_show"}, r.Status)
}

func daysBetween(from, to time.Time) *int {
	days := max(0, int(to.Sub(from)/(24*time.Hour)))
	return &days
}

func (s *Service) message(ctx context.Context, row referralSheet) (*string, error) {
	details := events.Shut[events.Message](the(row.MessageSubject), row.MessageBox)
	if err := s.Vault.Unseal(ctx, "session:"+row.SessionID, requestDeclined, &details); err != nil {
		return nil, err
	}
	message, _ := details.Value()
	return known(message.Text), nil
}
