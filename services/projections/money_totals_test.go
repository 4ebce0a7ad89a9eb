package projections

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/projections/rest"
)

const committeeHistories = 200

// drawnMoney is the money of three structures: what was decided, paid, reported and taken back before a committee, in any order that
// can be, and the committee. The identifiers of a history are its own.
func drawnMoney(seed uint64) (facts []events.Fact, committee rest.Committee) {
	dice := rand.New(rand.NewPCG(seed, 3))
	id := func(kind string, n int) string { return fmt.Sprintf("%s-%03d-%d", kind, seed, n) }
	const fund = "carsat-lr"
	for n := range 3 {
		facts = append(facts, events.StructureNoted{Fund: fund, StructureID: id("structure", n), Label: fmt.Sprint("Structure Exemple ", n)})
	}
	var agenda []events.AgendaItem
	for n := range 8 {
		facts = append(facts, events.ProjectProposed{Fund: fund, CallID: id("call", n%2), ProjectID: id("project", n), StructureID: id("structure", dice.IntN(3)),
			Label: "Projet Exemple", CostCents: 1000_00 + dice.IntN(5000_00), AskedCents: 1 + dice.IntN(1000_00), TargetPeople: dice.IntN(25), Tablets: dice.IntN(9)})
		if n < 3 {
			agenda = append(agenda, events.AgendaItem{Kind: "decision", ProjectID: id("project", n)})
		}
	}
	facts = append(facts, events.CommitteeConvened{Fund: fund, CommitteeID: id("committee", 0), Date: "2021-11-18", Agenda: agenda})
	lines := map[string]int{}
	for n := range 30 {
		p := id("project", dice.IntN(8))
		switch dice.IntN(6) {
		case 0, 1:
			d := events.FundingDecided{Fund: fund, DecisionID: id("decision", n), Date: fmt.Sprintf("20%d-05-06", 19+dice.IntN(3))}
			for range 1 + dice.IntN(3) {
				l := events.DecisionLine{Label: "Action", AmountCents: 1 + dice.IntN(900_00), ProjectID: id("project", dice.IntN(8))}
				d.Lines, d.TotalCents = append(d.Lines, l), d.TotalCents+l.AmountCents
			}
			facts = append(facts, d)
			lines[d.DecisionID] = len(d.Lines)
		case 2:
			facts = append(facts, events.ProjectReported{Fund: fund, ProjectID: p, ReportID: id("report", n), Reached: dice.IntN(30), Final: dice.IntN(2) == 0})
		case 3:
			facts = append(facts, events.ProjectVoted{Fund: fund, CommitteeID: id("committee", 0), ProjectID: p, Answer: "favourable", AmountCents: 1 + dice.IntN(100)})
		default:
			decided := slices.Sorted(maps.Keys(lines))
			if len(decided) == 0 {
				continue
			}
			d := decided[dice.IntN(len(decided))]
			if line, cents := 1+dice.IntN(lines[d]), 1+dice.IntN(300_00); dice.IntN(3) > 0 {
				facts = append(facts, events.PaymentMade{Fund: fund, PaymentID: id("payment", n), DecisionID: d, Line: line, AmountCents: cents, Date: "2021-06-01"})
			} else {
				facts = append(facts, events.RecoveryAsked{Fund: fund, RecoveryID: id("recovery", n), DecisionID: d, Line: line, AmountCents: cents, Reason: "not_spent", Date: "2021-07-01"})
			}
		}
	}
	committee = rest.Committee{ID: id("committee", 0), Fund: fund}
	for _, item := range agenda {
		committee.Agenda = append(committee.Agenda, rest.AgendaItem{Kind: item.Kind, ProjectID: &item.ProjectID})
	}
	return facts, committee
}

