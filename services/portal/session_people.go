package portal

import (
	"net/http"
	"slices"
	"strconv"

	"example.org/passerelle/api/client"
)

// sessionPeople is a session with the people whom its provider receives.
type sessionPeople struct {
	form

	words   words
	session client.Session
	card    sessionCard
	there   []client.Participant // with a seat, then those who wait
	left    []client.Participant // whose part has ended
}

// sessionPeople reads them for the provider of the session, and for nobody else.
func (v *visit) sessionPeople(f form) (page sessionPeople, err error) {
	page.form = f
	if page.words, err = v.words(); err != nil {
		return page, err
	}
	answer, err := v.api.GetSessionWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return page, err
	}
	page.session, page.card = *answer.JSON200, page.words.sessionCard(*answer.JSON200)
	if !v.user.runs(page.session) {
		return page, &client.Problem{Status: http.StatusForbidden}
	}
	if page.there, err = v.participantsOf(page.session.ID, false); err == nil {
		page.left, err = v.participantsOf(page.session.ID, true)
	}
	return page, err
}

func (v *visit) participantsOf(session string, left bool) (list []client.Participant, err error) {
	page := client.ListParticipantsParams{Limit: new(500), Left: &left}
	for {
		answer, err := v.api.ListParticipantsWithResponse(v.ctx, session, &page)
		if err != nil {
			return nil, err
		}
		list = append(list, answer.JSON200.Items...)
		if page.Cursor = answer.JSON200.Next; page.Cursor == nil {
			return list, nil
		}
	}
}

// seated are those with a seat.
func (p sessionPeople) seated() []client.Participant {
	return slices.DeleteFunc(slices.Clone(p.there), func(one client.Participant) bool { return one.Rank != nil })
}

// waiting are those on the list, in its order.
func (p sessionPeople) waiting() []client.Participant {
	return slices.DeleteFunc(slices.Clone(p.there), func(one client.Participant) bool { return one.Rank == nil })
}

// attending are those of whom something can be said at a meeting: who never came may come after all, and who has stayed
// away since was there before.
func (p sessionPeople) attending() []client.Participant {
	list := p.seated()
	for _, one := range p.left {
		if one.Status == "no_show" || len(one.Attendance) > 0 {
			list = append(list, one)
		}
	}
	return list
}

func (p sessionPeople) find(referral string) (client.Participant, bool) {
	for _, one := range slices.Concat(p.there, p.left) {
		if one.ReferralID == referral {
			return one, true
		}
	}
	return client.Participant{}, false
}

// begun: the session runs, or is over in its time.
func begun(s client.Session) bool { return s.Status == "running" || s.Status == "closed" }

func upcoming(s client.Session) bool { return s.Status == "open" || s.Status == "confirmed" }

// presenceAt is what was said of somebody at a meeting, empty for nothing.
func presenceAt(one client.Participant, meeting int) string {
	for _, p := range one.Attendance {
		if p.Meeting == meeting {
			return p.Status
		}
	}
	return ""
}

var presences = []choice{{Value: "present", Label: "Présente"}, {Value: "excused", Label: "Excusée"}, {Value: "absent", Label: "Absente"}}

// meetingLine is one meeting of a session, as pages of attendance show it.
type meetingLine struct {
	Number                  int
	Title, When, Said, Link string
	Cancelled               bool
}

func (p sessionPeople) meetings(at string) (list []meetingLine) {
	for i, m := range p.session.Meetings {
		n := i + 1
		list = append(list, meetingLine{
			Number: n, Title: "Séance " + strconv.Itoa(n), When: moment(m.StartsAt), Said: p.said(n), Link: at + strconv.Itoa(n), Cancelled: the(m.Cancelled),
		})
	}
	return list
}

// said counts what was recorded of a meeting.
func (p sessionPeople) said(meeting int) string {
	for _, a := range p.session.Attendance {
		if a.Meeting == meeting {
			return attendanceText(a)
		}
	}
	return "Présences à noter"
}

func attendanceText(a client.MeetingAttendance) string {
	text := count(a.Present, "présente", "présentes") + ", " + count(a.Excused, "excusée", "excusées") + ", " + count(a.Absent, "absente", "absentes")
	if a.OwnPresent > 0 {
		text += ", " + number(a.OwnPresent) + "\u00a0de votre public"
	}
	if a.Counted == nil {
		return text
	}
	inRooms := 0
	for _, r := range a.Counted.Relays {
		inRooms += r.Present
	}
	return text + ", " + number(a.Counted.AtHome) + "\u00a0à domicile et " + number(inRooms) + "\u00a0dans les relais, comptées sans nom"
}

// peopleLine is somebody in a table.
type peopleLine struct {
	Referral, Name  string
	State, Word     string
	Presences       []string
	Acts            []participantAct
	Result, Outcome string // where it is recorded, what is recorded
}

func (p sessionPeople) lines() (list []peopleLine) {
	for _, one := range slices.Concat(p.seated(), p.left) {
		line := peopleLine{Referral: one.ReferralID, Name: who(one.Person), State: one.Status, Word: p.words.referralStatus(one.Status), Acts: participantActsFor(p.session, one)}
		for i := range p.session.Meetings {
			line.Presences = append(line.Presences, presenceText(presenceAt(one, i+1)))
		}
		list = append(list, line)
	}
	return list
}

func presenceText(status string) string {
	if status == "" {
		return "—"
	}
	return labelOf(presences, status)
}
