package projections

import (
	"fmt"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
)

// TestP31_AReceiptAndAReturnSlip: what is signed says what was lent to whom until when, and only who lends reads it.
func TestP31_AReceiptAndAReturnSlip(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	h.hear(events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "TAB-0042", At: noon},
		events.TabletKept{Pool: "provider-a", ItemID: "item-1", LoanID: "loan-1", SessionID: "session-1", ReferralID: o.ReferralID, PersonID: o.PersonID, From: "2021-11-20", To: "2021-12-20", At: noon},
		events.TabletHandedOver{Pool: "provider-a", LoanID: "loan-1", ItemID: "item-1", ReferralID: o.ReferralID, PersonID: o.PersonID, From: "2021-11-20", To: "2021-12-20", Condition: "good", Accessories: []string{"charger", "cover"}, At: noon})
	h.says(h.pdf("provider-a", "/equipment/loans/loan-1/slip"), "Reçu de prêt", "Zélie Exemple-0 reçoit en prêt", "TAB-0042", "chargeur, housse", "lundi 20 décembre 2021", "Bon de retour", "signature")
	if got := h.get("provider-b", "/equipment/loans/loan-1/slip", nil).StatusCode; got != 404 {
		t.Error("another pool:", got)
	}
}

// TestP31_ASheetOnWhichEverybodySigns: who has a seat, in the order of the names, a column a meeting that takes place, blank lines; on
// more tables than one where there are many meetings, and nobody of whom the provider must not know.
func TestP31_ASheetOnWhichEverybodySigns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	group := h.group(3)
	h.hear(events.ParticipantDropped{SessionID: "session-1", ReferralID: group[1].ReferralID, Reason: "level", By: "provider-a", At: noon})
	page := h.pdf("provider-a", "/sessions/session-1/sign-in")
	h.says(page, "Feuille d’émargement : Premiers pas session-1", "Salle Exemple, Montpellier", "Séance 1,", "Séance 2,", "EXEMPLE-0 Zélie", "EXEMPLE-2 Zélie")
	if strings.Contains(page, "EXEMPLE-1") || strings.Index(page, "EXEMPLE-0") > strings.Index(page, "EXEMPLE-2") {
		t.Error(page)
	}
	for account, want := range map[string]int{"provider-b": 404, "advisor-34": 403} {
		if got := h.get(account, "/sessions/session-1/sign-in", nil).StatusCode; got != want {
			t.Errorf("%s: %d", account, got)
		}
	}
	long := h.planned("session-9", "provider-a", 8)
	long.Meetings = nil
	for i := range 9 {
		at := noon.AddDate(0, 0, 21+i)
		long.Meetings = append(long.Meetings, events.Meeting{StartsAt: at, EndsAt: at.AddDate(0, 0, 0)})
	}
	long.Place = "12 rue de l'Exemple, Montpellier"
	h.hear(long)
	page = h.pdf("provider-a", "/sessions/session-9/sign-in")
	if strings.Count(page, "Nom et prénom") < 3 || strings.Count(page, "Montpellier") != 1 {
		t.Error(page)
	}
	for i := range 9 {
		h.says(page, fmt.Sprintf("Séance %d,", i+1))
	}
}
