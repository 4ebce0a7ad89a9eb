package directory_test

import (
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

var day = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

func desk(id, kind string, departments ...string) events.DeskSet {
	return events.DeskSet{Fund: "f", Desk: id, Kind: kind, Name: id, Departments: departments}
}

func granted(id, account string, role directory.Role, kind, scope string) events.MembershipGranted {
	return events.MembershipGranted{
		MembershipID: id, Fund: "f", Account: account, Role: string(role), Scope: events.Scope{Kind: kind, ID: scope}, From: "2021-01-01",
	}
}

var house = []events.Access{
	events.FundRegistered{Fund: "f", Departments: []string{"34", "30"}},
	desk("a34", directory.KindAgency, "34"), desk("b34", directory.KindAgency, "34"), desk("a30", directory.KindAgency, "30"),
	desk("u34", directory.KindUnit, "34"), desk("tel", directory.KindPhone, "34", "30"),
	events.OrganisationSet{Fund: "f", Organisation: "p", Kind: directory.KindProvider, Department: "30"},
}

func TestAScopeComesToDesksAndTerritory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		granted          events.MembershipGranted
		desks, territory []string
		provider         string
	}{
		{granted: granted("m", "x", directory.Advisor, directory.ScopeDesk, "a34"), desks: []string{"a34"}, territory: []string{"34"}},
		{granted: granted("m", "x", directory.PhoneAdvisor, directory.ScopeDesk, "tel"), desks: []string{"tel"}, territory: []string{"34", "30"}},
		{granted: granted("m", "x", directory.Referent, directory.ScopeDepartment, "34"), desks: []string{"a34", "b34"}, territory: []string{"34"}},
		{granted: granted("m", "x", directory.Evaluator, directory.ScopeDepartment, "30"), territory: []string{"30"}},
		{granted: granted("m", "x", directory.Privacy, directory.ScopeFund, "f"), territory: []string{"34", "30"}},
		{granted: granted("m", "x", directory.ProviderRole, directory.ScopeProvider, "p"), territory: []string{"30"}, provider: "p"},
	} {
		a, ok := directory.Of(append(slices.Clone(house), c.granted)...).Account("x", day)
		if !ok || len(a.Grants) != 1 {
			t.Fatalf("%+v", a)
		}
		g := a.Grants[0]
		if !slices.Equal(g.Desks, c.desks) || !slices.Equal(g.Territory, c.territory) || g.Provider != c.provider || a.Fund != "f" {
			t.Errorf("%s in %v: %+v", g.Role, g.Scope, g)
		}
	}
}

func TestWhoWorksForAllFundsCoversEverything(t *testing.T) {
	t.Parallel()
	m := granted("m", "x", directory.Analyst, directory.ScopeNetwork, "")
	m.Fund = directory.Network
	a, _ := directory.Of(append(slices.Clone(house), m)...).Account("x", day)
	if a.Fund != "" || !a.Grants[0].Covers("75") {
		t.Errorf("%+v", a)
	}
}

func TestAGrantHoldsFromItsFirstToItsLastDayInParis(t *testing.T) {
	t.Parallel()
	m := granted("m", "x", directory.Advisor, directory.ScopeDesk, "a34")
	m.From, m.To = "2021-11-15", "2021-11-16"
	d := directory.Of(append(slices.Clone(house), m)...)
	for at, want := range map[string]bool{
		"2021-11-14T22:59:59Z": false, "2021-11-14T23:00:00Z": true, "2021-11-16T22:59:59Z": true, "2021-11-16T23:00:00Z": false,
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := d.Account("x", moment); ok != want {
			t.Errorf("at %s: %v", at, ok)
		}
	}
}

func TestAnInvitationIsNobodysUntilItIsBoundAndNothingOnceEnded(t *testing.T) {
	t.Parallel()
	var b directory.Builder
	for _, f := range append(slices.Clone(house), granted("m", "", directory.Advisor, directory.ScopeDesk, "a34")) {
		b.Apply(f)
	}
	invited := b.Build()
	b.Apply(events.MembershipBound{MembershipID: "m", Fund: "f", Account: "x"})
	bound := b.Build()
	b.Apply(events.MembershipEnded{MembershipID: "m", Fund: "f"})
	ended := b.Build()
	for name, c := range map[string]struct {
		d    *directory.Directory
		want bool
	}{"invited": {invited, false}, "bound": {bound, true}, "ended": {ended, false}} {
		if _, ok := c.d.Account("x", day); ok != c.want {
			t.Errorf("%s: %v", name, ok)
		}
	}
	if m, ok := invited.Membership("m"); !ok || m.Account != "" {
		t.Error("what was built before was changed:", m)
	}
}

func TestAClosedAgencyTakesNobodyNew(t *testing.T) {
	t.Parallel()
	closed := desk("a34", directory.KindAgency, "34")
	closed.Closed = true
	if d, _ := directory.Of(append(slices.Clone(house), closed)...).DeskFor("f", "34"); d.ID != "b34" {
		t.Errorf("%+v", d)
	}
	if d, ok := directory.Of(house...).DeskFor("f", "48"); ok {
		t.Errorf("%+v", d)
	}
}

func TestAProgrammeIsAsItsLastVersionSays(t *testing.T) {
	t.Parallel()
	first := events.ProgrammeSet{
		Fund: "f", Programme: "study", Version: 1, Kind: directory.KindCampaign, TakesFlags: true, Closes: "2020-02-29",
		Opens: []events.Opening{{Department: "34", From: "2020-02-01"}, {From: "2020-01-01"}}, OneOpen: directory.OpenPerInstitution,
	}
	second := first
	second.Version, second.Opens, second.Desks = 2, []events.Opening{{Department: "34", From: "2020-02-15"}}, []string{"b34"}
	var b directory.Builder
	b.Apply(first)
	before := b.Build()
	b.Apply(second)
	for name, c := range map[string]struct {
		d             *directory.Directory
		here, nowhere string
		takesPart     bool
	}{"first": {before, "2020-02-01", "2020-01-01", true}, "second": {b.Build(), "2020-02-15", "", false}} {
		p, ok := c.d.Programme("study")
		here, _ := p.Open("34")
		elsewhere, _ := p.Open("30")
		if !ok || here != c.here || elsewhere != c.nowhere || p.TakesPart("a34") != c.takesPart || !p.TakesPart("b34") || !p.OneOpenPerInstitution {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if list := b.Build().Programmes(); len(list) != 1 || list[0].Version != 2 {
		t.Errorf("%+v", list)
	}
}

func TestADeskIsLookedForAmongThoseThatTakePart(t *testing.T) {
	t.Parallel()
	all := directory.Of(house...)
	if d, _ := all.DeskFor("f", "34", "b34", "tel"); d.ID != "b34" {
		t.Errorf("%+v", d)
	}
	if d, ok := all.DeskFor("f", "34", "a30"); ok {
		t.Errorf("%+v", d)
	}
}
