package projections

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/policy"
)

// fence is how many rows of a table an account sees by a query that somebody forgot to narrow.
type fence struct {
	account string
	action  policy.Action
	table   string
	want    int
}

// breaches are the fences that do not hold: too much is seen, or too little.
func (h *house) breaches(p *projection.Projector, fences []fence) (found []string) {
	h.t.Helper()
	s := New(h.config())
	schema, err := p.Serving(h.ctx)
	h.must(err)
	for _, f := range fences {
		sight := engine.Sight(nil) // nobody
		if f.account != "" {
			a, _ := sample.Find(f.account)
			sight = sightOf(s.within(h.ctx, a, f.action))
		}
		rows, err := engine.ReadAs[counted1](h.ctx, h.pool, sight, nil, engine.In(schema, `select count(*)::int as n from model.`+f.table))
		h.must(err)
		if rows[0].N != f.want {
			found = append(found, fmt.Sprintf("%s of %s, %s: %d, not %d", f.table, f.account, f.action, rows[0].N, f.want))
		}
	}
	return found
}

// openedWide opens a table wide, as a fault would.
func (h *house) openedWide(p *projection.Projector, table string) {
	h.t.Helper()
	schema, err := p.Serving(h.ctx)
	h.must(err)
	_, err = h.pool.Exec(h.ctx, engine.In(schema, `drop policy reader on model.`+table+`; create policy reader on model.`+table+` for select using (true)`))
	h.must(err)
}

// TestTheTablesOfTheMoneyKeepWhatIsNotTheCallers, whatever a query forgets; and this test finds a table that does not.
func TestTheTablesOfTheMoneyKeepWhatIsNotTheCallers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.financed()
	h.hear(events.ProjectProposed{Fund: "carsat-bfc", CallID: "call-9", ProjectID: "project-9", StructureID: "provider-58", Label: "Autre caisse", CostCents: 2, AskedCents: 1, At: h.now},
		events.StructureNoted{Fund: "carsat-bfc", StructureID: "provider-58", Label: "Autre", At: h.now})
	all := map[string]int{"structure": 2, "project": 3, "committee": 1, "vote": 1, "line": 1, "report": 1}
	own := map[string]int{"structure": 1, "project": 2, "line": 1, "report": 1} // of provider-a
	other := map[string]int{"structure": 1, "project": 1}                       // of carsat-bfc
	var fences []fence
	for table := range all {
		fences = append(fences, fence{table: table}, fence{"admin-lr", policy.ReadProject, table, 0}, fence{"advisor-34", policy.ReadFlag, table, 0},
			fence{"equipment-lr", policy.ReadEntitlement, table, 0}, fence{"analyst-lr", policy.ReadOutcomes, table, 0}, fence{"provider-b", policy.ReadProject, table, 0},
			fence{"funding-lr", policy.ReadFunding, table, all[table]}, fence{"partnership-lr", policy.ReadProject, table, all[table]}, fence{"provider-a", policy.ReadProject, table, own[table]},
			fence{"provider-a", policy.ReadFunding, table, 0}, fence{"analyst-bfc", policy.ReadFunding, table, other[table]}, fence{"network", policy.ReadFunding, table, all[table] + other[table]})
	}
	if found := h.breaches(h.money, fences); found != nil {
		t.Errorf("%q", found)
	}
	for table := range all {
		h.openedWide(h.money, table)
		if found := h.breaches(h.money, fences); !slices.ContainsFunc(found, func(one string) bool { return one[:len(table)] == table }) {
			t.Errorf("%s is open wide, and nothing is found: %q", table, found)
		}
	}
}

// TestEntitlementsAreForThoseConcernedWhateverAQueryForgets; and this test finds a table that is not.
func TestEntitlementsAreForThoseConcernedWhateverAQueryForgets(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f, other := h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), h.senior("flag-2", "Inventé", "beziers", "advisor-34b")
	h.hear(h.granting())
	h.hear(h.given(f, "e-1")...)
	h.hear(h.given(other, "e-2")...)
	meet := func(id, person string) events.AppointmentMade {
		return events.AppointmentMade{Programme: "equipement-lr", EntitlementID: id, PersonID: person, Number: 1, StartsAt: h.now, Minutes: 60, Where: "phone", At: h.now}
	}
	h.hear(events.CoachNamed{Programme: "equipement-lr", EntitlementID: "e-1", PersonID: f.PersonID, ProviderID: "provider-a", At: h.now}, meet("e-1", f.PersonID), meet("e-2", other.PersonID))
	var fences []fence
	tables := []string{"entitlement", "appointment"}
	for _, table := range tables {
		fences = append(fences, fence{table: table}, fence{"advisor-34", policy.ReadEntitlement, table, 1}, fence{"advisor-30", policy.ReadEntitlement, table, 0},
			fence{"provider-a", policy.ReadEntitlement, table, 1}, fence{"provider-b", policy.ReadEntitlement, table, 0}, fence{"equipment-lr", policy.ReadEntitlement, table, 2},
			fence{"funding-lr", policy.ReadFunding, table, 0}, fence{"funding-lr", policy.ReadGrant, table, 0}, fence{"admin-lr", policy.ReadEntitlement, table, 0}, fence{"analyst-bfc", policy.ReadOutcomes, table, 0})
	}
	if found := h.breaches(h.projector, fences); found != nil {
		t.Errorf("%q", found)
	}
	for _, table := range tables {
		h.openedWide(h.projector, table)
		if found := h.breaches(h.projector, fences); !slices.ContainsFunc(found, func(one string) bool { return one[:len(table)] == table }) {
			t.Errorf("%s is open wide, and nothing is found: %q", table, found)
		}
	}
}

// TestNoTableOfTheMoneyIsForgotten: each has a fence, and no view goes around it.
func TestNoTableOfTheMoneyIsForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	schema, err := h.money.Serving(h.ctx)
	h.must(err)
	unfenced := func() []string {
		rows, err := h.pool.Query(h.ctx, `select relname::text from pg_class where relnamespace = $1::regnamespace and (relkind in ('v', 'm') or relkind = 'r' and not relrowsecurity)`, pgx.Identifier{schema}.Sanitize())
		h.must(err)
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		h.must(err)
		return list
	}
	if found := unfenced(); len(found) > 0 {
		t.Errorf("without a fence: %v", found)
	}
	_, err = h.pool.Exec(h.ctx, engine.In(schema, `create table model.planted (fund text)`))
	h.must(err)
	if found := unfenced(); !slices.Equal(found, []string{"planted"}) {
		t.Errorf("a table without a fence is not found: %v", found)
	}
}
