package domain

import (
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a loan.
var (
	ErrNoLoan        = refusal.New(refusal.NotFound, "unknown_loan", "There is no such loan. Look for it again in the list of loans.")
	ErrReleased      = refusal.New(refusal.Conflict, "loan_released", "This tablet is not kept for this person any more: the seat was given back, the days are over, or it was not needed.")
	ErrLacking       = refusal.New(refusal.Conflict, "tablet_lacking", "No tablet was free for this person. Add one to the pool first.")
	ErrReturned      = refusal.New(refusal.Conflict, "loan_returned", "This tablet came back already.")
	ErrEnded         = refusal.New(refusal.Conflict, "loan_ended", "This loan has ended: its tablet is lost.")
	ErrNotHandedOver = refusal.New(refusal.Conflict, "not_handed_over", "This tablet was never handed over.")
	ErrItemNotFree   = refusal.New(refusal.Conflict, "item_not_free", "This tablet is kept for somebody else on these days, or with somebody. Take another one.")
	ErrToReset       = refusal.New(refusal.Conflict, "item_to_reset", "The accounts and photos of whoever had this tablet are still on it. Reset it first.")
	ErrNotLendable   = refusal.New(refusal.Conflict, "item_not_lendable", "This tablet is in repair, missing, lost or retired. Take another one.")
)

// HandOver gives the tablet into the person's hands.
type HandOver struct {
	Act

	LoanID      string
	AssetTag    string // of another tablet than the one that was kept; empty: that one
	Condition   string
	Accessories []string // that go with it
}

// Decide says it once. The tablet that was kept, when it is another one, goes to those who wait.
func (h HandOver) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(h.LoanID)
	switch l.Status {
	case "":
		return nil, p.none(h.LoanID)
	case Lacking:
		return nil, ErrLacking
	case Returned:
		return nil, ErrReturned
	case Lost, WrittenOff:
		return nil, ErrEnded
	case Lent:
		return nil, nil
	}
	if l.To < h.Today {
		return nil, ErrDaysPassed
	}
	given, err := h.inHand(p, l, h.AssetTag, min(h.Today, l.From))
	if err != nil {
		return nil, err
	}
	return h.then(p, events.TabletHandedOver{
		Pool: h.Pool, LoanID: l.ID, ItemID: given, ReferralID: l.ReferralID, PersonID: l.PersonID, From: h.Today, To: l.To,
		Condition: h.Condition, Accessories: h.Accessories, By: h.By, At: h.At,
	}), nil
}

// inHand is the tablet that may be given for a loan from a day on: the one with this tag, or the one that was kept.
func (a Act) inHand(p Pool, l Loan, tag, from string) (string, error) {
	it, ok := p.item(l.ItemID)
	if strings.TrimSpace(tag) != "" {
		it, ok = p.tagged(tag)
	}
	switch {
	case !ok || it.kind != tabletKind:
		return "", refusal.Faults{{Field: "asset_tag", Code: "unknown_item", Detail: "The pool has no tablet with this tag."}}
	case p.out(it) || !p.free(it, l.ID, from, l.To, a.Today):
		return "", ErrItemNotFree
	case !it.mayBeKept():
		return "", ErrNotLendable
	case it.state == ToReset:
		return "", ErrToReset
	}
	return it.id, nil
}
