package projections

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// seatRow is a request as its session knows it.
type seatRow struct {
	sealedPerson
	sealedSheet

	ID             string
	Seat           string
	Status         string
	SeatDesk       string
	SeatLoanWanted bool
	Place          int
	AskedAt        time.Time
	AnswerBy       time.Time
	AnsweredAt     *time.Time
	HeldUntil      *time.Time
	Rank           int // among those with the same answer, by place
	SessionID      string
	SessionTitle   string
	OfferUntil     *time.Time
	Attendance     map[string]string // by meeting
	OutcomeSubject *string
	OutcomeBox     []byte
	TogetherWith   *string
}

var seatPerson, seatPersonJoins = personOf("r.seat_person")

var seatColumns = `r.id, r.seat, r.status, r.seat_desk, r.seat_loan_wanted, r.place, r.asked_at, r.answer_by, r.answered_at, r.held_until, r.offer_until, r.attendance, r.outcome_subject, r.outcome_box, r.together_with,
  ` + seatPerson + `, r.seat_session as session_id, s.plan->>'title' as session_title, ` + sheetColumns

var seatJoins = seatPersonJoins + `
left join model.flag f on f.id = r.flag_id join model.session s on s.id = r.seat_session`

// participants come in the order of the index: those with a seat, then those who wait. Ranks go on from the page before.
var participants = `
select ` + seatColumns + `, (row_number() over (partition by r.seat order by r.place) + (
    select count(*) from model.seat o where o.seat_session = $1 and o.seat = 'waiting' and (o.seat, o.place) <= ($2, $3)))::int as rank
from (select r.* from model.referral r
  where r.seat_session = $1 and r.seat = any($5) and (r.seat, r.place) > ($2, $3) and ` + seenSeat + `
  order by r.seat, r.place limit $4) r` + seatJoins + `
order by r.seat, r.place`

// Who has a seat or waits for one, and whose part has ended.
var (
	stillThere = []string{"taken", "waiting"}
	noLonger   = []string{"dropped", "no_show"}
)

type seatPlace struct {
	Seat  string `json:"seat"`
	Place int    `json:"place"`
}

// ListParticipants gives those with a seat, then the waiting list in its order.
func (s *Service) ListParticipants(ctx context.Context, request rest.ListParticipantsRequestObject) (rest.ListParticipantsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadSeats)
	if err != nil {
		return nil, err
	}
	var after seatPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	session, err := s.findSession(ctx, a, request.ID)
	if err == nil {
		err = s.forProvider(ctx, a, policy.ReadSeats, session.ProviderID, ErrNoSession)
	}
	if err != nil {
		return nil, err
	}
	seats := stillThere
	if request.Params.Left != nil && *request.Params.Left {
		seats = noLonger
	}
	rows, err := all[seatRow](ctx, s, participants, request.ID, after.Seat, after.Place, page.Limit+1, seats)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r seatRow) any { return seatPlace{r.Seat, r.Place} })
	items, err := s.participantLines(ctx, rows)
	return rest.ListParticipants200JSONResponse{Items: items, Next: next}, err
}

