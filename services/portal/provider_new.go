package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

const newProviderPath = "/prestataires/nouveau"

var newProviderRoutes = []Route{
	{Method: http.MethodGet, Path: newProviderPath, page: newProviderPage},
	{Method: http.MethodPost, Path: newProviderPath, page: newProvider},
	{Method: http.MethodGet, Path: "/prestataires/{id}/inviter", page: inviteProviderPage},
	{Method: http.MethodPost, Path: "/prestataires/{id}/inviter", page: inviteProvider},
}

// registers: whoever looks after the providers of the fund.
func (u user) registers() bool { return u.is("partnership_officer") }

func newProviderPage(v *visit) error { return v.newProvider(form{values: v.r.URL.Query()}) }

func (v *visit) newProvider(f form) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Nouveau prestataire", newProviderForm(f))
	}
	return v.show(http.StatusOK, "Nouveau prestataire", newProviderForm(f))
}

// newProvider registers an organisation, and goes on with the invitation of its first person.
func newProvider(v *visit) error {
	f := v.form()
	body := client.NewProvider{Name: f.value("nom"), Insee: f.value("insee"), Street: f.text("rue"), Phone: f.text("telephone"), ContactEmail: f.text("courriel")}
	answer, err := v.api.CreateProviderWithResponse(v.ctx, body, v.key())
	if p, ok := problem(err, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{
			{Member: "name", Input: "nom", Label: "Nom"},
			{Member: "insee", Input: "insee", Label: "Code INSEE de la commune", Words: map[string]string{"not_your_territory": "Cette commune n’est pas sur le territoire de votre caisse"}},
			{Member: "street", Input: "rue", Label: "Rue"}, {Member: "phone", Input: "telephone", Label: "Téléphone"},
			{Member: "contact_email", Input: "courriel", Label: "Adresse électronique"},
		})
		return v.newProvider(f)
	}
	if err != nil {
		return err
	}
	v.labels.forget()
	return v.done("/prestataires/"+answer.JSON201.ID+"/inviter", "Le prestataire est enregistré. Vous pouvez inviter la première personne qui y travaille.")
}

// invitedProvider is a provider whose first person is invited.
type invitedProvider struct{ Name, Action string }

func inviteProviderPage(v *visit) error { return v.invitingProvider(form{}) }

func (v *visit) invitingProvider(f form) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	known, err := v.addressOf(v.path("id"))
	if err != nil {
		return err
	}
	if known == nil {
		return &client.Problem{Status: http.StatusNotFound}
	}
	if f.values == nil { // the address that was registered
		f.values = map[string][]string{"courriel": {known[1].Text}}
	}
	view := invitedProvider{Name: known[0].Text, Action: "/prestataires/" + v.path("id") + "/inviter"}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Inviter la première personne", inviteProviderForm(f, view))
	}
	return v.show(http.StatusOK, "Inviter la première personne", inviteProviderForm(f, view))
}

// inviteProvider invites the first person, who invites the others.
func inviteProvider(v *visit) error {
	f := v.form()
	for _, input := range []entry{inviteEntries[0], inviteEntries[1]} {
		if f.value(input.Input) == "" {
			f.refuse(input.Input, input.say("required"))
		}
	}
	if f.wrong() {
		return v.invitingProvider(f)
	}
	_, err := v.api.InviteToProviderWithResponse(v.ctx, v.path("id"), client.ProviderInvitation{Email: f.value("courriel"), Name: f.value("nom")}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, inviteEntries)
		return v.invitingProvider(f)
	}
	if err != nil {
		return err
	}
	return v.done("/demandes", "L’invitation est enregistrée. Prévenez la personne\u00a0: elle prend son rôle en se connectant avec cette adresse, et invite ensuite ses collègues.")
}
