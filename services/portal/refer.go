package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/pkg/paris"
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
	PersonID string
	Person   []fact
	Along    along
	Blocked  string // why nobody can be sent from here now; empty: somebody can
	Filters  form
	Places   []choice
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

	Relays []choice // from where it may be followed; none: as it is held
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
	o := offers{Flag: flag.ID, PersonID: the(flag.PersonID), Person: w.inNeed(flag), Name: nameOf(flag), Blocked: blocked(flag), Filters: form{values: v.r.URL.Query()}, Query: v.r.URL.RawQuery, Words: w}
	if o.Blocked != "" {
		return o, nil
	}
	if o.Along, err = v.along(o.Filters, flag); err != nil {
		return o, err
	}
	list, err := v.openSessions(o.Filters, flag)
	if err != nil {
		return o, err
	}
	for _, s := range list[:min(len(list), mostShown)] {
		o.Sessions = append(o.Sessions, w.offer(s, flag))
	}
	o.Sessions = slices.Concat(those(o.Sessions, false), those(o.Sessions, true))
	o.Places, o.Total = places(flag), found(len(list), "atelier ouvert", "ateliers ouverts")
	if len(list) > mostShown {
		o.Total += ". Les " + number(mostShown) + " premiers sont montrés\u00a0: précisez votre recherche pour voir les autres"
	}
	return o, nil
}

// Most sessions that are read, and shown; who needs others narrows the filters.
const (
	mostOffers = 500
	mostShown  = 50
)

// openSessions are those that take requests, the nearest first as far as that is known, then the soonest.
func (v *visit) openSessions(f form, flag client.Flag) ([]client.Session, error) {
	today := paris.Day(v.Now())
	p := client.ListSessionsParams{From: &today, Limit: new(mostOffers), Mode: f.text("mode"), Skills: f.skills(), Free: f.free()}
	where(&p, f.value("ou"), flag)
	answer, err := v.api.ListSessionsWithResponse(v.ctx, &p)
	if err != nil {
		return nil, err
	}
	now := v.Now()
	list := slices.DeleteFunc(answer.JSON200.Items, func(s client.Session) bool { return !takesRequests(s, now) })
	nearest(list)
	return list, nil
}

const everywhere = "partout"

// where asks for the person's department, or around their commune. Everywhere has no distance: what is held at a
// distance has no place.
func where(p *client.ListSessionsParams, choice string, flag client.Flag) {
	if choice == everywhere {
		return
	}
	km, around := strconv.Atoi(choice)
	if around != nil && flag.Department != "" {
		p.Department = &flag.Department
	}
	if insee := inseeOf(flag); insee != "" {
		p.Insee, p.WithinKm = &insee, new(farthest)
		if around == nil {
			p.WithinKm = new(min(max(km, 0), farthest))
		}
	}
}

const farthest = 1000

// inseeOf is the commune of the person, empty where it is not known.
func inseeOf(flag client.Flag) string {
	if flag.Person == nil || flag.Person.Address == nil || communeName(the(flag.Person.Address.Insee)) == "" {
		return ""
	}
	return the(flag.Person.Address.Insee)
}

// places are what may be asked for.
func places(flag client.Flag) []choice {
	list := []choice{{Label: "Département de la personne"}}
	if inseeOf(flag) != "" {
		list = append(list, choice{Value: "10", Label: "À moins de 10\u00a0km"}, choice{Value: "30", Label: "À moins de 30\u00a0km"})
	}
	return append(list, choice{Value: everywhere, Label: "Partout, et à distance"})
}

// those are the sessions that were asked already, or not yet: the first of the page can be chosen.
func those(list []offer, asked bool) []offer {
	return slices.DeleteFunc(slices.Clone(list), func(o offer) bool { return o.Asked != asked })
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
	return strings.TrimSpace(the(a.Postcode) + " " + communeName(the(a.Insee)))
}

// offer is a session, seen for one person.
func (w words) offer(s client.Session, flag client.Flag) offer {
	o := offer{sessionCard: w.sessionCard(s)}
	o.Asked = slices.ContainsFunc(flag.Referrals, func(r client.ReferralLine) bool { return the(r.SessionID) == s.ID && openReferral(r.Status) })
	o.Relays = relayChoices(s)
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

// refer asks for a seat, or gives the address of a place.
func refer(v *visit) error {
	f := v.form()
	asked, sentence := client.NewReferral{FlagID: v.path("id"), SessionID: f.text("atelier"), PlaceID: f.text("lieu")}, "La demande est envoyée."
	switch {
	case asked.SessionID == nil && asked.PlaceID == nil:
		f.refuse("atelier", "Choisissez un atelier")
		return v.offer(f)
	case asked.SessionID == nil:
		sentence = "L’adresse est notée. Appelez la personne dans deux semaines pour savoir ce qu’il en est."
	}
	if asked.SessionID != nil {
		asked.RelayID = f.text(relayInput(*asked.SessionID))
	}
	f.withSomebody(&asked)
	answer, err := v.api.CreateReferralWithResponse(v.ctx, asked, v.key())
	if err == nil {
		return v.done("/orientations/"+answer.JSON201.ID, sentence)
	}
	p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity)
	if !ok {
		p, ok = lost(err, "unknown_session", "unknown_place")
	}
	if !ok {
		return err
	}
	f.refused(p, []entry{{Member: "session_id", Input: "atelier", Label: "Atelier"}, {Member: "together_with", Input: "avec", Label: "Qui vient aussi", Words: alongWords},
		{Member: "relay_id", Input: "atelier", Label: "D’où suivre l’atelier", Words: relayWords}})
	return v.offer(f)
}

// lost is the problem of an error when something that was chosen is gone.
func lost(err error, codes ...string) (*client.Problem, bool) {
	p, ok := problem(err, http.StatusNotFound)
	return p, ok && slices.Contains(codes, p.Code)
}
