package domain

import (
	"slices"

	"example.org/passerelle/api/events"
)

// States of an item. Kept and Lent are those of its loans.
const (
	Available = "available"
	ToReset   = "to_reset" // came back, with somebody's accounts on it
	InRepair  = "repair"
	Retired   = "retired"
	Missing   = "missing" // not found at the last stocktake
	Granted   = "granted" // given to somebody for good

	moved = "moved" // to another pool; its tag stays known
)

// Kinds are what a pool may have.
var Kinds = []string{"computer", "tablet", "mobile", "printer", "keyboard", "mouse", "usb_stick"}

const tabletKind = "tablet" // what is lent for a session

// broken is the condition of what cannot be lent again as it is.
const broken = "broken"

type item struct {
	id, kind, tag, serial string

	state   string // empty: available
	missing bool
	booked  []booking // days on which it is kept for somebody, or with them
}

// booking are the days of a loan. Both ends count.
type booking struct{ loan, from, to string }

// Item is one item of the pool, as others see it.
type Item struct{ ID, Kind, AssetTag, Serial, Status string }

// Items are the items of the pool, in the order they were registered.
func (p Pool) Items() []Item {
	list := []Item{}
	for _, it := range p.items {
		if it.state != moved {
			list = append(list, Item{it.id, it.kind, it.tag, it.serial, p.statusOf(it)})
		}
	}
	return list
}

// Item finds an item; the zero one is unknown.
func (p Pool) Item(id string) Item {
	for _, it := range p.items {
		if it.id == id {
			return Item{it.id, it.kind, it.tag, it.serial, p.statusOf(it)}
		}
	}
	return Item{}
}

func (p Pool) statusOf(it item) string {
	switch {
	case p.out(it):
		return Lent
	case it.missing:
		return Missing
	case it.state != "":
		return it.state
	case len(it.booked) > 0:
		return Kept
	}
	return Available
}

// out tells whether somebody has an item in hand.
func (p Pool) out(it item) bool {
	return slices.ContainsFunc(it.booked, func(b booking) bool { return p.loans.Value(b.loan).Status == Lent })
}

// mayBeKept says whether an item can be lent on a later day, once it is reset.
func (it item) mayBeKept() bool {
	return it.kind == tabletKind && !it.missing && (it.state == "" || it.state == ToReset)
}

// after is the state of what came back.
func after(condition string) string {
	if condition == broken {
		return InRepair
	}
	return ToReset
}

func (p Pool) item(id string) (item, bool) {
	return p.itemThat(func(it item) bool { return it.id == id })
}

func (p Pool) itemThat(is func(item) bool) (item, bool) {
	i := slices.IndexFunc(p.items, is)
	if i < 0 {
		return item{}, false
	}
	return p.items[i], true
}

func (p Pool) tagged(tag string) (item, bool) {
	return p.itemThat(func(it item) bool { return fold(it.tag) == fold(tag) && it.state != moved })
}

// put is the pool with an item in another state. What is in a state is there.
func (p Pool) put(id, state string) Pool {
	if state == Available {
		state = ""
	}
	return p.change(id, func(it *item) { it.state, it.missing = state, false })
}

// back is the pool with an item that came back from a loan, unless it was lost, turned up, and is with somebody else by now.
func (p Pool) back(id, state string) Pool {
	if it, _ := p.item(id); p.out(it) {
		return p
	}
	return p.put(id, state)
}

func (p Pool) change(id string, how func(*item)) Pool {
	i := slices.IndexFunc(p.items, func(it item) bool { return it.id == id })
	if i < 0 {
		return p
	}
	p.items = slices.Clone(p.items)
	how(&p.items[i])
	return p
}

// found: what was lost may have somebody's accounts on it.
func (it *item) found() {
	it.missing = false
	if it.state == Lost {
		it.state = ToReset
	}
}

// received is the pool with an item that came from another one, or came back.
func (p Pool) received(e events.ItemReceived) Pool {
	if _, known := p.item(e.ItemID); !known {
		p.items = append(slices.Clip(p.items), item{id: e.ItemID, kind: e.Kind, tag: e.AssetTag, serial: e.Serial})
	}
	return p.put(e.ItemID, e.Status)
}

// LastStocktake is what was found the last time.
func (p Pool) LastStocktake() events.StocktakeTaken { return p.counted }

// count is the pool after a stocktake.
func (p Pool) count(e events.StocktakeTaken) Pool {
	p.counted = e
	p.items = slices.Clone(p.items)
	for i := range p.items {
		it := &p.items[i]
		switch {
		case slices.Contains(e.Missing, it.id):
			it.missing = true
		case slices.Contains(e.Found, it.id), slices.Contains(e.Unexpected, it.id):
			it.found()
		}
	}
	return p
}

// with is the pool in which an item is booked on some days, without the pool in which it is not any more.
func (p Pool) with(id string, b booking) Pool {
	return p.change(id, func(it *item) { it.booked = append(slices.Clip(it.booked), b) })
}

func (p Pool) without(loan string) Pool {
	of := func(b booking) bool { return b.loan == loan }
	return p.change(p.loans.Value(loan).ItemID, func(it *item) { it.booked = slices.DeleteFunc(slices.Clone(it.booked), of) })
}
