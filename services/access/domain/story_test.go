package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/story"
)

func given(t *testing.T, facts ...events.Access) story.Case[Fund, events.Access] {
	return story.Given(t, Evolve, facts...)
}

const today = "2021-11-15"

var (
	noon     = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)
	operator = Granter{Operator: true}
	admin    = Granter{Account: "admin"}
	second   = Granter{Account: "second"}
	animator = Granter{Account: "animator"}

	fund = events.FundRegistered{Fund: "lr", Name: "Caisse Exemple", Departments: []string{"30", "34"}, ErasureDays: 3, At: noon}

	agency   = desk("montpellier", directory.KindAgency, "34")
	platform = desk("telephone", directory.KindPhone, "30", "34")
	unit     = desk("unite", directory.KindUnit, "30")

	centre  = house("centre", directory.KindProvider)
	other   = house("autre", directory.KindProvider)
	partner = house("ccas", KindPartner)

	onFund   = directory.Scope{Kind: directory.ScopeFund, ID: "lr"}
	onAgency = directory.Scope{Kind: directory.ScopeDesk, ID: "montpellier"}
	onCentre = directory.Scope{Kind: directory.ScopeProvider, ID: "centre"}
)

func desk(id, kind string, departments ...string) events.DeskSet {
	return events.DeskSet{Fund: "lr", Desk: id, Kind: kind, Name: "Équipe Exemple " + id, Departments: departments, By: "admin", At: noon}
}

func house(id, kind string) events.OrganisationSet {
	return events.OrganisationSet{Fund: "lr", Organisation: id, Kind: kind, Name: "Maison Exemple " + id, Department: "34", By: "admin", At: noon}
}

// member is a membership since the beginning of the year.
func member(id, account string, role directory.Role, scope directory.Scope) events.MembershipGranted {
	return events.MembershipGranted{
		MembershipID: id, Fund: "lr", Account: account, Role: string(role), Scope: events.Scope(scope), From: "2021-01-01", By: "admin", At: noon,
	}
}

func until(e events.MembershipGranted, day string) events.MembershipGranted {
	e.To = day
	return e
}

// world is a fund with everything in it: an administrator, and somebody of a provider.
func world(more ...events.Access) []events.Access {
	return append([]events.Access{
		fund, agency, platform, unit, centre, other, partner,
		member("m-admin", "admin", directory.Administrator, onFund), member("m-animator", "animator", directory.ProviderRole, onCentre),
	}, more...)
}

// granting is the administrator giving an account a role, changed.
func granting(change func(*Grant)) Grant {
	g := Grant{
		MembershipID: "new", Fund: "lr", Account: "somebody", Role: directory.Advisor, Scope: onAgency, By: admin, Today: today, At: noon,
	}
	change(&g)
	return g
}

func as(role directory.Role, kind, id string) func(*Grant) {
	return func(g *Grant) { g.Role, g.Scope = role, directory.Scope{Kind: kind, ID: id} }
}

func ending(id string, by Granter) EndMembership {
	return EndMembership{MembershipID: id, Reason: "left", By: by, Today: today, At: noon}
}

func ended(id string, by Granter) events.MembershipEnded {
	return events.MembershipEnded{MembershipID: id, Fund: "lr", Reason: "left", By: by.Account, At: noon}
}
