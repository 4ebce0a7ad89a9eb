package portal

import (
	"slices"

	"example.org/passerelle/api/client"
)

func (w words) desk(id string) client.Desk {
	if i := slices.IndexFunc(w.directory.Desks, func(d client.Desk) bool { return d.ID == id }); i >= 0 {
		return w.directory.Desks[i]
	}
	return client.Desk{ID: id, Name: id}
}

// reviewFirst tells whether a programme wants a validated flag before a referral.
func (w words) reviewFirst(programme string) bool {
	return slices.ContainsFunc(w.directory.Programmes, func(p client.Programme) bool { return p.ID == programme && p.ReviewFirst })
}

// flagProgrammes are those of a fund that take flags.
func (w words) flagProgrammes(fund string) []choice {
	var list []choice
	for _, p := range w.directory.Programmes {
		if p.Fund == fund && p.TakesFlags {
			list = append(list, choice{Value: p.ID, Label: p.Name})
		}
	}
	return list
}

// deskChoices are the teams of somebody who works for several.
func (w words) deskChoices(ids []string) []choice {
	var list []choice
	for _, id := range ids {
		list = append(list, choice{Value: id, Label: w.of("desk", id)})
	}
	return list
}

// social tells whether a team is a unit of the social service.
func (w words) social(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return w.desk(id).Kind == "unit" })
}
