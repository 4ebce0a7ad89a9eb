package projections

import (
	"net/http"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// reachable is a provider with telephone and e-mail.
func (h *house) reachable(id string) events.ProviderRegistered {
	h.t.Helper()
	key, err := h.vault.Mint(h.ctx)
	h.must(err)
	p := h.provider(id, "carsat-lr", "34")
	p.Street = "4 place de l'Invention"
	p.Contact = events.Clear(key, events.ProviderContact{Phone: "04 65 71 34 90", Email: "accueil@tiers-lieu.example"})
	return p
}

func names(page rest.ProviderPage) (list []string) {
	for _, p := range page.Items {
		list = append(list, p.ID)
	}
	return list
}

func TestProvidersAreListedByNameAndDepartment(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.reachable("ours"), h.provider("theirs", "carsat-bfc", "58"), h.provider("next", "carsat-lr", "30"))
	if got := names(see[rest.ProviderPage](h, "advisor-34", "/providers")); !slices.Equal(got, []string{"next", "ours", "theirs", "provider-b", "provider-a", "provider-58"}) {
		t.Error(got)
	}
	page := see[rest.ProviderPage](h, "advisor-58", "/providers?department=34")
	if got := names(page); !slices.Equal(got, []string{"ours", "provider-b", "provider-a"}) {
		t.Error(got)
	}
	ours, constant := page.Items[0], page.Items[2]
	if ours.Name != "Atelier Exemple ours" || ours.Fund != "carsat-lr" || *ours.Insee != "34172" || *ours.Street != "4 place de l'Invention" ||
		*ours.Phone != "04 65 71 34 90" || *ours.ContactEmail != "accueil@tiers-lieu.example" {
		t.Errorf("%+v", ours)
	}
	if constant.Name != "Centre social Exemple-Nord" || constant.Department != "34" || constant.Insee != nil || constant.Phone != nil {
		t.Errorf("%+v", constant)
	}
	if page := see[rest.ProviderPage](h, "advisor-58", "/providers?department=48"); page.Items == nil || len(page.Items) != 0 {
		t.Errorf("%+v", page)
	}
	if got := h.get("advisor-34", "/providers?department=Hérault", nil).StatusCode; got != http.StatusUnprocessableEntity {
		t.Error(got)
	}
}

func TestWhoReadsSessionsReadsProviders(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, a := range append(accounts(), directory.Account{ID: "nobody"}) {
		want := http.StatusForbidden
		if policy.May(a, policy.ReadSession) {
			want = http.StatusOK
		}
		if got := h.get(a.ID, "/providers", nil).StatusCode; got != want {
			t.Errorf("%s: %d, not %d", a.ID, got, want)
		}
	}
}

func TestAnErasedContactIsEmptyAndALostKeyAnError(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	erased, lost := h.reachable("erased"), h.reachable("lost")
	h.hear(erased)
	h.must(h.vault.Destroy(h.ctx, erased.Contact.Subject()))
	if p := see[rest.ProviderPage](h, "advisor-34", "/providers?limit=1").Items[0]; p.Phone != nil || p.ContactEmail != nil || p.Name != "Atelier Exemple erased" {
		t.Errorf("%+v", p)
	}
	h.hear(lost)
	h.forgetKey(lost.Contact.Subject())
	if got := h.get("advisor-34", "/providers", nil).StatusCode; got != http.StatusInternalServerError {
		t.Error(got)
	}
}

