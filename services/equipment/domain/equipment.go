// Package domain holds the rules of a pool of equipment: what is there and in which state, which tablet is kept for whom,
// on which days, and who waits.
package domain

import (
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/steady"
)

// Refusals of an item that is registered already.
var (
	ErrTagTaken    = refusal.New(refusal.Conflict, "asset_tag_taken", "An item with this asset tag is registered. Check the tag.")
	ErrSerialTaken = refusal.New(refusal.Conflict, "serial_taken", "An item with this serial number is registered. Check the number.")
)

// Pool is the equipment of one provider, agency or fund. It is never changed in place: Evolve gives the next one.
type Pool struct {
	items    []item
	loans    steady.Map[string, Loan]     // all there ever were, except the released ones
	asked    int                          // how many loans were asked for
	queue    steady.Map[string, struct{}] // loans without a tablet
	released steady.Map[string, struct{}] // referrals that need none any more
	unneeded steady.Map[string, struct{}] // loans that were released
	counted  events.StocktakeTaken
}

// Evolve is the pool after a fact.
func Evolve(p Pool, fact events.Equipment) Pool {
	switch e := fact.(type) {
	case events.ItemRegistered:
		p.items = append(slices.Clip(p.items), item{id: e.ItemID, kind: e.Kind, tag: e.AssetTag, serial: e.Serial})
	case events.ItemReset:
		return p.put(e.ItemID, Available)
	case events.ItemSentToRepair:
		return p.put(e.ItemID, InRepair)
	case events.ItemRetired:
		return p.put(e.ItemID, Retired)
	case events.ItemGranted:
		return p.put(e.ItemID, Granted)
	case events.ItemFound:
		return p.change(e.ItemID, (*item).found)
	case events.ItemTransferred:
		return p.put(e.ItemID, moved)
	case events.ItemReceived:
		return p.received(e)
	case events.StocktakeTaken:
		return p.count(e)
	case events.TabletKept:
		l := p.loan(e.LoanID)
		l.keep(e)
		p.released = p.released.Without(e.ReferralID)
		return p.without(e.LoanID).took(l).with(e.ItemID, booking{e.LoanID, e.From, e.To})
	case events.TabletLacking:
		l := p.loan(e.LoanID)
		l.lack(e)
		p.released = p.released.Without(e.ReferralID)
		return p.without(e.LoanID).took(l)
	case events.TabletReleased:
		return p.gone(e)
	case events.TabletHandedOver:
		return p.handedOver(e)
	case events.TabletReturned:
		return p.without(e.LoanID).ended(e.LoanID, e.ItemID, Returned).back(e.ItemID, after(e.Condition))
	case events.TabletSwapped:
		return p.swapped(e)
	case events.LoanExtended:
		return p.extended(e)
	case events.LoanLate:
		l := p.loan(e.LoanID)
		l.late = e.Kind
		return p.took(l)
	case events.LoanLost:
		return p.without(e.LoanID).ended(e.LoanID, e.ItemID, Lost).put(e.ItemID, Lost)
	case events.LoanWrittenOff:
		if p.loans.Value(e.LoanID).Status == Lost { // the item may have turned up since
			return p.ended(e.LoanID, e.ItemID, WrittenOff)
		}
		return p.without(e.LoanID).ended(e.LoanID, e.ItemID, WrittenOff).put(e.ItemID, Lost)
	}
	return p
}

// gone is the pool without a loan that is not needed.
func (p Pool) gone(e events.TabletReleased) Pool {
	p = p.without(e.LoanID)
	p.loans, p.queue = p.loans.Without(e.LoanID), p.queue.Without(e.LoanID)
	if e.LoanID != "" {
		p.unneeded = p.unneeded.With(e.LoanID, struct{}{})
	}
	if e.ReferralID != "" {
		p.released = p.released.With(e.ReferralID, struct{}{})
	}
	return p
}

// handedOver books the tablet from the day it is out, and another one than was kept where that was handed over.
func (p Pool) handedOver(e events.TabletHandedOver) Pool {
	l := p.loan(e.LoanID)
	l.ItemID, l.Status = e.ItemID, Lent
	if e.From != "" && e.From < l.From {
		l.From = e.From
	}
	return p.without(l.ID).took(l).with(l.ItemID, booking{l.ID, l.From, l.To})
}

func (p Pool) swapped(e events.TabletSwapped) Pool {
	l := p.loan(e.LoanID)
	l.ItemID = e.ItemID
	return p.without(l.ID).took(l).with(l.ItemID, booking{l.ID, l.From, l.To}).put(e.WasID, after(e.Condition))
}

func (p Pool) extended(e events.LoanExtended) Pool {
	l := p.loan(e.LoanID)
	l.To, l.late = e.To, ""
	return p.without(l.ID).took(l).with(l.ItemID, booking{l.ID, l.From, l.To})
}

// ended is the pool in which a loan is over.
func (p Pool) ended(loan, item, status string) Pool {
	l := p.loan(loan)
	l.ItemID, l.Status = item, status
	return p.took(l)
}

const (
	tagClaim    = "asset-tag:"
	serialClaim = "serial:"
)

// Claims: an asset tag and a serial number are given once, in all pools together. Their case does not matter. They stay
// with the pool that registered the item: where it goes, the new pool and the old one both know it.
func Claims(_ Pool, fact events.Equipment) (take, release []string) {
	e, ok := fact.(events.ItemRegistered)
	if !ok {
		return nil, nil
	}
	take = []string{tagClaim + fold(e.AssetTag)}
	if e.Serial != "" {
		take = append(take, serialClaim+fold(e.Serial))
	}
	return take, nil
}

// RefusalOf is what it means that another pool holds a claim; nil for a claim that is none of ours.
func RefusalOf(claim string) error {
	switch {
	case strings.HasPrefix(claim, tagClaim):
		return ErrTagTaken
	case strings.HasPrefix(claim, serialClaim):
		return ErrSerialTaken
	}
	return nil
}

func fold(tag string) string { return strings.ToUpper(strings.TrimSpace(tag)) }
