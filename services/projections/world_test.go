package projections

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// noon is when most things happen here: a Monday in winter.
var noon = time.Date(2021, 11, 15, 12, 0, 0, 0, time.UTC)

// world collects what the four services tell, each in its order.
type world struct {
	told  map[string][]events.Fact
	all   []events.Fact // in the order in which it was told
	now   time.Time
	ranks map[string]int // how many joined each waiting list
}

func newWorld() *world { return &world{told: map[string][]events.Fact{}, now: noon} }

func (w *world) tell(facts ...events.Fact) {
	for _, f := range facts {
		service := events.Service(events.Name(f))
		w.told[service] = append(w.told[service], f)
	}
	w.all = append(w.all, facts...)
	w.now = w.now.Add(time.Minute)
}

// subjects are the keys of sealed details; in most tests nobody opens them.
func shut[T any](subject string) events.Sealed[T] {
	return events.Shut[T](subject, []byte("box of "+subject))
}

func (w *world) flagged(id, person, desk, author string) events.SeniorFlagged {
	at, _ := sample.Directory().Desk(desk)
	return events.SeniorFlagged{
		FlagID: id, Reference: "R-" + id, PersonID: person, Fund: at.Fund, Programme: "reperage-lr", Desk: desk, Department: "34",
		Channel: "agency", FindingDate: "2021-11-15", Status: "submitted", Help: "to_refer", LoanWanted: true, MayRefer: true,
		By: author, At: w.now, Details: shut[events.Sheet](person),
	}
}

func (w *world) registered(person string) events.PersonRegistered {
	return events.PersonRegistered{PersonID: person, Fund: "carsat-lr", At: w.now, Details: shut[events.Person](person)}
}

func (w *world) planned(id, provider string, capacity int) events.SessionPlanned {
	first := noon.AddDate(0, 0, 21)
	return events.SessionPlanned{
		SessionID: id, ProviderID: provider, Title: "Premiers pas " + id, Mode: "in_person", Skills: []string{"internet", "email"},
		Insee: "34172", Place: "Salle Exemple", Capacity: capacity, Minimum: 1, Languages: []string{"fr"}, Accessible: true, LendsEquipment: true,
		Meetings:  []events.Meeting{{StartsAt: first, EndsAt: first.Add(2 * time.Hour)}, {StartsAt: first.AddDate(0, 0, 7), EndsAt: first.AddDate(0, 0, 7).Add(2 * time.Hour)}},
		Transport: "none", Level: "beginner", RegistrationClosesAt: first.AddDate(0, 0, -4), Booking: "on_request", Status: "open",
		By: provider, At: w.now,
	}
}

func (w *world) provider(id, fund, department string) events.ProviderRegistered {
	return events.ProviderRegistered{
		ProviderID: id, Name: "Atelier Exemple " + id, Fund: fund, Department: department, Insee: department + "172", By: "partnership-lr", At: w.now,
	}
}

func (w *world) opened(f events.SeniorFlagged, referral, session, provider string) events.ReferralOpened {
	return events.ReferralOpened{
		ReferralID: referral, FlagID: f.FlagID, PersonID: f.PersonID, SessionID: session, ProviderID: provider, Fund: f.Fund,
		Programme: f.Programme, Desk: f.Desk, Department: f.Department, LoanWanted: f.LoanWanted, Slot: 1, By: f.By, At: w.now,
	}
}

func (w *world) requested(o events.ReferralOpened) events.SeatRequested {
	return events.SeatRequested{
		SessionID: o.SessionID, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, LoanWanted: o.LoanWanted,
		AnswerBy: w.now.AddDate(0, 0, 10), At: w.now,
	}
}

func (w *world) held(o events.ReferralOpened) events.SeatHeld {
	return events.SeatHeld{SessionID: o.SessionID, ReferralID: o.ReferralID, Until: w.now.AddDate(0, 0, 10), At: w.now}
}

func (w *world) queued(o events.ReferralOpened) events.RequestQueued {
	return events.RequestQueued{SessionID: o.SessionID, ReferralID: o.ReferralID, WouldBeRank: 1, At: w.now}
}

