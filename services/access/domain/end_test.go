package domain

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

func TestAMembershipIsEndedOnce(t *testing.T) {
	t.Parallel()
	given(t, world(member("m-1", "somebody", directory.Advisor, onAgency))...).
		When(ending("m-1", admin)).Then(ended("m-1", admin)).
		When(ending("m-1", admin)).Then()
	given(t, world()...).When(ending("nothing", admin)).Refused(ErrNoMembership)
	given(t, world()...).When(ending("m-admin", Granter{Account: "nobody"})).Refused(ErrNotGranter)
}

func TestAProviderEndsItsOwnPeopleOnly(t *testing.T) {
	t.Parallel()
	theirs := member("m-1", "theirs", directory.ProviderRole, directory.Scope{Kind: directory.ScopeProvider, ID: "autre"})
	colleague := member("m-2", "colleague", directory.ProviderRole, onCentre)
	given(t, world(theirs)...).When(ending("m-1", animator)).Refused(ErrNoMembership)
	given(t, world()...).When(ending("m-admin", animator)).Refused(ErrNoMembership)
	given(t, world(colleague)...).When(ending("m-2", animator)).Then(ended("m-2", animator))
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	another := member("m-2", "second", directory.Administrator, onFund)
	invited, later := another, another
	invited.Account, invited.EmailMark, later.From = "", "mark", "2021-12-01"

	given(t, world()...).When(ending("m-admin", admin)).Refused(ErrLastAdministrator)
	given(t, world()...).When(ending("m-admin", operator)).Refused(ErrLastAdministrator)
	given(t, world(until(another, "2022-12-31"))...).When(ending("m-admin", admin)).Refused(ErrLastAdministrator) // a date would take the last one away
	given(t, world(invited)...).When(ending("m-admin", admin)).Refused(ErrLastAdministrator)                      // perhaps nobody ever comes
	given(t, world(later)...).When(ending("m-admin", admin)).Refused(ErrLastAdministrator)

	given(t, world(another)...).When(ending("m-admin", admin)).Then(ended("m-admin", admin))
	given(t, world(until(another, "2022-12-31"))...).When(ending("m-2", admin)).Then(ended("m-2", admin))
	given(t, world(invited)...).When(ending("m-2", admin)).Then(ended("m-2", admin))
	given(t, world(invited, events.MembershipBound{MembershipID: "m-2", Fund: "lr", Account: "second", At: noon})...).
		When(ending("m-admin", second)).Then(ended("m-admin", second))
}

func TestOfTwoAdministratorsWhoEndEachOtherOneStays(t *testing.T) {
	t.Parallel()
	given(t, world(member("m-2", "second", directory.Administrator, onFund))...).
		When(ending("m-2", admin)).Then(ended("m-2", admin)).
		When(ending("m-admin", second)).Refused(ErrNotGranter)
}
