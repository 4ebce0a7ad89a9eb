package portal

import (
	"net/http"
	"slices"
	"strconv"

	"example.org/passerelle/api/client"
)

var attendanceRoutes = []Route{
	{Method: http.MethodGet, Path: "/ateliers/{id}/presences", page: attendanceOverview},
	{Method: http.MethodGet, Path: "/ateliers/{id}/presences/{seance}", page: attendanceForm},
	{Method: http.MethodPost, Path: "/ateliers/{id}/presences/{seance}", page: recordAttendance},
	{Method: http.MethodGet, Path: "/ateliers/{id}/emargement", page: signInSheet},
	{Method: http.MethodGet, Path: "/ateliers/{id}/emargement/pdf", File: true, page: signInPDF},
}

// attendanceOverview shows who was at which meeting.
func attendanceOverview(v *visit) error {
	page, err := v.sessionPeople(form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Présences", attendanceView(page))
}

// signInSheet is printed and signed at the meeting.
func signInSheet(v *visit) error {
	page, err := v.sessionPeople(form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Feuille d’émargement", signInSheetView(page, max(the(page.session.Own), blankLines)))
}

func signInPDF(v *visit) error {
	answer, err := v.api.GetSignInSheetWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	return v.givePDF("emargement.pdf", answer.Body)
}

// blankLines are for those who come without having been sent.
const blankLines = 4

// attending is the form of one meeting, everybody at once.
type attendingForm struct {
	sessionPeople

	meeting meetingLine
	people  []client.Participant
	rooms   []room // relays
}

// room is a relay of the session with the box where those who came are counted.
type room struct{ Place, Input, Label string }

func (v *visit) attendingForm(f form) (attendingForm, error) {
	people, err := v.sessionPeople(f)
	if err != nil {
		return attendingForm{}, err
	}
	n, err := strconv.Atoi(v.path("seance"))
	if err != nil || n < 1 || n > len(people.session.Meetings) {
		return attendingForm{}, &client.Problem{Status: http.StatusNotFound}
	}
	page := attendingForm{sessionPeople: people, meeting: people.meetings("")[n-1], people: people.attending()}
	for i, r := range people.session.Relays {
		page.rooms = append(page.rooms, room{r.PlaceID, "relais-" + r.PlaceID, relayName(i, r) + " (" + count(r.Seats, "place", "places") + ")"})
	}
	return page, nil
}

// counts: whoever follows from afar may be counted without a name.
func (p attendingForm) counts() bool {
	return p.session.Mode == "webinar" || p.session.Mode == "video" || p.session.Mode == "hybrid"
}

func attendanceForm(v *visit) error {
	page, err := v.attendingForm(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	for _, one := range page.people {
		page.values.Set("p-"+one.ReferralID, presenceAt(one, page.meeting.Number))
	}
	for _, a := range page.session.Attendance {
		if a.Meeting == page.meeting.Number {
			page.fill(a)
		}
	}
	return v.show(http.StatusOK, page.title(), attendanceFormView(page))
}

func (p attendingForm) title() string { return "Présences, séance " + strconv.Itoa(p.meeting.Number) }

func (p attendingForm) fill(a client.MeetingAttendance) {
	p.values.Set("votre-public", strconv.Itoa(a.OwnPresent))
	if a.Counted != nil {
		p.values.Set("domicile", strconv.Itoa(a.Counted.AtHome))
		for _, r := range a.Counted.Relays {
			p.values.Set("relais-"+r.PlaceID, strconv.Itoa(r.Present))
		}
	}
}

// recordAttendance sends the whole meeting; nobody is left out unseen.
func recordAttendance(v *visit) error {
	page, err := v.attendingForm(v.form())
	if err != nil {
		return err
	}
	body := page.body()
	if !page.wrong() {
		_, err = v.api.RecordAttendanceWithResponse(v.ctx, page.session.ID, body, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, attendanceEntries)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+page.title(), attendanceFormView(page))
	}
	return v.done("/ateliers/"+page.session.ID+"/presences", "Les présences de la séance "+strconv.Itoa(page.meeting.Number)+" sont notées.")
}

var attendanceEntries = []entry{
	{"own_present", "votre-public", "Votre public", map[string]string{"negative": "Votre public\u00a0: zéro ou plus"}},
	{"counted.at_home", "domicile", "À domicile", map[string]string{"negative": "À domicile\u00a0: zéro ou plus"}},
	{"counted.relays", "", "Relais", map[string]string{"negative": "Relais\u00a0: zéro ou plus"}},
	{"participants", "", "Participantes", map[string]string{"not_a_participant": "Une personne n’a plus de place dans cet atelier. Rechargez la page."}},
}

func (p *attendingForm) body() client.Attendance {
	body := client.Attendance{Meeting: p.meeting.Number, OwnPresent: p.whole("votre-public", "Votre public")}
	body.Participants = slices.Grow(body.Participants, len(p.people)+1)[:0] // a list also when it is empty
	for _, one := range p.people {
		said := p.value("p-" + one.ReferralID)
		if said == "" {
			p.refuse("p-"+one.ReferralID, who(one.Person)+"\u00a0: présente, excusée ou absente\u00a0?")
		}
		body.Participants = append(body.Participants, struct {
			ReferralID string `json:"referral_id"`
			Status     string `json:"status"`
		}{one.ReferralID, said})
	}
	body.Counted = p.counted()
	return body
}

// counted is nil where nothing was typed: then everybody is known by name.
func (p *attendingForm) counted() *client.CountedAttendance {
	home, c := p.whole("domicile", "À domicile"), client.CountedAttendance{Relays: []client.RelayAttendance{}}
	for _, r := range p.rooms {
		if n := p.whole(r.Input, r.Label); n != nil {
			c.Relays = append(c.Relays, client.RelayAttendance{PlaceID: r.Place, Present: *n})
		}
	}
	if home == nil && len(c.Relays) == 0 {
		return nil
	}
	c.AtHome = the(home)
	return &c
}
