package domain

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

func TestAnAdministratorGivesARoleFromToday(t *testing.T) {
	t.Parallel()
	want := events.MembershipGranted{
		MembershipID: "new", Fund: "lr", Account: "somebody", Role: "advisor", Scope: events.Scope(onAgency), From: today, By: "admin", At: noon,
	}
	same := granting(func(*Grant) {})
	given(t, world()...).When(same).Then(want).When(same).Then()
}

func TestAnInvitationNamesSomebodyByAnAddress(t *testing.T) {
	t.Parallel()
	invite := granting(func(g *Grant) {
		g.Account, g.EmailMark, g.DetailsKey = "", "mark", "key"
		g.Member = events.Member{Name: "Camille Exemple", Email: "camille@exemple.fr"}
		g.To = "2022-06-30"
	})
	facts, after := given(t, world()...).When(invite).Told()
	granted := facts[0].(events.MembershipGranted)
	if who, ok := granted.Details.Value(); !ok || who != invite.Member || granted.Account != "" || granted.EmailMark != "mark" || granted.To != "2022-06-30" {
		t.Error(granted)
	}
	if m, _ := after.State.Membership("new"); m.State(today) != Invited {
		t.Error(m.State(today))
	}
}

func TestWhichRoleGoesWithWhichScope(t *testing.T) {
	t.Parallel()
	possible := map[directory.Scope]string{
		{Kind: "fund", ID: "lr"}:             "referent partnership_officer equipment_manager funding_officer analyst administrator privacy_officer",
		{Kind: "department", ID: "34"}:       "evaluator referent",
		{Kind: "desk", ID: "montpellier"}:    "advisor referent",
		{Kind: "desk", ID: "unite"}:          "advisor referent",
		{Kind: "desk", ID: "telephone"}:      "phone_advisor",
		{Kind: "provider", ID: "centre"}:     "provider",
		{Kind: "organisation", ID: "ccas"}:   "partner",
		{Kind: "pool", ID: "centre"}:         "equipment_manager",
		{Kind: "pool", ID: "montpellier"}:    "equipment_manager",
		{Kind: "pool", ID: "lr"}:             "equipment_manager",
		{Kind: "pool", ID: "unite"}:          "",
		{Kind: "fund", ID: "bfc"}:            "", // another fund
		{Kind: "department", ID: "21"}:       "",
		{Kind: "desk", ID: "nobody"}:         "",
		{Kind: "provider", ID: "ccas"}:       "",
		{Kind: "organisation", ID: "centre"}: "",
		{Kind: "network"}:                    "",
	}
	for scope, roles := range possible {
		got := ""
		for _, role := range directory.Roles {
			if _, err := granting(as(role, scope.Kind, scope.ID)).Decide(state(world())); err == nil {
				got += " " + string(role)
			}
		}
		if len(got) > 0 {
			got = got[1:]
		}
		if !sameWords(got, roles) {
			t.Errorf("%v: %s, want %s", scope, got, roles)
		}
	}
}

func TestOnlyTheOperatorGivesAllFunds(t *testing.T) {
	t.Parallel()
	network := granting(as(directory.Analyst, directory.ScopeNetwork, ""))
	network.Fund, network.By = directory.Network, operator
	facts, _ := given(t).When(network).Told()
	if facts[0].Stream() != "fund:network" {
		t.Error(facts)
	}
	network.By = admin
	given(t, world()...).When(network).Faults("scope beyond_your_scope")
	network.By, network.Role, network.Scope = operator, directory.Administrator, onFund
	given(t).When(network).Refused(ErrNoFund)
}