// recountFile adds up what was told before a committee, structure by structure, straight from the facts.
func recountFile(facts []events.Fact, c rest.Committee) map[string]int {
	sum, structure, target, granted, line := map[string]int{}, map[string]string{}, map[string]int{}, map[string]int{}, map[string]string{}
	paid, back, report := map[string]int{}, map[string]int{}, map[string]events.ProjectReported{}
	listed := func(p string) bool {
		return slices.ContainsFunc(c.Agenda, func(i rest.AgendaItem) bool { return *i.ProjectID == p })
	}
	for _, f := range facts {
		switch e := f.(type) {
		case events.ProjectProposed:
			structure[e.ProjectID], target[e.ProjectID] = e.StructureID, e.TargetPeople
			if listed(e.ProjectID) {
				sum[e.StructureID+" asked"] += e.AskedCents
				sum[e.StructureID+" listed"]++
			}
		case events.FundingDecided:
			for n, l := range e.Lines {
				granted[l.ProjectID] += l.AmountCents
				line[fmt.Sprint(e.DecisionID, n+1)] = l.ProjectID
			}
		case events.PaymentMade:
			paid[line[fmt.Sprint(e.DecisionID, e.Line)]] += e.AmountCents
		case events.RecoveryAsked:
			paid[line[fmt.Sprint(e.DecisionID, e.Line)]] -= e.AmountCents
			back[line[fmt.Sprint(e.DecisionID, e.Line)]] += e.AmountCents
		case events.ProjectReported:
			report[e.ProjectID] = e
		}
	}
	for p, s := range structure {
		if sum[s+" listed"] == 0 || listed(p) || granted[p] == 0 {
			continue
		}
		sum[s+" granted"] += granted[p]
		sum[s+" paid"] += paid[p]
		sum[s+" recovered"] += back[p]
		sum[s+" target"] += target[p]
		sum[s+" reached"] += report[p].Reached
		sum[s+" before"]++
		if report[p].ReportID == "" {
			sum[s+" missing"]++
		}
		for what, cents := range map[string]int{"granted": granted[p], "paid": paid[p], "recovered": back[p], "reached": report[p].Reached} {
			sum[p+" "+what] = cents
		}
	}
	return sum
}

// writtenFile is the same of the file as it is answered.
func writtenFile(files []rest.StructureFile) map[string]int {
	sum := map[string]int{}
	for _, f := range files {
		s := f.Structure
		maps.Copy(sum, map[string]int{
			s + " asked": f.AskedCents, s + " listed": len(f.Asks), s + " granted": f.GrantedCents, s + " paid": f.PaidCents, s + " recovered": f.RecoveredCents, s + " target": f.TargetPeople,
			s + " reached": f.Reached, s + " before": f.ProjectsBefore, s + " missing": f.ReportsMissing,
		})
		for _, p := range f.Before {
			maps.Copy(sum, map[string]int{p.Project + " granted": p.GrantedCents, p.Project + " paid": p.PaidCents, p.Project + " recovered": p.RecoveredCents, p.Project + " reached": p.Reached})
		}
	}
	return sum
}

// purseTables are the tables of the money in a schema of their own.
type purseTables struct {
	pool   *pgxpool.Pool
	schema string
}

func newPurse(t *testing.T) purseTables {
	t.Helper()
	pool, schema, control := testkit.Pool(t), testkit.Schema(t), testkit.Schema(t)
	quoted := pgx.Identifier{schema}.Sanitize()
	err := errors.Join(projection.Provision(t.Context(), pool, control), engine.ProvisionReader(t.Context(), pool, control))
	if _, made := pool.Exec(t.Context(), "create schema "+quoted+"; set search_path = "+quoted+"; "+moneyTables+"; reset search_path"); errors.Join(err, made) != nil {
		t.Fatal(err, made)
	}
	return purseTables{pool, schema}
}

type noting = func(*projection.Batch, projection.Heard) error

