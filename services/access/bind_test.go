package access

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/services/access/rest"
)

// bind is the account of somebody who signs in; "" for somebody without a role.
func (w world) bind(t *testing.T, who oidc.Person) string {
	t.Helper()
	account, err := w.service.Bind(t.Context(), who)
	if err != nil && !errors.Is(err, errNoRole) {
		t.Fatal(err)
	}
	if err != nil {
		return ""
	}
	return account
}

func TestTheFirstSignInBindsEveryInvitationOfTheAddress(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("noé", "advisor", "desk", "sete"))
	w.invited("admin-lr", invite("NOÉ", "referent", "department", "34"))
	w.invited("admin-lr", invite("lou", "advisor", "desk", "sete"))
	account := w.bind(t, who("Noé"))
	if !strings.HasPrefix(account, "u-") || len(account) < 20 {
		t.Fatal(account)
	}
	if list := w.list("admin-lr", "?account="+account); len(list) != 2 || list[0].State != "active" || list[1].Role != "referent" {
		t.Errorf("%+v", list)
	}
	if again := w.bind(t, who("Noé")); again != account || len(enginetest.Facts[events.AccountLinked](w.World)) != 1 {
		t.Error(again)
	}
	w.invited("admin-lr", invite("noé", "advisor", "desk", "ales")) // somebody known has the role at once
	if list := w.list("admin-lr", "?account="+account); len(list) != 3 {
		t.Errorf("%+v", list)
	}
}

func TestWhoIsNotInvitedIsTurnedAway(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("noé", "advisor", "desk", "sete"))
	unverified := who("Noé")
	unverified.EmailVerified = false
	nameless := who("Noé")
	nameless.Email = ""
	for _, stranger := range []oidc.Person{who("Lou"), unverified, nameless} {
		if account := w.bind(t, stranger); account != "" {
			t.Error(stranger, account)
		}
	}
	if linked := enginetest.Facts[events.AccountLinked](w.World); len(linked) != 0 {
		t.Error(linked)
	}
}

func TestAnotherIdentityWithTheSameAddressIsTheSameAccount(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("noé", "advisor", "desk", "sete"))
	account := w.bind(t, who("Noé"))
	elsewhere := who("Noé")
	elsewhere.Issuer = "https://another.example"
	if got := w.bind(t, elsewhere); got != account {
		t.Error(got)
	}
	elsewhere.Email, elsewhere.EmailVerified = "", false
	if got := w.bind(t, elsewhere); got != account { // known by itself now
		t.Error(got)
	}
	elsewhere.Subject = "s-other"
	if got := w.bind(t, elsewhere); got != "" {
		t.Error(got)
	}
}

func TestANewAddressOfSomebodyKnownBringsItsInvitations(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("noé", "advisor", "desk", "sete"))
	account := w.bind(t, who("Noé"))
	w.invited("admin-lr", invite("noé.nouveau", "advisor", "desk", "ales"))
	moved := who("Noé")
	moved.Email = "noé.nouveau.imaginaire@exemple.fr"
	if got := w.bind(t, moved); got != account || len(w.list("admin-lr", "?account="+account)) != 2 {
		t.Error(got)
	}
	w.invited("admin-lr", invite("lou", "advisor", "desk", "sete"))
	lou := w.bind(t, who("Lou"))
	moved.Email = "lou.imaginaire@exemple.fr" // an address that is somebody else's stays theirs
	if got := w.bind(t, moved); got != account || lou == account {
		t.Error(got)
	}
}

func TestWhoseRolesAreOverIsTurnedAway(t *testing.T) {
	t.Parallel()
	w := start(t)
	m := w.invited("admin-lr", invite("noé", "advisor", "desk", "sete"))
	body := strings.TrimSuffix(invite("lou", "advisor", "desk", "sete"), "}") + `, "to": "2021-11-20"}`
	w.invited("admin-lr", body)
	w.bind(t, who("Noé"))
	enginetest.Read[rest.Membership](w.World, w.Ask("admin-lr", "POST", memberships+"/"+m.ID+"/end", `{"reason": "left"}`), 200)
	if got := w.bind(t, who("Noé")); got != "" {
		t.Error(got)
	}
	w.Clock.Set(w.Clock.Now().Add(7 * 24 * time.Hour)) // nobody came in time
	if got := w.bind(t, who("Lou")); got != "" {
		t.Error(got)
	}
	w.invited("admin-bfc", invite("noé", "advisor", "desk", "nievre")) // the first fund has let go
	if got := w.bind(t, who("Noé")); got == "" {
		t.Error("invited by another fund, and turned away")
	}
}

// TestFirstSignInsAtOnceAreOneAccount: of two processes, and of two identities with one address.
func TestFirstSignInsAtOnceAreOneAccount(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.invited("admin-lr", invite("noé", "advisor", "desk", "sete"))
	w.invited("admin-lr", invite("noé", "advisor", "desk", "ales"))
	services := []*Service{w.service, New(w.Engine)}
	accounts := make([]string, 20)
	var all sync.WaitGroup
	for n := range accounts {
		identity := who("Noé")
		if n%3 == 0 {
			identity.Issuer = "https://another.example"
		}
		all.Go(func() {
			var err error
			if accounts[n], err = services[n%2].Bind(t.Context(), identity); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, account := range accounts {
		if account != accounts[0] {
			t.Fatal(accounts)
		}
	}
	if bound := enginetest.Facts[events.MembershipBound](w.World); len(bound) != 2 {
		t.Error(bound)
	}
}
