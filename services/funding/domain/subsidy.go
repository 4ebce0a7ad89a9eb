package domain

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// The subsidy of tablets where a call says nothing else: 350 € each, 3 000 € in all for one structure under one call.
const (
	TabletCents    = 350_00
	TabletCapCents = 3_000_00
)

// Refusals of a subsidy.
var (
	ErrCapReached = refusal.New(refusal.Conflict, "cap_reached", "This structure had all that this call gives for tablets.")
	ErrSpent      = refusal.New(refusal.Conflict, "decision_exceeded", "The decision has not so much for equipment any more.")
)

// Due is what a structure is still given under a call for so many tablets. The cap is on the money, not on whole tablets.
func (b Budget) Due(call events.CallOpened, structureID string, tablets int) int {
	had := 0
	for _, s := range b.Subsidies {
		if s.CallID == call.CallID && s.StructureID == structureID {
			had += s.AmountCents
		}
	}
	return max(0, min(call.TabletCents*tablets, call.TabletCapCents-had))
}

// SubsidiseTablets commits money of a decision so that a structure can buy tablets.
type SubsidiseTablets struct {
	Act
	ID, CallID, StructureID, DecisionID string
	Tablets                             int
}

// Decide tells what the structure is given.
func (s SubsidiseTablets) Decide(b Budget) ([]events.Funding, error) {
	var faults refusal.Faults
	call, ok := b.Call(s.CallID)
	if !ok {
		faults = append(faults, refusal.Fault{Field: "call", Code: "unknown_call", Detail: "There is no such call."})
	}
	if _, ok := b.Structure(s.StructureID); !ok {
		faults = append(faults, refusal.Fault{Field: "structure", Code: "unknown_structure", Detail: "There is no such structure in the fund. Note it first."})
	}
	decision, cited := b.cite("decision", s.DecisionID)
	if faults = append(faults, cited...); faults != nil {
		return nil, faults
	}
	amount := b.Due(call, s.StructureID, s.Tablets)
	switch {
	case amount == 0:
		return nil, ErrCapReached
	case amount > b.equipmentLeft(decision):
		return nil, ErrSpent
	}
	return tell(events.TabletsSubsidised{
		Fund: s.Fund, SubsidyID: s.ID, CallID: s.CallID, StructureID: s.StructureID, Tablets: s.Tablets, AmountCents: amount, DecisionID: s.DecisionID,
		By: s.By, At: s.At,
	})
}

// Equipment is the nature of a line that pays for things.
const Equipment = "equipment"

// equipmentLeft is what a decision has for equipment, without the subsidies that cite it.
func (b Budget) equipmentLeft(d events.FundingDecided) (left int) {
	for _, line := range d.Lines {
		if line.Nature == Equipment {
			left += line.AmountCents
		}
	}
	for _, s := range b.Subsidies {
		if s.DecisionID == d.DecisionID {
			left -= s.AmountCents
		}
	}
	return left
}

// cite finds the decision behind a commitment or a payment. A committee is none: it may only have been shown something.
func (b Budget) cite(field, id string) (events.FundingDecided, refusal.Faults) {
	decision, ok := b.Decision(id)
	if ok {
		return decision, nil
	}
	if _, sat := b.Committee(id); sat {
		return decision, refusal.Faults{{Field: field, Code: "presentation_only", Detail: "This is an agenda, not a decision. Cite the decision."}}
	}
	return decision, refusal.Faults{{Field: field, Code: "unknown_decision", Detail: "There is no such decision. Every euro cites one."}}
}
