package portal

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/api/client"
)

const (
	accessesTitle = "Journal des accès"
	accessesPath  = "/journal-des-acces"
)

var accessesRoutes = []Route{
	{Method: http.MethodGet, Path: accessesPath, page: accessList},
	{Method: http.MethodPost, Path: accessesPath, page: filterAccesses},
}

// accesses is a page of the access log.
type accesses struct {
	form

	Lines []accessLine
	Busy  []busyLine
	Weeks []busyWeek
	Next  *string
	Path  string
}

// accessLine is what somebody did.
type accessLine struct {
	When, Account, Roles   string
	What, Purpose, Persons string
	Refused                bool
	Only                   string // identifier of the only person; empty: none or several
}

// busyLine is an account that opened many persons and worked on none.
type busyLine struct{ Account, Roles, Persons string }

// busyWeek is the list of a week that is over, as it was made then.
type busyWeek struct {
	Week  string
	Lines []string
}

// accessList shows who read or wrote personal data.
func accessList(v *visit) error {
	q := form{values: v.r.URL.Query()}
	asked := client.ListAccessesParams{Actor: q.text("compte"), From: q.text("du"), To: q.text("au"), Cursor: q.text("suite")}
	if person := q.text("personne"); person != nil && isIdentifier(*person) {
		asked.Person = person
	} else {
		asked.Reference = person
	}
	answer, err := v.api.ListAccessesWithResponse(v.ctx, &asked)
	if _, ok := problem(err, http.StatusNotFound); ok {
		page := accesses{form: q.inBoxes(), Path: v.r.URL.RequestURI()}
		page.refuse("personne", "Personne ou référence\u00a0: la caisse ne connaît personne sous ce code")
		return v.accessesRefused(page)
	}
	if err != nil {
		return err
	}
	page := accesses{form: q.inBoxes(), Next: answer.JSON200.Next, Path: v.r.URL.RequestURI()}
	for _, a := range answer.JSON200.Items {
		page.Lines = append(page.Lines, accessLineOf(a))
	}
	if page.Busy, err = v.busy(); err != nil {
		return err
	}
	if page.Weeks, err = v.busyWeeks(); err != nil {
		return err
	}
	return v.show(http.StatusOK, accessesTitle, accessesView(page))
}

func (v *visit) accessesRefused(page accesses) error {
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+accessesTitle, accessesView(page))
}

func (v *visit) busy() (list []busyLine, err error) {
	answer, err := v.api.ListBusyLookupsWithResponse(v.ctx, &client.ListBusyLookupsParams{})
	if err != nil {
		return nil, err
	}
	for _, b := range answer.JSON200.Items {
		list = append(list, busyLine{b.Actor, rolesText(b.Role), count(b.Persons, "personne ouverte", "personnes ouvertes")})
	}
	return list, nil
}

const (
	busyWeekly  = "listBusyWeekly"
	busyAccount = "busy-lookups" // in whose name the weekly list is
	busyLines   = 30
)

// busyWeeks are the weekly lists, the newest first.
func (v *visit) busyWeeks() (weeks []busyWeek, err error) {
	answer, err := v.api.ListAccessesWithResponse(v.ctx, &client.ListAccessesParams{Actor: new(busyAccount), Limit: new(busyLines)})
	if err != nil {
		return nil, err
	}
	for _, a := range answer.JSON200.Items {
		week := "Semaine du " + dayText(a.RequestID)
		if n := len(weeks); n == 0 || weeks[n-1].Week != week {
			weeks = append(weeks, busyWeek{Week: week})
		}
		last := &weeks[len(weeks)-1]
		last.Lines = append(last.Lines, busyText(a))
	}
	return weeks, nil
}

// busyText is a line of the weekly list.
func busyText(a client.AccessLine) string {
	account := strings.TrimPrefix(the(a.Resource), "account:")
	if account == "" {
		return "personne"
	}
	n, _ := strconv.Atoi(strings.Join(a.Fields, ""))
	return account + ", " + count(n, "personne ouverte", "personnes ouvertes") + ", aucune suite"
}

