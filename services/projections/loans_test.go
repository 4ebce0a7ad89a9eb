package projections

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// TestWhoLendsATabletKnowsWhoHasIt: name and phone, for the manager the address too, until it is back, and nobody else's.
func TestWhoLendsATabletKnowsWhoHasIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "montpellier", "advisor-34", events.Person{
		GivenName: "Camille", FamilyName: "Exemple", Phone: "+33465713401", Address: &events.Address{Street: "3 impasse de l'Invention", Postcode: "34000", Insee: "34172"},
	})
	other := h.somebody(2, "montpellier", "advisor-34", named("Dominique", "Fictif"))
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(h.planned("session-1", "provider-a", 2), o, h.requested(o), h.held(o), h.taken(o), h.kept(o, "item-1"))
	line := func(account string) rest.Loan {
		t.Helper()
		page := see[rest.LoanPage](h, account, "/equipment/loans")
		if len(page.Items) != 1 {
			t.Fatalf("%s: %+v", account, page)
		}
		return page.Items[0]
	}
	for account, street := range map[string]string{"equipment-lr": "3 impasse de l'Invention", "provider-a": ""} {
		b := line(account).Borrower
		if b == nil || b.FamilyName != "Exemple" || the(b.Phone) != "+33465713401" || (b.Address != nil) != (street != "") || b.Address != nil && the(b.Address.Street) != street {
			t.Errorf("%s: %+v", account, b)
		}
	}
	if page := see[rest.LoanPage](h, "provider-b", "/equipment/loans"); len(page.Items) != 0 {
		t.Errorf("%+v", page)
	}
	manager, _ := sample.Find("equipment-lr")
	sight := sightOf(New(h.config()).within(h.ctx, manager, policy.ReadItem))
	h.fenced(sight, f.PersonID, 1)
	h.fenced(sight, other.PersonID, 0)
	h.hear(h.lent(o, "item-1"), h.returned(o, "item-1"))
	if b := line("equipment-lr").Borrower; b != nil {
		t.Errorf("it is back: %+v", b)
	}
	h.fenced(sight, f.PersonID, 0)
}

// fenced counts what the tables themselves show of somebody.
func (h *house) fenced(sight engine.Sight, person string, want int) {
	h.t.Helper()
	if n := h.seen(h.pool, sight, "person", " where id = '"+person+"'"); n != want {
		h.t.Errorf("the tables show %d rows, not %d", n, want)
	}
}
