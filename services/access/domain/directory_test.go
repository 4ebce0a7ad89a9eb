package domain

import (
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

func TestTheOperatorRegistersAFund(t *testing.T) {
	t.Parallel()
	register := RegisterFund{Fund: "lr", Name: " Caisse Exemple ", Departments: []string{"34", "30", "34"}, ErasureDays: 3, By: operator, At: noon}
	given(t).When(register).Then(fund).When(register).Refused(ErrFundExists)
	register.By = admin
	given(t).When(register).Refused(ErrNotGranter)
	given(t).When(RegisterFund{Fund: "network", Departments: []string{"34", "99"}, ErasureDays: 31, By: operator}).
		Faults("id not_an_identifier", "name required", "departments[1] unknown_department", "erasure_days out_of_range")
	given(t).When(RegisterFund{Fund: "Carsat LR", Name: strings.Repeat("e", 101), By: operator}).
		Faults("id not_an_identifier", "name too_long", "departments required")
}

func TestAnAdministratorAmendsTheFund(t *testing.T) {
	t.Parallel()
	amend := AmendFund{Name: "Caisse Exemple", Departments: []string{"30", "34"}, ErasureDays: 30, By: admin, Today: today, At: noon}
	longer := fund
	longer.ErasureDays, longer.By = 30, "admin"
	given(t, world()...).When(amend).Then(longer).When(amend).Then()
	amend.Departments = []string{"34"}
	given(t, world()...).When(amend).Refused(ErrDepartmentInUse)
	amend.By = animator
	given(t, world()...).When(amend).Refused(ErrNotGranter)
	given(t).When(amend).Refused(ErrNoFund)
	given(t, world()...).When(AmendFund{ErasureDays: -1, By: admin, Today: today}).Faults("name required", "departments required", "erasure_days out_of_range")
}

func TestADeskIsOpenedAmendedAndClosed(t *testing.T) {
	t.Parallel()
	opening := OpenDesk{Desk: "sete", Kind: directory.KindAgency, Name: " Agence Exemple ", Departments: []string{"34"}, Phone: "04 65 71 34 03", By: admin, Today: today, At: noon}
	opened := events.DeskSet{Fund: "lr", Desk: "sete", Kind: directory.KindAgency, Name: "Agence Exemple", Departments: []string{"34"}, Phone: "04 65 71 34 03", By: "admin", At: noon}
	amend := AmendDesk{Desk: "sete", Name: "Agence Exemple", Departments: []string{"34", "30"}, By: admin, Today: today, At: noon}
	amended := opened
	amended.Departments, amended.Phone = []string{"30", "34"}, ""
	closed := amended
	closed.Closed = true
	closing := CloseDesk{Desk: "sete", By: admin, Today: today, At: noon}
	given(t, world()...).When(opening).Then(opened).When(opening).Then().
		When(amend).Then(amended).When(amend).Then().
		When(closing).Then(closed).When(closing).Then().
		When(amend).Refused(ErrDeskClosed)
}

// TestTheLastDeskThatCouldBeInChargeStays: what a unit knows goes to another unit only.
func TestTheLastDeskThatCouldBeInChargeStays(t *testing.T) {
	t.Parallel()
	closing := CloseDesk{Desk: "unite", Unit: true, By: admin, Today: today, At: noon}
	given(t, world()...).When(closing).Refused(ErrLastDesk)
	opening := OpenDesk{Desk: "other", Kind: directory.KindUnit, Name: "Unité Exemple", Departments: []string{"34"}, By: admin, Today: today, At: noon}
	_, c := given(t, world()...).When(opening).Told()
	if facts, _ := c.When(closing).Told(); len(facts) != 1 {
		t.Error(facts)
	}
}

func TestADeskIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	c := given(t, world()...)
	c.When(OpenDesk{Desk: "x", Kind: directory.KindUnit, Departments: []string{"21", "34"}, By: admin, Today: today}).
		Faults("name required", "departments[0] not_your_territory")
	c.When(OpenDesk{Desk: "x", Kind: directory.KindUnit, Name: "x", Departments: []string{"34"}, By: animator, Today: today}).Refused(ErrNotGranter)
	c.When(AmendDesk{Desk: "nobody", By: admin, Today: today}).Refused(ErrNoDesk)
	c.When(AmendDesk{Desk: "montpellier", Unit: true, By: admin, Today: today}).Refused(ErrNoDesk) // a desk is no unit
	c.When(CloseDesk{Desk: "unite", By: admin, Today: today}).Refused(ErrNoDesk)
	c.When(CloseDesk{Desk: "montpellier", By: animator, Today: today}).Refused(ErrNotGranter)
}

