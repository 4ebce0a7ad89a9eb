package workshop

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/workshop/domain"
)

// plannedWith is a session of so many seats, three weeks ahead.
func plannedWith(session string, capacity int) events.SessionPlanned {
	return events.SessionPlanned{
		SessionID: session, ProviderID: "provider-a", Mode: "in_person", Capacity: capacity, Booking: "on_request", Status: "open",
		RegistrationClosesAt: closes, At: noon, Meetings: []events.Meeting{{StartsAt: noon.AddDate(0, 0, 21), EndsAt: noon.AddDate(0, 0, 21).Add(2 * time.Hour)}},
	}
}

// command is the real thing for an act.
func (a act) command(session string) domain.Decision {
	change := domain.Change{SessionID: session, ProviderID: "provider-a", At: a.at()}
	offer := domain.Offer{SessionID: session, OfferID: fmt.Sprintf("%s.%s.%d", session, a.who, a.n), At: a.at()}
	ask := func(who string) domain.RequestSeat {
		return domain.RequestSeat{SessionID: session, ReferralID: who, PersonID: "p", At: noon}
	}
	switch a.what {
	case "request":
		return ask(a.who)
	case "pair":
		pair := domain.RequestPair{First: ask(a.who), Second: ask(a.mate)}
		pair.First.MayPart, pair.Second.MayPart = a.parts, a.parts
		return pair
	case "accept":
		return domain.Accept{SessionID: session, ReferralID: a.who, ProviderID: "provider-a", At: a.at()}
	case "decline":
		return domain.Decline{SessionID: session, ReferralID: a.who, ProviderID: "provider-a", Reason: "dates", At: a.at()}
	case "withdraw":
		return domain.Withdraw{SessionID: session, ReferralID: a.who, At: a.at()}
	case "capacity":
		return domain.SetCapacity{Change: change, Capacity: a.n, Reason: "demand"}
	case "take":
		return domain.TakeOffer{Offer: offer}
	case "pass":
		return domain.PassOffer{Offer: offer}
	}
	return domain.LapseOffer{SessionID: session, ReferralID: a.who, At: a.at()}
}

// answerOf is what a session answers after an act.
func answerOf(w domain.Workshop, who string) said {
	a := w.AnswerTo(who)
	status := a.Status
	switch status {
	case domain.Enrolled:
		status = "taken"
	case domain.Waitlisted:
		status = "waiting"
	}
	return said{status: status, rank: a.Rank, taken: w.Taken, held: w.Held, free: w.Free(), waiting: w.Waiting()}
}

func codeOf(err error) string {
	var refused *refusal.Refusal
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

var acts = []string{"request", "request", "request", "pair", "accept", "accept", "accept", "decline", "withdraw", "capacity", "take", "take", "pass", "lapse"}

// anyAct draws one; draw gives a number from 0 to below n.
func anyAct(draw func(n int) int, people int) act {
	a := act{what: acts[draw(len(acts))], who: fmt.Sprintf("r%d", draw(people))}
	switch a.what {
	case "pair":
		a.mate = fmt.Sprintf("r%d", (int(a.who[1]-'0')+1)%people)
		a.parts = draw(2) == 1
	case "capacity":
		a.n = 1 + draw(5)
	case "take", "pass":
		a.n = 1 + draw(2)
	case "lapse":
		a.late = true
	}
	return a
}

// TestTheRulesAgreeWithAListOnPaper: so many steps, each answered by the session as by the model. Nowhere are more
// seats taken than there are, unless their number was lowered.
func TestTheRulesAgreeWithAListOnPaper(t *testing.T) {
	t.Parallel()
	steps, all := 0, 10_000
	if os.Getenv("PASSERELLE_SOAK") != "" {
		all = 200_000
	}
	for steps < all {
		rapid.Check(t, func(t *rapid.T) {
			if wrong, n := compare(t, nil); wrong != "" {
				t.Fatal(wrong)
			} else {
				steps += n
			}
		})
	}
	t.Logf("%d steps", steps)
}

// compare does a random history twice: with the rules and with the model.
func compare(t *rapid.T, plant func([]events.Workshop) []events.Workshop) (wrong string, steps int) {
	capacity := rapid.IntRange(1, 4).Draw(t, "capacity")
	w, m := domain.Evolve(domain.Workshop{}, plannedWith("s1", capacity)), model{capacity: capacity}
	draw := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "draw") }
	for steps = 1; steps <= 60; steps++ {
		a := anyAct(draw, 8)
		facts, err := a.command("s1").Decide(w)
		if plant != nil {
			facts = plant(facts)
		}
		for _, f := range facts {
			before := w.Taken + w.Held
			w = domain.Evolve(w, f)
			if given := w.Taken + w.Held; given > w.Capacity && given > before { // what a lowering left is not taken away
				return fmt.Sprintf("%d taken and %d held of %d", w.Taken, w.Held, w.Capacity), steps
			}
		}
		got := answerOf(w, a.who)
		if err != nil {
			got.status, got.rank, got.refused = "", 0, codeOf(err)
		}
		var want said
		if m, want = m.do(a); got != want {
			return fmt.Sprintf("%v: %+v, on paper %+v", a, got, want), steps
		}
	}
	return "", steps
}

func TestTheListOnPaperFindsAPlantedFault(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func([]events.Workshop) []events.Workshop{
		"a rank instead of a seat": func(facts []events.Workshop) []events.Workshop {
			for i, f := range facts {
				if e, ok := f.(events.SeatTaken); ok {
					facts[i] = events.WaitingListJoined{SessionID: "s1", ReferralID: e.ReferralID, Rank: 1}
				}
			}
			return facts
		},
		"a seat instead of a rank":                         overbook,
		"a single seat is kept from two who may be parted": keepBack,
	} {
		found := ""
		for seed := 0; found == "" && seed < 300; seed++ {
			found = rapid.Custom(func(t *rapid.T) string { wrong, _ := compare(t, plant); return wrong }).Example(seed)
		}
		if found == "" {
			t.Errorf("%s: nothing was found", name)
		}
	}
}

// overbook is the planted fault: whoever is accepted has a seat.
func overbook(facts []events.Workshop) []events.Workshop {
	for i, f := range facts {
		if e, ok := f.(events.WaitingListJoined); ok {
			facts[i] = events.SeatTaken{SessionID: e.SessionID, ReferralID: e.ReferralID, ProviderID: "provider-a"}
		}
	}
	return facts
}

// keepBack is the planted fault: of two who may be parted the last one has no hold.
func keepBack(facts []events.Workshop) []events.Workshop {
	parts := false
	for _, f := range facts {
		e, ok := f.(events.SeatRequested)
		parts = parts || ok && e.MayPart
	}
	if n := len(facts); parts && n > 0 {
		if _, holds := facts[n-1].(events.SeatHeld); holds {
			return facts[:n-1]
		}
	}
	return facts
}
