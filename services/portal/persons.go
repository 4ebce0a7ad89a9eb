package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

var personsRoutes = []Route{
	{Method: http.MethodGet, Path: "/personnes", page: searchPage},
	{Method: http.MethodPost, Path: "/personnes", page: searchPersons},
}

const searchTitle = "Rechercher une personne"

// searchForm is a search with what it found. What somebody types is sent in the body, never in an address.
type searchForm struct {
	form

	done  bool
	found []foundPerson
}

func searchPage(v *visit) error {
	return v.show(http.StatusOK, searchTitle, searchView(searchForm{form: v.form()}, v.user))
}

func searchPersons(v *visit) error {
	page := searchForm{form: v.form()}
	asked := page.asked()
	if page.wrong() {
		return v.searchRefused(page)
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	page.found, err = v.search(asked, w)
	if p, ok := problem(err, http.StatusUnprocessableEntity); ok {
		page.refused(p, searchEntries)
		return v.searchRefused(page)
	}
	if err != nil {
		return err
	}
	page.done = true
	v.sessions.Put(v.ctx, keyFlash, results(len(page.found)))
	return v.show(http.StatusOK, results(len(page.found))+" - "+searchTitle, searchView(page, v.user))
}

// asked is what was typed, as the REST surface takes it.
func (f *form) asked() client.PersonSearch {
	asked := client.PersonSearch{
		Name: name(f.value("prenom"), f.value("nom")), Phone: f.text("telephone"), Reference: f.text("reference"),
		BirthDate: f.date("naissance", "Date de naissance", true),
	}
	if !f.wrong() && asked == (client.PersonSearch{}) {
		f.refuse("nom", above["nothing_asked"])
	}
	return asked
}

func (v *visit) searchRefused(page searchForm) error {
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+searchTitle, searchView(page, v.user))
}

func results(n int) string {
	if n == 0 {
		return "Aucun résultat"
	}
	return count(n, "résultat", "résultats")
}

var searchEntries = []entry{
	{"name", "nom", "Nom", map[string]string{"no_word": "Nom\u00a0: écrivez au moins une lettre", "nothing_asked": above["nothing_asked"]}},
	{"birth_date", "naissance", "Date de naissance", nil},
	{"phone", "telephone", "Téléphone", map[string]string{"bad_format": "Téléphone\u00a0: écrivez-le en chiffres, par exemple 04 65 71 00 00"}},
	{"reference", "reference", "Référence", nil},
}

// search asks who fits.
func (v *visit) search(asked client.PersonSearch, w words) ([]foundPerson, error) {
	answer, err := v.api.SearchPersonsWithResponse(v.ctx, asked)
	if err != nil {
		return nil, err
	}
	cards := make([]foundPerson, len(answer.JSON200.Items))
	for i, found := range answer.JSON200.Items {
		cards[i] = w.found(found)
	}
	return cards, nil
}

func (w words) found(found client.PersonFound) foundPerson {
	c := foundPerson{
		PersonID: the(found.PersonID), FlagID: the(found.FlagID), Reference: found.Reference, Desk: w.desk(found.Desk).Name, Phone: found.DeskPhone,
		HelpCode: found.Help, Help: w.of("help", found.Help), Next: w.next(found.NextStep),
	}
	if found.Person != nil {
		c.Name = full(found.Person.GivenName, found.Person.FamilyName)
		c.Born = dayText(the(found.BirthDate))
	}
	return c
}

// facts of a foundPerson, in the order people ask for them.
func (c foundPerson) facts() []fact {
	if c.own() {
		return []fact{{"Date de naissance", c.Born}, {"Équipe", c.Desk}, {"Prochaine étape", c.Next}}
	}
	return []fact{{"Équipe", c.Desk}, {"Téléphone de l’équipe", phoneText(c.Phone)}, {"Prochaine étape", c.Next}}
}
