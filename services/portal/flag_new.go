package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var flagNewRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements/nouveau", page: newFlagPage},
	{Method: http.MethodPost, Path: "/signalements/nouveau", page: createFlag},
	{Method: http.MethodGet, Path: "/communes", page: communeFragment},
}

// flagForm is the whole sheet on one page.
type flagForm struct {
	form

	words      words
	programmes []choice
	desks      []choice // of somebody who works for several
	social     bool     // the channel is the social service: who met the person first?
	known      *client.Person
	alike      []foundPerson // who may be the same person
	sent       client.NewFlag
	communes   communeField
	rules      []client.FundProgramme
	openFlag   string // of this person, when the caller may see it
}

// deadlineHint says what a date changes, where some programme has help wait for a review.
func (p flagForm) deadlineHint() string {
	waits := func(r client.FundProgramme) bool {
		return r.ReviewFirst && slices.ContainsFunc(p.programmes, func(c choice) bool { return c.Value == r.ID })
	}
	if p.rules != nil && !slices.ContainsFunc(p.rules, waits) {
		return ""
	}
	return "Avec une date, la personne peut être orientée sans attendre la validation"
}

const newFlagTitle = "Signaler une personne"

// newFlagPage shows the sheet, for a known person without asking again who it is.
func newFlagPage(v *visit) error {
	f := form{values: map[string][]string{}}
	f.values.Set("personne", v.r.URL.Query().Get("personne"))
	return v.freshFlag(f)
}

// freshFlag shows the sheet with what is known already.
func (v *visit) freshFlag(f form) error {
	page, err := v.flagForm(f)
	if err != nil {
		return err
	}
	page.setToday(v.Now())
	page.values.Set("nommee", "oui")
	return v.showSheet(http.StatusOK, page)
}

// showSheet shows the sheet, or its short form for quick entry.
func (v *visit) showSheet(status int, page flagForm) error {
	title, body := newFlagTitle, newFlag(page)
	if page.quick() {
		title, body = quickTitle, quickFlag(page)
	}
	if page.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, body)
}

func (v *visit) flagForm(f form) (flagForm, error) {
	w, err := v.words()
	if err != nil {
		return flagForm{}, err
	}
	page := flagForm{form: f, words: w, programmes: w.flagProgrammes(v.user.Fund), social: w.social(v.user.Desks)}
	if page.rules, err = v.fundProgrammes(); err != nil {
		return page, err
	}
	if len(v.user.Desks) > 1 {
		page.desks = w.deskChoices(v.user.Desks)
	}
	if len(page.programmes) == 1 {
		page.values.Set("programme", page.programmes[0].Value)
	}
	if page.value("departement") == "" && len(v.user.Departments) == 1 {
		page.values.Set("departement", v.user.Departments[0])
	}
	if id := f.value("personne"); id != "" {
		answer, err := v.api.GetPersonWithResponse(v.ctx, id)
		if err != nil {
			return page, err
		}
		page.known = answer.JSON200
	}
	return page, nil
}

// createFlag sends the sheet, or shows what comes from a search.
func createFlag(v *visit) error {
	page, err := v.flagForm(v.form())
	if err != nil {
		return err
	}
	switch {
	case page.value("depuis") == "recherche":
		return v.freshFlag(page.carried())
	case page.value("action") == "brouillon":
		return v.saveDraft(page)
	}
	if err := v.readFlag(&page); err != nil {
		return err
	}
	if page.wrong() {
		return v.flagRefused(page)
	}
	answer, err := v.api.CreateFlagWithResponse(v.ctx, page.sent, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		return v.flagProblem(page, p)
	}
	if err != nil {
		return err
	}
	flag := answer.JSON201
	return v.done(page.then(flag.ID), "Signalement "+flag.Reference+" enregistré. "+page.words.nextSentence(flag.NextStep)+page.words.alsoKnown(flag.LookAlikes))
}

// then is where a sheet leads: to the flag, or from a pile of paper to the next one.
func (p flagForm) then(id string) string {
	if p.quick() {
		return quickPath
	}
	return "/signalements/" + id
}

// alsoKnown warns of somebody who may be the same: that never blocks.
func (w words) alsoKnown(list []client.LookAlike) string {
	if len(list) == 0 {
		return ""
	}
	desk := w.desk(list[0].Desk)
	return " Attention\u00a0: une personne semblable est déjà suivie par " + desk.Name + " (" + desk.Phone + ")."
}

