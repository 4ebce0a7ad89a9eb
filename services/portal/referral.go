package portal

import (
	"net/http"
	"slices"
	"time"

	"example.org/passerelle/api/client"
)

var referralRoutes = []Route{
	{Method: http.MethodGet, Path: "/orientations", page: referralList},
	{Method: http.MethodGet, Path: "/orientations/{id}", page: referralPage},
	{Method: http.MethodGet, Path: "/orientations/{id}/retirer", page: withdrawPage},
	{Method: http.MethodPost, Path: "/orientations/{id}/retirer", page: withdraw},
}

// following is a referral as its page shows it.
type following struct {
	ID, Name, Title   string
	Flag              string // its identifier, for those who may read it
	Status, StateText string
	Answer            string // one sentence for the person
	Next              string
	Message           string // of a decline
	Pending           bool   // the session has not spoken yet
	Details           []fact
	Session           string
	With              string // the referral of who comes along
	Journey           []step
	Waited            string // for how long
	History           []told
	Withdraw, Again   bool
	Link              bool // the provider may be handed one
	PlaceLink         bool // the place may be sent one
	Letter            bool // the person may be written to
	Waits             bool // why it waits can be told
	Call              *call
}

// referralPage shows what the session said. The page's own script asks again while it has said nothing.
func referralPage(v *visit) error {
	view, err := v.following()
	if err != nil {
		return err
	}
	if v.byScript() {
		return v.fragment(followed(view, true))
	}
	return v.show(http.StatusOK, "Orientation", followPage(view))
}

func (v *visit) following() (following, error) {
	w, err := v.words()
	if err != nil {
		return following{}, err
	}
	r, err := v.referral(v.byScript())
	if err != nil {
		return following{}, err
	}
	s, err := v.sessionOf(r)
	if err != nil {
		return following{}, err
	}
	view := w.following(r, s, v.user, v.Now())
	view.Call, err = v.callAbout(r, w)
	return view, err
}

// callAbout is what the desk has to say about a referral now: a seat is offered, or the session does not take place.
func (v *visit) callAbout(r client.Referral, w words) (*call, error) {
	if r.Status != "offered" && r.Status != "cancelled" || !v.user.refers() || !slices.Contains(v.user.Desks, r.Desk) {
		return nil, nil
	}
	answer, err := v.api.GetTodayWithResponse(v.ctx, r.Desk)
	if err != nil {
		return nil, err
	}
	for _, line := range answer.JSON200.Items {
		if line.Kind == callKinds[r.Status] && the(line.ReferralID) == r.ID {
			return w.callOf(line, "orientation"), nil
		}
	}
	return nil, nil
}

var callKinds = map[string]string{"offered": "seat_offer", "cancelled": "session_cancelled"}

// referral reads the one of the address; patiently: it waits until the session has spoken.
func (v *visit) referral(patiently bool) (client.Referral, error) {
	p := client.GetReferralParams{}
	if patiently {
		wait := "answered"
		p.Wait = &wait
	}
	answer, err := v.api.GetReferralWithResponse(v.ctx, v.path("id"), &p)
	if err != nil {
		return client.Referral{}, err
	}
	return *answer.JSON200, nil
}

// sessionOf is nil for a referral without a session, and where the session is not for this user.
func (v *visit) sessionOf(r client.Referral) (*client.Session, error) {
	if r.SessionID == nil {
		return nil, nil
	}
	answer, err := v.api.GetSessionWithResponse(v.ctx, *r.SessionID)
	if _, hidden := problem(err, http.StatusForbidden, http.StatusNotFound); hidden {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return answer.JSON200, nil
}

func (w words) following(r client.Referral, s *client.Session, u user, now time.Time) following {
	var starts *time.Time
	if s != nil && len(s.Meetings) > 0 {
		starts = &s.Meetings[0].StartsAt
	}
	view := following{
		ID: r.ID, Name: who(r.Person), Title: the(r.SessionTitle), Status: r.Status, StateText: w.referralStatus(r.Status),
		Answer: w.seatAnswer(r, starts, now), Next: w.whatNext(r), Message: the(r.Message), Pending: r.Status == "requested" && r.Seat == "pending",
		Session: the(r.SessionID), With: the(r.TogetherWith), Details: w.referralDetails(r, s), Journey: w.journey(r.Journey), Waited: waitedText(r.WaitedDays), History: w.referralHistory(r.History),
		Withdraw: u.refers() && mayWithdraw(r.Status), Again: u.refers() && seatless(r.Status),
		Link:      u.refers() && r.SessionID != nil && (r.Status == "requested" || r.Status == "in_study"),
		PlaceLink: u.refers() && r.PlaceID != nil && r.Status == "advised",
		Letter:    u.refers() && mayWrite(r.Status),
		Waits:     u.refers() && slices.Contains([]string{"waitlisted", "offered", "unserved"}, r.Status),
	}
	if u.flags() {
		view.Flag = r.FlagID
	}
	return view
}

// mayWithdraw: a seat that is taken is the provider's to give back.
func mayWithdraw(status string) bool {
	return openReferral(status) && status != "enrolled" && status != "in_progress"
}

// seatless tells whether another session is to be looked for.
func seatless(status string) bool {
	return slices.Contains([]string{"declined", "expired", "unserved", "cancelled", "withdrawn"}, status)
}

func (w words) referralDetails(r client.Referral, s *client.Session) []fact {
	list := []fact{{"Atelier", the(r.SessionTitle)}, {"Prestataire", w.provider(r.ProviderID)}}
	if s != nil {
		c := w.sessionCard(*s)
		list = append(list, fact{"Quand", c.When}, fact{"Où", c.Where}, fact{"Places", c.Seats})
	}
	if r.Relay != nil {
		list = append(list, fact{"Suit l’atelier depuis", joined(relayOf(*r.Relay), communeName(the(r.Relay.Insee)))})
	}
	list = append(list, fact{"Demande envoyée", moment(r.OpenedAt)})
	if r.Status == "requested" && r.AnswerBy != nil {
		list = append(list, fact{"Réponse avant", moment(*r.AnswerBy)})
	}
	if r.Rank != nil {
		list = append(list, fact{"Liste d’attente", rank(*r.Rank)})
	}
	return append(list, fact{"Tablette", tabletText(r.LoanWanted, r.Loan)})
}

// again is when the page asks once more: at once, then each second.
func again(byScript bool) string {
	if byScript {
		return "load delay:1s"
	}
	return "load"
}
