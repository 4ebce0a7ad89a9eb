package projections

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// TestListsShowWhatThePolicyAllows compares every list, for every account, with the policy asked row by row;
// and single resources with the list.
func TestListsShowWhatThePolicyAllows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.listsShow(accounts())
}

// listsShow compares for every account.
func (h *house) listsShow(accounts []directory.Account) {
	t := h.t
	t.Helper()
	flags, opened, items := h.oneOfEach()
	author := map[string]string{}
	for _, f := range flags {
		author[f.FlagID] = f.By
	}
	for _, a := range accounts {
		sees := func(path string, action policy.Action, want []string, one string) {
			t.Helper()
			status := http.StatusOK
			if !policy.May(a, action) {
				status, want = http.StatusForbidden, nil
			}
			var page struct{ Items []struct{ ID string } }
			if got := h.get(a.ID, path, &page).StatusCode; got != status {
				t.Errorf("%s as %s: %d, not %d", path, a.ID, got, status)
			}
			got := []string{}
			for _, i := range page.Items {
				got = append(got, i.ID)
			}
			slices.Sort(got)
			if !slices.Equal(got, append([]string{}, want...)) {
				t.Errorf("%s as %s: %v, not %v", path, a.ID, got, want)
			}
			h.singles(a, action, one, status, want)
		}
		may := func(action policy.Action, on policy.Resource) bool {
			return policy.Can(a, action, on) == policy.Allowed
		}
		sees("/flags", policy.ReadFlag, keep(flags, func(f events.SeniorFlagged) (string, bool) {
			return f.FlagID, may(policy.ReadFlag, policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.By})
		}), "/flags/flag-%d")
		sees("/referrals", policy.ReadReferral, keep(opened, func(o events.ReferralOpened) (string, bool) {
			return o.ReferralID, may(policy.ReadReferral, policy.Resource{Fund: o.Fund, Department: o.Department, Desk: o.Desk, Provider: o.ProviderID, Author: author[o.FlagID]})
		}), "/referrals/referral-%d")
		sees("/equipment/items", policy.ReadItem, keep(items, func(i events.ItemRegistered) (string, bool) {
			return i.ItemID, may(policy.ReadItem, policy.Resource{Fund: fundOf(i.Pool), Pool: i.Pool})
		}), "")
		h.figuresShow(a, flags, opened)
	}
}

// figuresShow compares what is counted with what the account may count.
func (h *house) figuresShow(a directory.Account, flags []events.SeniorFlagged, opened []events.ReferralOpened) {
	h.t.Helper()
	if !policy.May(a, policy.ReadFunnel) {
		if got := h.get(a.ID, "/dashboard/funnel", nil).StatusCode; got != http.StatusForbidden {
			h.t.Errorf("funnel as %s: %d", a.ID, got)
		}
		return
	}
	want, referred := 0, 0
	for i, f := range flags {
		on := policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.By}
		whole := policy.Can(a, policy.ReadFunnel, on) == policy.Allowed
		on.Provider = opened[i].ProviderID
		if policy.Can(a, policy.ReadFunnel, on) == policy.Allowed {
			want++
		}
		if whole || policy.Can(a, policy.ReadFunnel, policy.Resource{Provider: on.Provider}) == policy.Allowed {
			referred++
		}
	}
	got := see[rest.Funnel](h, a.ID, "/dashboard/funnel")
	if got.N != want || got.Stages.Referred != referred {
		h.t.Errorf("funnel as %s: %d flags, %d referred; not %d, %d", a.ID, got.N, got.Stages.Referred, want, referred)
	}
}

// TestSeveralRolesSeeWhatEachOfThemSees draws accounts of one to three roles, and compares every list with the policy row by row.
func TestSeveralRolesSeeWhatEachOfThemSees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	config := h.config()
	drawn, all := drawnAccounts(40)
	config.Directory = func() *directory.Directory { return all }
	h.mount(config)
	h.listsShow(drawn)
}

