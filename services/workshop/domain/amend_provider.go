package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// Refusals about providers.
var (
	ErrNoProvider     = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider. Look for it again in the list of providers.")
	ErrNotRegistered  = refusal.New(refusal.Conflict, "not_registered", "This provider stands in the directory only. Register it with POST /providers.")
	ErrProviderClosed = refusal.New(refusal.Conflict, "provider_closed", "This provider is closed. Register another one.")
)

// AmendProvider says what a provider is and can do now.
type AmendProvider struct {
	RegisterProvider

	Abilities []events.Ability
	Networks  []string
	Relay     bool
}

// Decide tells it whole.
func (c AmendProvider) Decide(p Provider) ([]events.Providers, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	if err := c.faults().OrNil(); err != nil {
		return nil, err
	}
	amended := events.ProviderAmended{
		ProviderID: p.ID, Name: c.Name, Department: c.Department(), Insee: c.Insee, Street: c.Street, Abilities: c.Abilities, Networks: c.Networks,
		Relay: c.Relay, By: c.By, At: c.At,
	}
	if c.ContactKey != "" {
		amended.Contact = events.Clear(c.ContactKey, c.Contact)
	}
	return []events.Providers{amended}, nil
}

// open refuses for a provider that is not there, or not any more.
func (p Provider) open() error {
	switch {
	case p.ID == "":
		return ErrNotRegistered
	case p.Closed:
		return ErrProviderClosed
	}
	return nil
}

// LabelProvider gives a label, under the criteria of a version.
type LabelProvider struct {
	Label, Version, From, To, By string
	At                           time.Time
}

// Decide tells it, once for each version and day.
func (c LabelProvider) Decide(p Provider) ([]events.Providers, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	var faults refusal.Faults
	if _, ok := reference.Label(c.Label, c.Version); !ok {
		faults = append(faults, refusal.Fault{Field: "version", Code: "unknown_version", Detail: "The label has no such version. Look at the code lists."})
	}
	if c.To != "" && c.To < c.From {
		faults = append(faults, refusal.Fault{Field: "to", Code: "ends_before_start", Detail: "The last day comes after the first one."})
	}
	told := events.ProviderLabelled{ProviderID: p.ID, Label: c.Label, Version: c.Version, From: c.From, To: c.To, By: c.By, At: c.At}
	same := func(l events.ProviderLabelled) bool {
		return l.Label == told.Label && l.Version == told.Version && l.From == told.From && l.To == told.To
	}
	if len(faults) > 0 || slices.ContainsFunc(p.Labels, same) {
		return nil, faults.OrNil()
	}
	return []events.Providers{told}, nil
}

// CloseProvider is the end of a provider: no sessions are planned for it any more.
type CloseProvider struct {
	Reason, By string
	At         time.Time
}

// Decide tells it once.
func (c CloseProvider) Decide(p Provider) ([]events.Providers, error) {
	switch {
	case p.ID == "":
		return nil, ErrNotRegistered
	case p.Closed:
		return nil, nil
	}
	return []events.Providers{events.ProviderClosed{ProviderID: p.ID, Reason: c.Reason, By: c.By, At: c.At}}, nil
}
