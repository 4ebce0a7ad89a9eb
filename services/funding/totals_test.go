package funding

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
)

type command interface {
	Decide(b domain.Budget) ([]events.Funding, error)
}

// chronicle plays random commands on the money of a fund with two calls, five structures and two envelopes, and gives what was told.
func chronicle(seed uint64, evolve evolving) (b domain.Budget, told []events.Funding) {
	dice := rand.New(rand.NewPCG(seed, 11))
	play := func(c command) {
		facts, _ := c.Decide(b) // a refusal tells nothing
		for _, f := range facts {
			b, told = evolve(b, f), append(told, f)
		}
	}
	play(domain.OpenEnvelope{ID: "e0", Label: "e0", Source: "regional", From: "2019-01-01", AmountCents: 9_000_00})
	play(domain.OpenEnvelope{ID: "e1", Label: "e1", Source: "national", From: "2019-01-01", AmountCents: 6_000_00})
	for n, target := range []int{0, 70} {
		play(domain.OpenCall{ID: fmt.Sprint("c", n), Label: "Appel Exemple", Opens: "2021-01-04", Closes: "2021-03-31", TargetPeople: target, TabletCents: domain.TabletCents, TabletCapCents: domain.TabletCapCents})
	}
	var agenda []events.AgendaItem
	for n := range 9 {
		structure := fmt.Sprint("s", n%5)
		play(domain.Propose{ID: fmt.Sprint("p", n), CallID: fmt.Sprint("c", n%2), StructureID: structure, StructureLabel: structure, Label: "Projet Exemple",
			CostCents: 3_000_00, AskedCents: 1_000_00 + n, TargetPeople: 10 + n, AnyDay: true})
		agenda = append(agenda, events.AgendaItem{Kind: "decision", ProjectID: fmt.Sprint("p", n)})
	}
	play(domain.Convene{ID: "k", Date: "2021-05-06", Agenda: agenda})
	for n := range 70 {
		play(attempt(dice, n, b))
	}
	return b, told
}

func attempt(dice *rand.Rand, n int, b domain.Budget) command {
	p, e, cents := fmt.Sprint("p", dice.IntN(9)), fmt.Sprint("e", dice.IntN(2)), 1+dice.IntN(900_00)
	earlier := "none"
	if len(b.Decisions) > 0 {
		earlier = b.Decisions[dice.IntN(len(b.Decisions))].DecisionID
	}
	switch dice.IntN(8) {
	case 0:
		answer := []string{domain.Favourable, domain.Reduced, domain.Later, domain.Unfavourable}[dice.IntN(4)]
		return domain.Vote{CommitteeID: "k", ProjectID: p, Answer: answer, AmountCents: cents, EnvelopeID: e}
	case 1, 2, 3:
		date, committee := "2021-05-06", "k"
		if dice.IntN(3) == 0 {
			date, committee = "2022-06-09", ""
		}
		return domain.TakeDecision{ID: fmt.Sprint("d", n), CommitteeID: committee, Date: date, TotalCents: 2*cents + 9_000_00, Lines: []events.DecisionLine{
			{Label: "Action", AmountCents: cents, ProjectID: p, EnvelopeID: e}, {Label: "Action", AmountCents: cents, ProjectID: fmt.Sprint("p", dice.IntN(9)), Source: "regional"},
			{Label: "Matériel", AmountCents: 9_000_00, Nature: domain.Equipment},
		}}
	case 4:
		reached := dice.IntN(30)
		return domain.Report{ProjectID: p, ID: fmt.Sprint("r", n), Reached: reached, Finished: reached / 2, Final: dice.IntN(2) == 0}
	case 5:
		return domain.Pay{ID: fmt.Sprint("y", n), DecisionID: earlier, Line: 1 + dice.IntN(3), AmountCents: cents / 2, Date: "2022-07-01"}
	case 6:
		return domain.Recover{ID: fmt.Sprint("b", n), DecisionID: earlier, Line: 1 + dice.IntN(3), AmountCents: cents / 4, Reason: []string{domain.TargetMissed, "not_spent"}[dice.IntN(2)], Date: "2023-01-09"}
	}
	return domain.SubsidiseTablets{ID: fmt.Sprint("t", n), CallID: fmt.Sprint("c", dice.IntN(2)), StructureID: fmt.Sprint("s", dice.IntN(5)), DecisionID: earlier, Tablets: 1 + dice.IntN(6)}
}

// purse is money by what it was counted for, in cents: "project p3 paid".
type purse map[string]int

