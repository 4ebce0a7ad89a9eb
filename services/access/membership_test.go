package access

import (
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/access/rest"
)

func TestAnAdministratorInvitesAColleagueAndSeesThem(t *testing.T) {
	t.Parallel()
	w := start(t)
	got := w.invited("admin-lr", invite("Noé", "advisor", "desk", "sete"))
	if got.State != "invited" || text(got.Name) != "Noé Imaginaire" || text(got.Email) != "Noé.imaginaire@exemple.fr" || got.From != "2021-11-15" || got.GrantedBy != "admin-lr" || got.Fund != "carsat-lr" {
		t.Errorf("%+v", got)
	}
	if list := w.list("admin-lr", "?desk=sete"); len(list) != 1 || list[0].ID != got.ID || text(list[0].Email) != text(got.Email) {
		t.Errorf("%+v", list)
	}
	for _, c := range []struct {
		query string
		want  int
	}{{"?state=invited", 1}, {"?role=advisor", 4}, {"?account=advisor-34", 1}, {"?account=advisor-58", 0}, {"?state=ended", 0}, {"?limit=500", 16}} {
		if list := w.list("admin-lr", c.query); len(list) != c.want {
			t.Errorf("%s: %d", c.query, len(list))
		}
	}
	w.Refused(w.Ask("advisor-34", "GET", memberships, ""), 403, "forbidden")
	w.Refused(w.Ask("privacy-lr", "POST", invitations, invite("Noé", "advisor", "desk", "ales")), 403, "forbidden")
	w.Refused(w.Ask("admin-lr", "GET", memberships+"?role=king", ""), 422, "invalid")
}

func TestTheListComesInPages(t *testing.T) {
	t.Parallel()
	w := start(t)
	var ids []string
	query := "?limit=5"
	for {
		page := enginetest.Read[rest.MembershipPage](w.World, w.Ask("admin-lr", "GET", memberships+query, ""), 200)
		for _, m := range page.Items {
			ids = append(ids, m.ID)
		}
		if page.Next == nil {
			break
		}
		query = "?limit=5&cursor=" + *page.Next
	}
	if len(ids) != 15 || ids[0] != "demo-advisor-34" {
		t.Error(ids)
	}
}

func TestFaultsAreToldAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	a := w.Ask("admin-lr", "POST", memberships, `{"email": "x", "role": "phone_advisor", "scope": {"kind": "desk", "id": "sete"}, "organisation": "nobody", "from": "2021-12-02", "to": "2021-12-01"}`)
	w.Refused(a, 422, "invalid")
	var fields []string
	for _, f := range a.Problem.Errors {
		fields = append(fields, f.Field)
	}
	if got := strings.Join(fields, " "); got != "email name scope.id organisation to" {
		t.Error(got)
	}
	w.Refused(w.Ask("admin-lr", "POST", invitations, invite("Noé", "analyst", "network", "")), 422, "beyond_your_scope")
	w.Refused(w.Ask("admin-lr", "POST", invitations, invite("Noé", "advisor", "desk", "nevers")), 422, "unknown_scope") // another fund's
}

func TestTheSameRoleTwiceAndAnotherFundAreRefused(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("Noé", "advisor", "desk", "sete"))
	w.Refused(w.Ask("admin-lr", "POST", memberships, invite("NOÉ", "advisor", "desk", "sete")), 409, "already_member")
	w.Refused(w.Ask("admin-bfc", "POST", invitations, invite("noé", "advisor", "desk", "nievre")), 409, "other_fund")
	enginetest.Read[rest.Membership](w.World, w.Ask("admin-lr", "POST", memberships, toAccount("software-1", "analyst", "fund", "carsat-lr")), 201)
	w.Refused(w.Ask("admin-bfc", "POST", memberships, toAccount("software-1", "analyst", "fund", "carsat-bfc")), 409, "other_fund")

	m := w.list("admin-lr", "?account=software-1")[0]
	enginetest.Read[rest.Membership](w.World, w.Ask("admin-lr", "POST", memberships+"/"+m.ID+"/end", `{"reason": "left"}`), 200)
	enginetest.Read[rest.Membership](w.World, w.Ask("admin-bfc", "POST", memberships, toAccount("software-1", "analyst", "fund", "carsat-bfc")), 201)
}

func TestARepeatedInvitationAnswersTheSame(t *testing.T) {
	t.Parallel()
	w := start(t)
	ask := func() rest.Membership {
		return enginetest.Read[rest.Membership](w.World, w.Ask("admin-lr", "POST", invitations, invite("Noé", "advisor", "desk", "sete"), "Idempotency-Key", "one"), 201)
	}
	first, second := ask(), ask()
	if first.ID != second.ID || text(second.Name) != "Noé Imaginaire" || len(enginetest.Facts[events.MembershipGranted](w.World)) != 27 {
		t.Errorf("%+v %+v", first, second)
	}
}

