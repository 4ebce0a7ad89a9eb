package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// trouble is why a page cannot be shown, and what to do.
type trouble struct {
	Status     int
	Title      string
	Text       []string
	RequestID  string
	RetryAfter string
}

// troubleOf says a problem of the REST surface in plain words.
func troubleOf(p *client.Problem) trouble {
	switch p.Status {
	case http.StatusForbidden:
		return trouble{Status: p.Status, Title: "Cette page n’est pas pour vous", Text: []string{
			"Votre rôle ne permet pas cette action, ou il s’agit de votre propre signalement.",
			"Si vous pensez qu’il s’agit d’une erreur, parlez-en à l’administration de votre caisse."}}
	case http.StatusNotFound:
		return trouble{Status: p.Status, Title: "Page introuvable", Text: []string{
			"Cette adresse ne mène à rien, ou ce dossier relève d’une autre équipe."}}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return trouble{Status: http.StatusServiceUnavailable, RetryAfter: "2", Title: "Un instant, s’il vous plaît", Text: []string{
			"Passerelle ne peut pas répondre pour l’instant. Rien de ce que vous avez validé n’est perdu.",
			"Attendez quelques secondes, puis rechargez cette page."}}
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
		return trouble{Status: p.Status, Title: "Cette demande est incomplète", Text: []string{
			"Revenez en arrière et envoyez de nouveau le formulaire."}}
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity:
		return trouble{Status: http.StatusConflict, Title: "Ce n’est plus possible", Text: []string{
			general(p.Code), "Revenez à la page précédente et rechargez-la pour voir où en est le dossier."}}
	}
	return trouble{Status: http.StatusInternalServerError, RequestID: p.RequestID, Title: "Une erreur est survenue", Text: []string{
		"Ce n’est pas de votre fait, et rien de ce que vous avez validé n’est perdu.",
		"Rechargez la page. Si l’erreur reste, signalez-la à votre administration."}}
}

// trouble shows it.
func (v *visit) trouble(t trouble) {
	if t.RetryAfter != "" {
		v.w.Header().Set("Retry-After", t.RetryAfter)
	}
	_ = v.show(t.Status, t.Title, troublePage(t)) // show tells the log
}

func nothingHere(v *visit) error { return &client.Problem{Status: http.StatusNotFound} }

// crossOrigin answers a form that another site has sent.
func crossOrigin(v *visit) error {
	v.trouble(trouble{Status: http.StatusForbidden, Title: "Ce formulaire vient d’ailleurs", Text: []string{
		"Pour votre sécurité, Passerelle n’accepte que ses propres formulaires."}})
	return nil
}
