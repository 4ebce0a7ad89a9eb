package projections

import (
	"reflect"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// contacts are what a page of the provider tells of the only one on it.
func (h *house) contacts(account, path string) (*rest.Contact, int) {
	h.t.Helper()
	page := see[struct {
		Items []struct {
			Contact *rest.Contact `json:"contact"`
		} `json:"items"`
	}](h, account, path)
	if len(page.Items) == 0 {
		return nil, 0
	}
	return page.Items[0].Contact, len(page.Items)
}

const (
	inboxOfA = "/providers/provider-a/inbox"
	seatsOf1 = "/sessions/session-1/participants"
)

func TestAProviderKnowsHowToReachAndReceiveSomebody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	told, phone, name, relation, number, language := true, "+33465713401", "Anselme Exemplaire", "child", "+33465713402", "fr"
	f := h.somebody(1, "montpellier", "advisor-34", events.Person{GivenName: "Camille", FamilyName: "Exemple", Phone: phone, Language: language})
	f.FlagID, f.Reference = "flag-2", referenceCode(2)
	f.Details = events.Clear(f.PersonID, events.Sheet{
		Helper: &events.Helper{Name: name, Relation: relation, Phone: number, MayBeTold: &told},
		Needs:  events.Needs{Access: []string{"hearing"}, Skills: []string{"email"}},
	})
	h.hear(f, h.planned("session-1", "provider-a", 1))
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, h.requested(o), h.held(o))
	want := &rest.Contact{
		Phone: &phone, Language: &language, Access: []string{"hearing"}, Skills: []string{"email"},
		Helper: &rest.Helper{Name: &name, Relation: &relation, Phone: &number, MayBeTold: &told},
	}
	for _, account := range []string{"provider-a", "partnership-lr"} { // who answers on its behalf
		if got, n := h.contacts(account, inboxOfA); n != 1 || !reflect.DeepEqual(got, want) {
			t.Errorf("inbox as %s: %+v", account, got)
		}
	}
	h.hear(h.taken(o))
	if got, n := h.contacts("provider-a", seatsOf1); n != 1 || !reflect.DeepEqual(got, want) {
		t.Errorf("participants: %+v", got)
	}
	h.must(h.vault.Destroy(h.ctx, f.PersonID))
	if got, n := h.contacts("provider-a", seatsOf1); n != 1 || got != nil {
		t.Errorf("erased: %+v", got)
	}
}

// TestASessionThatIsHeardFirstStillShowsItsRequest: the flag and the referral come later, the request is there.
func TestASessionThatIsHeardFirstStillShowsItsRequest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.flagged("flag-1", "person-1", "montpellier", "advisor-34")
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(h.planned("session-1", "provider-a", 1), h.requested(o), h.held(o))
	if got, n := h.contacts("provider-a", inboxOfA); n != 1 || got != nil {
		t.Errorf("%d, %+v", n, got)
	}
}
