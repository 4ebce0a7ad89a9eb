package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a loan.
var (
	ErrNoLoan        = refusal.New(refusal.NotFound, "unknown_loan", "There is no such loan. Look for it again in the list of loans.")
	ErrLacking       = refusal.New(refusal.Conflict, "tablet_lacking", "No tablet was free for this person. Add one to the pool first.")
	ErrReturned      = refusal.New(refusal.Conflict, "loan_returned", "This tablet came back already.")
	ErrNotHandedOver = refusal.New(refusal.Conflict, "not_handed_over", "This tablet was never handed over.")
	ErrItemNotFree   = refusal.New(refusal.Conflict, "item_not_free", "This tablet is kept for somebody else on these days. Take another one.")
)

// HandOver gives the tablet into the person's hands.
type HandOver struct {
	Pool, LoanID string
	AssetTag     string // of another tablet than the one that was kept; empty: that one
	By           string
	Today        string // in Paris
	At           time.Time
}

// Decide says it once. The tablet that was kept, when it is another one, goes to those who wait.
func (h HandOver) Decide(p Pool) ([]events.Equipment, error) {
	loan := p.Loan(h.LoanID)
	switch loan.Status {
	case "":
		return nil, ErrNoLoan
	case Lacking:
		return nil, ErrLacking
	case Returned:
		return nil, ErrReturned
	case Lent:
		return nil, nil
	}
	given, err := h.given(p, loan)
	if err != nil {
		return nil, err
	}
	was, _ := p.item(func(it item) bool { return it.id == loan.ItemID })
	kept, _ := was.keptFor(loan.ID)
	facts := []events.Equipment{events.TabletHandedOver{
		Pool: h.Pool, LoanID: loan.ID, ItemID: given, ReferralID: loan.ReferralID, PersonID: kept.PersonID, By: h.By, At: h.At,
	}}
	if given == loan.ItemID {
		return facts, nil
	}
	return append(facts, Evolve(p, facts[0]).toThoseWhoWait(loan.ItemID, h.Pool, h.Today, h.At)...), nil
}

// given is the item that is handed over.
func (h HandOver) given(p Pool, loan Loan) (string, error) {
	if strings.TrimSpace(h.AssetTag) == "" {
		return loan.ItemID, nil
	}
	other, ok := p.item(func(it item) bool { return it.kind == "tablet" && foldTag(it.tag) == foldTag(h.AssetTag) })
	if !ok {
		return "", refusal.Faults{{Field: "asset_tag", Code: "unknown_item", Detail: "The pool has no tablet with this tag."}}
	}
	was, _ := p.item(func(it item) bool { return it.id == loan.ItemID })
	kept, _ := was.keptFor(loan.ID)
	if other.id != loan.ItemID && (!other.free(kept.From, kept.To) || p.isOut(other.id)) {
		return "", ErrItemNotFree
	}
	return other.id, nil
}

// isOut tells whether somebody has an item in hand.
func (p Pool) isOut(item string) bool {
	for _, l := range p.loans {
		if l.ItemID == item && l.Status == Lent {
			return true
		}
	}
	return false
}

// Return takes the tablet back.
type Return struct {
	Pool, LoanID string
	By           string
	Today        string // in Paris
	At           time.Time
}

// Decide says it once. The tablet goes to those who wait for one.
func (r Return) Decide(p Pool) ([]events.Equipment, error) {
	loan := p.Loan(r.LoanID)
	switch loan.Status {
	case "":
		return nil, ErrNoLoan
	case Lacking, Kept:
		return nil, ErrNotHandedOver
	case Returned:
		return nil, nil
	}
	it, _ := p.item(func(it item) bool { return it.id == loan.ItemID })
	kept, _ := it.keptFor(loan.ID)
	back := events.TabletReturned{Pool: r.Pool, LoanID: loan.ID, ItemID: loan.ItemID, ReferralID: loan.ReferralID, PersonID: kept.PersonID, By: r.By, At: r.At}
	return append([]events.Equipment{back}, Evolve(p, back).toThoseWhoWait(loan.ItemID, r.Pool, r.Today, r.At)...), nil
}

// Release is heard when a seat is given back, or its person is erased: a tablet that was only kept is not needed.
type Release struct {
	Pool, ReferralID, PersonID string
	Today                      string // in Paris
	At                         time.Time
}

// Decide frees the tablet, or the place in the queue; what is in the person's hands stays there. Heard before its seat,
// it keeps that from getting a tablet.
func (r Release) Decide(p Pool) ([]events.Equipment, error) {
	loan := p.ofReferral(r.ReferralID)
	if loan.Status == Lent || loan.Status == Returned || slices.Contains(p.released, r.ReferralID) {
		return nil, nil
	}
	released := events.TabletReleased{Pool: r.Pool, LoanID: loan.ID, ItemID: loan.ItemID, ReferralID: r.ReferralID, PersonID: r.PersonID, At: r.At}
	facts := []events.Equipment{released}
	if loan.ItemID == "" {
		return facts, nil
	}
	return append(facts, Evolve(p, released).toThoseWhoWait(loan.ItemID, r.Pool, r.Today, r.At)...), nil
}
