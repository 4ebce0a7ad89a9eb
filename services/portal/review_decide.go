package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// reviewDecision is one way to end a review: it reads its fields, and sends.
type reviewDecision struct {
	done  string // the sentence afterwards, after the reference
	stays bool   // the sheet waits still
	send  func(v *visit, f *form) error
}

var reviewDecisions = map[string]reviewDecision{
	"valider":   {" est validé.", false, sendValidation},
	"renvoyer":  {" est renvoyé à son auteur.", false, sendReturn},
	"reclasser": {" est reclassé.", true, sendReclassification},
	"ecarter":   {" est écarté. L’aide à la personne continue.", false, sendDismissal},
}

// dismissReasons have no code list.
var dismissReasons = []choice{
	{Value: "not_digital", Label: "La difficulté n’est pas numérique"}, {Value: "duplicate", Label: "Situation déjà signalée"},
	{Value: "incoherent", Label: "Réponses incohérentes"}, {Value: "outside_scope", Label: "Hors du programme"}}

// deciding sends a decision; then the next of the list opens.
func deciding(d reviewDecision) page {
	return func(v *visit) error {
		f := v.form()
		before, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
		if err != nil {
			return err
		}
		err = d.send(v, &f)
		if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			f.refused(p, reviewEntries)
			err = nil
		}
		switch {
		case err != nil:
			return err
		case f.wrong():
			return v.review(f)
		case d.stays:
			return v.done(withQuery("/relectures/"+v.path("id"), filtersOf(f)), "Le signalement "+before.JSON200.Reference+d.done)
		}
		return v.afterReview(*before.JSON200, f, "Le signalement "+before.JSON200.Reference+d.done)
	}
}

// afterReview opens the next sheet, or the list when nothing waits any more.
func (v *visit) afterReview(flag client.Flag, f form, sentence string) error {
	next, err := v.nextToReview(flag, f)
	if err != nil {
		return err
	}
	if next == "" {
		return v.done(withQuery("/relectures", filtersOf(f)), sentence+" Aucun autre n’attend.")
	}
	return v.done(next, sentence+" Voici le suivant.")
}

var reviewEntries = []entry{
	{"reason", "renvoi", "Ce qui n’est pas clair", nil},
	{"fields", "champ", "Champs", nil},
	{"institution", "institution", "Institution", map[string]string{
		"description_required": "Institution\u00a0: «\u00a0Autre\u00a0» demande une description dans la fiche. Renvoyez-la à son auteur"}},
	{"note", "note", "Note", nil},
}

func sendValidation(v *visit, _ *form) error {
	_, err := v.api.ValidateFlagWithResponse(v.ctx, v.path("id"), v.key())
	return err
}

func sendReturn(v *visit, f *form) error {
	if f.value("renvoi") == "" {
		f.refuse("renvoi", "Ce qui n’est pas clair\u00a0: à renseigner")
		return nil
	}
	_, err := v.api.ReturnFlagWithResponse(v.ctx, v.path("id"), client.Return{Reason: f.value("renvoi"), Fields: f.list("champ")}, v.key())
	return err
}

func sendReclassification(v *visit, f *form) error {
	if f.value("institution") == "" {
		f.refuse("institution", "Institution\u00a0: choisissez-en une, ou «\u00a0Plusieurs institutions\u00a0»")
		return nil
	}
	_, err := v.api.ReclassifyFlagWithResponse(v.ctx, v.path("id"), client.Reclassify{Institution: f.value("institution")}, v.key())
	return err
}

func sendDismissal(v *visit, f *form) error {
	if f.value("ecart") == "" {
		f.refuse("ecart", "Choisissez pourquoi le signalement est écarté")
		return nil
	}
	_, err := v.api.DismissFlagWithResponse(v.ctx, v.path("id"), client.Dismiss{Reason: f.value("ecart"), Note: f.text("note")}, v.key())
	return err
}
