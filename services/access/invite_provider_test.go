package access

import (
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/access/rest"
)

// newcomer is a provider that the officer of the fund has registered a moment ago.
var newcomer = events.ProviderRegistered{ProviderID: "p-new", Name: "Tiers-lieu Exemple", Fund: "carsat-lr", Department: "34", Insee: "34172", By: "partnership-lr", At: enginetest.Noon}

const toNewcomer = "/api/v1/providers/p-new/invitations"

func invitee(who string) string {
	return `{"email": "` + who + `.imaginaire@exemple.fr", "name": "` + who + ` Imaginaire"}`
}

// TestAnOfficerInvitesTheFirstPersonOfAProvider: registered, invited, signed in, and from then on they invite their colleagues.
func TestAnOfficerInvitesTheFirstPersonOfAProvider(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.Tell(newcomer)
	w.Settle()
	m := enginetest.Read[rest.Membership](w.World, w.Ask("partnership-lr", "POST", toNewcomer, invitee("zelie")), 201)
	if m.State != "invited" || m.Role != "provider" || m.Scope.Kind != "provider" || text(m.Scope.ID) != "p-new" || m.GrantedBy != "partnership-lr" {
		t.Errorf("%+v", m)
	}
	w.Refused(w.Ask("partnership-lr", "POST", toNewcomer, invitee("zelie")), 409, "already_member")
	account, err := w.service.Bind(t.Context(), who("zelie"))
	if err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Ask("partnership-lr", "POST", toNewcomer, invitee("lucien")), 409, "provider_has_people")
	if list := w.list("admin-lr", "?account="+account); len(list) != 1 || list[0].State != "active" || list[0].Role != "provider" {
		t.Errorf("%+v", list)
	}
	if places := w.InClear("zelie.imaginaire", "zelie Imaginaire"); places != nil {
		t.Error(places)
	}
}

func TestWhoMayNotInviteForAProvider(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.Tell(newcomer)
	w.Settle()
	for account, status := range map[string]int{"advisor-34": 403, "provider-a": 403, "admin-lr": 403, "partnership-bfc": 404} {
		if got := w.Ask(account, "POST", toNewcomer, invitee("zelie")); got.Status != status {
			t.Error(account, got.Status, got.Body)
		}
	}
	w.Refused(w.Ask("partnership-lr", "POST", strings.Replace(toNewcomer, "p-new", "p-none", 1), invitee("zelie")), 404, "unknown_provider")
	w.Refused(w.Ask("partnership-lr", "POST", toNewcomer, `{"email": "zelie", "name": " "}`), 422, "invalid")
}
