package domain

import (
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// RegisterItem adds an item to a pool.
type RegisterItem struct {
	Act

	ItemID, Kind, AssetTag string
	Serial, Condition      string
}

// Decide tells the item. A new tablet goes to those who wait for one, in their turn, as far as its days fit.
func (r RegisterItem) Decide(p Pool) ([]events.Equipment, error) {
	tag, serial := strings.TrimSpace(r.AssetTag), strings.TrimSpace(r.Serial)
	taken := func(same func(item) bool) bool { return slices.ContainsFunc(p.items, same) }
	switch {
	case taken(func(it item) bool {
		return it.id == r.ItemID && it.state != moved && it.kind == r.Kind && fold(it.serial) == fold(serial)
	}):
		return nil, nil
	case tag == "":
		return nil, refusal.Faults{{Field: "asset_tag", Code: "required", Detail: "Fill in the tag that is on the item."}}
	case taken(func(it item) bool { return fold(it.tag) == fold(tag) }):
		return nil, ErrTagTaken
	case serial != "" && taken(func(it item) bool { return fold(it.serial) == fold(serial) }):
		return nil, ErrSerialTaken
	}
	return r.then(p, events.ItemRegistered{
		Pool: r.Pool, ItemID: r.ItemID, Kind: r.Kind, AssetTag: tag, Serial: serial, Condition: r.Condition, By: r.By, At: r.At,
	}), nil
}
