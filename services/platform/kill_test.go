package platform_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// traffic is people at work: they flag, refer and accept, each with a key, and write down what was acknowledged.
type traffic struct {
	h        *house
	session  string
	advisor  *caller
	provider *caller
	next     atomic.Int64
	mu       sync.Mutex
	said     []acknowledged
	open     []request // sent, and no answer came: sent again after the restart
}

type request struct {
	who  *caller
	path string
	body any
	key  string
}

// acknowledged is a write that was answered, with what it made.
type acknowledged struct {
	request
	status int
	id     string
	raw    string
}

// send notes what became of a request. Without an answer, or with 503, it stays open, and its sender stops.
func (w *traffic) send(r request) (reply, bool) {
	got, err := r.who.try(http.MethodPost, r.path, r.body, "Idempotency-Key", r.key)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil || got.status == http.StatusServiceUnavailable {
		w.open = append(w.open, r)
		return got, false
	}
	if got.status >= 300 {
		w.h.Errorf("%s: %d %s", r.path, got.status, got.raw)
		return got, false
	}
	w.said = append(w.said, acknowledged{r, got.status, got.text("id"), string(got.raw)})
	return got, true
}

// work goes on until the process is gone.
func (w *traffic) work() {
	for {
		n := w.next.Add(1)
		key := func(step string) string { return fmt.Sprintf("%s-%d", step, n) }
		flag, ok := w.send(request{w.advisor, "/flags", senior(int(n)), key("flag")})
		if !ok {
			return
		}
		referral, ok := w.send(request{w.advisor, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": w.session}, key("referral")})
		if !ok {
			return
		}
		if referral.text("seat") == "pending" {
			continue
		}
		if _, ok := w.send(request{w.provider, "/sessions/" + w.session + "/requests/" + referral.text("id") + "/accept", map[string]any{}, key("accept")}); !ok {
			return
		}
	}
}

// TestNothingAcknowledgedIsLostWhenTheProcessIsKilled: kill -9 at random moments of real traffic, Postgres too in
// every third round.
func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	rounds := 3
	if soak() {
		rounds = 20
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	h := newHouse(t)
	h.start()
	w := &traffic{h: h, advisor: h.as("advisor-34"), provider: h.as("provider-a")}
	for i := range 5 {
		h.as("equipment-lr").post(201, "/equipment/items", tablet(fmt.Sprintf("EX-%04d", i)))
	}
	w.session = w.provider.post(201, "/sessions", workshop(40)).text("id")
	w.advisor.learn(w.provider)
	for round := 1; round <= rounds; round++ {
		var all sync.WaitGroup
		for range 4 {
			all.Go(w.work)
		}
		time.Sleep(time.Duration(200+random.IntN(1200)) * time.Millisecond) // the moment of the kill is the test
		if round%3 == 0 {
			h.killPostgres()
		} else {
			h.kill()
		}
		all.Wait()
		h.start()
		w.sendAgain()
	}
	w.check()
	h.mustOperate("ledger", "verify")
	h.mustOperate("projections", "verify")
	t.Logf("%d rounds, %d acknowledged writes", rounds, len(w.said))
	h.stop()
}

// killPostgres kills the server below; the process says so and ends.
func (h *house) killPostgres() {
	h.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, "pg", "postmaster.pid"))
	if err != nil {
		h.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.Split(string(text), "\n")[0])
	if err != nil {
		h.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		h.Fatal(err)
	}
	select {
	case err := <-h.ended:
		h.cmd = nil
		if err == nil {
			h.Fatalf("ends well without its Postgres\n%s", h.log)
		}
	case <-time.After(20 * time.Second):
		h.Fatalf("runs on without its Postgres\n%s", h.log)
	}
}

// sendAgain repeats what got no answer, under the same keys, as a client does.
func (w *traffic) sendAgain() {
	w.mu.Lock()
	open := w.open
	w.open = nil
	w.mu.Unlock()
	for _, r := range open {
		w.send(r)
	}
}

// check holds what was acknowledged against the ledgers: each is there, once, and a repetition answers the same.
func (w *traffic) check() {
	flags, referrals, seats := map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range w.h.ledgerOf("detection") {
		if e.Name == "detection.senior-flagged.v1" {
			flags[e.Data["flag_id"].(string)]++
		}
	}
	for _, e := range w.h.ledgerOf("referral") {
		if e.Name == "referral.referral-opened.v1" {
			referrals[e.Data["referral_id"].(string)]++
		}
	}
	for _, e := range w.h.ledgerOf("workshop") {
		if e.Name == "workshop.seat-taken.v1" || e.Name == "workshop.waiting-list-joined.v1" {
			seats[e.Data["referral_id"].(string)]++
		}
	}
	for _, a := range w.said {
		var times int
		switch {
		case a.path == "/flags":
			times = flags[a.id]
		case a.path == "/referrals":
			times = referrals[a.id]
		default:
			times = seats[strings.Split(a.path, "/")[4]]
		}
		if times != 1 {
			w.h.Errorf("%s %s was acknowledged and is there %d times", a.path, a.key, times)
		}
	}
	if len(w.said) == 0 {
		w.h.Error("nothing was acknowledged: the test shows nothing")
	}
	for _, a := range w.said[:min(50, len(w.said))] {
		if a.path == "/referrals" { // its seat is read again
			continue
		}
		if again := a.who.post(a.status, a.path, a.body, "Idempotency-Key", a.key); string(again.raw) != a.raw {
			w.h.Errorf("%s %s answered %s, then %s", a.path, a.key, a.raw, again.raw)
		}
	}
	seatsInTheLedger(w.h.T, w.h, w.session)
}
