package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/pkg/web/token"
)

// SignInConfig says who may sign in, and for how long.
type SignInConfig struct {
	Issuers []SignInIssuer
	Tokens  token.Issuer  // Passerelle's own
	Idle    time.Duration // a sign-in that is not used for so long, after its last token ran out, is over
	Longest time.Duration // and every one after so long
	Schema  string        // of the rows; empty: access
	Now     func() time.Time
	// Sample tells whose address it is in a demonstration; nil: there is none.
	Sample func(email string) (account string, ok bool)
}

// SignInIssuer is one at which people sign in.
type SignInIssuer struct {
	*oidc.Provider
	Demo bool
}

// signIns gives Passerelle's own tokens to people whom an issuer has signed in.
type signIns struct {
	SignInConfig
	rows signInRows
	log  *slog.Logger
	now  func() time.Time
	accounts
}

var (
	errNoIssuer = refusal.New(refusal.NotFound, "not_found", "Nobody signs in at this issuer here.")
	errRefused  = web.NewProblem(401, "sign_in_refused", "This sign-in cannot be believed, or was used already. Begin again.")
	errEnded    = web.NewProblem(401, "sign_in_ended", "This sign-in has ended. Sign in again.")
	errAway     = web.Away("issuer_away", "Nobody can sign in now: the issuer is out of reach. Please try again.")
)

func newSignIns(c SignInConfig, e *engine.Engine) signIns {
	return signIns{
		SignInConfig: c, rows: signInRows{e.Pool, cmp.Or(c.Schema, Name)}, log: e.Log, now: c.Now,
		accounts: accounts{sample: c.Sample, account: func(id string) directory.Account {
			a, _ := e.Directory().Account(id, e.Clock.Now())
			return a
		}},
	}
}

// issuer is the one that is named, or the only one.
func (s signIns) issuer(name string) (SignInIssuer, error) {
	if name == "" && len(s.Issuers) == 1 {
		return s.Issuers[0], nil
	}
	for _, i := range s.Issuers {
		if i.Issuer == name {
			return i, nil
		}
	}
	return SignInIssuer{}, errNoIssuer
}

// signedIn is a sign-in as its holder sees it.
type signedIn struct {
	id, secret, account, token string
	lives                      time.Duration
	person                     oidc.Person
}

// begin trades what the browser brought back.
func (s signIns) begin(ctx context.Context, name string, r oidc.Return) (signedIn, error) {
	issuer, err := s.issuer(name)
	if err != nil {
		return signedIn{}, err
	}
	person, err := issuer.Exchange(ctx, r)
	if err != nil {
		return signedIn{}, s.refused(ctx, err)
	}
	account, err := s.bind(ctx, issuer, person)
	if err != nil {
		return signedIn{}, err
	}
	s.awaitKnown(ctx, account)
	in := signedIn{id: engine.NewID(), secret: rand.Text() + rand.Text(), account: account, person: person}
	now := s.now()
	if err := s.rows.begin(ctx, in, now); err != nil {
		return signedIn{}, err
	}
	in.token, in.lives, err = s.issue(account, now, now)
	return in, err
}

// refused tells the log why a sign-in failed, and the caller nothing that would help to try again.
func (s signIns) refused(ctx context.Context, err error) error {
	s.log.WarnContext(ctx, "sign-in failed", slog.String("request_id", web.RequestID(ctx)), slog.Any("reason", err))
	if errors.Is(err, oidc.ErrAway) {
		return errAway
	}
	return errRefused
}

// renew gives the next token of a sign-in that lives.
func (s signIns) renew(ctx context.Context, id, secret string) (signedIn, error) {
	now := s.now()
	account, begun, err := s.rows.use(ctx, id, secret, now, now.Add(-s.Idle-s.Tokens.Lives), now.Add(-s.Longest))
	if err != nil {
		return signedIn{}, err
	}
	if !s.known(account) {
		return signedIn{}, errNoRole
	}
	in := signedIn{id: id, account: account}
	in.token, in.lives, err = s.issue(account, begun, now)
	return in, err
}

// issue makes a token that does not outlive its sign-in.
func (s signIns) issue(account string, begun, now time.Time) (string, time.Duration, error) {
	tokens := s.Tokens
	tokens.Now = func() time.Time { return now }
	tokens.Lives = min(tokens.Lives, begun.Add(s.Longest).Sub(now)).Truncate(time.Second)
	text, err := tokens.Issue(account)
	return text, tokens.Lives, err
}
