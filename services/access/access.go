// Package access looks after who may do what: funds with their desks and organisations, and the memberships of those
// who work there. It signs people in, and gives them Passerelle's own tokens. It hears from the workshop service which
// providers were registered, and tells what makes the directory.
package access

import (
	"context"
	"net/http"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "access"

// Config is what the service needs beside what it runs on.
type Config struct {
	SignIn SignInConfig
	Sample func(email string) (account string, ok bool) // whose address it is in a demonstration; nil: there is none
}

// Service answers for funds and sign-ins.
type Service struct {
	*engine.Engine
	signIns
	sample func(email string) (account string, ok bool)
	funds  *decider.Decider[domain.Fund, events.Access]
}

// New makes the service without beginning anything: for who commands it beside the process that serves.
func New(e *engine.Engine) *Service {
	// Names stay sealed in the states; who shows them opens them.
	return &Service{Engine: e, funds: decider.New(e.Ledger, e.Vault.Codec(nil), decider.Aggregate[domain.Fund, events.Access]{
		Kind: "fund", Evolve: domain.Evolve,
	})}
}

// Run gives what the service serves and what a request may wait for.
func Run(e *engine.Engine, c Config) (http.Handler, *web.Heard, error) {
	if c.SignIn.Schema == "" {
		c.SignIn.Schema = Name
	}
	s := New(e)
	s.signIns, s.sample = newSignIns(c.SignIn, e.Pool, e.Log, time.Now), c.Sample
	s.bind, s.known = s.Bind, s.hasRole
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.WriteError}), nil, nil
}

// Bind finds the account of a person whom an issuer has signed in.
func (s *Service) Bind(_ context.Context, p oidc.Person) (string, error) {
	if issuer, err := s.issuer(p.Issuer); err == nil && issuer.Demo && s.hasRole(p.Subject) {
		return p.Subject, nil
	}
	if p.EmailVerified && s.sample != nil {
		if account, ok := s.sample(p.Email); ok && s.hasRole(account) {
			return account, nil
		}
	}
	return "", ErrNoMembership
}

func (s *Service) hasRole(account string) bool {
	a, _ := s.Directory().Account(account, s.Clock.Now())
	return a.Known()
}