// drawnAccounts are some with one to three roles of one fund, and the directory that knows them beside those of the demonstration.
func drawnAccounts(n int) (drawn []directory.Account, all *directory.Directory) {
	facts := sample.Facts(sample.Day)
	chance := rand.New(rand.NewPCG(20211115, 3))
	var few []sample.Account // whose roles are drawn
	for _, a := range sample.Accounts() {
		if a.Fund != directory.Network {
			few = append(few, a)
		}
	}
	for i := range n {
		id, fund := fmt.Sprintf("drawn-%d", i), ""
		if i%4 == 0 {
			id = []string{"advisor-34", "evaluator-34", "partner-34", "advisor-58"}[i/4%4] // who has made flags gets more roles
		}
		for k := range 1 + chance.IntN(3) {
			a := few[chance.IntN(len(few))]
			if fund != "" && a.Fund != fund {
				continue
			}
			if fund = a.Fund; i%4 == 0 {
				own, _ := sample.Find(id)
				if fund = own.Fund; a.Fund != fund {
					continue
				}
			}
			facts = append(facts, events.MembershipGranted{
				MembershipID: fmt.Sprintf("drawn-%d-%d", i, k), Fund: a.Fund, Account: id, Role: string(a.Role), Scope: events.Scope(a.Scope), From: sample.Since, At: sample.Day,
			})
		}
	}
	all = directory.Of(facts...)
	for _, a := range all.Accounts(sample.Day) {
		if len(a.Grants) > 1 || strings.HasPrefix(a.ID, "drawn-") {
			drawn = append(drawn, a)
		}
	}
	return drawn, all
}

// singles asks for each resource by itself: what is not on the list is not found, what the role never sees is forbidden.
func (h *house) singles(a directory.Account, action policy.Action, path string, status int, listed []string) {
	h.t.Helper()
	if path == "" {
		return
	}
	for n := range 8 {
		one := fmt.Sprintf(path, n)
		want := status
		if status == http.StatusOK && !slices.ContainsFunc(listed, func(id string) bool { return len(one) > len(id) && one[len(one)-len(id):] == id }) {
			want = http.StatusNotFound
		}
		if got := h.get(a.ID, one, nil).StatusCode; got != want {
			h.t.Errorf("%s as %s (%s): %d, not %d", one, a.ID, action, got, want)
		}
	}
}

// oneOfEach are flags of every kind of author at several desks, their referrals, and an item of several pools.
func (h *house) oneOfEach() (flags []events.SeniorFlagged, opened []events.ReferralOpened, items []events.ItemRegistered) {
	h.t.Helper()
	h.hear(h.planned("session-a", "provider-a", 8), h.planned("session-b", "provider-b", 8))
	for n, who := range []struct{ desk, by, provider string }{
		{"montpellier", "advisor-34", "provider-a"}, {"beziers", "advisor-34b", "provider-b"}, {"nimes", "advisor-30", "provider-a"},
		{"plateforme-telephonique", "phone-lr", "provider-b"}, {"nievre", "advisor-58", "provider-a"}, {"cote-dor", "advisor-21", "provider-b"},
		{"sete", "evaluator-34", "provider-a"}, {"montpellier", "partner-34", "provider-b"},
	} {
		f := h.senior(fmt.Sprintf("flag-%d", n), "Fictif", who.desk, who.by)
		o := h.opened(f, fmt.Sprintf("referral-%d", n), "session-"+who.provider[9:], who.provider)
		h.hear(o, h.requested(o), h.held(o))
		flags, opened = append(flags, f), append(opened, o)
	}
	h.hear(h.provider("registered-lr", "carsat-lr", "34"), h.provider("registered-bfc", "carsat-bfc", "58"))
	for n, pool := range []string{"provider-a", "provider-b", "montpellier", "dijon", "provider-58", "registered-lr", "registered-bfc"} {
		i := events.ItemRegistered{Pool: pool, ItemID: fmt.Sprintf("item-%d", n), Kind: "tablet", AssetTag: fmt.Sprint(n), At: h.now}
		h.hear(i)
		items = append(items, i)
	}
	return flags, opened, items
}

func fundOf(pool string) string {
	if p, ok := sample.Directory().Provider(pool); ok {
		return p.Fund
	}
	if fund, ok := map[string]string{"registered-lr": "carsat-lr", "registered-bfc": "carsat-bfc"}[pool]; ok {
		return fund
	}
	d, _ := sample.Directory().Desk(pool)
	return d.Fund
}

func TestD6_AnAgencyDoesNotListThePeopleOfAnother(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ours := h.senior("flag-a", "Fictif", "montpellier", "advisor-34")
	theirs := h.senior("flag-b", "Exemple", "beziers", "advisor-34b")
	for account, want := range map[string]string{"advisor-34": ours.FlagID, "advisor-34b": theirs.FlagID} {
		page := see[rest.FlagPage](h, account, "/flags")
		if len(page.Items) != 1 || page.Items[0].ID != want {
			t.Errorf("%s: %+v", account, page.Items)
		}
	}
	if got := h.get("advisor-34", "/persons/"+theirs.PersonID, nil).StatusCode; got != 404 {
		t.Error(got)
	}
}

