package portal

import (
	"net/http"
	"time"

	"example.org/passerelle/api/client"
)

var eraseReasons = []choice{
	{Value: "request", Label: "La personne le demande"},
	{Value: "error", Label: "Elle a été enregistrée par erreur"},
	{Value: "retention", Label: "Ses données ne servent plus"},
}

var eraseReasonLabels = func() map[string]string {
	labels := map[string]string{}
	for _, r := range eraseReasons {
		labels[r.Value] = r.Label
	}
	labels["retention"] = "La durée de conservation est passée"
	return labels
}()

func erasePage(v *visit) error { return v.erasing(form{}) }

// erasing asks why, and says until when it can be undone.
func (v *visit) erasing(f form) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	if d.Erasure != nil { // asked for already
		v.redirect(d.path(""))
		return nil
	}
	days, err := v.erasureDays()
	if err != nil {
		return err
	}
	view := eraseForm(f, d, keyGone(v.Now(), days))
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Effacer une personne", view)
	}
	return v.show(http.StatusOK, "Effacer une personne", view)
}

// keyGone says when what is known cannot be read any more.
func keyGone(now time.Time, days int) string {
	if days == 0 {
		return "La clé qui ouvre ses données est détruite aussitôt\u00a0: dans votre caisse, un effacement ne s’annule pas."
	}
	return "La clé qui ouvre ses données est détruite le " + inFull(now.AddDate(0, 0, days)) + ". Jusque-là, vous pouvez annuler\u00a0; ensuite, plus personne ne le peut."
}

// erasureDays is the delay of the fund.
func (v *visit) erasureDays() (int, error) {
	answer, err := v.api.ListRetentionWithResponse(v.ctx, &client.ListRetentionParams{Limit: new(1)})
	if err != nil {
		return 0, err
	}
	return answer.JSON200.ErasureDays, nil
}

func erase(v *visit) error {
	f, id := v.form(), v.path("id")
	reason := f.value("motif")
	if reason == "" {
		f.refuse("motif", "Choisissez un motif")
		return v.erasing(f)
	}
	_, err := v.api.ErasePersonWithResponse(v.ctx, id, &client.ErasePersonParams{Reason: &reason}, v.key())
	if p, ok := problem(err, http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{Member: "reason", Input: "motif", Label: "Motif"}})
		return v.erasing(f)
	}
	if err != nil {
		return err
	}
	line, err := v.erasureOf(id)
	if err != nil {
		return err
	}
	said := "La personne n’apparaît plus nulle part."
	if line != nil {
		said += " La clé de ses données est détruite le " + moment(line.ErasedAt) + "\u00a0; jusque-là, vous pouvez annuler."
	}
	return v.done(retentionPath+"?etat=requested", said)
}

// restore undoes an erasure that has not begun.
func restore(v *visit) error {
	f, id := v.form(), v.path("id")
	_, err := v.api.RestorePersonWithResponse(v.ctx, id, v.key())
	if p, ok := problem(err, http.StatusConflict); ok {
		f.refused(p, nil)
		return v.notRestored(f)
	}
	if err != nil {
		return err
	}
	return v.done(v.stayed(id), "L’effacement est annulé. Les demandes qui ont pris fin le restent.")
}

// stayed is the address of somebody who stays, with the reference that the address had.
func (v *visit) stayed(id string) string {
	d := dossier{ID: id}
	if reference := v.r.URL.Query().Get("reference"); shortCode.MatchString(reference) {
		d.Reference = reference
	}
	return d.path("")
}

func (v *visit) notRestored(f form) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+d.caption(), dossierView(f, d))
}
