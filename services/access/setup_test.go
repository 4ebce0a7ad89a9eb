package access

import (
	"net/http"
	"testing"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/rest"
)

const (
	memberships = "/api/v1/memberships"
	invitations = "/api/v1/invitations"
)

// world is the service on the directory of the demonstration.
type world struct {
	*enginetest.World
	service *Service // to be called beside the one that serves
	signIns signInRows
}

func start(t *testing.T) world {
	t.Helper()
	var schema string
	w := enginetest.Start(t, Name, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		schema = e.Prefix + Name
		if err := ProvisionSignIns(t.Context(), e.Pool, schema); err != nil {
			return nil, nil, err
		}
		return SignInConfig{Schema: schema}.Run(e)
	})
	return world{w, New(w.Engine), signInRows{w.Pool, schema}}
}

// invite is an invitation of somebody invented, with a name and an address of this test's own.
func invite(who, role, kind, id string) string {
	return `{"email": "` + who + `.imaginaire@exemple.fr", "name": "` + who + ` Imaginaire", "role": "` + role + `", "scope": {"kind": "` + kind + `", "id": "` + id + `"}}`
}

func toAccount(account, role, kind, id string) string {
	return `{"account": "` + account + `", "role": "` + role + `", "scope": {"kind": "` + kind + `", "id": "` + id + `"}}`
}

// invited is the invitation that an account has sent.
func (w world) invited(by, body string) rest.Membership {
	return enginetest.Read[rest.Membership](w.World, w.Ask(by, "POST", invitations, body), 201)
}

func (w world) list(by, query string) []rest.Membership {
	return enginetest.Read[rest.MembershipPage](w.World, w.Ask(by, "GET", memberships+query, ""), 200).Items
}

// who is somebody invented at an issuer of the test.
func who(subject string) oidc.Person {
	return oidc.Person{Issuer: "https://issuer.example", Subject: "s-" + subject, Email: subject + ".Imaginaire@exemple.FR", EmailVerified: true}
}

func text(p *string) string { return engine.Value(p) }