// filterAccesses takes what was typed, which may be anything, and puts only identifiers, codes and days into the
// address of the list.
func filterAccesses(v *visit) error {
	page := accesses{form: v.form(), Path: accessesPath}
	asked := url.Values{}
	put := func(name, value string) {
		if value != "" {
			asked.Set(name, value)
		}
	}
	person, account := page.value("personne"), page.value("compte")
	if person != "" && !isIdentifier(person) && !shortCode.MatchString(person) {
		page.refuse("personne", "Personne ou référence\u00a0: écrivez l’identifiant de la personne, ou une référence comme K7QF-2M9D")
	}
	if account != "" && !accountCode.MatchString(account) {
		page.refuse("compte", "Compte\u00a0: écrivez-le comme il est dans la liste, par exemple advisor-34")
	}
	from, to := page.date("du", "Du", false), page.date("au", "Au", false)
	if page.wrong() {
		return v.accessesRefused(page)
	}
	put("personne", person)
	put("compte", account)
	put("du", the(from))
	put("au", the(to))
	v.redirect(strings.TrimSuffix(accessesPath+"?"+asked.Encode(), "?"))
	return nil
}

var (
	shortCode   = regexp.MustCompile(`^[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4}$`)
	accountCode = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._@:-]*$`)
)

// isIdentifier tells whether a text is one identifier of the REST surface.
func isIdentifier(text string) bool { return text != "" && identifier.FindString(text) == text }

// inBoxes parts the days of an address into the boxes of the form.
func (f form) inBoxes() form {
	values := url.Values{"personne": f.values["personne"], "compte": f.values["compte"]}
	for _, name := range []string{"du", "au"} {
		if at, err := time.Parse(time.DateOnly, f.value(name)); err == nil {
			values.Set(name+"-jour", at.Format("2"))
			values.Set(name+"-mois", at.Format("1"))
			values.Set(name+"-annee", at.Format("2006"))
		}
	}
	return form{values: values}
}

func accessLineOf(a client.AccessLine) accessLine {
	line := accessLine{
		When: moment(a.At), Account: a.Actor, Roles: rolesText(a.Role), What: operationText(a.What), Purpose: purposeText(a.Purpose),
		Refused: a.Action == "refused",
	}
	if a.What == busyWeekly {
		line.What += "\u00a0: " + busyText(a)
		return line
	}
	var fields []string
	for _, f := range a.Fields {
		fields = append(fields, orCode(fieldLabels, f))
	}
	if len(fields) > 0 {
		line.What += " par " + strings.Join(fields, ", ")
	}
	if len(a.Persons) > 0 {
		line.Persons = count(len(a.Persons), "personne", "personnes")
	}
	if len(a.Persons) == 1 {
		line.Only = a.Persons[0]
	}
	return line
}

func rolesText(roles string) string {
	if roles == "signed_link" {
		return "Lien signé, sans compte"
	}
	var list []string
	for role := range strings.FieldsSeq(roles) {
		list = append(list, orCode(roleLabels, role))
	}
	return strings.Join(list, ", ")
}

func operationText(id string) string { return orCode(operationLabels, id) }

func purposeText(code string) string { return orCode(purposeLabels, code) }

// orCode is the word for a code; one that is not known stays as it is.
func orCode(labels map[string]string, code string) string {
	if label, ok := labels[code]; ok {
		return label
	}
	return code
}

var operationLabels = map[string]string{
	"createFlag": "Signalement créé", "validateFlag": "Signalement validé", "listFlags": "Liste des signalements", "getFlag": "Signalement",
	"validateFlags": "Signalements validés ensemble", "returnFlag": "Signalement renvoyé à l’auteur", "amendFlag": "Signalement modifié",
	"reclassifyFlag": "Signalement reclassé", "dismissFlag": "Signalement écarté", "withdrawFlag": "Signalement retiré",
	"correctObservation": "Observation corrigée", "importFlags": "Formulaires papier importés", "exportFlags": "Signalements exportés",
	"closeFlag": "Signalement clos", "reopenFlag": "Signalement rouvert", "wishHelp": "Souhait noté", "noteHelpAct": "Aide sur place notée",
	"sendSignal": "Alerte envoyée", "answerSignal": "Réponse à une alerte", "listSignals": "Liste des alertes", "getToday": "Liste du jour", "listOffers": "Propositions pour une personne",
	"transferFlag": "Signalement confié", "takeUpFlag": "Signalement pris en charge ou rendu",
	"searchPersons": "Recherche", "getPerson": "Fiche d’une personne", "readJourney": "Parcours de qui appelle", "listReferrals": "Liste des orientations", "getReferral": "Orientation",
	"createReferral": "Orientation demandée", "withdrawReferral": "Orientation retirée", "getInbox": "Demandes reçues",
	"issuePlaceLink":    "Lien créé pour un lieu",
	"answerByPlaceLink": "Réponse d’un lieu par un lien",
	"issueLink":         "Lien de réponse créé",
	"decideByLink":      "Réponse donnée par un lien",
	"readRequestByLink": "Demande lue par un lien",
	"undoReferral":      "Fin d’orientation annulée",
	"followUpReferral":  "Suite d’une adresse notée",
	"noteContact":       "Contact noté",
	"listLetters":       "Lettres à imprimer",
	"getLetter":         "Lettre à imprimer", "getReferralLetter": "Lettre à la personne", "letterPrinted": "Lettre notée comme envoyée", "letterReturned": "Lettre revenue",
	"listParticipants": "Liste des participants", "acceptRequest": "Demande acceptée", "declineRequest": "Demande déclinée",
	"studyRequest": "Demande mise à l’étude", "recordAttendance": "Présences notées", "dropParticipant": "Départ noté", "removeParticipant": "Participant retiré",
	"undoParticipant": "Départ ou retrait annulé", "recordOutcome": "Bilan enregistré", "takeSeatOffer": "Place proposée acceptée",
	"listSeatOffers": "Places proposées", "listLastSeats": "Dernières places", "explainReferral": "Décisions de la liste d’attente", "noteNoShow": "Absence notée", "passSeatOffer": "Place proposée non retenue", "noteOfferNotReached": "Appel sans réponse noté",
	"listLoans": "Liste des prêts", "listAccesses": accessesTitle, "listAccessesOfPerson": accessesTitle + " d’une personne",
	"listBusyLookups": "Consultations nombreuses", busyWeekly: "Consultations nombreuses de la semaine", "erasePerson": "Effacement demandé", "restorePerson": "Effacement annulé",
	"exportPerson": "Export de tout ce qui est connu", "listRetention": "Effacements à venir", "handOverLoan": "Tablette remise", "returnLoan": "Tablette rendue",
	"getLoan": "Prêt", "getLoanSlip": "Reçu d’un prêt", "getSignInSheet": "Feuille d’émargement", "listLoanQueue": "File d’attente des tablettes", "askLoan": "Tablette demandée", "swapLoan": "Tablette échangée", "extendLoan": "Prêt prolongé",
	"listEntitlements": "Équipements donnés", "getEntitlement": "Équipement donné", "listAppointments": "Carnet de rendez-vous",
	"requestEntitlement": "Équipement demandé", "approveEntitlement": "Équipement accordé", "refuseEntitlement": "Équipement refusé",
	"releaseEntitlement": "Équipement rendu au contingent", "endEntitlement": "Accompagnement arrêté", "nameCoach": "Accompagnant désigné", "giveItem": "Matériel donné",
	"beginConnection": "Connexion ouverte", "useHours": "Temps d’accompagnement compté", "makeAppointment": "Rendez-vous pris", "keepAppointment": "Rendez-vous fait",
	"missAppointment": "Rendez-vous manqué", "moveAppointment": "Rendez-vous déplacé",
	"loseLoan": "Tablette perdue", "writeOffLoan": "Prêt clos sans la tablette", "releaseLoan": "Réservation de tablette annulée",
	"correctPerson": "Personne corrigée", "mergePersons": "Fiches réunies", "partPersons": "Fiches séparées",
	"movePerson": "Déménagement noté", "tellDeath": "Décès signalé", "undoDeath": "Signalement de décès annulé", "noteConsent": "Accord ou retrait noté",
	"objectPerson": "Opposition notée", "linkPersons": "Lien entre deux personnes", "noteWishes": "Souhaits notés",
}

var purposeLabels = map[string]string{
	"detection": "repérage", "review": "validation", "follow-up": "suivi", "referral": "orientation", "workshop": "atelier", "loan": "prêt", "grant": "équipement",
	"privacy": "protection des données", "person_calls": "la personne appelle", "helper_calls": "un proche appelle", "returned_call": "rappel",
}

var fieldLabels = map[string]string{"name": "nom", "birth_date": "date de naissance", "phone": "téléphone", "reference": "référence"}
