package domain

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
)

type decide interface {
	Decide(Workshop) ([]events.Workshop, error)
}

// run does random commands on one session and gives the first thing that must never be, empty if there is none.
// plant may change what a rule tells: the planted fault.
func run(t *rapid.T, plant func(Workshop, decide, []events.Workshop) []events.Workshop) string {
	limit := rapid.IntRange(0, 3).Draw(t, "waiting limit")
	capacity := rapid.IntRange(1, 4).Draw(t, "capacity")
	start := session(func(s *events.SessionPlanned) {
		s.Capacity = capacity
		s.Booking = rapid.SampledFrom([]string{"on_request", "immediate"}).Draw(t, "booking")
		s.ImmediateSeats = rapid.IntRange(0, capacity).Draw(t, "immediate seats")
		if rapid.Bool().Draw(t, "limited") {
			s.WaitingLimit = &limit
		}
	})
	w := Evolve(Workshop{}, start)
	seen := tally{}
	now := noon
	for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
		now = now.Add(time.Duration(rapid.IntRange(0, 24).Draw(t, "hours")) * time.Hour)
		command := anyCommand(t, i, now)
		facts, err := command.Decide(w)
		if err != nil {
			continue
		}
		if plant != nil {
			facts = plant(w, command, facts)
		}
		for _, f := range facts {
			before := w
			w = Evolve(w, f)
			seen.hear(f)
			if wrong := seen.against(before, w, f); wrong != "" {
				return fmt.Sprintf("%s after %T %+v", wrong, f, f)
			}
		}
		if wrong := seen.settled(w, now); wrong != "" {
			return fmt.Sprintf("%s after %T %+v", wrong, command, command)
		}
	}
	return ""
}

func anyCommand(t *rapid.T, step int, now time.Time) decide {
	n := rapid.IntRange(0, 9).Draw(t, "who")
	who, other := fmt.Sprintf("r%d", n), fmt.Sprintf("r%d", (n+1)%10)
	change := Change{SessionID: "s1", ProviderID: "provider-a", At: now}
	offer := Offer{SessionID: "s1", OfferID: offerID("s1", who, rapid.IntRange(1, 3).Draw(t, "which")), At: now}
	ask := RequestSeat{SessionID: "s1", ReferralID: who, PersonID: "p", At: now}
	switch rapid.IntRange(0, 17).Draw(t, "what") {
	case 0, 1, 2:
		return ask
	case 3, 4, 5:
		return Accept{SessionID: "s1", ReferralID: who, ProviderID: "provider-a", At: now}
	case 6:
		if step%2 == 0 {
			return Lapse{SessionID: "s1", ReferralID: who, At: now}
		}
		return Decline{SessionID: "s1", ReferralID: who, ProviderID: "provider-a", Reason: "dates", At: now}
	case 7:
		ask.MayPart = rapid.Bool().Draw(t, "may be parted")
		return RequestPair{ask, RequestSeat{SessionID: "s1", ReferralID: other, PersonID: "p", MayPart: ask.MayPart, At: now}}
	case 8:
		return SetCapacity{change, rapid.IntRange(1, 5).Draw(t, "seats"), "demand"}
	case 9:
		return SetOwnSeats{change, rapid.IntRange(0, 2).Draw(t, "own")}
	case 10, 11:
		return TakeOffer{offer}
	case 12:
		return PassOffer{offer}
	case 13:
		return LapseOffer{SessionID: "s1", ReferralID: who, At: now}
	case 14:
		return Study{SessionID: "s1", ReferralID: who, ProviderID: "provider-a", At: now}
	case 15:
		return EndHold{SessionID: "s1", ReferralID: who, At: now}
	case 16:
		if step%2 == 0 {
			return Remove{change, who, "moved"}
		}
		return Undo{change, who, "other"}
	}
	return Withdraw{SessionID: "s1", ReferralID: who, At: now}
}

// tally counts seats and ranks from the facts alone, knowing nothing of the rules.
type tally struct {
	asked          []string
	taken, held    []string
	offered        []string // beside their place in waiting
	waiting, ended []string
	queued         []string
}

func (c *tally) hear(f events.Workshop) {
	move := func(to *[]string, who string) {
		for _, list := range []*[]string{&c.taken, &c.held, &c.offered, &c.waiting, &c.queued, &c.ended} {
			*list = without(*list, who)
		}
		*to = append(*to, who)
	}
	switch e := f.(type) {
	case events.SeatOffered:
		c.offered = append(c.offered, e.ReferralID)
	case events.SeatOfferPassed:
		c.offered = without(c.offered, e.ReferralID)
	case events.SeatOfferLapsed:
		c.offered = without(c.offered, e.ReferralID)
		if !e.Kept {
			move(&c.waiting, e.ReferralID)
		}
	case events.HoldEnded:
		move(&c.queued, e.ReferralID)
	case events.SeatFreed:
		move(&c.ended, e.ReferralID)
	default: // of the session, or of what comes after its beginning
	case events.SeatRequested:
		c.asked = append(c.asked, e.ReferralID)
	case events.SeatHeld:
		move(&c.held, e.ReferralID)
	case events.RequestQueued:
		move(&c.queued, e.ReferralID)
	case events.SeatTaken:
		move(&c.taken, e.ReferralID)
	case events.WaitingListJoined:
		move(&c.waiting, e.ReferralID)
		c.waiting = slices.Insert(without(c.waiting, e.ReferralID), min(e.Rank-1, len(c.waiting)-1), e.ReferralID)
	case events.RequestDeclined:
		move(&c.ended, e.ReferralID)
	case events.RequestLapsed:
		move(&c.ended, e.ReferralID)
	case events.RequestWithdrawn:
		move(&c.ended, e.ReferralID)
	}
}

