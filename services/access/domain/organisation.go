package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

var (
	// ErrNoOrganisation says that the fund has no such organisation.
	ErrNoOrganisation = refusal.New(refusal.NotFound, "unknown_organisation", "There is no such organisation. Look for it in the list of organisations.")
	// ErrOrganisationClosed says that a closed organisation is not amended.
	ErrOrganisationClosed = refusal.New(refusal.Conflict, "organisation_closed", "This organisation is closed. Add it again under a new entry.")
	// ErrIsProvider says that a provider is looked after elsewhere.
	ErrIsProvider = refusal.New(refusal.Conflict, "is_provider", "A provider is registered, amended and closed by the partnership officer.")
)

// AddOrganisation lets another house work with the fund.
type AddOrganisation struct {
	Organisation, Kind, Name, Department string
	By                                   Granter
	Today                                string
	At                                   time.Time
}

// Decide tells the organisation, or every fault.
func (a AddOrganisation) Decide(f Fund) ([]events.Access, error) {
	if _, known := f.Organisation(a.Organisation); known {
		return nil, nil
	}
	return f.setOrganisation(events.OrganisationSet{
		Fund: f.ID, Organisation: a.Organisation, Kind: a.Kind, Name: a.Name, Department: a.Department, By: a.By.Account, At: a.At,
	}, a.By, a.Today)
}

// AmendOrganisation changes what an organisation is called and where it is. Its kind stays.
type AmendOrganisation struct {
	Organisation, Name, Department string
	By                             Granter
	Today                          string
	At                             time.Time
}

// Decide tells the organisation as it is now, or every fault. Nothing changed is nothing new.
func (a AmendOrganisation) Decide(f Fund) ([]events.Access, error) {
	o, ok := f.Organisation(a.Organisation)
	switch {
	case !ok:
		return nil, ErrNoOrganisation
	case o.Kind == directory.KindProvider:
		return nil, ErrIsProvider
	case o.Closed:
		return nil, ErrOrganisationClosed
	}
	return f.setOrganisation(events.OrganisationSet{
		Fund: f.ID, Organisation: o.ID, Kind: o.Kind, Name: a.Name, Department: a.Department, By: a.By.Account, At: a.At,
	}, a.By, a.Today)
}

// CloseOrganisation ends the work with another house.
type CloseOrganisation struct {
	Organisation string
	By           Granter
	Today        string
	At           time.Time
}

// Decide tells that the organisation is closed. Closed twice is nothing new.
func (c CloseOrganisation) Decide(f Fund) ([]events.Access, error) {
	o, ok := f.Organisation(c.Organisation)
	switch {
	case !ok:
		return nil, ErrNoOrganisation
	case !f.administers(c.By, c.Today):
		return nil, ErrNotGranter
	case o.Kind == directory.KindProvider:
		return nil, ErrIsProvider
	case o.Closed:
		return nil, nil
	}
	return tell(events.OrganisationSet{
		Fund: o.Fund, Organisation: o.ID, Kind: o.Kind, Name: o.Name, Department: o.Department, Closed: true, By: c.By.Account, At: c.At,
	})
}

func (f Fund) setOrganisation(e events.OrganisationSet, by Granter, today string) ([]events.Access, error) {
	faults := nameFault(e.Name)
	if e.Department != "" && !slices.Contains(f.Departments, e.Department) {
		faults = append(faults, refusal.Fault{Field: "department", Code: "not_your_territory", Detail: "This department is none of the fund's."})
	}
	switch {
	case !f.Known():
		return nil, ErrNoFund
	case !f.administers(by, today):
		return nil, ErrNotGranter
	case len(faults) > 0:
		return nil, faults
	}
	e.Name = strings.TrimSpace(e.Name)
	if old, ok := f.Organisation(e.Organisation); ok && old.Name == e.Name && old.Department == e.Department {
		return nil, nil
	}
	return tell(e)
}

// NoteProvider is heard when the workshop service has registered a provider.
type NoteProvider struct {
	Provider, Fund, Name, Department, By string
	At                                   time.Time
}

// Decide puts the provider among the organisations of its fund, once.
func (n NoteProvider) Decide(f Fund) ([]events.Access, error) {
	if _, known := f.Organisation(n.Provider); known {
		return nil, nil
	}
	return tell(events.OrganisationSet{
		Fund: n.Fund, Organisation: n.Provider, Kind: directory.KindProvider, Name: n.Name, Department: n.Department, By: n.By, At: n.At,
	})
}