func TestD5_AnEvaluatorSeesOnlyTheirOwnFlags(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	own, other := h.senior("flag-a", "Fictif", "montpellier", "evaluator-34"), h.senior("flag-b", "Exemple", "montpellier", "advisor-34")
	for flag, want := range map[string]int{own.FlagID: 200, other.FlagID: 404} {
		if got := h.get("evaluator-34", "/flags/"+flag, nil).StatusCode; got != want {
			t.Errorf("%s: %d", flag, got)
		}
	}
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	draft := h.planned("session-draft", "provider-a", 2)
	draft.Status = "draft"
	h.hear(h.planned("session-1", "provider-a", 2), draft)
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, h.requested(o), h.held(o))
	for _, c := range []struct {
		account, path string
		want          int
	}{
		{"provider-a", "/flags", 403}, {"provider-a", "/flags/flag-1", 403}, {"provider-a", "/persons/" + f.PersonID, 403},
		{"advisor-34b", "/flags/flag-1", 404}, {"advisor-34b", "/persons/" + f.PersonID, 404}, {"advisor-34b", "/referrals/referral-1", 404},
		{"provider-b", "/referrals/referral-1", 404}, {"provider-b", "/sessions/session-1/participants", 404},
		{"provider-b", "/providers/provider-a/inbox", 404}, {"provider-a", "/providers/none/inbox", 404}, {"advisor-34", "/providers/provider-a/inbox", 403},
		{"partnership-lr", "/providers/provider-a/inbox", 200}, {"partnership-lr", "/sessions/session-1/participants", 200},
		{"advisor-34", "/sessions/session-1/participants", 403}, {"provider-b", "/sessions/session-1", 200},
		{"provider-a", "/sessions/session-draft", 200}, {"partnership-lr", "/sessions/session-draft", 200}, {"advisor-34", "/sessions/session-draft", 404},
		{"provider-b", "/sessions/session-draft/participants", 404},
		{"admin-lr", "/sessions", 403}, {"analyst-lr", "/referrals", 403}, {"funding-lr", "/equipment/items", 403}, {"admin-lr", "/me", 200},
		{"nobody", "/me", 403}, {"nobody", "/flags", 403}, {"nobody", "/codes", 200}, {"stranger", "/codes", 401},
	} {
		if got := h.get(c.account, c.path, nil).StatusCode; got != c.want {
			t.Errorf("%s as %s: %d, not %d", c.path, c.account, got, c.want)
		}
	}
	if page := see[rest.SessionPage](h, "advisor-34", "/sessions"); len(page.Items) != 1 {
		t.Errorf("an advisor sees %d sessions", len(page.Items))
	}
	if page := see[rest.SessionPage](h, "provider-a", "/sessions?status=draft"); len(page.Items) != 1 {
		t.Errorf("a provider sees %d drafts", len(page.Items))
	}
}

func TestAPartnerSeesTheStateOfItsOwnFlagsAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Fictif", "montpellier", "partner-34")
	h.senior("flag-2", "Fictif", "montpellier", "advisor-34")
	page := see[rest.FlagPage](h, "partner-34", "/flags")
	if len(page.Items) != 1 || page.Items[0].ID != "flag-1" || page.Items[0].Person != nil || page.Items[0].PersonID != nil || page.Items[0].Help != "to_refer" {
		t.Errorf("%+v", page)
	}
	flag := see[rest.Flag](h, "partner-34", "/flags/flag-1")
	if flag.Status != "submitted" || flag.Help != "to_refer" || flag.NextStep.Who != "montpellier" {
		t.Errorf("%+v", flag)
	}
	if flag.Person != nil || flag.PersonID != nil || flag.Answers != nil || flag.Helper != nil || flag.Needs != nil || flag.Profile != nil || flag.Consents != nil || len(flag.History) > 0 {
		t.Errorf("more than the state: %+v", flag)
	}
	for path, want := range map[string]int{"/flags/flag-2": 404, "/persons/" + f.PersonID: 403, "/referrals": 403} {
		if got := h.get("partner-34", path, nil).StatusCode; got != want {
			t.Errorf("%s: %d, not %d", path, got, want)
		}
	}
}

