package portal

import (
	"net/http"
	"strconv"

	"example.org/passerelle/api/client"
)

var flagRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements/{id}", page: showFlag},
	{Method: http.MethodPost, Path: "/signalements/{id}/valider", page: validateFlag},
}

// flagSheet is a flag as its page shows it.
type flagSheet struct {
	client.Flag

	name       string
	next       string
	hints      []string
	parts      []sheetPart
	events     []told
	referrals  []referralLine
	words      words
	form       form
	mayReview  bool
	mayRefer   bool
	statusText string
	acts       []flagAct
	thread     []said
	more       []sheetPart // what was done and wished since
	mayAmend   bool
	mayTakeUp  bool
	mine       bool   // the caller looks after it
	why        string // why nobody may be referred yet
}

// sheetPart is a heading with its facts.
type sheetPart struct {
	Title string
	Facts []fact
}

// referralLine is a referral of a flag or a person, in words.
type referralLine struct{ Path, Provider, Status, StatusText, Since string }

func showFlag(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	sheet := v.flagSheet(*answer.JSON200, w)
	return v.show(http.StatusOK, "Signalement "+sheet.Reference, flagView(sheet))
}

func (v *visit) flagSheet(f client.Flag, w words) flagSheet {
	s := flagSheet{
		Flag: f, words: w, next: w.nextSentence(f.NextStep), name: flagName(f), parts: w.sheetParts(f), events: w.flagEvents(f.History),
		referrals: w.referralLines(f.Referrals), mayReview: v.user.reviews() && f.NeedsReview && f.Status == "submitted" && f.Author != v.user.Account,
	}
	s.statusText = w.of("flag_status", f.Status)
	if f.Status == "submitted" && !f.NeedsReview {
		s.Status, s.statusText = "validated", "Compté sans relecture"
	}
	for _, code := range f.ReviewHints {
		s.hints = append(s.hints, sentence(reviewHints, code))
	}
	s.mayRefer, s.why = w.mayRefer(f, v.user)
	s.acts, s.thread, s.more = flagActsFor(f, v.user), w.thread(f), w.since(f)
	s.mayAmend = v.user.mayAmend(f) && (f.Status == "submitted" || f.Status == "returned")
	s.mine = the(f.AssignedTo) == v.user.Account
	s.mayTakeUp = v.user.refers() && !f.Erased && f.Help != "closed"
	return s
}

func flagName(f client.Flag) string {
	switch {
	case f.PersonID == nil:
		return "Personne non nommée"
	case f.Person == nil:
		return "Données effacées"
	}
	return full(f.Person.GivenName, f.Person.FamilyName)
}

// mayRefer tells whether the page offers a referral, and why not when somebody waits for one.
func (w words) mayRefer(f client.Flag, u user) (may bool, why string) {
	if !u.refers() || f.Help != "to_refer" && f.Help != "wished" && f.Help != "referred" {
		return false, ""
	}
	urgent := f.Needs != nil && f.Needs.Deadline != nil
	if w.reviewFirst(f.Programme) && f.Status != "validated" && !urgent {
		return false, above["not_validated"]
	}
	return true, ""
}

func (w words) referralLines(list []client.ReferralLine) []referralLine {
	lines := make([]referralLine, len(list))
	for i, r := range list {
		lines[i] = referralLine{
			Path: "/orientations/" + r.ID, Provider: w.provider(r.ProviderID), Status: r.Status,
			StatusText: w.of("referral_status", r.Status), Since: dayOf(r.OpenedAt),
		}
	}
	return lines
}

// sheetParts are the sheet in the order in which it was asked.
func (w words) sheetParts(f client.Flag) []sheetPart {
	parts := []sheetPart{{"Constat", []fact{
		{"Programme", w.of("programme", f.Programme)}, {"Date du constat", dayText(f.FindingDate)}, {"Équipe", w.of("desk", f.Desk)},
		{"Voie d’arrivée", w.of("channel", f.Channel)}}}}
	if f.FirstContact != nil {
		parts[0].Facts = append(parts[0].Facts, fact{"Premier contact", w.of("first_contact", *f.FirstContact)})
	}
	if f.Erased {
		return parts
	}
	if f.Person != nil {
		parts = append(parts, sheetPart{"Personne", contact(*f.Person)})
	}
	if f.Helper != nil {
		parts = append(parts, sheetPart{"Quelqu’un l’aide", helperFacts(*f.Helper)})
	}
	if c := f.Consents; c != nil {
		parts = append(parts, sheetPart{"Accord de la personne", []fact{{"Être orientée", answer(c.Referral)}, {"Étude, sans son nom", answer(c.Study)},
			{"Accord donné", choiceLabel(consentForms, the(c.Given))}, {"Par", choiceLabel(consentBy, the(c.By))}}})
	}
	if f.Answers != nil {
		parts = append(parts, sheetPart{"Difficultés avec le numérique", w.answerFacts(*f.Answers)})
	}
	if p := f.Profile; p != nil {
		parts = append(parts, sheetPart{"Situation", w.profileFacts(*p, f.PersonID == nil)})
	}
	if f.Needs != nil {
		if needs := w.needFacts(*f.Needs, f.Context); len(needs) > 0 {
			parts = append(parts, sheetPart{"Besoins et contexte", needs})
		}
	}
	return parts
}

