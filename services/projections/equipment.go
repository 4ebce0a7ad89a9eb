package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

type equipmentPlace struct {
	ID string `json:"id"`
}

// An item is lent until it is back, and kept while a loan of it is not over.
const itemStatus = `case when exists (select from model.loan l where l.item_id = i.id and l.lent_at is not null and l.returned_at is null and not l.lost) then 'lent'
  when i.missing then 'missing' when i.state <> '' then i.state
  when exists (select from model.loan l where l.item_id = i.id and l.lent_at is null and l.to_day >= ?) then 'kept' else 'available' end`

// A loan is late from the day after its last one.
const loanStatus = `case when l.written_off then 'written_off' when l.returned_at is not null then 'returned' when l.item_id is null then 'lacking' when l.lost then 'lost'
  when l.lent_at is null then 'kept' when l.to_day < ? then 'late' else 'lent' end`

// ListItems gives the items of the pools the caller may see, newest first.
func (s *Service) ListItems(ctx context.Context, request rest.ListItemsRequestObject) (rest.ListItemsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	var after equipmentPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	today := reference.Day(s.Clock.Now())
	f := &filter{}
	f.same("i.pool", request.Params.Pool)
	if request.Params.Status != nil {
		f.and(itemStatus+" = ?", today, *request.Params.Status)
	}
	if !page.First {
		f.and("i.id < ?", after.ID)
	}
	l := listing{table: "model.item i", name: "i", order: "i.id desc", columns: itemColumns(f, s)}
	items, err := all[rest.Item](ctx, s, l.sql(s.poolReach(a, "i.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	items, next := cut(items, page, func(i rest.Item) any { return equipmentPlace{i.ID} })
	return rest.ListItems200JSONResponse{Items: items, Next: next}, nil
}

type loanRow struct {
	ID, Pool                        string
	ItemID, AssetTag                *string
	SessionID, ReferralID, PersonID string
	Own                             int
	First                           bool
	FromDay, ToDay, Status          string
	LentAt                          *time.Time
	Condition, Late                 *string
	Accessories                     []string
	ToReset                         bool
	Decision                        *string
	Since                           time.Time
}

const loanColumns = `l.id, l.pool, l.item_id, (select i.asset_tag from model.item i where i.id = l.item_id) as asset_tag, l.session_id, l.referral_id, l.person_id,
  l.own, l.first, l.from_day, l.to_day, l.lent_at, l.condition, l.late, l.accessories,
  exists (select from model.item i where i.id = l.item_id and i.state = 'to_reset') as to_reset, l.decision, l.since, ` + loanStatus + ` as status`

// ListLoans gives the loans of the pools the caller may see, newest first.
func (s *Service) ListLoans(ctx context.Context, request rest.ListLoansRequestObject) (rest.ListLoansResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	var after equipmentPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f, today := &filter{}, reference.Day(s.Clock.Now())
	f.and(seenLoan)
	f.same("l.pool", request.Params.Pool)
	f.same("l.session_id", request.Params.SessionID)
	if request.Params.Status != nil {
		f.and(loanStatus+" = any(?)", today, statuses(*request.Params.Status))
	}
	if !page.First {
		f.and("l.id < ?", after.ID)
	}
	l := listing{table: "model.loan l", name: "l", order: "l.id desc", columns: f.put(loanColumns, today)}
	rows, err := all[loanRow](ctx, s, l.sql(s.poolReach(a, "l.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(l loanRow) any { return equipmentPlace{l.ID} })
	items, err := s.lines(ctx, a, rows)
	return rest.ListLoans200JSONResponse{Items: items, Next: next}, err
}

// statuses are those that one asks for: who is late has the tablet, too.
func statuses(asked string) []string {
	if asked == "lent" {
		return []string{"lent", "late"}
	}
	return []string{asked}
}

// lines are loans with those who borrow.
func (s *Service) lines(ctx context.Context, a directory.Account, rows []loanRow) ([]rest.Loan, error) {
	for _, l := range rows {
		web.Concerns(ctx, l.PersonID)
	}
	items := loans(rows, s.Clock.Now())
	return items, s.borrowers(ctx, a, rows, items)
}

var errNoLoan = refusal.New(refusal.NotFound, "unknown_loan", "There is no such loan. Look for it again in the list of loans.")

// GetLoan gives a loan of a pool that the caller looks after, for its receipt.
func (s *Service) GetLoan(ctx context.Context, request rest.GetLoanRequestObject) (rest.GetLoanResponseObject, error) {
	loan, err := s.loan(ctx, request.ID)
	return rest.GetLoan200JSONResponse(loan), err
}

func (s *Service) loan(ctx context.Context, id string) (loan rest.Loan, err error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return loan, err
	}
	rows, err := web.Find(ctx, func(ctx context.Context) ([]loanRow, error) {
		f := &filter{}
		f.and(seenLoan+" and l.id = ?", id)
		l := listing{table: "model.loan l", name: "l", order: "l.id", columns: f.put(loanColumns, reference.Day(s.Clock.Now()))}
		rows, err := all[loanRow](ctx, s, l.sql(s.poolReach(a, "l.pool = reach.value"), f, 1), f.args...)
		if err == nil && len(rows) == 0 {
			err = errNoLoan
		}
		return rows, err
	})
	if err != nil {
		return loan, err
	}
	items, err := s.lines(ctx, a, rows)
	if err != nil {
		return loan, err
	}
	if reach := policy.ReachOf(a, policy.ReadItem); reach.AllFunds || len(reach.Funds) > 0 {
		items[0].Decision = rows[0].Decision // it was typed, and may hold words about somebody
	}
	return items[0], nil
}

// queuePlace is where a page of the queue ended.
type queuePlace struct {
	Later bool  `json:"later"` // behind those who come first
	Asked int64 `json:"asked"`
}

// queueRow is a loan with its place.
type queueRow struct {
	loanRow

	Asked int64
}

// ListLoanQueue gives who waits for a tablet of a pool, in turn.
func (s *Service) ListLoanQueue(ctx context.Context, request rest.ListLoanQueueRequestObject) (rest.ListLoanQueueResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	var after queuePlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f, today := &filter{}, reference.Day(s.Clock.Now())
	f.and(seenLoan+" and l.item_id is null and l.pool = ? and l.to_day >= ?", request.Params.Pool, today)
	if !page.First {
		f.and("(not l.first, l.asked) > (?, ?)", after.Later, after.Asked)
	}
	l := listing{table: "model.loan l", name: "l", order: "not l.first, l.asked", columns: "l.asked, " + f.put(loanColumns, today)}
	found, err := all[queueRow](ctx, s, l.sql(s.poolReach(a, "l.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	found, next := cut(found, page, func(q queueRow) any { return queuePlace{!q.First, q.Asked} })
	rows := make([]loanRow, len(found))
	for i, q := range found {
		rows[i] = q.loanRow
	}
	items, err := s.lines(ctx, a, rows)
	return rest.ListLoanQueue200JSONResponse{Items: items, Next: next}, err
}

// borrowerRow is whom a tablet is for, until it is back.
type borrowerRow struct {
	sealedPerson

	LoanID string
}

var borrowerPerson, borrowerJoins = personOf("l.person_id")

var borrowersOf = `select l.id as loan_id, ` + borrowerPerson + ` from model.loan l` + borrowerJoins + ` where l.id = any($1) and l.returned_at is null`

// borrowers says whom to give a tablet to, or to ask for it: a provider learns no address.
func (s *Service) borrowers(ctx context.Context, a directory.Account, rows []loanRow, items []rest.Loan) error {
	ids := keep(rows, func(l loanRow) (string, bool) { return l.ID, true })
	found, err := all[borrowerRow](ctx, s, borrowersOf, ids)
	if err != nil {
		return err
	}
	persons, err := open(ctx, s, found)
	reach := policy.ReachOf(a, policy.ReadBorrower)
	for _, b := range found {
		details := persons.details(b.PersonID)
		i := slices.Index(ids, b.LoanID)
		if details == nil || i < 0 {
			continue
		}
		items[i].Borrower = &rest.Borrower{GivenName: details.GivenName, FamilyName: details.FamilyName, Phone: details.Phone}
		if reach.AllFunds || len(reach.Funds) > 0 || slices.Contains(reach.Desks, rows[i].Pool) {
			items[i].Borrower.Address = details.Address
		}
	}
	return err
}

// loansOf are the loans that belong to referrals.
func (s *Service) loansOf(ctx context.Context, referrals []string) ([]rest.Loan, error) {
	if len(referrals) == 0 {
		return []rest.Loan{}, nil
	}
	f := &filter{}
	columns := f.put(loanColumns, reference.Day(s.Clock.Now()))
	f.and("l.referral_id = any(?)", referrals)
	rows, err := all[loanRow](ctx, s, `select `+columns+` from model.loan l where `+f.String()+` order by l.id desc`, f.args...)
	return loans(rows, s.Clock.Now()), err
}

func loans(rows []loanRow, now time.Time) []rest.Loan {
	list := make([]rest.Loan, len(rows))
	for i, l := range rows {
		list[i] = rest.Loan{
			ID: l.ID, Pool: l.Pool, ItemID: l.ItemID, AssetTag: l.AssetTag, SessionID: l.SessionID, ReferralID: known(l.ReferralID), PersonID: known(l.PersonID),
			OwnParticipant: ownNumber(l.Own), First: l.First, From: l.FromDay, To: l.ToDay, Status: l.Status, LentAt: l.LentAt,
			Condition: l.Condition, Accessories: listOf(l.Accessories), ToReset: l.ToReset, Since: l.Since.UTC(),
		}
		if l.Status == "late" {
			list[i].Late, list[i].DaysLate = l.Late, daysLate(l.ToDay, now)
		}
	}
	return list
}

func ownNumber(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// daysLate counts the days after a day, in Paris.
func daysLate(day string, now time.Time) int {
	from, _ := time.Parse(time.DateOnly, day)
	to, _ := time.Parse(time.DateOnly, reference.Day(now))
	return int(to.Sub(from).Hours() / 24)
}
