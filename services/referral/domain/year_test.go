package domain

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

// year lives what the referral service asks of its desks: the deadlines of facts, each handled until a fact settles it.
type year struct {
	now       time.Time
	referrals map[string]Referral
	contacts  map[string]Contacts
	due       map[string]time.Time // by stream and kind
	asked     map[string]int       // by stream, kind and moment
	startsAt  map[string]time.Time
}

func (y *year) tell(facts []events.Referral) {
	for _, f := range facts {
		stream := f.Stream()
		y.referrals[stream], y.contacts[stream] = Evolve(y.referrals[stream], f), EvolveContacts(y.contacts[stream], f)
		set, done := Due(f)
		for _, kind := range done {
			delete(y.due, stream+" "+kind)
		}
		if set != nil {
			y.due[stream+" "+set.Kind] = set.At
		}
		switch e := f.(type) {
		case events.CallAsked:
			y.asked[fmt.Sprint(stream, e.Kind, y.startsAt[stream])]++
		case events.CloseAsked:
			y.asked[stream+e.LetterID]++
		default:
		}
	}
}

func (y *year) refer(id string, c story.Command[Referral, events.Referral]) {
	if facts, err := c.Decide(y.referrals["referral:"+id]); err == nil {
		y.tell(facts)
	}
}

// pass handles what is due until then, in order, each twice: as two processes do, or one after a restart.
func (y *year) pass(until time.Time) {
	for key, at := range y.next(until) {
		y.now = at
		var stream, kind string
		_, _ = fmt.Sscan(key, &stream, &kind)
		for range 2 {
			if kind == NoNews {
				if facts, err := (AskClose{PersonID: stream[len("contact:"):], Desk: "montpellier", At: at}).Decide(y.contacts[stream]); err == nil {
					y.tell(facts)
				}
				continue
			}
			y.refer(stream[len("referral:"):], AskCall{ReferralID: stream[len("referral:"):], Kind: kind, At: at})
		}
	}
	y.now = until
}

// next yields the deadlines up to then, also those that handling one has set.
func (y *year) next(until time.Time) func(func(string, time.Time) bool) {
	return func(yield func(string, time.Time) bool) {
		for handled := 0; handled < 1000; handled++ {
			first := ""
			for key, at := range y.due {
				if !at.After(until) && (first == "" || at.Before(y.due[first]) || at.Equal(y.due[first]) && key < first) {
					first = key
				}
			}
			if first == "" || !yield(first, later(y.now, y.due[first])) {
				return
			}
			if _, left := y.due[first]; left && y.moot(first) {
				delete(y.due, first) // the next fact of its stream settles it
			}
		}
	}
}

// moot is a reminder that comes after the session began: the begin settles it.
func (y *year) moot(key string) bool {
	var stream, kind string
	_, _ = fmt.Sscan(key, &stream, &kind)
	r := y.referrals[stream]
	return kind == Reminder && r.Status == Enrolled && !y.now.Before(r.startsAt)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// live does random things for a year, and gives the first thing that must never be.
func live(t *rapid.T) string {
	y := &year{noon, map[string]Referral{}, map[string]Contacts{}, map[string]time.Time{}, map[string]int{}, map[string]time.Time{}}
	states := []string{InStudy, Enrolled, Waitlisted, Offered, Declined, Expired, Unserved, Cancelled, InProgress, Completed, Dropped, NoShow}
	for i := 0; y.now.Before(noon.AddDate(1, 0, 0)); i++ {
		id := fmt.Sprint("r", rapid.IntRange(0, 20).Draw(t, "referral"))
		stream := "referral:" + id
		switch rapid.IntRange(0, 6).Draw(t, "what") {
		case 0:
			y.refer(id, opening(func(o *Open) {
				o.ReferralID, o.At = id, y.now
				o.Session.FirstMeeting, o.Session.RegistrationClosesAt = y.now.AddDate(0, 1, 0), y.now.AddDate(0, 0, 25)
			}))
		case 1:
			give := give
			give.ReferralID, give.At = id, y.now
			y.refer(id, give)
		case 2:
			y.refer(id, Answer{ReferralID: id, Answer: rapid.SampledFrom(states).Draw(t, "answer"), At: y.now})
		case 3:
			starts := y.now.AddDate(0, 0, rapid.IntRange(1, 60).Draw(t, "in days"))
			if y.referrals[stream].Status == Enrolled {
				y.startsAt[stream] = starts
			}
			y.refer(id, Date{ReferralID: id, StartsAt: starts, EndsAt: starts.Add(time.Hour), At: y.now})
		case 4:
			y.refer(id, FollowUp{ReferralID: id, Result: "helped", By: "advisor-34", At: y.now})
		case 5:
			y.refer(id, Withdraw{ReferralID: id, Reason: "date", By: "advisor-34", At: y.now})
		case 6:
			n := ringing(rapid.SampledFrom([]string{"reached", "not_reached", "sent"}).Draw(t, "outcome"), y.now)
			if n.LetterID, n.PersonID = fmt.Sprint("l", i), "p-"+id; n.Outcome == "sent" {
				n.Channel, n.AboutID = "letter", fmt.Sprint("sent", i)
			}
			if facts, err := n.Decide(y.contacts["contact:"+n.PersonID]); err == nil {
				y.tell(facts)
			}
		}
		y.pass(y.now.Add(time.Duration(rapid.IntRange(1, 96).Draw(t, "hours")) * time.Hour))
	}
	return y.wrong()
}

func (y *year) wrong() string {
	for what, times := range y.asked {
		if times > 1 {
			return fmt.Sprintf("%s was asked %d times", what, times)
		}
	}
	for stream, r := range y.referrals {
		if r.Status != Advised || r.asked == AddressCall {
			continue
		}
		if _, waits := y.due[stream+" "+AddressCall]; !waits {
			return stream + ": nobody will ask what came of the address"
		}
	}
	for key, at := range y.due {
		if !at.After(y.now) {
			return key + " is still due"
		}
	}
	return ""
}

// TestAYearOfCallsPassesInASecond: reminders, calls about addresses and after three months, closings: each once, whoever handles it.
func TestAYearOfCallsPassesInASecond(t *testing.T) {
	begin := time.Now()
	if wrong := rapid.Custom(live).Example(1); wrong != "" {
		t.Error(wrong)
	}
	if took := time.Since(begin); took > time.Second {
		t.Error("a year took", took)
	}
	rapid.Check(t, func(t *rapid.T) {
		if wrong := live(t); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

// TestADoubledCallIsFound is the check above with a fault planted.
func TestADoubledCallIsFound(t *testing.T) {
	t.Parallel()
	y := &year{asked: map[string]int{}, referrals: map[string]Referral{}, contacts: map[string]Contacts{}, due: map[string]time.Time{}, startsAt: map[string]time.Time{}}
	y.tell(slices.Repeat([]events.Referral{asked}, 2))
	if y.wrong() == "" {
		t.Error("a call that was asked twice is not found")
	}
}
