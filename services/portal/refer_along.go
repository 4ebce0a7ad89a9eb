package portal

import (
	"net/url"
	"slices"

	"example.org/passerelle/api/client"
)

// along is who may come together with the person: of the same household, and looked after by the same desk.
type along struct {
	Asked bool // somebody wants to know
	List  []choice
}

// along reads the household when the page's address asks for it: most people come alone.
func (v *visit) along(f form, flag client.Flag) (a along, err error) {
	if a.Asked = f.value("accompagnee") == "oui"; !a.Asked || flag.PersonID == nil {
		return a, nil
	}
	person, err := v.api.GetPersonWithResponse(v.ctx, *flag.PersonID)
	if err != nil {
		return a, err
	}
	for _, l := range person.JSON200.Links {
		if l.Person == nil {
			continue // another desk looks after them
		}
		other, err := v.api.GetPersonWithResponse(v.ctx, l.PersonID)
		if err != nil {
			return a, err
		}
		if i := slices.IndexFunc(other.JSON200.Flags, v.user.mayRefer); i >= 0 {
			a.List = append(a.List, choice{Value: other.JSON200.Flags[i].ID, Label: who(l.Person)})
		}
	}
	return a, nil
}

// accompanied is the page with the household of the person.
func (o offers) accompanied() string {
	query := url.Values{"accompagnee": {"oui"}}
	for name, list := range o.Filters.values {
		query[name] = list
	}
	return "/signalements/" + o.Flag + "/orienter?" + query.Encode()
}

// mayRefer: somebody under this flag may be sent to a session by the user's desk.
func (u user) mayRefer(f client.FlagLine) bool {
	return slices.Contains(u.Desks, f.Desk) && slices.Contains([]string{"to_refer", "wished", "referred"}, f.Help)
}

// withSomebody adds who comes along to what is asked.
func (f form) withSomebody(asked *client.NewReferral) {
	if asked.SessionID == nil || f.value("avec") == "" {
		return
	}
	asked.TogetherWith = f.text("avec")
	if f.chosen("separables", "oui") {
		asked.MayBeParted = new(true)
	}
}

var mayPart = []choice{{Value: "oui", Label: "Chacune peut venir sans l’autre\u00a0: elles l’ont dit toutes les deux"}}

var alongWords = map[string]string{
	"unknown_flag": "Qui vient aussi\u00a0: cette personne n’est pas suivie par votre équipe",
	"same_person":  "Qui vient aussi\u00a0: choisissez quelqu’un d’autre",
}
