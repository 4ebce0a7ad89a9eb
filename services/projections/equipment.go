package projections

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

type equipmentPlace struct {
	ID string `json:"id"`
}

// An item is lent until it is back, and kept while a loan of it is not over.
const itemStatus = `coalesce((select max(case when l.lent_at is null then 'kept' else 'lent' end)
  from model.loan l where l.item_id = i.id and l.returned_at is null and (l.lent_at is not null or l.to_day >= ?)), 'available')`

const loanStatus = `case when l.item_id is null then 'lacking' when l.returned_at is not null then 'returned' when l.lent_at is not null then 'lent' else 'kept' end`

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
	l := listing{table: "model.item i", name: "i", order: "i.id desc", columns: "i.id, i.pool, i.kind, i.asset_tag, " + f.put(itemStatus, today) + " as status"}
	items, err := all[rest.Item](ctx, s, l.sql(s.poolReach(a, "i.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	items, next := cut(items, page, func(i rest.Item) any { return equipmentPlace{i.ID} })
	return rest.ListItems200JSONResponse{Items: items, Next: next}, nil
}

type loanRow struct {
	ID, Pool                        string
	ItemID                          *string
	SessionID, ReferralID, PersonID string
	FromDay, ToDay, Status          string
	Since                           time.Time
}

const loanColumns = `l.id, l.pool, l.item_id, l.session_id, l.referral_id, l.person_id, l.from_day, l.to_day, l.since, ` + loanStatus + ` as status`

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
	f := &filter{}
	f.and(seenLoan)
	f.same("l.pool", request.Params.Pool)
	f.same("l.session_id", request.Params.SessionID)
	if request.Params.Status != nil {
		f.and(loanStatus+" = ?", *request.Params.Status)
	}
	if !page.First {
		f.and("l.id < ?", after.ID)
	}
	l := listing{table: "model.loan l", name: "l", order: "l.id desc", columns: loanColumns}
	rows, err := all[loanRow](ctx, s, l.sql(s.poolReach(a, "l.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(l loanRow) any { return equipmentPlace{l.ID} })
	for _, l := range rows {
		web.Concerns(ctx, l.PersonID)
	}
	items := loans(rows)
	return rest.ListLoans200JSONResponse{Items: items, Next: next}, s.borrowers(ctx, a, rows, items)
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
	rows, err := all[loanRow](ctx, s, `select `+loanColumns+` from model.loan l where l.referral_id = any($1) order by l.id desc`, referrals)
	return loans(rows), err
}

func loans(rows []loanRow) []rest.Loan {
	list := make([]rest.Loan, len(rows))
	for i, l := range rows {
		list[i] = rest.Loan{
			Pool: l.Pool, ItemID: l.ItemID, SessionID: l.SessionID, ReferralID: l.ReferralID, PersonID: l.PersonID,
			From: l.FromDay, To: l.ToDay, Status: l.Status, Since: l.Since.UTC(),
		}
		if l.ItemID != nil {
			list[i].ID = &l.ID
		}
	}
	return list
}