// TestTheOfficerOfTheFundSeesWhatARegisteredProviderWouldSee: inbox, participants, drafts and the count on the front page.
func TestTheOfficerOfTheFundSeesWhatARegisteredProviderWouldSee(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	draft := h.planned("session-draft", "ours", 2)
	draft.Status = "draft"
	h.hear(h.provider("ours", "carsat-lr", "34"), h.planned("session-1", "ours", 2), draft,
		events.ItemRegistered{Pool: "ours", ItemID: "item-1", Kind: "tablet", AssetTag: "T1", At: h.now})
	asks := h.opened(h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), "referral-1", "session-1", "ours")
	sits := h.opened(h.senior("flag-2", "Fictif", "montpellier", "advisor-34"), "referral-2", "session-1", "ours")
	h.hear(asks, h.requested(asks), h.held(asks), sits, h.requested(sits), h.held(sits), h.taken(sits), h.kept(sits, "item-1"))
	for _, path := range []string{
		"/providers/ours/inbox", "/sessions/session-1/participants", "/sessions/session-draft", "/sessions/session-draft/participants", "/referrals/referral-1",
	} {
		for account, want := range map[string]int{"partnership-lr": 200, "partnership-bfc": 404, "provider-a": 404} {
			if got := h.get(account, path, nil).StatusCode; got != want {
				t.Errorf("%s as %s: %d, not %d", path, account, got, want)
			}
		}
	}
	if got := h.get("advisor-34", "/providers/ours/inbox", nil).StatusCode; got != 403 {
		t.Error(got)
	}
	if page := see[rest.InboxPage](h, "partnership-lr", "/providers/ours/inbox"); len(page.Items) != 1 || page.Items[0].ReferralID != "referral-1" {
		t.Errorf("%+v", page)
	}
	for account, want := range map[string][4]int{ // requests to answer, drafts, items, loans
		"partnership-lr": {1, 1, -1, -1}, "partnership-bfc": {0, 0, -1, -1}, "provider-a": {0, 0, 0, 0}, "equipment-lr": {0, 0, 1, 1},
	} {
		got := [4]int{see[rest.Me](h, account, "/me").Counts.ToAnswer, h.many(account, "/sessions?status=draft"), h.many(account, "/equipment/items"), h.many(account, "/equipment/loans")}
		if got != want {
			t.Errorf("%s: %v, not %v", account, got, want)
		}
	}
}

// many is how many rows a list has for the account, -1 where it has no such list.
func (h *house) many(account, path string) int {
	h.t.Helper()
	var page anyPage
	if h.get(account, path, &page).StatusCode != http.StatusOK {
		return -1
	}
	return len(page.Items)
}

// TestAProviderThatWasJustRegisteredHasAnInbox: it is 404 only after everything that is known was heard.
func TestAProviderThatWasJustRegisteredHasAnInbox(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, id := range []string{"p1", "p2", "p3", "p4", "p5"} {
		h.tellers["workshop"].Tell(h.provider(id, "carsat-lr", "34"))
		if got := h.get("partnership-lr", "/providers/"+id+"/inbox", nil).StatusCode; got != http.StatusOK {
			t.Errorf("%s: %d", id, got)
		}
	}
	if got := h.get("partnership-lr", "/providers/p6/inbox", nil).StatusCode; got != http.StatusNotFound {
		t.Error(got)
	}
}

func TestTheDirectoryIsTheSameForEveryAccount(t *testing.T) {
	t.Parallel()
	h := &house{t: t, ctx: t.Context(), clock: clock.At(noon)}
	h.mount(Config{Clock: h.clock, Directory: sample.Directory}) // needs no table
	for _, a := range accounts() {
		d := see[rest.Directory](h, a.ID, "/directory")
		if len(d.Funds) != len(sample.Directory().Funds()) || len(d.Desks) != len(sample.Directory().Desks()) || len(d.Programmes) != len(sample.Directory().Programmes()) {
			t.Errorf("%s: %+v", a.ID, d)
		}
		i := slices.IndexFunc(d.Desks, func(d rest.Desk) bool { return d.ID == "nievre" })
		if i < 0 || d.Desks[i].Kind != "unit" || d.Desks[i].Fund != "carsat-bfc" || d.Desks[i].Phone != "03 53 01 58 02" {
			t.Errorf("%+v", d.Desks)
		}
	}
	if got := h.get("nobody", "/directory", nil).StatusCode; got != http.StatusForbidden {
		t.Error(got)
	}
}
