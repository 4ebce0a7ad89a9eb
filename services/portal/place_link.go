package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// A place whose address was given says by a link what came of it. Its pages are like those of a provider's link: nobody signs
// in, a code opens a form, and the form carries all that the next step needs.

var placeLinkRoutes = []Route{
	{Method: http.MethodGet, Path: "/orientations/{id}/lien-lieu", page: placeLinkOffer},
	{Method: http.MethodPost, Path: "/orientations/{id}/lien-lieu", page: issuePlaceLink},
	{Method: http.MethodGet, Path: "/a/{jeton}", Public: true, page: placeLinkPage},
	{Method: http.MethodPost, Path: "/a/{jeton}/code", Public: true, page: openPlaceLink},
	{Method: http.MethodPost, Path: "/a/{jeton}/reponse", Public: true, page: answerByPlaceLink},
}

// placeHanding is a link that a desk sends to a place.
type placeHanding struct {
	Referral, Place string
	Mails           string
	Address, Code   string // empty: not made yet
	Until           string
	Form            form
}

func placeLinkOffer(v *visit) error { return v.placeHanding(http.StatusOK, form{}, nil) }

func (v *visit) placeHanding(status int, f form, made *client.PlaceLink) error {
	if !v.user.refers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	r, err := v.referral(false)
	if err != nil {
		return err
	}
	if r.PlaceID == nil {
		return &client.Problem{Status: http.StatusNotFound}
	}
	place, err := v.api.GetPlaceWithResponse(v.ctx, *r.PlaceID)
	if err != nil {
		return err
	}
	view := placeHanding{Referral: r.ID, Place: place.JSON200.Name, Mails: listed(place.JSON200.Emails), Form: f}
	if made != nil {
		view.Address, view.Code, view.Until, view.Mails = v.base()+made.Path, made.Code, moment(made.Until), listed(made.Emails)
	}
	title := placeLinkTitle
	if f.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, placeLinkHanding(view))
}

const placeLinkTitle = "Lien pour le lieu"

// issuePlaceLink makes the link, and shows it this once.
func issuePlaceLink(v *visit) error {
	answer, err := v.api.IssuePlaceLinkWithResponse(v.ctx, v.path("id"), v.key())
	if p, ok := problem(err, http.StatusConflict); ok {
		f := v.form()
		f.refused(p, nil)
		return v.placeHanding(http.StatusConflict, f, nil)
	}
	if err != nil {
		return err
	}
	return v.placeHanding(http.StatusOK, form{}, answer.JSON201)
}

// placeLinkView is what the page of a place's link says.
type placeLinkView struct {
	Path, Title string
	Lead        []string
	Details     []fact
	Open        bool
	Form        form
}

// placeLinkPage says what a link is about. Machines that open every link of a mail get here too: nothing happens.
func placeLinkPage(v *visit) error { return v.showPlaceLink(http.StatusOK, form{}) }

func (v *visit) placeLinkPath() string { return "/a/" + v.path("jeton") }

func (v *visit) showPlaceLink(status int, f form) error {
	v.w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	answer, err := v.api.GetPlaceLinkWithResponse(v.ctx, v.path("jeton"))
	if p, gone := problem(err, http.StatusNotFound); gone {
		return v.noLink(p)
	}
	if err != nil {
		return err
	}
	s := *answer.JSON200
	view := placeLinkView{Path: v.placeLinkPath(), Open: s.State == "open", Form: f}
	view.Title, view.Lead = placeLinkSentences(s)
	view.Details = present([]fact{{"Lieu", s.PlaceName}, {"Équipe", joined(s.DeskName, phoneText(the(s.DeskPhone)))}})
	if view.Open {
		view.Details = append(view.Details, fact{"Lien valable jusqu’au", moment(s.Until)})
	}
	title := view.Title
	if f.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, placeLinkStands(view))
}

var placeResults = []choice{
	{Value: "helped", Label: "La personne est venue, nous l’avons aidée"},
	{Value: "not_helped", Label: "La personne est venue, nous n’avons pas pu l’aider"},
	{Value: "did_not_go", Label: "Nous ne l’avons pas vue"},
	{Value: "closed_place", Label: "Nous n’accueillons plus de public pour cela"},
}

