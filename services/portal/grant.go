package portal

import (
	"net/http"
	"strconv"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	grantTitle  = "Équipement et accompagnement"
	addressFact = "Adresse du rendez-vous"
)

// grantSheet is what one person gets.
type grantSheet struct {
	form

	client.Entitlement

	Name, State          string
	Facts                []fact
	Ahead, Past          []appointmentLine
	Providers            []choice
	Gives, Coaches, Goes bool // the user; and it is not over
}

// appointmentLine is an appointment in words.
type appointmentLine struct{ Path, When, Long, Where, Code, State, Note string }

var (
	grantRefusals = []choice{
		{Value: "out_of_criteria", Label: "Hors des critères"}, {Value: "equipped_since", Label: "Équipée depuis"}, {Value: "helped_elsewhere", Label: "Aidée ailleurs"},
		{Value: "not_wanted", Label: "La personne n’en veut pas"}, {Value: "duplicate", Label: "Demande en double"}, {Value: "deceased", Label: "Décès"}, {Value: "other", Label: "Autre motif"},
	}
	grantEnds = []choice{
		{Value: "not_wanted", Label: "La personne n’en veut plus"}, {Value: "autonomous", Label: "La personne se débrouille seule"}, {Value: "unreachable", Label: "Injoignable"},
		{Value: "health", Label: "Santé"}, {Value: "moved", Label: "Déménagement"}, {Value: "helped_elsewhere", Label: "Aidée ailleurs"}, {Value: "deceased", Label: "Décès"},
		{Value: "entered_in_error", Label: "Saisie par erreur"}, {Value: "other", Label: "Autre motif"},
	}
	meetingPlaces = []choice{
		{Value: "home", Label: "Au domicile"}, {Value: "place", Label: "Sur place, chez l’accompagnant"}, {Value: "phone", Label: "Par téléphone"}, {Value: "video", Label: "Par visioconférence"},
	}
	meetingMisses = []choice{
		{Value: "absent", Label: "La personne n’était pas là"}, {Value: "ill", Label: "Maladie"}, {Value: "forgot", Label: "Oubli"}, {Value: "coach", Label: "Accompagnant empêché"},
		{Value: "weather", Label: "Météo ou transports"}, {Value: "other", Label: "Autre motif"},
	}
	meetingStates = []choice{{Value: "planned", Label: "Prévu"}, {Value: "done", Label: "Fait"}, {Value: "missed", Label: "Manqué"}}
	meetingTone   = map[string]string{"planned": "requested", "done": "open", "missed": "declined"}
)

func grantPage(v *visit) error { return v.grantSheet(form{}) }

func (v *visit) grantSheet(f form) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetEntitlementWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	e := *answer.JSON200
	page := grantSheet{
		form: f, Entitlement: e, Name: accompaniedName(e.Person), State: labelOf(grantStates, e.Status), Facts: w.grantFacts(e),
		Gives: v.user.gives(), Coaches: v.user.coaches(e), Goes: e.Status == "approved" || e.Status == "equipped",
	}
	for _, a := range e.Appointments {
		line := w.appointmentLine(e.ID, a)
		if a.Status == "planned" {
			page.Ahead = append(page.Ahead, line)
		} else {
			page.Past = append(page.Past, line)
		}
	}
	for _, p := range w.lists["provider"] {
		page.Providers = append(page.Providers, choice{Value: p.Code, Label: p.Label})
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+grantTitle, grantView(page))
	}
	return v.show(http.StatusOK, grantTitle, grantView(page))
}