func (s *Service) participantLines(ctx context.Context, rows []seatRow) ([]rest.Participant, error) {
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	loans, err := s.loansByReferral(ctx, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]rest.Participant, len(rows))
	for i, r := range rows {
		lines[i] = rest.Participant{
			ReferralID: r.ID, PersonID: the(r.PersonID), Person: persons.name(r.PersonID), Desk: r.SeatDesk, Status: r.Status,
			Since: r.AnsweredAt.UTC(), LoanWanted: r.SeatLoanWanted, Loan: loans[r.ID], OfferUntil: inUTC(r.OfferUntil), Attendance: r.presences(),
		}
		if lines[i].Outcome, err = s.outcome(ctx, r); err != nil {
			return nil, err
		}
		if r.Seat == "waiting" {
			lines[i].Status, lines[i].Rank = r.Status, &r.Rank
		}
		if lines[i].Contact, err = s.contact(ctx, r, persons); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// presences are how somebody was at the meetings, in their order.
func (r seatRow) presences() []rest.Presence {
	list := []rest.Presence{}
	for meeting, status := range r.Attendance {
		n, _ := strconv.Atoi(meeting)
		list = append(list, rest.Presence{Meeting: n, Status: status})
	}
	slices.SortFunc(list, func(a, b rest.Presence) int { return cmp.Compare(a.Meeting, b.Meeting) })
	return list
}

// outcome opens what the session has brought to somebody; nil when it was not recorded, or is erased.
func (s *Service) outcome(ctx context.Context, r seatRow) (*rest.Outcome, error) {
	if r.OutcomeBox == nil {
		return nil, nil
	}
	details := events.Shut[events.Outcome](the(r.OutcomeSubject), r.OutcomeBox)
	if err := s.Vault.Unseal(ctx, "session:"+r.SessionID, outcomeRecorded, &details); err != nil {
		return nil, err
	}
	o, ok := details.Value()
	if !ok {
		return nil, nil
	}
	return &rest.Outcome{
		Completed: o.Completed, AccountCreated: o.AccountCreated, PortalConsulted: o.PortalConsulted, MailboxCreated: o.MailboxCreated,
		Skills: gains(o.Skills), Items: gains(o.Items),
	}, nil
}

func gains(kept map[string]events.Gain) map[string]rest.Gain {
	said := map[string]rest.Gain{}
	for what, g := range kept {
		said[what] = rest.Gain{Before: g.Before, After: g.After}
	}
	return said
}

func (s *Service) loansByReferral(ctx context.Context, rows []seatRow) (map[string]*rest.Loan, error) {
	var wanted []string
	for _, r := range rows {
		if r.SeatLoanWanted {
			wanted = append(wanted, r.ID)
		}
	}
	loans, err := s.loansOf(ctx, wanted)
	if err != nil {
		return nil, err
	}
	found := map[string]*rest.Loan{}
	for _, l := range loans {
		found[the(l.ReferralID)] = &l
	}
	return found, nil
}

// inbox is in the order in which answers are due. Rank is what a yes would give to a request without a seat.
var inbox = `
select ` + seatColumns + `, (select 1 + count(*) from model.seat o where r.seat = 'queued' and o.seat_session = r.seat_session
    and o.seat in ('waiting', 'queued') and (o.seat = 'waiting' or o.place < r.place))::int as rank
from (select r.* from model.referral r
  where r.seat_provider = $1 and r.seat in ('held', 'queued') and (r.answer_by, r.id) > ($2, $3) and ` + seenSeat + `
  order by r.answer_by, r.id limit $4) r` + seatJoins + `
order by r.answer_by, r.id`

type inboxPlace struct {
	By time.Time `json:"by"`
	ID string    `json:"id"`
}

// GetInbox gives the requests that wait for the provider's answer, the one to answer first before the others.
func (s *Service) GetInbox(ctx context.Context, request rest.GetInboxRequestObject) (rest.GetInboxResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.AnswerRequest)
	if err != nil {
		return nil, err
	}
	if err := s.findProvider(ctx, a, policy.AnswerRequest, request.ID); err != nil {
		return nil, err
	}
	var after inboxPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	rows, err := all[seatRow](ctx, s, inbox, request.ID, after.By, after.ID, page.Limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r seatRow) any { return inboxPlace{r.AnswerBy, r.ID} })
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	items := make([]rest.InboxLine, len(rows))
	for i, r := range rows {
		items[i] = inboxLine(r, persons)
		if items[i].Contact, err = s.contact(ctx, r, persons); err != nil {
			return nil, err
		}
	}
	return rest.GetInbox200JSONResponse{Items: items, Next: next}, nil
}

func inboxLine(r seatRow, persons people) rest.InboxLine {
	line := rest.InboxLine{
		ReferralID: r.ID, SessionID: r.SessionID, SessionTitle: r.SessionTitle, PersonID: the(r.PersonID), Person: persons.name(r.PersonID),
		Desk: r.SeatDesk, Status: r.Status, Seat: "held", HeldUntil: inUTC(r.HeldUntil), AnswerBy: r.AnswerBy.UTC(), AskedAt: r.AskedAt.UTC(),
		LoanWanted: r.SeatLoanWanted, TogetherWith: r.TogetherWith,
	}
	if r.Seat == "queued" {
		line.Seat, line.WouldBeRank = "none", &r.Rank
	}
	return line
}
