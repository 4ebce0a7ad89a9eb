package portal

import (
	"net/http"
	"net/url"

	"example.org/passerelle/api/client"
)

var recommendationRoutes = []Route{
	{Method: http.MethodGet, Path: "/recommandations", page: recommendationList},
	{Method: http.MethodGet, Path: "/recommandations/nouvelle", page: proposePage},
	{Method: http.MethodPost, Path: "/recommandations/nouvelle", page: propose},
	{Method: http.MethodPost, Path: "/recommandations/{id}/etat", page: moveRecommendation},
}

const (
	recommendationsTitle = "Recommandations"
	proposeTitle         = "Proposer une recommandation"
)

var recommendationStates = []choice{
	{Value: "proposed", Label: "Proposée"}, {Value: "adopted", Label: "Retenue"}, {Value: "in_progress", Label: "En cours"}, {Value: "done", Label: "Réalisée"},
	{Value: "dropped", Label: "Abandonnée"}}

// after are the states that may follow.
var after = map[string][]string{"proposed": {"adopted", "dropped"}, "adopted": {"in_progress", "dropped"}, "in_progress": {"done", "dropped"}}

// recommendationPage is what the figures call for, and what became of it.
type recommendationPage struct {
	form

	items    []recommendationLine
	next     *string
	path     string
	proposes bool
	units    []choice
	w        words
}

// recommendationLine is a recommendation in words.
type recommendationLine struct {
	client.Recommendation

	Where, StatusText, Cites string
	Steps                    []told
	Next                     []choice // states that may follow, for whoever may say so
}

func recommendationList(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	page := recommendationPage{form: form{values: v.r.URL.Query()}, proposes: v.user.recommends()}
	page.path = "/recommandations?" + url.Values{"etat": {page.value("etat")}}.Encode()
	answer, err := v.api.ListRecommendationsWithResponse(v.ctx, &client.ListRecommendationsParams{Status: page.text("etat"), Cursor: page.text("suite")})
	if err != nil {
		return err
	}
	page.next = answer.JSON200.Next
	for _, r := range answer.JSON200.Items {
		page.items = append(page.items, w.recommendationLine(r, v.user))
	}
	return v.show(http.StatusOK, recommendationsTitle, recommendationsView(page))
}

func (w words) recommendationLine(r client.Recommendation, u user) recommendationLine {
	line := recommendationLine{Recommendation: r, Where: "Toute la caisse", StatusText: choiceLabel(recommendationStates, r.Status)}
	if r.Unit != nil {
		line.Where = w.of("desk", *r.Unit)
	}
	if r.Programme != nil {
		line.Cites = w.of("programme", *r.Programme)
	}
	if r.From != nil && r.To != nil {
		line.Cites = joined(line.Cites, "du "+dayText(*r.From)+" au "+dayText(*r.To))
	}
	for _, s := range r.History {
		line.Steps = append(line.Steps, told{When: dayOf(s.At), What: joined(choiceLabel(recommendationStates, s.Status), the(s.Note)), By: w.account(s.By)})
	}
	if u.is("analyst") {
		for _, code := range after[r.Status] {
			line.Next = append(line.Next, choice{Value: code, Label: choiceLabel(recommendationStates, code)})
		}
	}
	return line
}

func (v *visit) proposing(f form) (recommendationPage, error) {
	if !v.user.recommends() {
		return recommendationPage{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return recommendationPage{}, err
	}
	page := recommendationPage{form: f, w: w}
	if len(v.user.Desks) > 0 {
		page.units = w.deskChoices(v.user.Desks)
		return page, nil
	}
	for _, d := range w.directory.Desks {
		if d.Fund == v.user.Fund {
			page.units = append(page.units, choice{Value: d.ID, Label: d.Name})
		}
	}
	page.units = withNone("Toute la caisse", page.units)
	return page, nil
}

func proposePage(v *visit) error {
	page, err := v.proposing(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, proposeTitle, proposeView(page, v.user))
}

func propose(v *visit) error {
	page, err := v.proposing(v.form())
	if err != nil {
		return err
	}
	page.asks(fault{"titre", "Titre\u00a0: à renseigner"}, fault{"texte", "Ce qu’il faudrait faire\u00a0: à renseigner"})
	body := client.NewRecommendation{
		Title: page.value("titre"), Text: page.value("texte"), Unit: page.text("unite"), Programme: page.text("programme"),
		From: page.date("du", "Du", false), To: page.date("au", "Au", false),
	}
	if !page.wrong() {
		_, err = v.api.ProposeRecommendationWithResponse(v.ctx, body, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, []entry{{"title", "titre", "Titre", nil}, {"text", "texte", "Ce qu’il faudrait faire", nil}, {"unit", "unite", "Unité", nil},
			{"programme", "programme", "Programme", nil}, {"from", "du", "Du", nil}, {"to", "au", "Au", nil}})
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+proposeTitle, proposeView(page, v.user))
	}
	return v.done("/recommandations", "La recommandation est proposée.")
}

func moveRecommendation(v *visit) error {
	f := v.form()
	if f.value("etat") == "" {
		v.redirect("/recommandations")
		return nil
	}
	_, err := v.api.MoveRecommendationWithResponse(v.ctx, v.path("id"), client.RecommendationMove{Status: f.value("etat"), Note: f.text("note")}, v.key())
	if err != nil {
		return err
	}
	return v.done("/recommandations", "La recommandation est maintenant\u00a0: "+lower(choiceLabel(recommendationStates, f.value("etat")))+".")
}
