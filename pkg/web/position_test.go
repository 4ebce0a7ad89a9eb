package web_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// heardTo has heard detection up to a position and knows the stream to be longer.
type heardTo struct {
	position, end int64
	more          chan struct{} // closed: everything up to end was heard
	waits         atomic.Int64
}

func (h *heardTo) End(string) int64 { return h.end }

func (h *heardTo) Wait(ctx context.Context, service string, position int64) error {
	if service == "detection" && position <= h.position {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err() // only asked whether it was heard
	}
	h.waits.Add(1)
	select {
	case <-h.more:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func hears(h *heardTo) *web.Heard {
	return &web.Heard{Services: []string{"detection", "workshop"}, Waiter: h}
}

func TestARequestWaitsUntilItsPositionWasHeard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &heardTo{position: 10, end: 12, more: make(chan struct{})}
		b := setup(t, nil, hears(h))
		b.ask("GET", "/api/v1/me", "", "Passerelle-Position", "detection:10").passed(t)
		done := make(chan *answer)
		go func() {
			done <- b.ask("GET", "/api/v1/me", "", "Passerelle-Position", "detection:10, detection:12,funding:9")
		}()
		synctest.Wait()
		if b.asked != 1 {
			t.Fatal("it did not wait")
		}
		close(h.more)
		(<-done).passed(t)
	})
}

func TestAPositionThatIsNotHeardInTwoSecondsIs503(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, nil, hears(&heardTo{position: 10, end: 12, more: make(chan struct{})}))
		began := time.Now()
		a := b.ask("POST", "/api/v1/flags/f1/validate", "{}", "Passerelle-Position", "detection:11")
		a.is(t, 503, "not_yet_heard")
		if a.header.Get("Retry-After") != "1" || time.Since(began) != 2*time.Second || b.asked != 0 {
			t.Fatal(a.header, time.Since(began), b.asked)
		}
	})
}

func TestAPositionFarBeyondTheEndIs503AtOnce(t *testing.T) {
	t.Parallel()
	h := &heardTo{position: 12, end: 12, more: make(chan struct{})}
	b := setup(t, nil, hears(h))
	b.ask("GET", "/api/v1/me", "", "Passerelle-Position", "detection:10013").is(t, 503, "not_yet_heard")
	if h.waits.Load() != 0 {
		t.Fatal("it waited")
	}
}

func TestServicesThatAreNotFollowedAreIgnored(t *testing.T) {
	t.Parallel()
	setup(t, nil, hears(&heardTo{})).ask("GET", "/api/v1/me", "", "Passerelle-Position", "funding:999999999").passed(t)
	setup(t, nil, nil).ask("GET", "/api/v1/me", "", "Passerelle-Position", "detection:999999999").passed(t)
}

func TestAnUnreadablePositionIs400(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, hears(&heardTo{}))
	for _, header := range []string{"detection", "detection:", ":1", "detection:-1", "detection:+1", "detection:1,", "detection:1;workshop:2", "DETECTION:1", "detection:99999999999999999999", "detection:0x1"} {
		b.ask("GET", "/api/v1/me", "", "Passerelle-Position", header).is(t, 400, "bad_header")
	}
}

// looker finds something once it was heard.
func looker(b *bundle, there *atomic.Bool, looks *atomic.Int64) {
	b.answers["GET /api/v1/flags/f1"] = func(w http.ResponseWriter, r *http.Request) {
		_, err := web.Find(r.Context(), func(context.Context) (string, error) {
			looks.Add(1)
			if !there.Load() {
				return "", refusal.New(refusal.NotFound, "no_flag", "No such flag.")
			}
			return "f1", nil
		})
		if err != nil {
			web.WriteError(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func TestAnUnknownIdIsLookedForAgainAfterCatchingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &heardTo{position: 10, end: 12, more: make(chan struct{})}
		b := setup(t, nil, hears(h))
		var there atomic.Bool
		var looks atomic.Int64
		looker(b, &there, &looks)
		done := make(chan *answer)
		go func() { done <- b.ask("GET", "/api/v1/flags/f1", "") }()
		synctest.Wait()
		there.Store(true)
		close(h.more)
		(<-done).passed(t)
		if looks.Load() != 2 {
			t.Fatal(looks.Load())
		}
	})
}

func TestAnUnknownIdIs404AfterOneSecondAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, nil, hears(&heardTo{position: 10, end: 12, more: make(chan struct{})}))
		looker(b, new(atomic.Bool), new(atomic.Int64))
		began := time.Now()
		b.ask("GET", "/api/v1/flags/f1", "").is(t, 404, "no_flag")
		if time.Since(began) != time.Second {
			t.Fatal(time.Since(began))
		}
	})
}