// carried is what somebody typed into the search, and no more.
func (p flagForm) carried() form {
	f := form{values: map[string][]string{}}
	for _, name := range []string{"prenom", "nom", "telephone", "naissance-jour", "naissance-mois", "naissance-annee"} {
		f.values.Set(name, p.value(name))
	}
	return f
}

func (v *visit) flagProblem(page flagForm, p *client.Problem) error {
	switch p.Code {
	case "person_exists":
		page.refuse("connue", "Cette personne semble déjà connue. Dites si c’est elle")
	case "flag_open":
		page.openFlag = identifier.FindString(p.Detail)
		page.refuse("", above["flag_open"])
	default:
		page.refused(p, flagEntries)
		page.fitting(p)
	}
	return v.flagRefused(page)
}

// fitting names the programmes that are for somebody who is too young for this one.
func (p *flagForm) fitting(wrong *client.Problem) {
	var names []string
	for _, e := range wrong.Errors {
		for _, one := range p.words.directory.Programmes {
			if e.Code == "too_young" && strings.Contains(e.Detail, "("+one.ID+")") {
				names = append(names, "«\u00a0"+one.Name+"\u00a0»")
			}
		}
	}
	if len(names) > 0 {
		p.refuse("programme", "Programme\u00a0: à cet âge, choisissez "+strings.Join(names, " ou "))
	}
}

// flagRefused shows the sheet again with all that was typed.
func (v *visit) flagRefused(page flagForm) error {
	if page.fault("connue") != "" || page.value("connue") != "" {
		cards, err := v.sameAs(page)
		if err != nil {
			return err
		}
		page.alike = cards
	}
	page.inOrder()
	return v.showSheet(http.StatusUnprocessableEntity, page)
}

// inOrder puts faults in the order of the page.
func (p *flagForm) inOrder() {
	place := func(f fault) int {
		return slices.IndexFunc(flagEntries, func(e entry) bool { return e.Input == f.Field })
	}
	slices.SortStableFunc(p.faults, func(a, b fault) int { return place(a) - place(b) })
}

// readFlag turns the page into the sheet, and refuses what the page itself can see.
func (v *visit) readFlag(page *flagForm) error {
	page.sent = client.NewFlag{
		Programme: page.value("programme"), Desk: page.text("equipe"), FirstContact: page.text("premier_contact"),
		Answers: page.answers(), Profile: page.profile(), Context: page.context(), DraftID: page.text("brouillon"),
	}
	if page.sent.Programme == "" {
		page.refuse("programme", "Programme\u00a0: choisissez-en un")
	}
	if found := page.date("constat", "Date du constat", false); found != nil {
		page.sent.FindingDate = *found
	} else if page.fault("constat") == "" {
		page.refuse("constat", "Date du constat\u00a0: à renseigner")
	}
	if page.social && page.sent.FirstContact == nil {
		page.refuse("premier_contact", "Premier contact\u00a0: dites qui a rencontré la personne en premier")
	}
	page.sent.Needs = page.needs()
	page.consents()
	return v.readPerson(page)
}

// readPerson says whom the sheet is about: somebody known, somebody new, or nobody in particular.
func (v *visit) readPerson(page *flagForm) error {
	switch same := page.value("connue"); {
	case page.known != nil:
		page.sent.PersonID = &page.known.ID
		page.sent.Helper = page.helper()
		return nil
	case page.value("nommee") == "non":
		page.anonymous()
		return nil
	case same != "" && same != "autre":
		page.sent.PersonID = &same
		page.sent.Helper = page.helper()
		return nil
	case same == "autre":
		reason := page.value("motif_autre")
		if reason == "" {
			page.refuse("motif_autre", "Dites pourquoi c’est quelqu’un d’autre")
		}
		page.sent.Force = &client.Force{Reason: reason}
	}
	page.sent.Helper = page.helper()
	return v.newPerson(page)
}

func (v *visit) newPerson(page *flagForm) error {
	p := &client.NewPerson{
		GivenName: page.value("prenom"), FamilyName: page.value("nom"), BirthName: page.text("nom_naissance"), Sex: page.text("sexe"),
		Phone: page.text("telephone"), Email: page.text("courriel"), Language: page.text("langue"), Nir: page.text("nir"),
	}
	if p.FamilyName == "" {
		page.refuse("nom", "Nom\u00a0: à renseigner")
	}
	if p.GivenName == "" {
		page.refuse("prenom", "Prénom\u00a0: à renseigner")
	}
	p.BirthDate = page.date("naissance", "Date de naissance", true)
	where, field, err := v.commune(&page.form)
	if err != nil {
		return err
	}
	page.communes = field
	if street := page.text("rue"); where != nil || street != nil {
		p.Address = &client.Address{Street: street}
		if where != nil {
			p.Address.Insee, p.Address.Postcode = &where.Insee, postcode(*where, page.value("commune"))
		}
	}
	if h := page.sent.Helper; p.Phone == nil && p.Address == nil && page.value("commune") == "" && (h == nil || h.Name == nil && h.Phone == nil) {
		page.refuse("telephone", above["no_way_to_reach"])
	}
	page.sent.Person = p
	return nil
}