func TestAProviderLooksAfterItsOwnColleagues(t *testing.T) {
	t.Parallel()
	w := start(t)
	colleague := w.invited("provider-a", invite("Lou", "provider", "provider", "provider-a"))
	if list := w.list("provider-a", ""); len(list) != 2 || list[1].ID != colleague.ID {
		t.Errorf("%+v", list)
	}
	w.Refused(w.Ask("provider-a", "POST", invitations, invite("Lou", "provider", "provider", "provider-b")), 422, "beyond_your_scope")
	w.Refused(w.Ask("provider-a", "POST", memberships+"/demo-provider-b/end", `{"reason": "left"}`), 404, "unknown_membership")
	w.Refused(w.Ask("provider-b", "POST", memberships+"/"+colleague.ID+"/end", `{"reason": "left"}`), 404, "unknown_membership")
	ended := enginetest.Read[rest.Membership](w.World, w.Ask("provider-a", "POST", memberships+"/"+colleague.ID+"/end", `{"reason": "error"}`), 200)
	if ended.State != "ended" || text(ended.EndReason) != "error" || ended.EndedAt == nil {
		t.Errorf("%+v", ended)
	}
	w.Refused(w.Ask("admin-bfc", "POST", memberships+"/demo-advisor-34/end", `{"reason": "left"}`), 404, "unknown_membership")
	w.Refused(w.Ask("admin-lr", "POST", memberships+"/demo-advisor-34/end", `{"reason": "because"}`), 422, "invalid")
}

func TestWhoIsEndedHasNoRoleAnyMore(t *testing.T) {
	t.Parallel()
	w := start(t)
	a := w.Ask("admin-lr", "POST", memberships, toAccount("second", "administrator", "fund", "carsat-lr"))
	enginetest.Read[rest.Membership](w.World, a, 201)
	w.Refused(w.Ask("second", "GET", memberships, "", "Passerelle-Position", a.Header.Get("Passerelle-Position")), 200, "")
	a = w.Ask("second", "POST", memberships+"/demo-admin-lr/end", `{"reason": "left"}`)
	enginetest.Read[rest.Membership](w.World, a, 200)
	w.Refused(w.Ask("admin-lr", "GET", memberships, "", "Passerelle-Position", a.Header.Get("Passerelle-Position")), 403, "forbidden")
	w.Refused(w.Ask("second", "POST", memberships+"/"+w.list("second", "?account=second")[0].ID+"/end", `{"reason": "left"}`), 409, "last_administrator")
}

// TestOfTwoAdministratorsWhoEndEachOtherAtOnceOneStays, however often they try.
func TestOfTwoAdministratorsWhoEndEachOtherAtOnceOneStays(t *testing.T) {
	t.Parallel()
	w := start(t)
	a := w.Ask("admin-lr", "POST", memberships, toAccount("second", "administrator", "fund", "carsat-lr"))
	m := enginetest.Read[rest.Membership](w.World, a, 201)
	w.Ask("second", "GET", memberships, "", "Passerelle-Position", a.Header.Get("Passerelle-Position"))
	var all sync.WaitGroup
	statuses := make([]int, 20)
	for n := range statuses {
		all.Go(func() {
			if n%2 == 0 {
				statuses[n] = w.Ask("admin-lr", "POST", memberships+"/"+m.ID+"/end", `{"reason": "left"}`).Status
			} else {
				statuses[n] = w.Ask("second", "POST", memberships+"/demo-admin-lr/end", `{"reason": "left"}`).Status
			}
		})
	}
	all.Wait()
	if ended := enginetest.Facts[events.MembershipEnded](w.World); len(ended) != 1 {
		t.Errorf("%v: %v", statuses, ended)
	}
}

func TestTheReviewListHasWhoWasNotSeenForSixMonths(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("Noé", "advisor", "desk", "sete"))
	enginetest.Read[rest.Membership](w.World, w.Ask("admin-lr", "POST", memberships, toAccount("new", "analyst", "fund", "carsat-lr")), 201)
	review := func() rest.MembershipReview {
		return enginetest.Read[rest.MembershipReview](w.World, w.Ask("admin-lr", "GET", memberships+"/review?limit=100", ""), 200)
	}
	if got := review(); got.Since != "2021-05-15" || len(got.Items) != 15 {
		t.Errorf("%d since %s", len(got.Items), got.Since)
	}
	w.Clock.Set(w.Clock.Now().Add(200 * 24 * time.Hour))
	if got := review(); len(got.Items) != 16 { // the new one too, and not the one who was only invited
		t.Errorf("%d since %s", len(got.Items), got.Since)
	}
	seen := w.Clock.Now().AddDate(0, -7, 0)
	for account, at := range map[string]time.Time{"advisor-34": w.Clock.Now(), "advisor-30": seen} {
		if err := w.signIns.begin(t.Context(), signedIn{id: account, account: account}, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range review().Items {
		account := text(m.Membership.Account)
		if account == "advisor-34" || (m.LastSeen != nil) != (account == "advisor-30") || m.LastSeen != nil && !m.LastSeen.Equal(seen) {
			t.Error(account, m.LastSeen)
		}
	}
	w.Refused(w.Ask("analyst-lr", "GET", memberships+"/review", ""), 403, "forbidden")
}

func TestNothingAboutAMemberStandsInClear(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("Zéphirine", "advisor", "desk", "sete"))
	w.Ask("admin-lr", "POST", memberships, invite("Zéphirine", "advisor", "desk", "sete"))
	if _, err := w.service.Bind(t.Context(), who("Zéphirine")); err != nil {
		t.Fatal(err)
	}
	if places := w.InClear("zéphirine", "imaginaire", "s-Zéphirine", "issuer.example"); places != nil {
		t.Error(places)
	}
	if places := w.InClear("desk"); places == nil {
		t.Error("the search finds nothing at all")
	}
}