// keyOf asks with a key and tells what the handler sees of it.
func keyOf(b *bundle, path, body, key, account string) (got ledger.Key, request string) {
	b.answers["POST "+path] = func(w http.ResponseWriter, r *http.Request) {
		var hash []byte
		got, hash = web.Idempotency(r.Context())
		request = string(hash)
		w.WriteHeader(http.StatusNoContent)
	}
	b.ask("POST", path, body, "Idempotency-Key", key, "Authorization", "Bearer "+account)
	return got, request
}

func TestAKeyBelongsToCallerAndAddress(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	const validate = "/api/v1/flags/f1/validate"
	key, request := keyOf(b, validate, "{}", "k1", "advisor-34")
	if key == (ledger.Key{}) || request == "" {
		t.Fatal("nothing came")
	}
	if again, same := keyOf(b, validate, " {} \n", "k1", "advisor-34"); again != key || same != request {
		t.Error("the same is not the same")
	}
	if other, _ := keyOf(b, validate, "{}", "k1", "provider-a"); other == key {
		t.Error("two callers share a key")
	}
	if other, _ := keyOf(b, "/api/v1/flags/f2/validate", "{}", "k1", "advisor-34"); other == key {
		t.Error("two addresses share a key")
	}
	if none, _ := keyOf(b, validate, "{}", "", "advisor-34"); none != (ledger.Key{}) {
		t.Error("a key came from nowhere")
	}
	first, one := keyOf(b, "/api/v1/referrals/r1/withdraw", `{"reason":"date"}`, "k1", "advisor-34")
	if second, two := keyOf(b, "/api/v1/referrals/r1/withdraw", `{"reason":"health"}`, "k1", "advisor-34"); second != first || one == two {
		t.Error("another body under a key is not told apart")
	}
}

func TestARequestHashCannotBeGuessedWithoutTheSecret(t *testing.T) {
	t.Parallel()
	other := setup(t, func(c *web.Config) { c.Secret = []byte("another") }, nil)
	_, ours := keyOf(setup(t, nil, nil), "/api/v1/flags/f1/validate", "{}", "k1", "advisor-34")
	if _, theirs := keyOf(other, "/api/v1/flags/f1/validate", "{}", "k1", "advisor-34"); theirs == ours {
		t.Fatal("the hash does not depend on the secret")
	}
}

func TestHeadersThatCannotBeReadAre400(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	for name, values := range map[string][]string{
		"Idempotency-Key": {"é", "a\tb", string(make([]byte, 256))},
		"If-Match":        {`referral:7`, `"referral"`, `"referral:x"`, `"referral:0"`, `W/"referral:7"`, `"referral:7", "referral:8"`},
	} {
		for _, value := range values {
			b.ask("POST", "/api/v1/flags/f1/validate", "{}", name, value).is(t, 400, "bad_header")
		}
	}
}

func TestIfMatchGivesTheVersionTheCallerHasSeen(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	version := -1
	b.answers["POST /api/v1/referrals/r1/withdraw"] = func(w http.ResponseWriter, r *http.Request) {
		var err error
		if version, err = web.IfMatch(r.Context(), "referral"); err != nil {
			web.WriteError(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
	ask := func(tag string) *answer {
		return b.ask("POST", "/api/v1/referrals/r1/withdraw", `{"reason":"date"}`, "If-Match", tag)
	}
	for tag, want := range map[string]int{web.ETag("referral", 7): 7, "*": 0, "": 0} {
		ask(tag).passed(t)
		if version != want {
			t.Errorf("%s: %d", tag, version)
		}
	}
	ask(web.ETag("session", 7)).is(t, 412, "stale")
}
