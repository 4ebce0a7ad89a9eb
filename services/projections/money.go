package projections

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
)

//go:embed money.sql
var moneyTables string

// Money is the read model of what funds have decided: what a committee has before it is counted beside it from the board.
// The funding service itself decides and answers from its own state.
func Money() projection.Projection {
	return projection.Projection{Name: "money", Services: []string{"funding"}, Tables: moneyTables, Version: 2, Apply: noteMoney}
}

const (
	putStructure = `insert into model.structure values ($1, $2, $3, $4) on conflict (id) do update set name = excluded.name, networks = excluded.networks`
	putProject   = `insert into model.project values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`
	putCommittee = `insert into model.committee values ($1, $2, $3, $4) on conflict do nothing`
	putMinutes   = `update model.committee set minutes = $2 where id = $1`
	putVote      = `
insert into model.vote values ($1, $2, $3, $4, $5)
on conflict (project_id) do update set committee_id = excluded.committee_id, answer = excluded.answer, amount_cents = excluded.amount_cents`
	putLine   = `insert into model.line values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
	putReport = `
insert into model.report values ($1, $2, $3, $4, $5, $6, $7) on conflict (project_id) do update set reached = excluded.reached,
  finished = excluded.finished, autonomous = excluded.autonomous, held = excluded.held, final = excluded.final`
	payLine     = `update model.line set paid_cents = paid_cents + $3 where decision_id = $1 and number = $2`
	recoverLine = `update model.line set recovered_cents = recovered_cents + $3 where decision_id = $1 and number = $2`
)

func noteMoney(b *projection.Batch, h projection.Heard) error {
	write := func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }
	fact, ok := h.Fact.(events.Funding)
	if !ok {
		return nil
	}
	switch e := fact.(type) {
	case events.EnvelopeOpened, events.CallOpened, events.TabletsSubsidised: // the funding service tells what is left
	case events.StructureNoted:
		write(putStructure, e.StructureID, e.Fund, e.Label, listOf(e.Networks))
	case events.ProjectProposed:
		write(putProject, e.ProjectID, e.Fund, e.CallID, e.StructureID, e.Label, e.CostCents, e.AskedCents, e.TargetPeople, e.Tablets, append([]string{}, e.Criteria...))
	case events.CommitteeConvened:
		agenda, err := json.Marshal(append([]events.AgendaItem{}, e.Agenda...))
		if err != nil {
			return fmt.Errorf("agenda of committee %s: %w", e.CommitteeID, err)
		}
		write(putCommittee, e.CommitteeID, e.Fund, e.Date, agenda)
	case events.MinutesFiled:
		write(putMinutes, e.CommitteeID, e.Filed)
	case events.ProjectVoted:
		write(putVote, e.ProjectID, e.Fund, e.CommitteeID, e.Answer, e.AmountCents)
	case events.FundingDecided:
		for n, line := range e.Lines {
			write(putLine, e.DecisionID, n+1, e.Fund, known(e.CommitteeID), known(line.ProjectID), e.Date, line.AmountCents)
		}
	case events.ProjectReported:
		write(putReport, e.ProjectID, e.Fund, e.Reached, e.Finished, e.Autonomous, e.Held, e.Final)
	case events.PaymentMade:
		write(payLine, e.DecisionID, e.Line, e.AmountCents)
	case events.RecoveryAsked:
		write(recoverLine, e.DecisionID, e.Line, e.AmountCents)
	}
	return nil
}

// purse is rows of the money, and how far the funding service was heard for them.
type purse[T any] struct {
	Rows []T                   `json:"rows"`
	At   struct{ Funding int } `json:"at"`
}

// fromMoney runs a statement on the tables of the money, for what may be seen in the context.
func fromMoney[T any](ctx context.Context, s *Service, sql string, args ...any) (p purse[T], err error) {
	schema, err := s.Money.Serving(ctx)
	if err != nil {
		return p, engine.Away(err)
	}
	list, err := engine.ReadAs[purse[T]](ctx, s.Pool, sightOf(ctx), nil,
		engine.In(schema, `select `+s.Money.At(schema)+` as at, (select coalesce(jsonb_agg(one), '[]') from (`+sql+`) one) as rows`), args...)
	if err != nil {
		return p, engine.Away(err)
	}
	return list[0], nil // an aggregate is one row
}

// moneyProject is a project with what became of it.
type moneyProject struct {
	ID            string   `json:"id"`
	Fund          string   `json:"fund"`
	Name          string   `json:"name"`
	StructureID   string   `json:"structure_id"`
	StructureName string   `json:"structure_name"`
	Networks      []string `json:"networks"`
	CostCents     int      `json:"cost_cents"`
	AskedCents    int      `json:"asked_cents"`
	TargetPeople  int      `json:"target_people"`
	Tablets       int      `json:"tablets"`
	Criteria      []string `json:"criteria"` // whom it puts first
	Date          string   `json:"date"`     // of its first decision
	Granted       int      `json:"granted"`
	Paid          int      `json:"paid"` // without what has to come back
	Recovered     int      `json:"recovered"`
	Vote          *string  `json:"vote"`
	Sent          *sent    `json:"sent"`
}

// sent is the last report of a project.
type sent struct {
	Reached    int  `json:"reached"`
	Finished   int  `json:"finished"`
	Autonomous int  `json:"autonomous"`
	Held       int  `json:"held"`
	Final      bool `json:"final"`
}

const projectsOf = `
select p.id, p.fund, p.name, p.structure_id, coalesce(o.name, '') as structure_name, coalesce(o.networks, '{}') as networks, p.cost_cents, p.asked_cents, p.target_people, p.tablets, p.criteria,
  coalesce(l.date, '') as date, coalesce(l.granted, 0) as granted, coalesce(l.paid, 0) as paid, coalesce(l.recovered, 0) as recovered, v.answer as vote,
  case when r.project_id is not null then to_jsonb(r) end as sent
from model.project p left join model.structure o on o.id = p.structure_id left join lateral (
    select min(date) as date, sum(amount_cents) as granted, sum(paid_cents - recovered_cents) as paid, sum(recovered_cents) as recovered
    from model.line where project_id = p.id) l on true
  left join model.report r on r.project_id = p.id left join model.vote v on v.project_id = p.id
where `

// reported is what is known of the report.
func (p moneyProject) reported() (reached int, report string) {
	switch {
	case p.Sent == nil:
		return 0, "missing"
	case p.Sent.Final:
		return p.Sent.Reached, "final"
	}
	return p.Sent.Reached, "sent"
}

// ratio divides and rounds half up; nil where there is nothing to divide by.
func ratio(part, whole int) *int {
	if whole <= 0 {
		return nil
	}
	rounded := (2*part + whole) / (2 * whole)
	return &rounded
}

// percentOf is a part of a whole in percent, rounded half up.
func percentOf(part, whole int) *int { return ratio(100*part, whole) }
