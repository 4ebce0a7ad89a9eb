package domain

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of what is done with an item.
var (
	ErrNoItem     = refusal.New(refusal.NotFound, "unknown_item", "There is no such item. Look for it again in the list of items.")
	ErrHandedOver = refusal.New(refusal.Conflict, "item_lent", "Somebody has this item, or had it. Take it back first.")
	ErrRetired    = refusal.New(refusal.Conflict, "item_retired", "This item was retired.")
	ErrGranted    = refusal.New(refusal.Conflict, "item_granted", "This item was given to somebody for good. Check the tag.")
	ErrItemLost   = refusal.New(refusal.Conflict, "item_lost", "This item is lost. When it is found, take the loan back or note it in a stocktake.")
)

// Reset says that the accounts and photos are removed, or that the item is back from repair.
type Reset struct {
	Act

	ItemID string
}

// Decide says it once. The item goes to those who wait for one.
func (r Reset) Decide(p Pool) ([]events.Equipment, error) {
	it, err := p.here(r.ItemID)
	if err != nil || it.state == "" && !it.missing {
		return nil, err
	}
	return r.then(p, events.ItemReset{Pool: r.Pool, ItemID: it.id, By: r.By, At: r.At}), nil
}

// Repair sends an item away until it is reset.
type Repair struct {
	Act

	ItemID, Reason string
}

// Decide says it once. Those for whom it was kept get another one, or wait.
func (r Repair) Decide(p Pool) ([]events.Equipment, error) {
	it, err := p.here(r.ItemID)
	if err != nil || it.state == InRepair {
		return nil, err
	}
	return r.then(p, events.ItemSentToRepair{Pool: r.Pool, ItemID: it.id, Reason: r.Reason, By: r.By, At: r.At}), nil
}

// Retire takes an item out of the stock for good.
type Retire struct {
	Act

	ItemID, Reason string
}

// Decide says it once. Those for whom it was kept get another one, or wait.
func (r Retire) Decide(p Pool) ([]events.Equipment, error) {
	switch it, ok := p.item(r.ItemID); {
	case !ok || it.state == moved:
		return nil, ErrNoItem
	case p.out(it):
		return nil, ErrHandedOver
	case it.state == Retired:
		return nil, nil
	case it.state == Granted:
		return nil, ErrGranted
	}
	return r.then(p, events.ItemRetired{Pool: r.Pool, ItemID: r.ItemID, Reason: r.Reason, By: r.By, At: r.At}), nil
}

// here is an item that somebody can lay hands on.
func (p Pool) here(id string) (item, error) {
	it, ok := p.item(id)
	switch {
	case !ok || it.state == moved:
		return it, ErrNoItem
	case p.out(it):
		return it, ErrHandedOver
	case it.state == Retired:
		return it, ErrRetired
	case it.state == Granted:
		return it, ErrGranted
	case it.state == Lost:
		return it, ErrItemLost
	}
	return it, nil
}