func (w words) grantFacts(e client.Entitlement) []fact {
	list := []fact{{"Programme", w.of("programme", e.Programme)}}
	if p := e.Person; p != nil {
		list = append(list, fact{"Téléphone", phoneText(the(p.Phone))})
		if a := p.Address; a != nil {
			list = append(list, fact{addressFact, join(the(a.Street), the(a.Postcode))})
		}
	}
	list = append(list, fact{"Demandé", dayOf(e.RequestedAt) + ", par " + w.of("account", e.RequestedBy)}, fact{"Dérogation", labelOf(derogations, the(e.Derogation))})
	if e.Reason != nil {
		list = append(list, fact{"Motif", labelOf(append(grantRefusals, grantEnds...), *e.Reason)})
	}
	if e.ApprovedOn != nil {
		list = append(list, fact{"Accordé le", dayText(*e.ApprovedOn)}, fact{"Accompagné par", w.coach(e)})
	}
	if e.Minutes > 0 {
		list = append(list, fact{"Accompagnement", hoursText(e.Used) + " faites sur " + hoursText(e.Minutes)})
	}
	if e.Left > 0 {
		list = append(list, fact{"Il reste", hoursText(e.Left)})
	}
	if e.ItemID != nil {
		list = append(list, fact{"Matériel remis", join("étiquette", the(e.AssetTag))})
	}
	if e.ConnectionTo != nil {
		until := "du " + dayText(the(e.ConnectionFrom)) + " au " + dayText(*e.ConnectionTo)
		if e.ConnectionEnding {
			until += ", bientôt terminée\u00a0: en parler avec la personne"
		}
		list = append(list, fact{"Connexion", until})
	}
	return present(list)
}

func (w words) coach(e client.Entitlement) string {
	switch {
	case e.ProviderID != nil:
		return w.of("provider", *e.ProviderID)
	case e.User != nil:
		return w.of("account", *e.User)
	}
	return "pas encore désigné"
}

func (w words) appointmentLine(entitlement string, a client.Appointment) appointmentLine {
	line := appointmentLine{
		Path: grantsPath + "/" + entitlement + "/rendez-vous/" + strconv.Itoa(a.Number), When: moment(a.StartsAt), Long: hoursText(a.Minutes),
		Where: labelOf(meetingPlaces, a.Place), Code: a.Status, State: labelOf(meetingStates, a.Status), Note: listed(w.all("skills", a.Skills)),
	}
	if a.Reason != nil {
		line.Note = labelOf(meetingMisses, *a.Reason)
	}
	return line
}

// grantEntries say in French what is refused on the page: minutes are those that were used, or those of an appointment.
func grantEntries(f form) []entry {
	if f.values.Has("passees") {
		return append([]entry{{"minutes", "passees", "Minutes passées", nil}}, grantInputs...)
	}
	return grantInputs
}

var grantInputs = []entry{
	{"provider_id", "accompagnant", "Accompagnant", map[string]string{"one_of": "Accompagnant\u00a0: à choisir", "unknown_provider": "Accompagnant\u00a0: choisissez-en un de la liste"}},
	{"asset_tag", "etiquette", "Étiquette", map[string]string{"unknown_item": above["unknown_item"]}},
	{"starts_on", "connexion", "Début de la connexion", map[string]string{"before_approval": "Début de la connexion\u00a0: pas avant l’accord"}},
	{"date", "jour", "Date", map[string]string{"out_of_range": "Date\u00a0: entre l’accord et aujourd’hui"}},
	{"starts_at", "quand", "Date", nil}, {"minutes", "duree", "Durée en minutes", nil}, {"place", "lieu", "Lieu", nil},
	{"reason", "motif", "Motif", nil},
}