func placeLinkSentences(s client.PlaceLinkState) (title string, lead []string) {
	call := "Une question\u00a0? Appelez l’équipe\u00a0: " + joined(s.DeskName, phoneText(the(s.DeskPhone))) + "."
	switch s.State {
	case "open":
		return "Une personne retraitée vous a été adressée", []string{"Dites en un clic ce qu’il en est\u00a0: l’équipe n’aura pas besoin de vous appeler."}
	case "answered":
		return "Nous savons ce qu’il en est", []string{"Ce qui est noté\u00a0: " + lower(choiceLabel(placeResults, the(s.Result))) + ". Vous n’avez plus rien à faire, merci.", call}
	case "ended":
		return "Cette demande est close", []string{"Vous n’avez rien à faire.", call}
	case "replaced":
		return "Un lien plus récent existe", []string{"Utilisez le dernier lien que vous avez reçu.", call}
	case "locked":
		return "Ce lien est bloqué", []string{"Le code a été mal saisi cinq fois de suite. Demandez un nouveau lien à l’équipe.", call}
	default:
		return "Ce lien a expiré", []string{"Un lien est valable trente jours. Demandez-en un nouveau à l’équipe.", call}
	}
}

// placeAnswerView is the form, for who has given the code.
type placeAnswerView struct {
	Path, Value, Reference string
	Form                   form
}

// openPlaceLink takes the code, and shows what may be answered.
func openPlaceLink(v *visit) error {
	f := v.form()
	if f.value("code") == "" {
		f.refuse("code", "Indiquez le code")
		return v.showPlaceLink(http.StatusUnprocessableEntity, f)
	}
	answer, err := v.api.OpenPlaceLinkWithResponse(v.ctx, v.path("jeton"), client.PlaceCode{Code: f.value("code")})
	if p, wrong := problem(err, http.StatusUnprocessableEntity); wrong {
		f.refused(p, []entry{{Member: "code", Input: "code", Label: "Code"}})
		return v.showPlaceLink(http.StatusUnprocessableEntity, f.without("code"))
	}
	if v.placeOvertaken(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return v.showPlaceAnswer(http.StatusOK, placeAnswerView{Value: answer.JSON200.Form, Reference: answer.JSON200.Reference})
}

// placeOvertaken: the address or the link is no longer what it was. Its page says what it is now.
func (v *visit) placeOvertaken(err error) bool {
	_, is := problem(err, http.StatusConflict, http.StatusNotFound)
	if is {
		v.redirect(v.placeLinkPath())
	}
	return is
}

func (v *visit) showPlaceAnswer(status int, view placeAnswerView) error {
	view.Path = v.placeLinkPath()
	title := "Ce qu’il en est"
	if view.Form.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, placeAnswer(view))
}

// answerByPlaceLink is the place's answer; the page of the link says what came of it.
func answerByPlaceLink(v *visit) error {
	f := v.form()
	if f.value("resultat") == "" {
		f.refuse("resultat", "Choisissez votre réponse")
		return v.showPlaceAnswer(http.StatusUnprocessableEntity, placeAnswerView{Value: f.value("formulaire"), Reference: f.value("reference"), Form: f})
	}
	_, err := v.api.AnswerByPlaceLinkWithResponse(v.ctx, v.path("jeton"), client.PlaceAnswer{Form: f.value("formulaire"), Result: f.value("resultat")}, v.key())
	if _, old := problem(err, http.StatusUnprocessableEntity); old {
		f := form{}
		f.refuse("", "Ce formulaire a déjà servi, ou date de plus d’une demi-heure. Indiquez de nouveau le code.")
		return v.showPlaceLink(http.StatusUnprocessableEntity, f)
	}
	if v.placeOvertaken(err) {
		return nil
	}
	if err != nil {
		return err
	}
	v.redirect(v.placeLinkPath())
	return nil
}
