package domain

import "example.org/passerelle/api/events"

// Transfer gives an item to another pool.
type Transfer struct {
	Act

	ItemID, ToPool string
	There          Pool // as it is now
}

// Decide tells it in both pools at once. Nobody has the item or counts on it; who waits there is served.
func (t Transfer) Decide(p Pool) ([]events.Equipment, error) {
	it, err := p.here(t.ItemID)
	switch {
	case err != nil:
		return nil, err
	case t.ToPool == t.Pool:
		return nil, nil
	case it.missing:
		return nil, ErrNotLendable
	case len(it.booked) > 0:
		return nil, ErrKept
	}
	there := t.Act
	there.Pool = t.ToPool
	received := there.then(t.There, events.ItemReceived{
		Pool: t.ToPool, ItemID: it.id, FromPool: t.Pool, Kind: it.kind, AssetTag: it.tag, Serial: it.serial, Status: p.statusOf(it), By: t.By, At: t.At,
	})
	return append([]events.Equipment{events.ItemTransferred{Pool: t.Pool, ItemID: it.id, ToPool: t.ToPool, By: t.By, At: t.At}}, received...), nil
}
