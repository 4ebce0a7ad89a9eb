package portal

import (
	"slices"

	"example.org/passerelle/api/client"
)

// reached is how a provider reaches and receives somebody, as far as it is known.
func (w words) reached(c *client.Contact) []fact {
	if c == nil {
		return nil
	}
	var list []fact
	add := func(name, text string) {
		if text != "" {
			list = append(list, fact{name, text})
		}
	}
	add("Téléphone", phoneText(the(c.Phone)))
	if code := the(c.Language); code != "fr" {
		add("Langue", language(code))
	}
	add("Accessibilité", listed(w.all("access", c.Access)))
	add("À savoir faire", listed(w.all("skills", c.Skills)))
	add("Proche", besides(c.Helper))
	return list
}

// besides is who stands beside the person.
func besides(h *client.Helper) string {
	if h == nil {
		return ""
	}
	text := joined(the(h.Name), helperRelations[the(h.Relation)], phoneText(the(h.Phone)))
	if the(h.CallsFirst) && text != "" {
		text += " (à appeler en premier)"
	}
	return text
}

var helperRelations = map[string]string{
	"child": "enfant", "spouse": "conjoint ou conjointe", "neighbour": "voisin ou voisine", "professional": "professionnel",
	"guardian": "tuteur ou curateur", "other": "autre proche",
}

// deskLine is a team and its phone.
func (w words) deskLine(id string) string {
	at := slices.IndexFunc(w.directory.Desks, func(d client.Desk) bool { return d.ID == id })
	if at < 0 {
		return id
	}
	return joined(w.directory.Desks[at].Name, phoneText(w.directory.Desks[at].Phone))
}
