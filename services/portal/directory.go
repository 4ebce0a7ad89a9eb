package portal

import (
	"slices"

	"example.org/passerelle/services/reference"
)

// directory is who there is: teams, programmes, funds.
type directory struct {
	desks      []desk
	programmes []programme
}

// desk is a team in charge of flags.
type desk struct{ ID, Name, Fund, Kind, Phone string }

// programme is under which rules somebody is flagged.
type programme struct {
	ID, Name, Fund          string
	TakesFlags, ReviewFirst bool
}

func (w *words) direct() {
	for _, d := range reference.Desks() {
		w.desks = append(w.desks, desk{d.ID, d.Name, d.Fund, d.Kind, d.Phone})
	}
	for _, p := range reference.Programmes() {
		w.programmes = append(w.programmes, programme{p.ID, p.Name, p.Fund, p.TakesFlags, p.ReviewFirst})
	}
}

func (d directory) desk(id string) desk {
	if i := slices.IndexFunc(d.desks, func(one desk) bool { return one.ID == id }); i >= 0 {
		return d.desks[i]
	}
	return desk{ID: id, Name: id}
}

func (d directory) programme(id string) programme {
	if i := slices.IndexFunc(d.programmes, func(one programme) bool { return one.ID == id }); i >= 0 {
		return d.programmes[i]
	}
	return programme{ID: id, Name: id}
}

// flagProgrammes are those of a fund that take flags.
func (d directory) flagProgrammes(fund string) []choice {
	var list []choice
	for _, p := range d.programmes {
		if p.Fund == fund && p.TakesFlags {
			list = append(list, choice{Value: p.ID, Label: p.Name})
		}
	}
	return list
}

// deskChoices are the teams of somebody who works for several.
func (d directory) deskChoices(ids []string) []choice {
	var list []choice
	for _, id := range ids {
		list = append(list, choice{Value: id, Label: d.desk(id).Name})
	}
	return list
}

// social tells whether a team is a unit of the social service.
func (d directory) social(ids []string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return d.desk(id).Kind == "unit" })
}