func TestAnOrganisationIsAddedAmendedAndClosed(t *testing.T) {
	t.Parallel()
	add := AddOrganisation{Organisation: "mairie", Kind: KindOther, Name: "Mairie Exemple", Department: "34", By: admin, Today: today, At: noon}
	added := events.OrganisationSet{Fund: "lr", Organisation: "mairie", Kind: KindOther, Name: "Mairie Exemple", Department: "34", By: "admin", At: noon}
	amended, closed := added, added
	amended.Department, closed.Department, closed.Closed = "", "", true
	amend := AmendOrganisation{Organisation: "mairie", Name: "Mairie Exemple", By: admin, Today: today, At: noon}
	closing := CloseOrganisation{Organisation: "mairie", By: admin, Today: today, At: noon}
	c := given(t, world()...).When(add).Then(added).When(add).Then().
		When(amend).Then(amended).When(amend).Then().
		When(closing).Then(closed).When(closing).Then()
	c.When(amend).Refused(ErrOrganisationClosed)
	c.When(AmendOrganisation{Organisation: "centre", By: admin, Today: today}).Refused(ErrIsProvider)
	c.When(CloseOrganisation{Organisation: "centre", By: admin, Today: today}).Refused(ErrIsProvider)
	c.When(CloseOrganisation{Organisation: "ccas", By: animator, Today: today}).Refused(ErrNotGranter)
	c.When(AmendOrganisation{Organisation: "nobody", By: admin, Today: today}).Refused(ErrNoOrganisation)
	c.When(AddOrganisation{Organisation: "x", Department: "21", By: admin, Today: today}).Faults("name required", "department not_your_territory")
}

func TestAProviderIsNotedOnce(t *testing.T) {
	t.Parallel()
	note := NoteProvider{Provider: "p1", Fund: "lr", Name: "Tiers-lieu Exemple", Department: "34", By: "officer", At: noon}
	given(t, fund).When(note).Then(events.OrganisationSet{
		Fund: "lr", Organisation: "p1", Kind: "provider", Name: "Tiers-lieu Exemple", Department: "34", By: "officer", At: noon,
	}).When(note).Then()
}

func TestEveryInvitationOfAnAddressIsBoundAtOnce(t *testing.T) {
	t.Parallel()
	invited := func(id, mark, to string) events.MembershipGranted {
		e := until(member(id, "", directory.Advisor, onAgency), to)
		e.EmailMark = mark
		return e
	}
	bind := BindInvitations{Account: "u-1", EmailMark: "mark", Today: today, At: noon}
	bound := func(id string) events.Access {
		return events.MembershipBound{MembershipID: id, Fund: "lr", Account: "u-1", At: noon}
	}
	c := given(t, world(invited("m-1", "mark", ""), invited("m-2", "other", ""), invited("m-3", "mark", "2021-11-14"), invited("m-4", "mark", today),
		invited("m-5", "mark", ""), ended("m-5", admin))...).
		When(bind).Then(bound("m-1"), bound("m-4")).
		When(bind).Then()
	if !c.State.Works("u-1", today) || c.State.Works("u-2", today) {
		t.Error("who works where")
	}
	bind.EmailMark = "" // an address that was not verified
	given(t, world(member("m-1", "", directory.Advisor, onAgency))...).When(bind).Then()
}

func TestClaimsAreHeldUntilTheLastMembershipEnds(t *testing.T) {
	t.Parallel()
	one := member("m-1", "somebody", directory.Advisor, onAgency)
	one.EmailMark = "mark"
	two := member("m-2", "somebody", directory.Referent, onAgency)
	both := state(world(one, two))
	take, _ := Claims(Fund{}, one)
	if !slices.Equal(take, []string{"member:somebody", "invited:mark"}) {
		t.Error(take)
	}
	if _, release := Claims(both, ended("m-1", admin)); !slices.Equal(release, []string{"invited:mark"}) {
		t.Error(release)
	}
	if _, release := Claims(Evolve(both, ended("m-1", admin)), ended("m-2", admin)); !slices.Equal(release, []string{"member:somebody"}) {
		t.Error(release)
	}
}

func TestAnAccountLearnsIdentitiesAndAddresses(t *testing.T) {
	t.Parallel()
	link := LinkIdentity{Account: "u-1", IdentityMark: "i", At: noon}
	facts, err := link.Decide(Account{})
	if err != nil || len(facts) != 1 {
		t.Fatal(facts, err)
	}
	a := EvolveAccount(Account{}, facts[0])
	if again, _ := link.Decide(a); again != nil {
		t.Error(again)
	}
	link.EmailMark = "e"
	facts, _ = link.Decide(a)
	if len(facts) != 1 {
		t.Fatal(facts)
	}
	if take, _ := AccountClaims(a, facts[0]); !slices.Equal(take, []string{"identity:i", "address:e"}) {
		t.Error(take)
	}
	if again, _ := link.Decide(EvolveAccount(a, facts[0])); again != nil {
		t.Error(again)
	}
}

func state(facts []events.Access) (f Fund) {
	for _, e := range facts {
		f = Evolve(f, e)
	}
	return f
}

func sameWords(a, b string) bool {
	return slices.Equal(slices.Sorted(slices.Values(strings.Fields(a))), slices.Sorted(slices.Values(strings.Fields(b))))
}
