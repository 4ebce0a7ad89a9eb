package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

var linkIssueRoutes = []Route{
	{Method: http.MethodGet, Path: "/orientations/{id}/lien", page: linkOffer},
	{Method: http.MethodPost, Path: "/orientations/{id}/lien", page: issueLink},
	{Method: http.MethodGet, Path: "/ateliers/{id}/code", page: sessionCode},
}

// handing is a link that a desk hands to a provider.
type handing struct {
	Referral, Title string
	Provider        []fact // how it is reached
	Address, Until  string // of the link; empty: not made yet
	Renewed         bool
	Form            form
}

// linkOffer explains what a link is for, before one is made: the link before it is void then.
func linkOffer(v *visit) error { return v.handing(http.StatusOK, form{}, nil) }

func (v *visit) handing(status int, f form, made *client.Link) error {
	if !v.user.refers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	r, err := v.referral(false)
	if err != nil {
		return err
	}
	if r.SessionID == nil {
		return &client.Problem{Status: http.StatusNotFound}
	}
	view := handing{Referral: r.ID, Title: the(r.SessionTitle), Form: f}
	if view.Provider, err = v.addressOf(the(r.ProviderID)); err != nil {
		return err
	}
	if made != nil {
		view.Address, view.Until, view.Renewed = v.base()+made.Path, moment(made.Until), made.Renewed
	}
	return v.show(status, "Lien pour le prestataire", linkHanding(view))
}

// addressOf is how a provider is reached: where its link goes, and nowhere else.
func (v *visit) addressOf(provider string) ([]fact, error) {
	page := &client.ListProvidersParams{Limit: new(500)}
	for {
		answer, err := v.api.ListProvidersWithResponse(v.ctx, page)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(answer.JSON200.Items, func(p client.ListedProvider) bool { return p.ID == provider })
		if at >= 0 {
			p := answer.JSON200.Items[at]
			return []fact{{"Prestataire", p.Name}, {"Adresse électronique connue", the(p.ContactEmail)}, {"Téléphone", phoneText(the(p.Phone))}, {"Rue", the(p.Street)}}, nil
		}
		if page.Cursor = answer.JSON200.Next; page.Cursor == nil {
			return nil, nil
		}
	}
}

// issueLink makes the link, and shows it this once. A page that is loaded again has the same key, and the same link.
func issueLink(v *visit) error {
	r, err := v.referral(false)
	if err != nil {
		return err
	}
	answer, err := v.api.IssueLinkWithResponse(v.ctx, the(r.SessionID), r.ID, v.key())
	if p, ok := problem(err, http.StatusConflict); ok {
		f := v.form()
		if p.Code == "provider_closed" {
			f.refuse("", "Ce prestataire n’accueille plus personne.")
		} else {
			f.refused(p, nil)
		}
		return v.handing(http.StatusConflict, f, nil)
	}
	if err != nil {
		return err
	}
	return v.handing(http.StatusOK, form{}, answer.JSON201)
}

// sessionCode is the paper with the code of a workshop, for a provider without an account.
func sessionCode(v *visit) error {
	if !v.user.answers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	answer, err := v.api.GetSessionCodeWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	s, err := v.api.GetSessionWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Code de l’atelier", codePaper(w.sessionCard(*s.JSON200), answer.JSON200.Code))
}