// against compares with the session at every position of its stream.
func (c *tally) against(before, after Workshop, f events.Workshop) string {
	used, was := len(c.taken)+len(c.held)+len(c.offered)+after.Own, before.Taken+before.Held+before.Own
	switch {
	case used > after.Capacity && used > was:
		return fmt.Sprintf("%d taken, %d held and %d offered of %d", len(c.taken), len(c.held), len(c.offered), after.Capacity)
	case len(c.taken) != after.Taken, len(c.held)+len(c.offered) != after.Held, len(c.waiting) != after.Waiting():
		return "the session counts otherwise than its facts"
	}
	if e, ok := f.(events.WaitingListJoined); ok && e.Rank != before.Waiting()+1 && e.Rank != 1 {
		return fmt.Sprintf("rank %d with %d waiting", e.Rank, before.Waiting())
	}
	if e, ok := f.(events.SeatOffered); ok {
		if over := before.overtaken(e.ReferralID); over != "" {
			return "overtaken: " + over
		}
	}
	for i, who := range c.waiting {
		if rank := after.AnswerTo(who).Rank; rank != i+1 {
			return fmt.Sprintf("rank %d of %s is not its place %d", rank, who, i+1)
		}
	}
	return ""
}

// settled: after a decision nobody is lost, no seat stays free while somebody could hold it, nobody is overtaken.
func (c *tally) settled(w Workshop, now time.Time) string {
	for _, who := range c.asked {
		in := 0
		for _, list := range [][]string{c.taken, c.held, c.waiting, c.queued, c.ended} {
			in += count(slices.Contains(list, who))
		}
		if in != 1 {
			return fmt.Sprintf("%s is in %d places", who, in)
		}
	}
	t := w.decide("s1", now)
	if w.TakesRequests(now) && w.Free() > 0 && (w.nextWaiting() != nil || t.oldestQueued() != nil) {
		return "a seat is free and somebody could have it"
	}
	return ""
}

// overtaken is somebody further up on the list who could have had the seat: alone, and not asked about it yet.
func (w Workshop) overtaken(by string) string {
	for _, id := range w.waiting {
		r := w.find(id)
		if id == by {
			return ""
		}
		if r.answer == Waitlisted && len(w.atOnce(r)) == 1 && (r.parts || r.together != by) && !slices.Contains(w.passed, id) {
			return id
		}
	}
	return "nobody waits"
}

func TestNoSessionEverExceedsItsCapacityOrLosesSomebody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := run(t, nil); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestThePropertyFindsPlantedFaults(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(Workshop, decide, []events.Workshop) []events.Workshop{
		"a yes always takes a seat": func(_ Workshop, c decide, facts []events.Workshop) []events.Workshop {
			if yes, ok := c.(Accept); ok && len(facts) >= 1 {
				return []events.Workshop{events.SeatTaken{ReferralID: yes.ReferralID}}
			}
			return facts
		},
		"a request holds a seat that is not free": func(w Workshop, c decide, facts []events.Workshop) []events.Workshop {
			if ask, ok := c.(RequestSeat); ok && len(facts) == 2 {
				return []events.Workshop{facts[0], events.SeatHeld{ReferralID: ask.ReferralID}}
			}
			return facts
		},
		"ranks are not moved up": func(w Workshop, _ decide, facts []events.Workshop) []events.Workshop {
			if join, ok := facts0(facts).(events.WaitingListJoined); ok {
				join.Rank = len(w.requests)
				return []events.Workshop{join}
			}
			return facts
		},
		"a hold is not passed on": func(_ Workshop, _ decide, facts []events.Workshop) []events.Workshop {
			return facts[:min(len(facts), 1)+count(len(facts) > 1 && isRequest(facts[0]))]
		},
		"the list is served from its end": func(w Workshop, _ decide, facts []events.Workshop) []events.Workshop {
			for i, f := range facts {
				if o, ok := f.(events.SeatOffered); ok && len(w.waiting) > 1 {
					o.ReferralID = w.waiting[len(w.waiting)-1]
					facts[i] = o
				}
			}
			return facts
		},
		"a request is lost": func(_ Workshop, _ decide, facts []events.Workshop) []events.Workshop {
			return facts[:min(len(facts), 1)]
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range 500 {
				found := rapid.Custom(func(t *rapid.T) string { return run(t, plant) }).Example(seed)
				if found != "" {
					return
				}
			}
			t.Fatal("nothing was found")
		})
	}
}

func facts0(facts []events.Workshop) events.Workshop {
	if len(facts) == 0 {
		return nil
	}
	return facts[0]
}

func isRequest(f events.Workshop) bool { _, ok := f.(events.SeatRequested); return ok }

func TestEvolveLeavesTheSessionBeforeAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := Evolve(Workshop{}, two)
		type kept struct {
			w    Workshop
			want string
		}
		var all []kept
		for i := range 30 {
			facts, err := anyCommand(t, i, noon).Decide(w)
			if err != nil {
				continue
			}
			all = append(all, kept{w, show(w)})
			for _, f := range facts {
				_ = Evolve(w, events.SeatRequested{ReferralID: "another branch"})
				w = Evolve(w, f)
			}
		}
		for _, k := range all {
			if got := show(k.w); got != k.want {
				t.Fatalf("an earlier state became\n%s\nit was\n%s", got, k.want)
			}
		}
	})
}

func show(w Workshop) string {
	text := fmt.Sprint(w.Taken, w.Held, w.Own, w.Capacity, w.waiting, w.passed, w.immediate)
	for _, r := range w.requests {
		text += fmt.Sprintf(" %+v", *r)
	}
	return text
}
