package token_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.org/passerelle/pkg/web/token"
)

func TestATokenForSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	for scope, right := range map[string]bool{"": false, "openid": false, "passerelles": false, "passerelle": true, "openid passerelle": true} {
		i := issuer(t)
		i.Scope = scope
		v := verifier(i)
		v.Scope = "passerelle"
		if account, err := v.Verify(t.Context(), issue(t, i)); right != (err == nil) || right != (account == "advisor-34") || !right && !errors.Is(err, token.ErrRefused) {
			t.Errorf("scope %q: %q %v", scope, account, err)
		}
	}
}

// watched are keys that say whether they were asked for.
type watched struct {
	token.Keys
	asked *int
}

func (w watched) Key(ctx context.Context, id string) (jose.JSONWebKey, error) {
	*w.asked++
	return w.Keys.Key(ctx, id)
}

// TestEachIssuerHasItsOwnKeys: whoever has one issuer's key cannot speak for the other.
func TestEachIssuerHasItsOwnKeys(t *testing.T) {
	t.Parallel()
	own, other := issuer(t), issuer(t)
	other.Name = "https://elsewhere.test"
	asked := [2]int{}
	of := func(i token.Issuer, n int) *token.Verifier {
		v := verifier(i)
		v.Keys = watched{v.Keys, &asked[n]}
		return v
	}
	both := token.Issuers{of(own, 0), of(other, 1)}
	for n, i := range []token.Issuer{own, other} {
		asked = [2]int{}
		if account, err := both.Verify(t.Context(), issue(t, i)); err != nil || account != "advisor-34" || asked[n] != 1 || asked[1-n] != 0 {
			t.Errorf("issuer %d: %q %v, asked %v", n, account, err, asked)
		}
	}
	forged, stranger := other, issuer(t)
	forged.Name, stranger.Name = own.Name, "https://stranger.test"
	asked = [2]int{}
	for name, i := range map[string]token.Issuer{"signed by the other": forged, "of a third": stranger} {
		if _, err := both.Verify(t.Context(), issue(t, i)); !errors.Is(err, token.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if asked[1] != 0 {
		t.Error("the other's keys were tried")
	}
	for _, text := range []string{"", "x", "a.b.c", "a.e30.c", "..", issue(t, own) + ".x"} {
		if _, err := both.Verify(t.Context(), text); !errors.Is(err, token.ErrRefused) {
			t.Errorf("%q: %v", text, err)
		}
	}
	late := own
	late.Now = later(-2 * time.Hour)
	if _, err := both.Verify(t.Context(), issue(t, late)); !errors.Is(err, token.ErrRefused) {
		t.Error("expired:", err)
	}
}