func (w *world) taken(o events.ReferralOpened) events.SeatTaken {
	return events.SeatTaken{
		SessionID: o.SessionID, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, ProviderID: o.ProviderID,
		LoanWanted: o.LoanWanted, From: "2021-12-06", To: "2021-12-13", By: o.ProviderID, At: w.now,
	}
}

// rank is that of the next one on a waiting list.
func (w *world) rank(session string) int {
	if w.ranks == nil {
		w.ranks = map[string]int{}
	}
	w.ranks[session]++
	return w.ranks[session]
}

func (w *world) ranked(o events.ReferralOpened) events.WaitingListJoined {
	return events.WaitingListJoined{SessionID: o.SessionID, ReferralID: o.ReferralID, Rank: w.rank(o.SessionID), By: o.ProviderID, At: w.now}
}

func (w *world) declined(o events.ReferralOpened) events.RequestDeclined {
	return events.RequestDeclined{
		SessionID: o.SessionID, ReferralID: o.ReferralID, Reason: "dates", By: o.ProviderID, At: w.now, Message: shut[events.Message](o.PersonID),
	}
}

func (w *world) kept(o events.ReferralOpened, item string) events.TabletKept {
	return events.TabletKept{
		Pool: o.ProviderID, ItemID: item, LoanID: "loan-" + o.ReferralID, SessionID: o.SessionID, ReferralID: o.ReferralID,
		PersonID: o.PersonID, From: "2021-12-06", To: "2021-12-13", At: w.now,
	}
}

func (w *world) lacking(o events.ReferralOpened) events.TabletLacking {
	return events.TabletLacking{
		Pool: o.ProviderID, LoanID: "loan-" + o.ReferralID, SessionID: o.SessionID, ReferralID: o.ReferralID, PersonID: o.PersonID,
		From: "2021-12-06", To: "2021-12-13", At: w.now,
	}
}

// aHistory draws what may happen to a few people on two sessions, crossings of withdrawals and answers among it.
func aHistory(t *rapid.T) *world {
	w := newWorld()
	registered := w.provider("provider-1", "carsat-lr", "34")
	registered.Contact = shut[events.ProviderContact]("key-1")
	w.tell(registered)
	w.tell(w.planned("session-1", "provider-a", 2))
	w.tell(w.planned("session-2", "provider-1", 1))
	w.tell(events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "T1", By: "provider-a", At: w.now})
	var ids []string
	sent := map[string]events.ReferralOpened{}
	for n := range rapid.IntRange(1, 5).Draw(t, "people") {
		id := fmt.Sprint(n)
		ids = append(ids, id)
		f := w.flagged("flag-"+id, "person-"+id, "montpellier", "advisor-34")
		w.tell(w.registered(f.PersonID), f)
		if rapid.Bool().Draw(t, "validated") {
			w.tell(events.FlagValidated{FlagID: f.FlagID, By: "referent-34", At: w.now})
		}
		session := rapid.SampledFrom([]string{"session-1", "session-2"}).Draw(t, "session")
		o := w.opened(f, "referral-"+id, session, map[string]string{"session-1": "provider-a", "session-2": "provider-1"}[session])
		w.tell(o)
		sent[id] = o
		w.tell(events.HelpReferred{FlagID: f.FlagID, ReferralID: o.ReferralID, At: w.now})
		w.answer(t, o)
		w.speak(t, o)
		w.leave(t, f.PersonID)
	}
	w.persons(t, ids, sent)
	return w
}

// speak draws whether somebody was rung, or written to.
func (w *world) speak(t *rapid.T, o events.ReferralOpened) {
	if rapid.Bool().Draw(t, "rung") {
		w.tell(events.ContactNoted{
			ContactID: "contact-" + o.ReferralID, PersonID: o.PersonID, Desk: o.Desk, Direction: "out", Channel: "phone", Outcome: "reached", AboutID: o.ReferralID,
			By: "advisor-34", At: w.now, Details: shut[events.Note](o.PersonID),
		})
	}
	if rapid.Bool().Draw(t, "written to") {
		w.tell(events.LetterSent{LetterID: o.ReferralID + ".1", ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, By: "advisor-34", At: w.now})
	}
}

