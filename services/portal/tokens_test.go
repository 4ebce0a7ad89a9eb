package portal

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/api/client"
)

// renewing is an access service that gives one token after the other until the sign-in has ended.
func renewing(t *testing.T, ended *atomic.Bool) (*tokens, *atomic.Int64, *atomic.Int64) {
	t.Helper()
	var asked, moved atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/sign-ins/renew" || ended.Load() {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprint(w, `{"code": "sign_in_ended"}`)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"account": "advisor-34", "access_token": "token-%d", "expires_in": 300}`, asked.Add(1))
	}))
	t.Cleanup(server.Close)
	now := func() time.Time { return noon.Add(time.Duration(moved.Load())) }
	return newTokens(server.Client(), server.URL, now), &asked, &moved
}

func TestATokenIsRenewedAMinuteBeforeItExpires(t *testing.T) {
	t.Parallel()
	held, asked, moved := renewing(t, &atomic.Bool{})
	held.keep(client.SignIn{ID: "s1", AccessToken: "first", ExpiresIn: 300})
	b := bearer{held, "s1", "secret"}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "first"}, {239 * time.Second, "first"}, {time.Second, "token-1"}, {time.Second, "token-1"}, {4 * time.Minute, "token-2"}} {
		moved.Add(int64(step.after))
		if got, err := b.Token(t.Context()); err != nil || got != step.want {
			t.Errorf("after %s: %s %v, want %s", step.after, got, err, step.want)
		}
	}
	b.Refresh("token-1") // an older one was refused: that says nothing about this one
	if got, _ := b.Token(t.Context()); got != "token-2" {
		t.Error(got)
	}
	b.Refresh("token-2")
	if got, _ := b.Token(t.Context()); got != "token-3" || asked.Load() != 3 {
		t.Error(got, asked.Load())
	}
}

func TestManyPartsOfAPageRenewOnce(t *testing.T) {
	t.Parallel()
	held, asked, _ := renewing(t, &atomic.Bool{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := (bearer{held, "s1", "secret"}).Token(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if asked.Load() != 1 {
		t.Errorf("renewed %d times", asked.Load())
	}
}

func TestASignInThatHasEndedIsSaidAsSuch(t *testing.T) {
	t.Parallel()
	var ended atomic.Bool
	held, _, _ := renewing(t, &ended)
	ended.Store(true)
	var p *client.Problem
	if _, err := (bearer{held, "s1", "secret"}).Token(t.Context()); !errors.As(err, &p) || p.Status != http.StatusUnauthorized {
		t.Error(err)
	}
}
