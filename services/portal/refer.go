package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var referRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements/{id}/orienter", page: referPage},
	{Method: http.MethodPost, Path: "/signalements/{id}/orienter", page: refer},
}

// offers is what is chosen from, and for whom.
type offers struct {
	Flag     string // identifier
	Name     string
	Person   []fact
	Blocked  string // why nobody can be sent from here now; empty: somebody can
	Filters  form
	Query    string // the filters, for the form's address
	Sessions []offer
	Total    string // 3 ateliers ouverts
	Words    words
}

// offer is a session that may be chosen.
type offer struct {
	sessionCard

	Asked bool   // a request of this person is open there already
	Mind  string // what may not suit this person
}

func referPage(v *visit) error { return v.offer(form{}) }

// offer shows the sessions, and what is wrong with the choice.
func (v *visit) offer(f form) error {
	if !v.user.refers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	o, err := v.offers()
	if err != nil {
		return err
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Orienter vers un atelier", offersPage(f, o))
	}
	return v.show(http.StatusOK, "Orienter vers un atelier", offersPage(f, o))
}

func (v *visit) offers() (offers, error) {
	w, err := v.words()
	if err != nil {
		return offers{}, err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return offers{}, err
	}
	flag := *answer.JSON200
	o := offers{Flag: flag.ID, Person: w.inNeed(flag), Name: nameOf(flag), Blocked: blocked(flag), Filters: form{values: v.r.URL.Query()}, Query: v.r.URL.RawQuery, Words: w}
	if o.Blocked != "" {
		return o, nil
	}
	list, err := v.openSessions(o.Filters, flag.Department)
	if err != nil {
		return o, err
	}
	for _, s := range list {
		o.Sessions = append(o.Sessions, w.offer(s, flag))
	}
	slices.SortStableFunc(o.Sessions, func(a, b offer) int { return order(a.Asked, b.Asked) })
	o.Total = found(len(list), "atelier ouvert", "ateliers ouverts")
	return o, nil
}

// mostOffers are more than anybody reads; who needs others narrows the filters.
const mostOffers = 500

// openSessions are those that take requests: in the person's department unless everywhere is asked for, the
// soonest first. What is held at a distance is near to everybody.
func (v *visit) openSessions(f form, department string) ([]client.Session, error) {
	status, limit := "open", mostOffers
	p := client.ListSessionsParams{Status: &status, Limit: &limit, Mode: f.text("mode"), Skills: f.skills()}
	if f.value("libre") == "oui" {
		free := true
		p.Free = &free
	}
	answer, err := v.api.ListSessionsWithResponse(v.ctx, &p)
	if err != nil {
		return nil, err
	}
	now, everywhere := v.Now(), f.value("ou") == "partout"
	list := slices.DeleteFunc(answer.JSON200.Items, func(s client.Session) bool {
		d := departmentOf(s)
		return !takesRequests(s, now) || !everywhere && d != "" && d != department
	})
	soonest(list)
	return list, nil
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func found(n int, one, many string) string {
	if n == 0 {
		return "Aucun " + one
	}
	return count(n, one, many)
}

// blocked says why a person cannot be sent to a session; what else the REST surface knows it says itself.
func blocked(flag client.Flag) string {
	switch {
	case flag.Help == "none":
		return above["consent_missing"]
	case flag.Help == "closed":
		return above["help_closed"]
	case flag.NextStep.What == "review":
		return above["not_validated"]
	}
	return ""
}

func nameOf(flag client.Flag) string {
	if flag.Person == nil {
		return "Personne sans nom"
	}
	return full(flag.Person.GivenName, flag.Person.FamilyName)
}

// inNeed is what matters for the choice.
func (w words) inNeed(flag client.Flag) []fact {
	n, list := flag.Needs, []fact{}
	add := func(name, text string) {
		if text != "" {
			list = append(list, fact{name, text})
		}
	}
	if flag.Person != nil {
		add("Habite à", town(flag.Person.Address))
		add("Langue", language(the(flag.Person.Language)))
	}
	if n == nil {
		return list
	}
	add("À savoir faire", listed(w.all("skills", n.Skills)))
	add("Accessibilité", listed(w.all("access", n.Access)))
	add("Déplacement", w.of("travel", the(n.Travel)))
	add("Préfère", listed(w.all("session_mode", n.Modes)))
	if n.Deadline != nil {
		add("À aider avant le", dayText(*n.Deadline))
	}
	if the(n.LoanWanted) {
		add("Matériel", "Un prêt est souhaité")
	}
	return list
}

// town is where somebody lives, as far as a choice needs it.
func town(a *client.Address) string {
	if a == nil {
		return ""
	}
	if name := communeName(the(a.Insee)); name != "" {
		return listed(slices.DeleteFunc([]string{name, the(a.Postcode)}, func(s string) bool { return s == "" }))
	}
	return the(a.Postcode)
}

// offer is a session, seen for one person.
func (w words) offer(s client.Session, flag client.Flag) offer {
	o := offer{sessionCard: w.sessionCard(s)}
	o.Asked = slices.ContainsFunc(flag.Referrals, func(r client.ReferralLine) bool { return the(r.SessionID) == s.ID && openReferral(r.Status) })
	n := flag.Needs
	switch {
	case n == nil:
	case slices.Contains(n.Access, "wheelchair") && !s.Accessible:
		o.Mind = "La personne se déplace en fauteuil roulant."
	case the(n.LoanWanted) && !s.LendsEquipment:
		o.Mind = "La personne a besoin d’un prêt de matériel."
	case n.Deadline != nil && late(s, *n.Deadline):
		o.Mind = "L’atelier commence après la date à laquelle la personne a besoin d’aide."
	}
	return o
}

func late(s client.Session, deadline string) bool {
	return len(s.Meetings) > 0 && reference.Day(begins(s)) > deadline
}

// openReferral tells whether a request still waits, or has a seat.
func openReferral(status string) bool {
	return slices.Contains([]string{"requested", "in_study", "waitlisted", "offered", "enrolled", "in_progress"}, status)
}

// refer asks for a seat.
func refer(v *visit) error {
	f := v.form()
	session := f.value("atelier")
	if session == "" {
		f.refuse("atelier", "Choisissez un atelier")
		return v.offer(f)
	}
	answer, err := v.api.CreateReferralWithResponse(v.ctx, client.NewReferral{FlagID: v.path("id"), SessionID: &session}, v.key())
	if err == nil {
		return v.done("/orientations/"+answer.JSON201.ID, "La demande est envoyée.")
	}
	p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity)
	if !ok {
		p, ok = lost(err, "unknown_session")
	}
	if !ok {
		return err
	}
	f.refused(p, []entry{{Member: "session_id", Input: "atelier", Label: "Atelier"}})
	return v.offer(f)
}

// lost is the problem of an error when something that was chosen is gone.
func lost(err error, code string) (*client.Problem, bool) {
	p, ok := problem(err, http.StatusNotFound)
	return p, ok && p.Code == code
}