// anonymous: sex, age and department stand in the profile.
func (p *flagForm) anonymous() {
	profile := p.sent.Profile
	if p.quick() { // on paper it is asked once
		p.values.Set("sexe_anonyme", p.value("sexe"))
	}
	profile.Sex, profile.Department = p.text("sexe_anonyme"), p.text("departement")
	if typed := p.value("age"); typed != "" {
		age, err := strconv.Atoi(typed)
		if err != nil || age < 0 || age > 130 {
			p.refuse("age", "Âge\u00a0: un nombre d’années, par exemple 62")
		}
		profile.Age = &age
	}
}

// consents are asked in any case; whoever is named agrees to be referred.
func (p *flagForm) consents() {
	c := &client.Consents{Study: p.yesNo("etude"), Referral: p.yesNo("orientation"), Given: p.text("accord_forme"), By: p.text("accord_par")}
	c.TextVersion = p.textVersion()
	anonymous := p.known == nil && p.value("nommee") == "non"
	switch {
	case !anonymous && c.Referral == nil:
		p.refuse("orientation", "Orientation\u00a0: demandez à la personne si elle est d’accord, puis choisissez oui ou non")
	case anonymous && c.Referral != nil && *c.Referral:
		p.refuse("orientation", "Pour être orientée, la personne doit donner son nom. Choisissez «\u00a0Non\u00a0», ou indiquez son nom")
	}
	p.sent.Consents = c
}

func (p flagForm) helper() *client.Helper {
	h := &client.Helper{
		Name: p.text("aidant_nom"), Relation: p.text("aidant_lien"), Phone: p.text("aidant_telephone"),
		MayBeTold: p.yesNo("aidant_informe"), CallsFirst: p.yesNo("aidant_appele"),
	}
	if *h == (client.Helper{}) {
		return nil
	}
	return h
}

// answers leave out what a question above them makes pointless: it is hidden on the page, not gone.
func (p flagForm) answers() *client.NewAnswers {
	a := &client.NewAnswers{
		Institution: p.text("institution"), NetworkCoverage: p.yesNo("reseau"), Equipment: p.yesNo("equipement"), Difficulty: p.yesNo("difficulte"),
		HelpPlace: p.list("lieu_aide"), TrainingNeed: p.yesNo("formation"), Description: p.text("description"),
	}
	if p.value("equipement") == "oui" {
		a.EquipmentKinds = append([]string{}, p.list("materiel")...)
	}
	if p.value("equipement") == "non" {
		a.FinancialProblem = p.yesNo("financier")
	}
	if p.value("difficulte") == "oui" {
		a.DifficultyReason = p.text("motif")
	}
	return a
}

func (p flagForm) profile() *client.Profile {
	return &client.Profile{FamilySituation: p.text("situation"), Occupation: p.text("activite"), SickLeave: p.yesNo("arret")}
}

func (p *flagForm) needs() *client.Needs {
	n := &client.Needs{
		Deadline: p.date("echeance", "Aide nécessaire avant le", false), RightsAtRisk: p.yesNo("droits"), Skills: p.list("competences"), Access: p.list("acces"),
		Travel: p.text("deplacement"), Availability: p.list("disponibilites"), Modes: p.list("modes"), LoanWanted: p.yesNo("pret"),
		Isolated: p.yesNo("isolee"), Precarious: p.yesNo("precaire"),
	}
	if gir, err := strconv.Atoi(p.value("gir")); err == nil {
		n.Gir = &gir
	}
	return n
}

func (p flagForm) context() []string {
	var list []string
	for one := range strings.SplitSeq(p.value("contexte"), ",") {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, one)
		}
	}
	return list
}

// filled tells whether a folded part has something in it that must be seen.
func (p flagForm) filled(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		for _, part := range []string{"", "-jour", "-mois", "-annee"} {
			if slices.ContainsFunc(p.list(name+part), func(s string) bool { return s != "" }) {
				return true
			}
		}
		return p.fault(name) != ""
	})
}

// setToday fills in the day in Paris as that of the finding.
func (f form) setToday(now time.Time) {
	f.setDay("constat", now.In(reference.Paris).Format(time.DateOnly))
}