// hear writes facts as a projector would; note is noteMoney, or a planted fault.
func (p purseTables) hear(t *testing.T, note noting, facts []events.Fact) {
	t.Helper()
	var batch projection.Batch
	for _, f := range facts {
		if err := note(&batch, projection.Heard{Service: "funding", Fact: f}); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range batch.QueuedQueries {
		q.SQL = strings.ReplaceAll(q.SQL, `"".`, pgx.Identifier{p.schema}.Sanitize()+".")
	}
	if err := p.pool.SendBatch(t.Context(), &batch.Batch).Close(); err != nil {
		t.Fatal(err)
	}
}

// file is what the statement and the sums of a committee's file make of the tables.
func (p purseTables) file(t *testing.T, c rest.Committee) []rest.StructureFile {
	t.Helper()
	ids := []string{}
	for _, item := range c.Agenda {
		ids = append(ids, *item.ProjectID)
	}
	var data []byte
	err := p.pool.QueryRow(t.Context(), engine.In(p.schema, `select coalesce(jsonb_agg(one), '[]') from (`+fileProjectsOf+`) one`), c.Fund, ids).Scan(&data)
	var rows []moneyProject
	if err = errors.Join(err, json.Unmarshal(data, &rows)); err != nil {
		t.Fatal(err)
	}
	tallies := map[string]*projectTally{}
	for _, r := range rows {
		tallies[r.ID] = newProjectTally()
	}
	return structureFiles(c, rows, tallies)
}

// firstWrong names the first figure of 200 committees that is not the sum of its facts; empty: there is none.
func (p purseTables) firstWrong(t *testing.T, note noting) string {
	t.Helper()
	met := map[string]int{}
	for seed := range uint64(committeeHistories) {
		facts, committee := drawnMoney(seed)
		p.hear(t, note, facts)
		files := p.file(t, committee)
		want, got := recountFile(facts, committee), writtenFile(files)
		for _, key := range slices.Sorted(maps.Keys(got)) {
			if got[key] != want[key] {
				return fmt.Sprintf("history %d, %s: %d, and the facts add up to %d", seed, key, got[key], want[key])
			}
			if got[key] > 0 {
				met[key[strings.LastIndex(key, " ")+1:]]++
			}
		}
		for key := range want {
			if _, written := got[key]; !written && strings.HasSuffix(key, " listed") {
				return fmt.Sprintf("history %d: %s is not in the file", seed, key)
			}
		}
		for _, f := range files {
			if f.TargetPeople > 0 && 2**f.PromisedCentsPerPerson*f.TargetPeople > 2*f.GrantedCents+f.TargetPeople {
				return fmt.Sprintf("history %d: %d a person of %d for %d", seed, *f.PromisedCentsPerPerson, f.GrantedCents, f.TargetPeople)
			}
		}
	}
	for _, what := range []string{"asked", "granted", "paid", "recovered", "target", "reached", "before", "missing"} {
		if met[what] < 50 {
			t.Errorf("%s: met %d times", what, met[what])
		}
	}
	return ""
}

func TestTheFileOfTwoHundredCommitteesIsTheSumOfItsFacts(t *testing.T) {
	t.Parallel()
	if wrong := newPurse(t).firstWrong(t, noteMoney); wrong != "" {
		t.Error(wrong)
	}
}

// TestAPlantedFaultInTheFileOfACommitteeIsFound: each is a way of writing that works while everything happens once.
func TestAPlantedFaultInTheFileOfACommitteeIsFound(t *testing.T) {
	t.Parallel()
	for name, planted := range map[string]noting{
		"the first report stays": func(b *projection.Batch, h projection.Heard) error {
			if f, ok := h.Fact.(events.ProjectReported); ok {
				b.Queue(engine.In(b.Schema(), `insert into model.report values ($1, $2, $3, 0, 0, 0, false) on conflict do nothing`), f.ProjectID, f.Fund, f.Reached)
				return nil
			}
			return noteMoney(b, h)
		},
		"the last payment is the sum": func(b *projection.Batch, h projection.Heard) error {
			if f, ok := h.Fact.(events.PaymentMade); ok {
				b.Queue(engine.In(b.Schema(), `update model.line set paid_cents = $3 where decision_id = $1 and number = $2`), f.DecisionID, f.Line, f.AmountCents)
				return nil
			}
			return noteMoney(b, h)
		},
		"what comes back is not noted": func(b *projection.Batch, h projection.Heard) error {
			if _, ok := h.Fact.(events.RecoveryAsked); ok {
				return nil
			}
			return noteMoney(b, h)
		},
		"lines count from nought": func(b *projection.Batch, h projection.Heard) error {
			if f, ok := h.Fact.(events.PaymentMade); ok {
				f.Line--
				h.Fact = f
			}
			return noteMoney(b, h)
		},
		"one line of a project is enough": func(b *projection.Batch, h projection.Heard) error {
			if f, ok := h.Fact.(events.FundingDecided); ok {
				f.Lines = f.Lines[:1]
				h.Fact = f
			}
			return noteMoney(b, h)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if newPurse(t).firstWrong(t, planted) == "" {
				t.Error("not found")
			}
		})
	}
}
