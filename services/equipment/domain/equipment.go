// Package domain holds the rules of a pool of equipment: which tablet is kept for whom, on which days, and who waits.
package domain

import (
	"maps"
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrTagTaken says that an item with this asset tag is registered, in this pool or in another.
var ErrTagTaken = refusal.New(refusal.Conflict, "asset_tag_taken", "An item with this asset tag is registered. Check the tag.")

// Pool is the equipment of one provider. It is never changed in place: Evolve gives the next one.
type Pool struct {
	items []item
	queue []events.TabletLacking // in the order they came

	loans    map[string]Loan // of which a tablet was kept, by their identifiers
	released []string        // referrals that need none any more
}

type item struct {
	id, kind, tag string
	kept          []events.TabletKept
}

// Item is one item of the pool, as others see it.
type Item struct {
	ID, Kind, AssetTag string
	Kept               bool // for somebody, on some days
}

// Items are the items of the pool, in the order they were registered.
func (p Pool) Items() []Item {
	list := make([]Item, len(p.items))
	for i, it := range p.items {
		list[i] = Item{it.id, it.kind, it.tag, len(it.kept) > 0}
	}
	return list
}

// Queue is how many people wait for a tablet.
func (p Pool) Queue() int { return len(p.queue) }

// free says whether nobody has the item on any of these days. Both ends count.
func (it item) free(from, to string) bool {
	return !slices.ContainsFunc(it.kept, func(k events.TabletKept) bool { return k.From <= to && from <= k.To })
}

// tablet is the first tablet that is free on these days.
func (p Pool) tablet(from, to string) (id string, ok bool) {
	for _, it := range p.items {
		if it.kind == "tablet" && it.free(from, to) {
			return it.id, true
		}
	}
	return "", false
}

// knows says whether the pool has answered for this referral: a tablet is kept, it waits, or it needs none any more.
func (p Pool) knows(referralID string) bool {
	return p.ofReferral(referralID).ID != "" || slices.Contains(p.released, referralID)
}

// took is the pool with a loan as it is now.
func (p Pool) took(l Loan) Pool {
	p.loans = maps.Clone(p.loans)
	if p.loans == nil {
		p.loans = map[string]Loan{}
	}
	p.loans[l.ID] = l
	return p
}

// Evolve is the pool after a fact.
func Evolve(p Pool, fact events.Equipment) Pool {
	switch e := fact.(type) {
	case events.ItemRegistered:
		p.items = append(slices.Clip(p.items), item{id: e.ItemID, kind: e.Kind, tag: e.AssetTag})
	case events.TabletKept:
		p = p.with(e).took(Loan{ID: e.LoanID, ItemID: e.ItemID, ReferralID: e.ReferralID, Status: Kept})
		p.queue = slices.DeleteFunc(slices.Clone(p.queue), func(l events.TabletLacking) bool { return l.ReferralID == e.ReferralID })
	case events.TabletHandedOver:
		return p.handedOver(e)
	case events.TabletReturned:
		return p.without(e.LoanID).took(Loan{ID: e.LoanID, ItemID: e.ItemID, ReferralID: e.ReferralID, Status: Returned})
	case events.TabletReleased:
		p = p.without(e.LoanID)
		p.loans = maps.Clone(p.loans)
		delete(p.loans, e.LoanID)
		p.queue = slices.DeleteFunc(slices.Clone(p.queue), func(l events.TabletLacking) bool { return l.ReferralID == e.ReferralID })
		p.released = append(slices.Clip(p.released), e.ReferralID)
	case events.TabletLacking:
		p.queue = append(slices.Clip(p.queue), e)
	}
	return p
}

// handedOver moves what is kept to the item that was handed over, when it is another one.
func (p Pool) handedOver(e events.TabletHandedOver) Pool {
	was, _ := p.item(func(it item) bool { return it.id == p.loans[e.LoanID].ItemID })
	kept, ok := was.keptFor(e.LoanID)
	if ok && was.id != e.ItemID {
		kept.ItemID = e.ItemID
		p = p.without(e.LoanID).with(kept)
	}
	return p.took(Loan{ID: e.LoanID, ItemID: e.ItemID, ReferralID: e.ReferralID, Status: Lent})
}

const tagClaim = "asset-tag:"

// Claims: an asset tag is given once, in all pools together. Its case does not matter.
func Claims(_ Pool, fact events.Equipment) (take, release []string) {
	if e, ok := fact.(events.ItemRegistered); ok {
		return []string{tagClaim + foldTag(e.AssetTag)}, nil
	}
	return nil, nil
}

// RefusalOf is what it means that another pool holds a claim; nil for a claim that is none of ours.
func RefusalOf(claim string) error {
	if strings.HasPrefix(claim, tagClaim) {
		return ErrTagTaken
	}
	return nil
}

func foldTag(tag string) string { return strings.ToUpper(strings.TrimSpace(tag)) }