// grantActs are what is done with an entitlement, by the last word of the path, and what is said then.
var grantActs = map[string]struct {
	said string
	do   func(*visit, *form, string) error
}{
	"accord": {"L’équipement est accordé.", func(v *visit, _ *form, id string) error {
		_, err := v.api.ApproveEntitlementWithResponse(v.ctx, id, v.key())
		return err
	}},
	"refus": {"La demande est refusée.", func(v *visit, f *form, id string) error {
		_, err := v.api.RefuseEntitlementWithResponse(v.ctx, id, client.EntitlementRefusal{Reason: f.value("motif")}, v.key())
		return err
	}},
	"liberation": {"La place est rendue au contingent.", func(v *visit, f *form, id string) error {
		_, err := v.api.ReleaseEntitlementWithResponse(v.ctx, id, client.EntitlementEnd{Reason: f.value("motif")}, v.key())
		return err
	}},
	"fin": {"L’accompagnement est arrêté.", func(v *visit, f *form, id string) error {
		_, err := v.api.EndEntitlementWithResponse(v.ctx, id, client.EntitlementEnd{Reason: f.value("motif")}, v.key())
		return err
	}},
	"accompagnant": {"L’accompagnant est désigné.", func(v *visit, f *form, id string) error {
		_, err := v.api.NameCoachWithResponse(v.ctx, id, client.NewCoach{ProviderID: f.text("accompagnant")}, v.key())
		return err
	}},
	"materiel": {"Le matériel est remis pour de bon.", func(v *visit, f *form, id string) error {
		_, err := v.api.GiveItemWithResponse(v.ctx, id, client.GivenItem{AssetTag: f.value("etiquette")}, v.key())
		return err
	}},
	"connexion": {"La connexion est ouverte.", func(v *visit, f *form, id string) error {
		day := f.day("connexion", "Début de la connexion")
		if f.wrong() {
			return nil
		}
		_, err := v.api.BeginConnectionWithResponse(v.ctx, id, client.NewConnection{StartsOn: day}, v.key())
		return err
	}},
	"temps": {"Le temps est compté.", func(v *visit, f *form, id string) error {
		day, minutes := f.day("jour", "Date"), f.minutes("passees", "Minutes passées")
		if f.wrong() {
			return nil
		}
		_, err := v.api.UseHoursWithResponse(v.ctx, id, client.UsedHours{Date: day, Minutes: minutes}, v.key())
		return err
	}},
	"rendez-vous": {"Le rendez-vous est pris.", func(v *visit, f *form, id string) error {
		body := f.appointment()
		if f.wrong() {
			return nil
		}
		_, err := v.api.MakeAppointmentWithResponse(v.ctx, id, body, v.key())
		return err
	}},
}

// grantAct does one of them.
func grantAct(v *visit) error {
	act, known := grantActs[v.path("acte")]
	if !known {
		return &client.Problem{Status: http.StatusNotFound}
	}
	f, id := v.form(), v.path("id")
	err := act.do(v, &f, id)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, grantEntries(f))
		err = nil
	}
	switch {
	case err != nil:
		return err
	case f.wrong():
		return v.grantSheet(f)
	}
	return v.done(grantsPath+"/"+id, act.said)
}

// day is a day that has to be said.
func (f *form) day(name, label string) string {
	day := f.date(name, label, false)
	if day == nil {
		if f.fault(name) == "" {
			f.refuse(name, label+"\u00a0: à renseigner")
		}
		return ""
	}
	return *day
}

func (f *form) minutes(name, label string) int {
	n, err := strconv.Atoi(f.value(name))
	if err != nil || n < 1 {
		f.refuse(name, label+"\u00a0: un nombre, par exemple 60")
	}
	return n
}

// appointment reads day, hour, length and place.
func (f *form) appointment() (a client.NewAppointment) {
	day := f.day("quand", "Date")
	clock, ok := clockOf(f.value("heure"))
	if !ok || f.value("heure") == "" {
		f.refuse("heure", "Heure\u00a0: écrivez-la comme 14 h 30")
	}
	a.Minutes, a.Place = f.minutes("duree", "Durée en minutes"), f.value("lieu")
	if a.Place == "" {
		f.refuse("lieu", "Lieu\u00a0: à choisir")
	}
	if at, err := time.ParseInLocation(time.DateOnly, day, reference.Paris); err == nil {
		a.StartsAt = time.Date(at.Year(), at.Month(), at.Day(), clock/60, clock%60, 0, 0, reference.Paris)
	}
	return a
}
