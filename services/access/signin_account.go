package access

import (
	"context"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/refusal"
)

// errNoRole: the issuer knows the person, and nobody here has given them a role.
var errNoRole = refusal.New(refusal.Forbidden, "no_membership",
	"You are signed in, and have no role here: ask the administrator of your fund for an invitation.")

// accounts finds whose account it is that signs in.
type accounts struct {
	account func(id string) directory.Account                  // as it is now
	sample  func(email string) (account string, ok bool)       // see SignInConfig
	invited func(context.Context, oidc.Person) (string, error) // who was invited, or came before; nil: nobody
}

// bind gives the account of a person whom an issuer has signed in. The demo's issuer names accounts; elsewhere they
// are found by who was invited.
func (a accounts) bind(ctx context.Context, issuer SignInIssuer, p oidc.Person) (string, error) {
	if issuer.Demo && a.known(p.Subject) {
		return p.Subject, nil
	}
	if p.EmailVerified && a.sample != nil {
		if account, ok := a.sample(p.Email); ok && a.known(account) {
			return account, nil
		}
	}
	if a.invited == nil {
		return "", errNoRole
	}
	return a.invited(ctx, p)
}

// awaitKnown waits until the directory has heard of a role that this very sign-in has bound, a second at most: the
// first page would say that there is none.
func (a accounts) awaitKnown(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for !a.known(id) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookAgain):
		}
	}
}

const lookAgain = 10 * time.Millisecond

// known tells whether an account may do anything here.
func (a accounts) known(id string) bool { return a.account(id).Known() }
