package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

var requestRoutes = []Route{
	{Method: http.MethodGet, Path: "/demandes", page: inbox},
	{Method: http.MethodPost, Path: "/demandes/{atelier}/{orientation}/accepter", page: accept},
	{Method: http.MethodGet, Path: "/demandes/{atelier}/{orientation}/refuser", page: declinePage},
	{Method: http.MethodPost, Path: "/demandes/{atelier}/{orientation}/refuser", page: decline},
}

// request is one that waits for the provider's answer.
type request struct {
	Referral, Session string
	Name, Title       string
	Details           []fact
	Accept            form // with a key of its own
}

// requests is what waits for one provider.
type requests struct {
	Provider string // chosen by a partnership officer; empty: the user's own
	Filters  form
	Choices  []choice
	Lines    []request
	Total    string
	Path     string
	Next     *string
}

// keyAnswered is the referral that was answered just now. Its sentence has a name in it, and nothing about a
// person is kept in a session, so the next page finds the words itself.
const keyAnswered = "answered"

// inbox shows the requests of a provider, the one to answer first before the others.
func inbox(v *visit) error {
	list, err := v.requests(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	if err := v.tellAnswer(); err != nil {
		return err
	}
	return v.show(http.StatusOK, "Demandes", inboxPage(form{}, list))
}

// requests reads what waits. Without a provider there is only the choice of one.
func (v *visit) requests(f form) (requests, error) {
	list := requests{Filters: f, Path: v.r.URL.RequestURI()}
	if !v.user.answers() {
		return list, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return list, err
	}
	provider := v.user.Provider
	if provider == "" {
		if list.Choices, err = v.providersOf(v.user.Fund); err != nil {
			return list, err
		}
		list.Provider = f.value("prestataire")
		provider = list.Provider
	}
	if provider == "" {
		return list, nil
	}
	answer, err := v.api.GetInboxWithResponse(v.ctx, provider, &client.GetInboxParams{Cursor: f.text("suite")})
	if err != nil {
		return list, err
	}
	sessions, err := v.sessionsOf(provider)
	if err != nil {
		return list, err
	}
	list.Next, list.Total = answer.JSON200.Next, waitingForAnswer(len(answer.JSON200.Items), answer.JSON200.Next != nil)
	for _, line := range answer.JSON200.Items {
		one := w.request(line, sessions[line.SessionID])
		one.Details = append(one.Details, comesWith(line, answer.JSON200.Items)...)
		list.Lines = append(list.Lines, one)
	}
	return list, nil
}

// sessionsOf are a provider's sessions by identifier.
func (v *visit) sessionsOf(provider string) (map[string]*client.Session, error) {
	answer, err := v.api.ListSessionsWithResponse(v.ctx, &client.ListSessionsParams{ProviderID: &provider, Limit: new(mostOffers)})
	if err != nil {
		return nil, err
	}
	found := map[string]*client.Session{}
	for i, s := range answer.JSON200.Items {
		found[s.ID] = &answer.JSON200.Items[i]
	}
	return found, nil
}

func waitingForAnswer(n int, more bool) string {
	switch {
	case n == 0:
		return "Aucune demande n’attend votre réponse."
	case more:
		return "Plus de " + count(n, "demande attend votre réponse.", "demandes attendent votre réponse.")
	}
	return count(n, "demande attend votre réponse.", "demandes attendent votre réponse.")
}

func (w words) request(line client.InboxLine, s *client.Session) request {
	r := request{Referral: line.ReferralID, Session: line.SessionID, Name: who(line.Person), Title: line.SessionTitle}
	add := func(name, text string) { r.Details = append(r.Details, fact{name, text}) }
	add("Répondre avant", moment(line.AnswerBy))
	add("Atelier", line.SessionTitle)
	if s != nil {
		add("Quand", w.sessionCard(*s).When)
		add("Places", seatsInFull(*s))
	}
	r.Details = append(r.Details, w.reached(line.Contact)...)
	add("Si vous acceptez", ifAccepted(line))
	add("Suivie par", w.deskLine(line.Desk))
	add("Demandé le", moment(line.AskedAt))
	add("Tablette", tabletWanted(line.LoanWanted))
	return r
}

// comesWith is who comes along, where they wait for an answer too.
func comesWith(line client.InboxLine, all []client.InboxLine) []fact {
	for _, other := range all {
		switch {
		case line.TogetherWith == nil || other.ReferralID != *line.TogetherWith:
		case other.Seat == line.Seat && other.Status == line.Status:
			return []fact{{"Vient avec", who(other.Person) + "\u00a0: accepter vaut pour les deux"}}
		default:
			return []fact{{"Vient avec", who(other.Person) + "\u00a0: chaque réponse compte seule"}}
		}
	}
	return nil
}

// ifAccepted is what a yes would give.
func ifAccepted(line client.InboxLine) string {
	switch {
	case line.Seat == "held" && line.HeldUntil != nil:
		return "La place gardée jusqu’au " + moment(*line.HeldUntil) + " est attribuée"
	case line.Seat == "held":
		return "La place gardée est attribuée"
	case line.WouldBeRank != nil:
		return "La personne attend une place, au " + rank(*line.WouldBeRank)
	}
	return "La personne attend une place"
}

func tabletWanted(wanted bool) string {
	if wanted {
		return "Un prêt est souhaité"
	}
	return "Non demandée"
}

// providersOf are those that a partnership officer answers for; the REST surface knows which.
func (v *visit) providersOf(fund string) ([]choice, error) {
	list := []choice{{Label: "Choisissez"}}
	page := &client.ListProvidersParams{Limit: new(mostOffers)}
	for {
		answer, err := v.api.ListProvidersWithResponse(v.ctx, page)
		if err != nil {
			return nil, err
		}
		for _, p := range answer.JSON200.Items {
			if p.Fund == fund {
				list = append(list, choice{Value: p.ID, Label: p.Name})
			}
		}
		if page.Cursor = answer.JSON200.Next; page.Cursor == nil {
			return list, nil
		}
	}
}

// accept is the provider's yes.
func accept(v *visit) error {
	session, referral := v.path("atelier"), v.path("orientation")
	_, err := v.api.AcceptRequestWithResponse(v.ctx, session, referral, v.key())
	p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity)
	if !ok {
		p, ok = lost(err, "not_asked")
	}
	if ok {
		return v.notAnswered(p)
	}
	if err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyAnswered, referral)
	v.redirect(v.inboxPath())
	return nil
}