// leave draws whether somebody is erased, or nearly.
func (w *world) leave(t *rapid.T, person string) {
	requested := events.ErasureRequested{PersonID: person, Reason: "request", By: "advisor-34", At: w.now}
	switch rapid.IntRange(0, 3).Draw(t, "leaves") {
	case 0:
		w.tell(requested, events.PersonErased{PersonID: person, Reason: "request", At: w.now})
	case 1:
		w.tell(requested, events.ErasureUndone{PersonID: person, By: "privacy-lr", At: w.now})
	case 2:
		w.tell(requested)
	}
}

func (w *world) lent(o events.ReferralOpened, item string) events.TabletHandedOver {
	return events.TabletHandedOver{Pool: o.ProviderID, LoanID: "loan-" + o.ReferralID, ItemID: item, ReferralID: o.ReferralID, PersonID: o.PersonID, By: o.ProviderID, At: w.now}
}

func (w *world) returned(o events.ReferralOpened, item string) events.TabletReturned {
	return events.TabletReturned{Pool: o.ProviderID, LoanID: "loan-" + o.ReferralID, ItemID: item, ReferralID: o.ReferralID, PersonID: o.PersonID, By: o.ProviderID, At: w.now}
}

func (w *world) released(o events.ReferralOpened, item string) events.TabletReleased {
	return events.TabletReleased{Pool: o.ProviderID, LoanID: "loan-" + o.ReferralID, ItemID: item, ReferralID: o.ReferralID, PersonID: o.PersonID, At: w.now}
}

func (w *world) answer(t *rapid.T, o events.ReferralOpened) {
	withdrawn := events.ReferralWithdrawn{ReferralID: o.ReferralID, FlagID: o.FlagID, SessionID: o.SessionID, Reason: "date", By: "advisor-34", At: w.now}
	released := events.RequestWithdrawn{SessionID: o.SessionID, ReferralID: o.ReferralID, At: w.now}
	switch rapid.IntRange(0, 7).Draw(t, "fate") {
	case 0: // nobody has answered yet
		w.tell(w.requested(o), w.held(o))
	case 1:
		w.tell(w.requested(o), w.held(o))
		w.tell(w.taken(o))
		w.tell(events.ReferralAnswered{ReferralID: o.ReferralID, FlagID: o.FlagID, Answer: "enrolled", At: w.now})
		w.tell(w.lacking(o))
		w.tell(w.kept(o, "item-1"))
		switch rapid.IntRange(0, 3).Draw(t, "tablet") {
		case 1:
			w.tell(w.lent(o, "item-1"))
		case 2:
			w.tell(w.lent(o, "item-1"), w.returned(o, "item-1"))
		case 3:
			w.tell(w.released(o, "item-1"))
		}
	case 2:
		w.tell(w.requested(o), w.queued(o))
		w.tell(w.ranked(o))
		w.tell(events.ReferralAnswered{ReferralID: o.ReferralID, FlagID: o.FlagID, Answer: "waitlisted", At: w.now})
	case 3:
		w.tell(w.requested(o), w.held(o))
		w.tell(w.declined(o))
		w.tell(events.HelpReturned{FlagID: o.FlagID, ReferralID: o.ReferralID, Help: "to_refer", At: w.now})
	case 4:
		w.tell(w.requested(o), w.queued(o))
		w.tell(events.RequestLapsed{SessionID: o.SessionID, ReferralID: o.ReferralID, At: w.now})
	case 5: // a withdrawal that comes before its request
		w.tell(withdrawn)
		w.tell(released)
	case 6: // a yes that crosses the withdrawal
		w.tell(w.requested(o), w.held(o))
		w.tell(withdrawn)
		w.tell(w.taken(o))
		w.tell(released)
	case 7: // a hold that is passed on
		w.tell(w.requested(o), w.queued(o))
		w.tell(w.held(o))
	}
}