// contact is who somebody is and how to reach them.
func contact(p client.PersonDetails) []fact {
	list := []fact{
		{"Nom", full(p.GivenName, p.FamilyName)}, {"Nom de naissance", the(p.BirthName)}, {"Date de naissance", dayText(the(p.BirthDate))},
		{"Sexe", choiceLabel(sexes, the(p.Sex))}, {"Téléphone", phoneText(the(p.Phone))}, {"Courriel", the(p.Email)},
		{"Langue parlée", choiceLabel(spokenLanguages, the(p.Language))}, {"Adresse", livesAt(p.Address)},
	}
	return present(list)
}

// livesAt is an address on one line.
func livesAt(a *client.Address) string {
	if a == nil {
		return ""
	}
	return joined(the(a.Street), town(a))
}

func helperFacts(h client.Helper) []fact {
	return present([]fact{{"Nom", the(h.Name)}, {"Lien", choiceLabel(relations, the(h.Relation))}, {"Téléphone", phoneText(the(h.Phone))},
		{"Peut en être informé", answer(h.MayBeTold)}, {"À appeler en premier", answer(h.CallsFirst)}})
}

func (w words) answerFacts(a client.Answers) []fact {
	list := []fact{
		{"Institution concernée", w.of("institution", the(a.Institution))}, {"Couverture réseau suffisante", answer(a.NetworkCoverage)},
		{"Possède un équipement", answer(a.Equipment)}}
	if len(a.EquipmentKinds) > 0 {
		list = append(list, fact{"Équipement", listed(w.all("equipment_kinds", a.EquipmentKinds))})
	}
	if a.FinancialProblem != nil {
		list = append(list, fact{"Problème financier", answer(a.FinancialProblem)})
	}
	list = append(list, fact{"Difficultés à utiliser le numérique", answer(a.Difficulty)})
	if a.DifficultyReason != nil {
		list = append(list, fact{"Motif", w.of("difficulty_reason", *a.DifficultyReason)})
	}
	return append(list, fact{"Connaît un lieu d’aide", listed(w.all("help_place", a.HelpPlace))}, fact{"Besoin de formation", answer(a.TrainingNeed)},
		fact{"Description", the(a.Description)})
}

func (w words) profileFacts(p client.Profile, anonymous bool) []fact {
	list := []fact{{"Situation familiale", w.of("family_situation", the(p.FamilySituation))}, {"Activité", w.of("occupation", the(p.Occupation))},
		{"En arrêt maladie", answer(p.SickLeave)}}
	if anonymous {
		age := ""
		if p.Age != nil {
			age = count(*p.Age, "an", "ans")
		}
		list = append(list, fact{"Sexe", choiceLabel(sexes, the(p.Sex))}, fact{"Âge", age}, fact{"Département", the(p.Department)})
	}
	return list
}

func (w words) needFacts(n client.Needs, context []string) []fact {
	gir := ""
	if n.Gir != nil {
		gir = strconv.Itoa(*n.Gir)
	}
	return present([]fact{
		{"Aide nécessaire avant le", dayText(the(n.Deadline))}, {"Un droit risque d’être perdu", answer(n.RightsAtRisk)},
		{"Souhaite une tablette prêtée", answer(n.LoanWanted)}, {"Veut apprendre", listed(w.all("skills", n.Skills))},
		{"Accessibilité", listed(w.all("access", n.Access))}, {"Déplacements", w.of("travel", the(n.Travel))},
		{"Forme de l’atelier", listed(w.all("session_mode", n.Modes))}, {"Disponibilités", allLabels(halfDays, n.Availability)},
		{"Personne isolée", answer(n.Isolated)}, {"Situation précaire", answer(n.Precarious)}, {"GIR", gir}, {"Contexte", listed(context)}})
}

// present are the facts that are known.
func present(list []fact) []fact {
	var known []fact
	for _, one := range list {
		if one.Text != "" {
			known = append(known, one)
		}
	}
	return known
}

// validateFlag is the referent's yes.
func validateFlag(v *visit) error {
	id := v.path("id")
	if _, err := v.api.ValidateFlagWithResponse(v.ctx, id, v.key()); err != nil {
		return err
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, id)
	if err != nil {
		return err
	}
	return v.done("/signalements/"+id, "Signalement "+answer.JSON200.Reference+" validé. "+w.nextSentence(answer.JSON200.NextStep))
}