// notAnswered shows what waits now, and why the answer came too late.
func (v *visit) notAnswered(p *client.Problem) error {
	f := v.form()
	f.refused(p, nil)
	list, err := v.requests(f)
	if err != nil {
		return err
	}
	list.Path = v.inboxPath()
	return v.show(http.StatusConflict, "Erreur\u00a0: Demandes", inboxPage(f, list))
}

// inboxPath is the list that the form came from.
func (v *visit) inboxPath() string { return inboxOf(v.form().value("prestataire")) }

func inboxOf(provider string) string {
	if provider == "" {
		return "/demandes"
	}
	return nextTo("/demandes", "prestataire", provider)
}

// tellAnswer puts the sentence about the last answer where the page shows it; it is taken out before the session is kept.
func (v *visit) tellAnswer() error {
	id := v.sessions.PopString(v.ctx, keyAnswered)
	if id == "" {
		return nil
	}
	wait := "answered"
	answer, err := v.api.GetReferralWithResponse(v.ctx, id, &client.GetReferralParams{Wait: &wait})
	if _, gone := problem(err, http.StatusForbidden, http.StatusNotFound); gone {
		return nil
	}
	if err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyFlash, answered(*answer.JSON200))
	return nil
}

// answered says what came of the provider's answer.
func answered(r client.Referral) string {
	name := who(r.Person)
	switch r.Status {
	case "enrolled":
		return "Place attribuée à " + name + "."
	case "waitlisted":
		return name + " est " + placeOnList(r.Rank) + "."
	case "declined":
		return "La demande est refusée\u00a0: " + name + ". L’équipe qui suit la personne est prévenue."
	}
	return "Votre réponse pour " + name + " est enregistrée."
}