func TestCountsAreThoseOfTheCaller(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 2))
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	h.senior("flag-2", "Fictif", "montpellier", "referent-34")
	h.senior("flag-3", "Fictif", "beziers", "advisor-34b")
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, events.HelpReferred{FlagID: "flag-1", ReferralID: "referral-1", At: h.now}, h.requested(o), h.held(o))
	for account, want := range map[string]rest.Counts{
		"advisor-34":  {ToRefer: 1, Waiting: 1},
		"advisor-34b": {ToRefer: 1},
		"referent-34": {ToReview: 2, ToRefer: 2, Waiting: 1}, // nobody reviews a flag of their own
		"provider-a":  {ToAnswer: 1},
		"provider-b":  {},
	} {
		me := see[rest.Me](h, account, "/me")
		if me.Counts != want || me.Account != account || len(me.Roles) != 1 {
			t.Errorf("%s: %+v", account, me)
		}
	}
	if me := see[rest.Me](h, "advisor-58", "/me"); !slices.Equal(me.Scopes[0].Units, []string{"nievre"}) || *me.Scopes[0].Fund != "carsat-bfc" {
		t.Errorf("%+v", me)
	}
}

func TestAnErasedPersonLeavesNoDetails(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 2))
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	declined := h.declined(o)
	declined.Message = events.Clear(o.PersonID, events.Message{Text: "inventé"})
	h.hear(o, h.requested(o), h.held(o), declined)
	h.must(h.vault.Destroy(h.ctx, f.PersonID))
	flag := see[rest.Flag](h, "advisor-34", "/flags/flag-1")
	if !flag.Erased || flag.Person != nil || flag.Answers != nil || flag.Helper != nil || flag.Consents != nil || flag.Profile != nil || flag.Needs != nil ||
		len(flag.ReviewHints) != 0 || flag.Referrals[0].Person != nil {
		t.Errorf("%+v", flag)
	}
	if p := see[rest.Person](h, "advisor-34", "/persons/"+f.PersonID); !p.Erased || p.Details != nil || p.Flags[0].Person != nil {
		t.Errorf("%+v", p)
	}
	if r := see[rest.Referral](h, "advisor-34", "/referrals/referral-1"); r.Person != nil || r.Message != nil || *r.Reason != "dates" {
		t.Errorf("%+v", r)
	}
	if page := see[rest.FlagPage](h, "advisor-34", "/flags"); page.Items[0].Person != nil {
		t.Errorf("%+v", page)
	}
}

func TestAMissingKeyIsAnErrorNotAPlaceholder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	h.senior("flag-2", "Fictif", "beziers", "advisor-34b")
	h.forgetKey(f.PersonID)
	for _, path := range []string{"/flags", "/flags/flag-1", "/persons/" + f.PersonID} {
		if got := h.get("advisor-34", path, nil).StatusCode; got != http.StatusInternalServerError {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got := h.get("advisor-34b", "/flags", nil).StatusCode; got != http.StatusOK {
		t.Errorf("others: %d", got)
	}
}

func TestAnAnonymousFlagHasAKeyOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	own, err := h.vault.Mint(h.ctx)
	h.must(err)
	f := h.flagged("flag-1", "", "nievre", "advisor-58")
	f.Help, f.Details = "none", events.Clear(own, events.Sheet{Profile: events.Profile{Sex: "F"}})
	h.hear(f)
	flag := see[rest.Flag](h, "advisor-58", "/flags/flag-1")
	if flag.PersonID != nil || flag.Person != nil || flag.Erased || *flag.Profile.Sex != "F" || flag.NextStep.What != "review" || flag.NextStep.Who != "nievre" {
		t.Errorf("%+v", flag)
	}
	h.must(h.vault.Destroy(h.ctx, own))
	if flag := see[rest.Flag](h, "advisor-58", "/flags/flag-1"); !flag.Erased || flag.Profile != nil {
		t.Errorf("%+v", flag)
	}
}

func TestWithoutTablesTheAnswerIsNotNow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.projector.Config
	c.Projection.Tables += "\n-- a later version"
	later, err := projection.New(c)
	h.must(err)
	h.mount(Config{Pool: c.Pool, Projector: later, Vault: &vault.Vault{}, Clock: h.clock, Directory: sample.Directory})
	answer := h.get("advisor-34", "/flags", nil)
	if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
}
