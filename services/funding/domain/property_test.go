package domain

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"example.org/passerelle/api/events"
)

// history plays random commands on a budget with two envelopes, and gives what was told.
func history(seed uint64, evolve func(Budget, events.Funding) Budget) (b Budget, told []events.Funding) {
	dice := rand.New(rand.NewPCG(seed, 7))
	play := func(c command) {
		facts, _ := c.Decide(b) // a refusal tells nothing
		for _, f := range facts {
			b, told = evolve(b, f), append(told, f)
		}
	}
	play(envelope("e0", "regional", 5_000_00))
	play(envelope("e1", "national", 3_000_00))
	play(call("c"))
	var agenda []events.AgendaItem
	for n := range 8 {
		play(project(n, "c", fmt.Sprint("s", n%5), 2_000_00, 1_000_00, 20))
		agenda = append(agenda, events.AgendaItem{Kind: "decision", ProjectID: fmt.Sprint("p", n)})
	}
	play(Convene{ID: "k", Date: "2021-05-06", Agenda: agenda})
	for n := range 60 {
		play(chance(dice, n))
	}
	return b, told
}

func chance(dice *rand.Rand, n int) command {
	p, e, cents := fmt.Sprint("p", dice.IntN(8)), fmt.Sprint("e", dice.IntN(2)), 1+dice.IntN(900_00)
	of1 := fmt.Sprint("d", dice.IntN(n+1))
	switch dice.IntN(6) {
	case 0:
		return Vote{CommitteeID: "k", ProjectID: p, Answer: []string{Favourable, Reduced, Later}[dice.IntN(3)], AmountCents: cents, EnvelopeID: e}
	case 1, 2:
		return decision(fmt.Sprint("d", n), "2021-05-06", 2*cents, of(p, e, cents), of(fmt.Sprint("p", dice.IntN(8)), "e0", cents))
	case 3:
		return Report{ProjectID: p, Reached: dice.IntN(30), Final: dice.IntN(2) == 0}
	case 4:
		return Pay{DecisionID: of1, Line: 1 + dice.IntN(2), AmountCents: cents / 2, Date: "2021-06-01"}
	}
	return Recover{DecisionID: of1, Line: 1 + dice.IntN(2), AmountCents: cents / 4, Reason: []string{TargetMissed, "not_spent"}[dice.IntN(2)], Date: "2022-01-01"}
}

// summed adds the facts up in another way than the budget does: one pass, by envelope.
func summed(told []events.Funding) map[string]Sums {
	sums, lines, promise := map[string]Sums{}, map[string]string{}, map[string]events.ProjectVoted{}
	add := func(e string, by Sums) {
		s := sums[e]
		sums[e] = Sums{s.Promised + by.Promised, s.Committed + by.Committed, s.Paid + by.Paid}
	}
	decided := map[string]bool{}
	for _, f := range told {
		switch e := f.(type) {
		case events.ProjectVoted:
			if was, ok := promise[e.ProjectID]; ok {
				add(was.EnvelopeID, Sums{Promised: -was.AmountCents})
			}
			promise[e.ProjectID] = e
			add(e.EnvelopeID, Sums{Promised: e.AmountCents})
		case events.FundingDecided:
			for n, l := range e.Lines {
				if was, ok := promise[l.ProjectID]; ok && !decided[l.ProjectID] {
					add(was.EnvelopeID, Sums{Promised: -was.AmountCents})
				}
				decided[l.ProjectID] = true
				lines[fmt.Sprint(e.DecisionID, n+1)] = l.EnvelopeID
				add(l.EnvelopeID, Sums{Committed: l.AmountCents})
			}
		case events.PaymentMade:
			add(lines[fmt.Sprint(e.DecisionID, e.Line)], Sums{Paid: e.AmountCents})
		case events.RecoveryAsked:
			add(lines[fmt.Sprint(e.DecisionID, e.Line)], Sums{Paid: -e.AmountCents})
		case events.EnvelopeOpened, events.CallOpened, events.StructureNoted, events.ProjectProposed, events.CommitteeConvened, events.MinutesFiled,
			events.TabletsSubsidised, events.ProjectReported: // of an envelope nothing is spent by these
		}
	}
	return sums
}

// wrong says what is wrong with 200 random histories.
func wrong(evolve func(Budget, events.Funding) Budget) error {
	committed, paid := 0, 0
	for seed := range uint64(200) {
		b, told := history(seed, evolve)
		sums := summed(told)
		for _, e := range b.Envelopes {
			got := b.Of(e.EnvelopeID)
			if got != sums[e.EnvelopeID] {
				return fmt.Errorf("history %d, %s: %+v, but the facts add up to %+v", seed, e.EnvelopeID, got, sums[e.EnvelopeID])
			}
			if got.Committed > e.AmountCents || b.Left(e) < 0 || got.Paid > got.Committed || got.Paid < 0 {
				return fmt.Errorf("history %d, %s: %+v of %d", seed, e.EnvelopeID, got, e.AmountCents)
			}
			committed, paid = committed+got.Committed, paid+got.Paid
		}
	}
	if committed == 0 || paid == 0 {
		return fmt.Errorf("the histories spend nothing: %d %d", committed, paid)
	}
	return nil
}

func TestEveryTotalIsTheSumOfItsFactsInTwoHundredHistories(t *testing.T) {
	t.Parallel()
	if err := wrong(Evolve); err != nil {
		t.Error(err)
	}
}

func TestABudgetThatForgetsIsFoundOut(t *testing.T) {
	t.Parallel()
	n := 0
	forgets := func(b Budget, f events.Funding) Budget {
		if _, paid := f.(events.PaymentMade); paid {
			if n++; n%7 == 0 {
				return b
			}
		}
		return Evolve(b, f)
	}
	overspends := func(b Budget, f events.Funding) Budget { // each decision is taken on a state without the one before
		if d, ok := f.(events.FundingDecided); ok && len(b.Decisions) > 0 {
			b.Decisions = b.Decisions[:len(b.Decisions)-1]
			return Evolve(b, d)
		}
		return Evolve(b, f)
	}
	if wrong(forgets) == nil || wrong(overspends) == nil {
		t.Error("a total that is not the sum of its facts passed")
	}
}
