package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// partable is how long a merge can be taken back.
const partable = 30 * 24 * time.Hour

// Refusals of a merge, and of its undoing.
var (
	ErrNotMerged = refusal.New(refusal.Conflict, "not_merged", "These two are not shown as one person.")
	ErrSettled   = refusal.New(refusal.Conflict, "merge_settled", "These two became one person more than 30 days ago. Correct the record instead.")
)

// Merge says that two records are one person. Other is the second one as it stands at the moment.
type Merge struct {
	PersonID, OtherID string
	Other             Person
	By                string
	At                time.Time
}

// Decide tells it in both records. A second one says nothing new.
func (m Merge) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil {
		return nil, err
	}
	if m.Other.With == p.ID {
		return nil, nil
	}
	if err := m.other(p); err != nil {
		return nil, err
	}
	return tell( // the record that goes on comes last: a repeated request is answered for it
		events.RecordJoined{PersonID: m.OtherID, WithID: p.ID, By: m.By, At: m.At},
		events.PersonMerged{PersonID: p.ID, OtherID: m.OtherID, By: m.By, At: m.At},
	)
}

func (m Merge) other(p Person) error {
	switch {
	case m.OtherID == p.ID:
		return refusal.Faults{{Field: "other_id", Code: "same_record", Detail: "Choose another record."}}
	case !m.Other.There(), m.Other.Fund != p.Fund:
		return UnknownOther("other_id")
	}
	return m.Other.living()
}

// UnknownOther refuses a second person whom the caller does not know.
func UnknownOther(field string) error {
	return refusal.Faults{{Field: field, Code: "unknown_person", Detail: "Nobody is known under this identifier. Search again."}}
}

// Part says that a merge was a mistake.
type Part struct {
	PersonID, OtherID string
	By                string
	At                time.Time
}

// Decide tells it in both records, within 30 days.
func (c Part) Decide(p Person) ([]events.Detection, error) {
	if err := p.standing(); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(p.Merged, func(m Merged) bool { return m.OtherID == c.OtherID })
	switch {
	case i < 0:
		return nil, ErrNotMerged
	case c.At.Sub(p.Merged[i].At) > partable:
		return nil, ErrSettled
	}
	return tell(
		events.RecordLeft{PersonID: c.OtherID, WithID: p.ID, By: c.By, At: c.At},
		events.PersonParted{PersonID: p.ID, OtherID: c.OtherID, By: c.By, At: c.At},
	)
}
