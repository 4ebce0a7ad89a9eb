package portal

import (
	"net/url"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// labelsOf are the accounts' names, so that a history says who.
func labelsOf(accounts []Account) []client.Code {
	list := make([]client.Code, len(accounts))
	for i, a := range accounts {
		list[i] = client.Code{Code: a.ID, Label: a.Label}
	}
	return list
}

func (w words) account(id string) string { return w.of("account", id) }

// provider names who runs a session.
func (w words) provider(id *string) string {
	if id == nil {
		return "Le prestataire"
	}
	if p, ok := reference.FindProvider(*id); ok {
		return p.Name
	}
	return w.of("provider", *id)
}

// who is a person's name; somebody who was erased has none any more.
func who(p *client.PersonName) string {
	if p == nil {
		return "Personne effacée"
	}
	return full(p.GivenName, p.FamilyName)
}

// the is what a pointer points to; zero for none.
func the[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// listed puts several on one line: Internet, Courriel.
func listed(texts []string) string { return strings.Join(texts, ", ") }

// communeName is the name of a commune by its INSEE code, empty where it is not known.
func communeName(string) string { return "" }

// providersIn are those of a fund.
func providersIn(fund string) []choice {
	var list []choice
	for _, p := range reference.Providers() {
		if p.Fund == fund {
			list = append(list, choice{Value: p.ID, Label: p.Name})
		}
	}
	return list
}

// nextTo is an address with one query value.
func nextTo(path, name, value string) string {
	return path + "?" + url.Values{name: {value}}.Encode()
}
