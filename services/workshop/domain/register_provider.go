package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// ErrAlreadyRegistered says that the identifier is in use.
var ErrAlreadyRegistered = refusal.New(refusal.Conflict, "already_registered", "This provider is registered already. Look for it in the list of providers.")

// Provider is an organisation that holds sessions, as far as rules look at it. Zero: nobody has registered it.
type Provider struct {
	ID, Fund, Department string
	Abilities            []events.Ability
	Networks             []string
	Relay                bool
	Labels               []events.ProviderLabelled
	ContactKey           string // subject of the contact, if there ever was one
	Closed               bool
}

// EvolveProvider is the provider after a fact of its own; those of sessions are in other streams.
func EvolveProvider(p Provider, fact events.Providers) Provider {
	switch e := fact.(type) {
	case events.ProviderRegistered:
		return Provider{ID: e.ProviderID, Fund: e.Fund, Department: e.Department, ContactKey: e.Contact.Subject()}
	case events.ProviderAmended:
		p.Department, p.Abilities, p.Networks, p.Relay = e.Department, e.Abilities, e.Networks, e.Relay
		if key := e.Contact.Subject(); key != "" {
			p.ContactKey = key
		}
	case events.ProviderLabelled:
		p.Labels = append(slices.Clip(p.Labels), e)
	case events.ProviderClosed:
		p.Closed = true
	}
	return p
}

// RegisterProvider makes an organisation known to a fund.
type RegisterProvider struct {
	ProviderID    string
	Fund          string   // of the caller
	Territory     []string // departments of the fund
	Name          string
	Insee, Street string
	Contact       events.ProviderContact
	ContactKey    string // subject of the contact; not needed for an empty one
	By            string
	At            time.Time
}

// Department follows from the commune.
func (r RegisterProvider) Department() string { return reference.DepartmentOf(r.Insee) }

// Decide tells the provider, or every fault of what was filled in.
func (r RegisterProvider) Decide(p Provider) ([]events.Providers, error) {
	if p.ID != "" {
		return nil, ErrAlreadyRegistered
	}
	if err := r.faults().OrNil(); err != nil {
		return nil, err
	}
	registered := events.ProviderRegistered{
		ProviderID: r.ProviderID, Name: r.Name, Fund: r.Fund, Department: r.Department(), Insee: r.Insee, Street: r.Street, By: r.By, At: r.At,
	}
	if r.Contact != (events.ProviderContact{}) {
		registered.Contact = events.Clear(r.ContactKey, r.Contact)
	}
	return []events.Providers{registered}, nil
}

func (r RegisterProvider) faults() refusal.Faults {
	var faults refusal.Faults
	if strings.TrimSpace(r.Name) == "" {
		faults = append(faults, refusal.Fault{Field: "name", Code: "required", Detail: "Fill in the name of the organisation."})
	}
	if !slices.Contains(r.Territory, r.Department()) {
		faults = append(faults, refusal.Fault{Field: "insee", Code: "not_your_territory",
			Detail: "This commune is in none of your fund's departments. Check it, or ask the fund that looks after it."})
	}
	return faults
}
