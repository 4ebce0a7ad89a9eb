package domain

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// OpenEnvelope sets money of one source aside.
type OpenEnvelope struct {
	Act
	ID, Label, Source, From, To string
	AmountCents                 int
}

// Decide tells the envelope.
func (o OpenEnvelope) Decide(Budget) ([]events.Funding, error) {
	faults := sourceFaults("source", o.Source)
	if o.To != "" && o.To < o.From {
		faults = append(faults, refusal.Fault{Field: "to", Code: "before_from", Detail: "The last day is before the first.", Of: "from"})
	}
	if faults != nil {
		return nil, faults
	}
	return tell(events.EnvelopeOpened{
		Fund: o.Fund, EnvelopeID: o.ID, Label: o.Label, Source: o.Source, From: o.From, To: o.To, AmountCents: o.AmountCents, By: o.By, At: o.At,
	})
}

func sourceFaults(field, source string) (faults refusal.Faults) {
	if !slices.ContainsFunc(reference.MoneySources(), func(c reference.Code) bool { return c.Code == source }) {
		faults = refusal.Faults{{Field: field, Code: "unknown_source", Detail: "Choose a source from the list money_source."}}
	}
	return faults
}

// OpenCall invites organisations to propose projects.
type OpenCall struct {
	Act
	ID, Label, Opens, Closes    string
	Sources                     []string
	TargetPeople                int
	TabletCents, TabletCapCents int
}

// Decide tells the call.
func (o OpenCall) Decide(Budget) ([]events.Funding, error) {
	var faults refusal.Faults
	for n, source := range o.Sources {
		faults = append(faults, sourceFaults(at("sources", n), source)...)
	}
	if o.Closes < o.Opens {
		faults = append(faults, refusal.Fault{Field: "closes", Code: "before_opens", Detail: "The call closes before it opens.", Of: "opens"})
	}
	if faults != nil {
		return nil, faults
	}
	return tell(events.CallOpened{
		Fund: o.Fund, CallID: o.ID, Label: o.Label, Opens: o.Opens, Closes: o.Closes, Sources: o.Sources, TargetPeople: o.TargetPeople,
		TabletCents: o.TabletCents, TabletCapCents: o.TabletCapCents, By: o.By, At: o.At,
	})
}

// NoteStructure says what an organisation is called and to which networks it belongs.
type NoteStructure struct {
	Act
	ID, Label string
	Networks  []string
}

// Decide tells the structure, unless it is noted like that.
func (n NoteStructure) Decide(b Budget) ([]events.Funding, error) {
	if known, ok := b.Structure(n.ID); ok && known.Label == n.Label && slices.Equal(known.Networks, n.Networks) {
		return nil, nil
	}
	return tell(events.StructureNoted{Fund: n.Fund, StructureID: n.ID, Label: n.Label, Networks: n.Networks, By: n.By, At: n.At})
}
