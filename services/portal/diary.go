package portal

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	diaryTitle       = "Carnet de rendez-vous"
	diaryPath        = "/rendez-vous"
	appointmentTitle = "Rendez-vous"
)

// diary is a week of a coach.
type diary struct {
	From, To, Before, After string
	Days                    []diaryDay
	Waiting                 []grantLine // with no appointment ahead
}

type diaryDay struct {
	Title string
	Lines []diaryLine
}

type diaryLine struct {
	appointmentLine

	Name, Phone, Address, Left, Sheet string
}

func diaryPage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	params := &client.ListAppointmentsParams{}
	if day, err := time.Parse(time.DateOnly, f.value("semaine")); err == nil {
		from := day.Format(time.DateOnly)
		params.From = &from
	}
	answer, err := v.api.ListAppointmentsWithResponse(v.ctx, params)
	if err != nil {
		return err
	}
	d := *answer.JSON200
	page := diary{From: dayText(d.From), To: dayText(d.To), Before: weeksAfter(d.From, -1), After: weeksAfter(d.From, 1)}
	for _, l := range d.Items {
		page.add(w.diaryLine(l), inFull(l.Appointment.StartsAt))
	}
	running, err := v.api.ListEntitlementsWithResponse(v.ctx, &client.ListEntitlementsParams{Limit: new(500)})
	if err != nil {
		return err
	}
	for _, e := range running.JSON200.Items {
		if v.user.coaches(e) && e.Left > 0 && len(e.Appointments) == 0 {
			page.Waiting = append(page.Waiting, w.grantLine(e))
		}
	}
	return v.show(http.StatusOK, diaryTitle, diaryView(page))
}

// add puts a line under its day; they come in order.
func (d *diary) add(l diaryLine, day string) {
	if n := len(d.Days); n == 0 || d.Days[n-1].Title != day {
		d.Days = append(d.Days, diaryDay{Title: day})
	}
	last := &d.Days[len(d.Days)-1]
	last.Lines = append(last.Lines, l)
}

func (w words) diaryLine(l client.DiaryLine) diaryLine {
	line := diaryLine{appointmentLine: w.appointmentLine(l.EntitlementID, l.Appointment), Name: accompaniedName(l.Person), Left: hoursText(l.Left), Sheet: grantsPath + "/" + l.EntitlementID}
	line.When = hour(l.Appointment.StartsAt)
	if p := l.Person; p != nil {
		line.Phone = phoneText(the(p.Phone))
		if a := p.Address; a != nil {
			line.Address = join(the(a.Street), the(a.Postcode))
		}
	}
	return line
}

func weeksAfter(day string, n int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return at.AddDate(0, 0, 7*n).Format(time.DateOnly)
}

// meeting is one appointment, to say how it went.
type meeting struct {
	form

	Line          appointmentLine
	Name, Back    string
	Facts         []fact
	Planned, Past bool
	Skills        []choice
}

func appointmentPage(v *visit) error { return v.meeting(form{}) }

func (v *visit) meeting(f form) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetEntitlementWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	e := *answer.JSON200
	for _, a := range e.Appointments {
		if strconv.Itoa(a.Number) == v.path("n") && v.user.coaches(e) {
			return v.showMeeting(w, f, e, a)
		}
	}
	return &client.Problem{Status: http.StatusNotFound}
}

func (v *visit) showMeeting(w words, f form, e client.Entitlement, a client.Appointment) error {
	page := meeting{form: f, Line: w.appointmentLine(e.ID, a), Name: accompaniedName(e.Person), Back: grantsPath + "/" + e.ID, Planned: a.Status == "planned"}
	page.Facts = []fact{{"Durée", page.Line.Long}, {"Lieu", page.Line.Where}}
	for _, one := range w.grantFacts(e) {
		if slices.Contains([]string{"Téléphone", addressFact, "Accompagnement", "Il reste"}, one.Name) {
			page.Facts = append(page.Facts, one)
		}
	}
	page.Past = reference.Day(a.StartsAt) <= reference.Day(v.Now())
	for _, c := range w.lists["skills"] {
		page.Skills = append(page.Skills, choice{Value: c.Code, Label: c.Label})
	}
	if page.values == nil { // as it was planned
		at := a.StartsAt.In(reference.Paris)
		page.values = map[string][]string{
			"duree": {strconv.Itoa(a.Minutes)}, "passees": {strconv.Itoa(a.Minutes)}, "lieu": {a.Place}, "heure": {strconv.Itoa(at.Hour()) + " h " + two(at.Minute())},
			"quand-jour": {strconv.Itoa(at.Day())}, "quand-mois": {strconv.Itoa(int(at.Month()))}, "quand-annee": {strconv.Itoa(at.Year())},
		}
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+appointmentTitle, meetingView(page))
	}
	return v.show(http.StatusOK, appointmentTitle, meetingView(page))
}

// meetingActs say how an appointment went, or move it.
var meetingActs = map[string]struct {
	said string
	do   func(v *visit, f *form, id string, n int) error
}{
	"fait": {"Le temps est compté.", func(v *visit, f *form, id string, n int) error {
		minutes := f.minutes("passees", "Minutes passées")
		if f.wrong() {
			return nil
		}
		_, err := v.api.KeepAppointmentWithResponse(v.ctx, id, n, client.KeptAppointment{Minutes: minutes, Skills: f.list("competences")}, v.key())
		return err
	}},
	"manque": {"Le rendez-vous est noté comme manqué. Il ne coûte pas de temps.", func(v *visit, f *form, id string, n int) error {
		_, err := v.api.MissAppointmentWithResponse(v.ctx, id, n, client.MissedAppointment{Reason: f.value("motif")}, v.key())
		return err
	}},
	"deplacement": {"Le rendez-vous est déplacé.", func(v *visit, f *form, id string, n int) error {
		body := f.appointment()
		if f.wrong() {
			return nil
		}
		_, err := v.api.MoveAppointmentWithResponse(v.ctx, id, n, body, v.key())
		return err
	}},
}

func appointmentAct(v *visit) error {
	act, known := meetingActs[v.path("acte")]
	n, wrong := strconv.Atoi(v.path("n"))
	if !known || wrong != nil {
		return &client.Problem{Status: http.StatusNotFound}
	}
	f, id := v.form(), v.path("id")
	err := act.do(v, &f, id, n)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, grantEntries(f))
		err = nil
	}
	switch {
	case err != nil:
		return err
	case f.wrong():
		return v.meeting(f)
	}
	return v.done(grantsPath+"/"+id, act.said)
}