func TestNothingIsGivenInWhatIsClosed(t *testing.T) {
	t.Parallel()
	closed, gone := agency, partner
	closed.Closed, gone.Closed = true, true
	case1 := given(t, world(closed, gone)...)
	case1.When(granting(func(*Grant) {})).Faults("scope.id closed")
	case1.When(granting(as(directory.Partner, directory.ScopeOrganisation, "ccas"))).Faults("scope.id closed")
	case1.When(granting(func(g *Grant) { g.Scope.ID, g.Organisation = "unite", "ccas" })).Faults("organisation unknown_organisation")
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	t.Parallel()
	given(t, world()...).When(granting(func(g *Grant) {
		g.Account, g.Role, g.Scope, g.Organisation = "", directory.PhoneAdvisor, onAgency, "nobody"
		g.Member = events.Member{Email: "nobody at all"}
		g.From, g.To = "2021-12-01", "2021-11-30"
	})).Faults("email not_an_address", "name required", "scope.id unknown_scope", "organisation unknown_organisation", "to before_from")
	given(t, world()...).When(granting(func(g *Grant) {
		g.Account, g.Role, g.Scope.Kind = "", "king", "castle"
		g.From, g.To = "yesterday", "2021-02-30"
	})).Faults("email required", "role unknown_role", "from not_a_date", "to not_a_date")
	given(t, world()...).When(granting(func(g *Grant) { g.From, g.To = "2021-01-01", "2021-11-14" })).Faults("to in_the_past")
	given(t, world()...).When(granting(func(g *Grant) { g.From, g.To = today, today })).Told()
}

func TestAProviderInvitesItsOwnColleaguesOnly(t *testing.T) {
	t.Parallel()
	by := func(g *Grant) { g.By = animator }
	colleague := granting(as(directory.ProviderRole, directory.ScopeProvider, "centre"))
	by(&colleague)
	given(t, world()...).When(colleague).Told()
	for _, change := range []func(*Grant){
		as(directory.ProviderRole, directory.ScopeProvider, "autre"), as(directory.Advisor, directory.ScopeDesk, "montpellier"),
		as(directory.Administrator, directory.ScopeFund, "lr"), as(directory.EquipmentRole, directory.ScopePool, "centre"),
		as(directory.ProviderRole, directory.ScopeProvider, "nobody"),
	} {
		g := granting(change)
		by(&g)
		given(t, world()...).When(g).Faults("scope beyond_your_scope") // the same, whether there is such a place or not
	}
}

func TestWhoHasNoRoleGivesNone(t *testing.T) {
	t.Parallel()
	given(t, world(member("m-a", "advisor", directory.Advisor, onAgency))...).
		When(granting(func(g *Grant) { g.By = Granter{Account: "advisor"} })).Refused(ErrNotGranter)
	given(t, world(until(member("m-2", "second", directory.Administrator, onFund), "2021-11-14"))...).
		When(granting(func(g *Grant) { g.By = second })).Refused(ErrNotGranter)
	given(t, world()...).When(granting(func(g *Grant) { g.By = Granter{} })).Refused(ErrNotGranter)
}

func TestTheSameRoleInTheSameScopeIsGivenOnce(t *testing.T) {
	t.Parallel()
	invited := member("m-1", "", directory.Advisor, onAgency)
	invited.EmailMark = "mark"
	byMark := func(g *Grant) {
		g.Account, g.EmailMark = "", "mark"
		g.Member = events.Member{Name: "Camille Exemple", Email: "camille@exemple.fr"}
	}

	given(t, world(member("m-1", "somebody", directory.Advisor, onAgency))...).When(granting(func(*Grant) {})).Refused(ErrAlreadyMember)
	given(t, world(invited)...).When(granting(byMark)).Refused(ErrAlreadyMember)
	bound := events.MembershipBound{MembershipID: "m-1", Fund: "lr", Account: "somebody", At: noon}
	given(t, world(invited, bound)...).When(granting(func(*Grant) {})).Refused(ErrAlreadyMember)
	given(t, world(invited, bound, member("m-2", "somebody", directory.Referent, onAgency))...).When(granting(func(g *Grant) {
		byMark(g)
		g.Role = directory.Referent // given to the account, whose address it is
	})).Refused(ErrAlreadyMember)

	given(t, world(invited, ended("m-1", admin))...).When(granting(byMark)).Told()
	given(t, world(until(member("m-1", "somebody", directory.Advisor, onAgency), "2021-11-14"))...).When(granting(func(*Grant) {})).Told()
	given(t, world(member("m-1", "somebody", directory.Advisor, onAgency))...).When(granting(func(g *Grant) { g.Role = directory.Referent })).Told()
}
