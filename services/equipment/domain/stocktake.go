package domain

import (
	"slices"

	"example.org/passerelle/api/events"
)

// TakeStock compares what somebody has seen with what should be there.
type TakeStock struct {
	Act

	StocktakeID string
	AssetTags   []string // of what is there
}

// Decide says what was found, what is missing, and what should not be there. Those for whom something missing was kept
// get another one, or wait.
func (t TakeStock) Decide(p Pool) ([]events.Equipment, error) {
	seen := map[string]bool{}
	unknown := []string{}
	for _, tag := range t.AssetTags {
		if it, ok := p.tagged(tag); ok {
			seen[it.id] = true
		} else if !slices.Contains(unknown, fold(tag)) {
			unknown = append(unknown, fold(tag))
		}
	}
	told := events.StocktakeTaken{
		Pool: t.Pool, StocktakeID: t.StocktakeID, Found: []string{}, Missing: []string{}, Unexpected: []string{}, UnknownTags: unknown, By: t.By, At: t.At,
	}
	for _, it := range p.items {
		if it.state == moved {
			continue
		}
		switch elsewhere := p.out(it) || it.state == Lost || it.state == Retired || it.state == Granted || it.state == InRepair; {
		case seen[it.id] && elsewhere:
			told.Unexpected = append(told.Unexpected, it.id)
		case seen[it.id]:
			told.Found = append(told.Found, it.id)
		case !elsewhere:
			told.Missing = append(told.Missing, it.id)
		}
	}
	return t.then(p, told), nil
}
