package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// RegisterItem adds an item to a pool.
type RegisterItem struct {
	Pool, ItemID   string
	Kind, AssetTag string
	By             string
	Today          string // in Paris
	At             time.Time
}

// mostAtOnce keeps a decision within what one append may hold.
const mostAtOnce = 50

// Decide tells the item. A new tablet goes to those who wait for one, in their order, as far as its days fit.
func (r RegisterItem) Decide(p Pool) ([]events.Equipment, error) {
	tag := strings.TrimSpace(r.AssetTag)
	switch {
	case slices.ContainsFunc(p.items, func(it item) bool { return it.id == r.ItemID }):
		return nil, nil
	case tag == "":
		return nil, refusal.Faults{{Field: "asset_tag", Code: "required", Detail: "Fill in the tag that is on the item."}}
	case slices.ContainsFunc(p.items, func(it item) bool { return foldTag(it.tag) == foldTag(tag) }):
		return nil, ErrTagTaken
	}
	facts := []events.Equipment{events.ItemRegistered{Pool: r.Pool, ItemID: r.ItemID, Kind: r.Kind, AssetTag: tag, By: r.By, At: r.At}}
	if r.Kind != "tablet" {
		return facts, nil
	}
	return append(facts, Evolve(p, facts[0]).toThoseWhoWait(r.ItemID, r.Pool, r.Today, r.At)...), nil
}

// toThoseWhoWait keeps a tablet that is there, or there again, for those in the queue, in their order, as far as its days fit.
func (p Pool) toThoseWhoWait(id, pool, today string, at time.Time) []events.Equipment {
	var facts []events.Equipment
	tablet, _ := p.item(func(it item) bool { return it.id == id })
	for _, l := range p.queue {
		if l.To < today || !tablet.free(l.From, l.To) || len(facts) == mostAtOnce {
			continue
		}
		kept := events.TabletKept{
			Pool: pool, ItemID: id, LoanID: l.LoanID, SessionID: l.SessionID, ReferralID: l.ReferralID,
			PersonID: l.PersonID, From: l.From, To: l.To, At: at,
		}
		tablet.kept = append(slices.Clip(tablet.kept), kept)
		facts = append(facts, kept)
	}
	return facts
}
