package portal

import (
	"net/url"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference/communes"
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

// joined is what is said of several texts; what is empty, or said already, is left out.
func joined(texts ...string) string {
	var said []string
	for _, t := range texts {
		if t != "" && !strings.Contains(listed(said), t) {
			said = append(said, t)
		}
	}
	return listed(said)
}

// listed puts several on one line: Internet, Courriel.
func listed(texts []string) string { return strings.Join(texts, ", ") }

// communeName is the name of a commune by its INSEE code, empty where it is not known.
func communeName(insee string) string {
	c, _ := communes.Find(insee)
	return c.Name
}

// nextTo is an address with one query value.
func nextTo(path, name, value string) string {
	return path + "?" + url.Values{name: {value}}.Encode()
}