// recount adds up what was told in one pass over the facts, one line for each thing that a fact says.
func recount(told []events.Funding) purse {
	sum := purse{}
	callOf, structureOf, lines, voted, funded := map[string]string{}, map[string]string{}, map[string]events.DecisionLine{}, map[string]events.ProjectVoted{}, map[string]bool{}
	reports := map[string]events.ProjectReported{}
	for _, f := range told {
		switch e := f.(type) {
		case events.EnvelopeOpened:
			sum["fund envelopes"] += e.AmountCents
			sum["envelope "+e.EnvelopeID+" left"] += e.AmountCents
		case events.CallOpened:
			sum["call "+e.CallID+" target"] = e.TargetPeople
			sum["call "+e.CallID+" own target"] = e.TargetPeople
			sum["fund calls"]++
		case events.ProjectProposed:
			if structureOf[e.ProjectID] = e.StructureID; sum["structure "+e.StructureID+" projects"] == 0 {
				sum["fund structures"]++
			}
			callOf[e.ProjectID] = e.CallID
			sum["structure "+e.StructureID+" projects"]++
			sum["fund projects"]++
			call := "call " + e.CallID
			sum[call+" projects"]++
			sum[call+" cost"] += e.CostCents
			sum[call+" asked"] += e.AskedCents
			if sum[call+" own target"] == 0 {
				sum[call+" target"] += e.TargetPeople
			}
			sum["project "+e.ProjectID+" target"] = e.TargetPeople
		case events.ProjectVoted:
			voted[e.ProjectID] = e
		case events.FundingDecided:
			for n, l := range e.Lines {
				key := fmt.Sprint(e.DecisionID, " ", n+1)
				lines[key] = l
				sum["decision "+e.DecisionID+" total"] += l.AmountCents
				sum["fund committed"] += l.AmountCents
				sum["source "+orElse(l.Source, "none")+" committed"] += l.AmountCents
				sum["year "+e.Date[:4]+" committed"] += l.AmountCents
				if l.EnvelopeID != "" {
					sum["envelope "+l.EnvelopeID+" committed"] += l.AmountCents
					sum["envelope "+l.EnvelopeID+" left"] -= l.AmountCents
				}
				if l.ProjectID != "" {
					funded[l.ProjectID] = true
					sum["project "+l.ProjectID+" granted"] += l.AmountCents
					sum["call "+callOf[l.ProjectID]+" granted"] += l.AmountCents
					sum["structure "+structureOf[l.ProjectID]+" granted"] += l.AmountCents
				}
			}
		case events.PaymentMade:
			sum.flow(told, e.DecisionID, e.Line, e.AmountCents, lines, callOf)
		case events.RecoveryAsked:
			sum.flow(told, e.DecisionID, e.Line, -e.AmountCents, lines, callOf)
			if p := lines[fmt.Sprint(e.DecisionID, " ", e.Line)].ProjectID; p != "" {
				sum["project "+p+" recovered"] += e.AmountCents
			}
		case events.TabletsSubsidised:
			sum["call "+e.CallID+" subsidies"] += e.AmountCents
			sum["subsidy "+e.CallID+" "+e.StructureID] += e.AmountCents
		case events.ProjectReported:
			reports[e.ProjectID] = e
		case events.StructureNoted, events.CommitteeConvened, events.MinutesFiled: // no money
		}
	}
	for id, v := range voted {
		if !funded[id] && v.AmountCents > 0 {
			sum["envelope "+v.EnvelopeID+" promised"] += v.AmountCents
			sum["envelope "+v.EnvelopeID+" left"] -= v.AmountCents
			sum["fund promised"] += v.AmountCents
		}
		if !funded[id] {
			sum["call "+callOf[id]+" "+map[string]string{domain.Favourable: "kept", domain.Reduced: "kept", domain.Later: "proposed", domain.Unfavourable: "refused"}[v.Answer]]++
		}
	}
	for id, call := range callOf {
		switch _, said := voted[id]; {
		case funded[id]:
			sum["call "+call+" kept"]++
			sum["fund target"] += sum["project "+id+" target"]
			sum["fund reached"] += reports[id].Reached
		case !said:
			sum["call "+call+" proposed"]++
		}
		sum["call "+call+" reached"] += reports[id].Reached
		sum["project "+id+" reached"] = reports[id].Reached
	}
	for key, cents := range sum {
		if strings.HasPrefix(key, "envelope e") && strings.HasSuffix(key, " left") {
			sum["fund left"] += cents
		}
	}
	return sum
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// flow is money that went to a line of a decision, or came back.
func (s purse) flow(told []events.Funding, decision string, n, cents int, lines map[string]events.DecisionLine, callOf map[string]string) {
	l := lines[fmt.Sprint(decision, " ", n)]
	s["decision "+decision+" paid"] += cents
	s["fund paid"] += cents
	s["source "+orElse(l.Source, "none")+" paid"] += cents
	for _, f := range told {
		if d, ok := f.(events.FundingDecided); ok && d.DecisionID == decision {
			s["year "+d.Date[:4]+" paid"] += cents
		}
	}
	if l.EnvelopeID != "" {
		s["envelope "+l.EnvelopeID+" paid"] += cents
	}
	if l.ProjectID != "" {
		s["project "+l.ProjectID+" paid"] += cents
		s["call "+callOf[l.ProjectID]+" paid"] += cents
	}
}

// answered is the same as the service answers it.
func answered(b domain.Budget, views views) purse {
	sum := purse{}
	for _, c := range b.Calls {
		one, call := views.call(b, c), "call "+c.CallID
		maps.Copy(sum, purse{
			call + " projects": one.Projects, call + " kept": one.Kept, call + " refused": one.Refused, call + " proposed": one.Proposed, call + " cost": one.CostCents, call + " asked": one.AskedCents,
			call + " granted": one.GrantedCents, call + " paid": one.PaidCents, call + " reached": one.Reached, call + " subsidies": one.SubsidiesCents, call + " target": one.TargetPeople,
		})
		for _, s := range b.Structures {
			sum["subsidy "+c.CallID+" "+s.StructureID] = c.TabletCapCents - b.Due(c, s.StructureID, most)
		}
	}
	for _, p := range b.Projects {
		one, key := views.project(b, p), "project "+p.ProjectID
		maps.Copy(sum, purse{key + " granted": one.GrantedCents, key + " paid": one.PaidCents, key + " recovered": one.RecoveredCents, key + " reached": one.Reached, key + " target": one.TargetPeople})
	}
	for _, s := range b.Structures {
		one := structure(b, s)
		maps.Copy(sum, purse{"structure " + s.StructureID + " projects": one.Projects, "structure " + s.StructureID + " granted": one.GrantedCents})
	}
	for _, d := range b.Decisions {
		one := decision(b, d)
		maps.Copy(sum, purse{"decision " + d.DecisionID + " total": one.TotalCents, "decision " + d.DecisionID + " paid": one.PaidCents})
	}
	for _, e := range b.Envelopes {
		one, key := envelope(b, e), "envelope "+e.EnvelopeID
		maps.Copy(sum, purse{key + " promised": one.PromisedCents, key + " committed": one.CommittedCents, key + " paid": one.PaidCents, key + " left": one.LeftCents})
	}
	f := views.fund(b)
	maps.Copy(sum, purse{
		"fund calls": f.Calls, "fund projects": f.Projects, "fund structures": f.Structures, "fund envelopes": f.EnvelopesCents, "fund promised": f.PromisedCents, "fund committed": f.CommittedCents,
		"fund paid": f.PaidCents, "fund left": f.LeftCents, "fund target": f.TargetPeople, "fund reached": f.Reached,
	})
	for kind, list := range map[string][]rest.FundingPart{"source": f.BySource, "year": f.ByYear} {
		for _, part := range list {
			maps.Copy(sum, purse{kind + " " + part.Key + " committed": part.CommittedCents, kind + " " + part.Key + " paid": part.PaidCents})
		}
	}
	return sum
}

// views are the answers about money that add something up.
type views struct {
	call    func(domain.Budget, events.CallOpened) rest.FundingCall
	project func(domain.Budget, events.ProjectProposed) rest.Project
	fund    func(...domain.Budget) rest.FundingFigures
}

var ours = views{
	call: func(b domain.Budget, c events.CallOpened) rest.FundingCall {
		return described(b, c, "2021-02-01", anybody)
	},
	project: project, fund: figuresOf,
}

// unlike names the first total of 200 random histories that is not the sum of its facts.
func unlike(evolve evolving, v views) error {
	seen := purse{}
	for seed := range uint64(200) {
		b, told := chronicle(seed, evolve)
		want, got := recount(told), answered(b, v)
		for _, key := range slices.Sorted(maps.Keys(got)) {
			if got[key] != want[key] {
				return fmt.Errorf("history %d, %s: %d, and the facts add up to %d", seed, key, got[key], want[key])
			}
			seen[key[strings.LastIndex(key, " ")+1:]] += got[key]
		}
		for _, s := range b.Subsidies {
			if had := want["subsidy "+s.CallID+" "+s.StructureID]; had > domain.TabletCapCents {
				return fmt.Errorf("history %d: %d for the tablets of one structure", seed, had)
			}
		}
		if err := perPerson(b, v); err != nil {
			return fmt.Errorf("history %d: %w", seed, err)
		}
	}
	for _, kind := range []string{"paid", "recovered", "promised", "committed", "subsidies", "reached", "refused", "granted"} {
		if seen[kind] == 0 {
			return errors.New("no history has anything " + kind)
		}
	}
	return nil
}

// perPerson: what was promised by target, what was paid by who was reached, half a cent upwards.
func perPerson(b domain.Budget, v views) error {
	for _, p := range b.Projects {
		one := v.project(b, p)
		for name, rate := range map[string]struct {
			got         *int
			cents, over int
		}{"promised": {one.PromisedCentsPerPerson, one.GrantedCents, one.TargetPeople}, "paid": {one.PaidCentsPerPerson, one.PaidCents, one.Reached}} {
			switch {
			case rate.over == 0 && rate.got != nil:
				return fmt.Errorf("%s of %s is divided by nobody", name, p.ProjectID)
			case rate.over > 0 && (rate.got == nil || 2**rate.got*rate.over < 2*rate.cents-rate.over || 2**rate.got*rate.over > 2*rate.cents+rate.over):
				return fmt.Errorf("%s of %s: %v for %d by %d", name, p.ProjectID, rate.got, rate.cents, rate.over)
			}
		}
	}
	return nil
}

func TestEveryAnswerAboutMoneyIsTheSumOfItsFactsInTwoHundredHistories(t *testing.T) {
	t.Parallel()
	if err := unlike(domain.Evolve, ours); err != nil {
		t.Error(err)
	}
}

// TestAnAnswerAboutMoneyThatIsWrongIsFoundOut: each of these is a mistake that somebody could make.
func TestAnAnswerAboutMoneyThatIsWrongIsFoundOut(t *testing.T) {
	t.Parallel()
	for name, evolve := range map[string]evolving{
		"a report is added to the one before": func(b domain.Budget, f events.Funding) domain.Budget {
			if r, ok := f.(events.ProjectReported); ok {
				before, _ := b.Report(r.ProjectID)
				r.Reached += before.Reached
				f = r
			}
			return domain.Evolve(b, f)
		},
		"what comes back is forgotten": func(b domain.Budget, f events.Funding) domain.Budget {
			if _, ok := f.(events.RecoveryAsked); ok {
				return b
			}
			return domain.Evolve(b, f)
		},
		"a payment goes to the first line": func(b domain.Budget, f events.Funding) domain.Budget {
			if p, ok := f.(events.PaymentMade); ok {
				p.Line = 1
				f = p
			}
			return domain.Evolve(b, f)
		},
		"every vote counts": func(b domain.Budget, f events.Funding) domain.Budget {
			if v, ok := f.(events.ProjectVoted); ok {
				b.Votes = append(slices.Clip(b.Votes), v)
				return b
			}
			return domain.Evolve(b, f)
		},
		"a subsidy of another call counts": func(b domain.Budget, f events.Funding) domain.Budget {
			if s, ok := f.(events.TabletsSubsidised); ok {
				s.CallID = "c0"
				f = s
			}
			return domain.Evolve(b, f)
		},
	} {
		if unlike(evolve, ours) == nil {
			t.Error("not found:", name)
		}
	}
	for name, spoil := range map[string]func(*views){
		"a call counts its refused projects as proposed": func(v *views) {
			v.call = func(b domain.Budget, c events.CallOpened) rest.FundingCall {
				one := ours.call(b, c)
				one.Proposed, one.Refused = one.Proposed+one.Refused, 0
				return one
			}
		},
		"what has to come back counts as paid": func(v *views) {
			v.project = func(b domain.Budget, p events.ProjectProposed) rest.Project {
				one := project(b, p)
				one.PaidCents += one.RecoveredCents
				return one
			}
		},
		"cents are cut": func(v *views) {
			v.project = func(b domain.Budget, p events.ProjectProposed) rest.Project {
				one := project(b, p)
				if one.PaidCentsPerPerson != nil {
					*one.PaidCentsPerPerson -= *one.PaidCentsPerPerson % 100
				}
				return one
			}
		},
		"a source is left out": func(v *views) {
			v.fund = func(list ...domain.Budget) rest.FundingFigures {
				f := figuresOf(list...)
				for i := range f.BySource {
					f.BySource[i].Key = "none"
				}
				return f
			}
		},
		"what is promised is left still": func(v *views) {
			v.fund = func(list ...domain.Budget) rest.FundingFigures {
				f := figuresOf(list...)
				f.LeftCents += f.PromisedCents
				return f
			}
		},
	} {
		v := ours
		spoil(&v)
		if unlike(domain.Evolve, v) == nil {
			t.Error("not found:", name)
		}
	}
}
