package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

var workshopRoutes = []Route{
	{Method: http.MethodGet, Path: "/ateliers", page: workshopList},
	{Method: http.MethodGet, Path: "/ateliers/{id}", page: workshopPage},
}

// workshops is a page of sessions.
type workshops struct {
	Filters form
	Words   words
	Own     bool // the user has sessions of its own
	Lines   []sessionCard
	Total   string
	Path    string
	Next    *string
}

const workshopsOnPage = 100

// workshopList shows sessions, those that begin soonest first. A provider sees its own unless all are asked for.
func workshopList(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	p := client.ListSessionsParams{Status: f.text("etat"), Mode: f.text("mode"), Skills: f.skills(), Free: f.free(), Limit: new(workshopsOnPage), Cursor: f.text("suite")}
	if own := v.user.Provider; own != "" && f.value("de") == "" {
		p.ProviderID = &own
	}
	answer, err := v.api.ListSessionsWithResponse(v.ctx, &p)
	if err != nil {
		return err
	}
	list := workshops{Filters: f, Words: w, Own: v.user.plans(), Path: v.r.URL.RequestURI(), Next: answer.JSON200.Next}
	nearest(answer.JSON200.Items)
	for _, s := range answer.JSON200.Items {
		list.Lines = append(list.Lines, w.sessionCard(s))
	}
	list.Total = found(len(list.Lines), "atelier", "ateliers")
	return v.show(http.StatusOK, "Ateliers", workshopsPage(list))
}

// skills that are asked for; an empty answer asks for none.
func (f form) skills() []string {
	if one := f.value("competence"); one != "" {
		return []string{one}
	}
	return nil
}

// free is nil unless only sessions with a free seat are asked for.
func (f form) free() *bool {
	if f.value("libre") == "oui" {
		return new(true)
	}
	return nil
}

// participant has a seat, or waits for one.
type participant struct {
	Referral, Name, Desk    string
	Status, StateText, Rank string
	Since, Tablet           string
	Contact                 []fact
}

// attended is a session as its page shows it.
type attended struct {
	sessionCard

	Details      []fact
	Seats        []fact
	Relays       []relayLine
	Recording    string // where it can be watched afterwards
	ShowsPeople  bool
	Participants []participant
	More         bool // there are more than are shown
	Acts         []sessionAct
	Runs         bool // the user is its provider
}

// workshopPage shows one session, with its people for those who may know them.
func workshopPage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetSessionWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	view := w.attended(*answer.JSON200)
	view.Acts, view.Runs = sessionActsFor(*answer.JSON200, v.user), v.user.runs(*answer.JSON200)
	people, err := v.api.ListParticipantsWithResponse(v.ctx, view.ID, &client.ListParticipantsParams{Limit: new(mostOffers)})
	if _, hidden := problem(err, http.StatusForbidden, http.StatusNotFound); !hidden {
		if err != nil {
			return err
		}
		view.addPeople(w, *people.JSON200)
	}
	return v.show(http.StatusOK, view.Title, workshopDetails(view))
}

func (w words) attended(s client.Session) attended {
	c := w.sessionCard(s)
	return attended{
		sessionCard: c,
		Details: []fact{
			{"Où", c.Where}, {"Forme", c.Mode}, {"Prestataire", c.Provider}, {"Compétences", c.Skills}, {"Niveau", c.Level}, {"Public", c.Audience},
			{"Langues", c.Languages}, {"Prix", c.Cost}, {"Accès", c.Access}, {"Transport", c.Travel}, {"Matériel", c.Loans}, {"Demandes jusqu’au", c.Closes},
		},
		Seats:  []fact{{"Places", seatsInFull(s)}, {"Liste d’attente", waitingText(s.Waiting)}},
		Relays: relayLines(s), Recording: the(s.Recording),
	}
}

func (a *attended) addPeople(w words, page client.ParticipantPage) {
	kept, lacking := 0, 0
	for _, p := range page.Items {
		a.Participants = append(a.Participants, w.participant(p))
		switch {
		case p.Loan == nil:
		case p.Loan.Status == "lacking":
			lacking++
		default:
			kept++
		}
	}
	a.ShowsPeople, a.More = true, page.Next != nil
	a.Seats = append(a.Seats, fact{"Tablettes", tablets(kept, lacking)})
}

func (w words) participant(p client.Participant) participant {
	one := participant{
		Referral: p.ReferralID, Name: who(p.Person), Desk: w.deskLine(p.Desk), Status: p.Status, StateText: w.referralStatus(p.Status),
		Since: inFull(p.Since), Tablet: tabletText(p.LoanWanted, p.Loan), Contact: w.reached(p.Contact),
	}
	if p.Rank != nil {
		one.Rank = rank(*p.Rank)
	}
	return one
}

// tablets counts those that are set aside and those that are missing.
func tablets(kept, lacking int) string {
	if kept+lacking == 0 {
		return "Aucune demandée par les personnes inscrites"
	}
	text := count(kept, "réservée", "réservées")
	if lacking > 0 {
		text += ", " + count(lacking, "manque", "manquent")
	}
	return text
}
