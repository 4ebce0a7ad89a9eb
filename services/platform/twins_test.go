package platform_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// crowd is many people at work at once, who ask again under the same key until they are answered.
type crowd struct {
	*apart
	next     atomic.Int64
	mu       sync.Mutex
	sessions []string
	flags    map[string]bool // by id, as acknowledged
	opened   map[string]bool // referrals, by id
	enrolled map[string]bool // of those
}

const (
	hands     = 8
	perSeat   = 5 // every fifth is taken on, and needs a tablet
	perCourse = 50
)

func newCrowd(a *apart) *crowd {
	return &crowd{apart: a, flags: map[string]bool{}, opened: map[string]bool{}, enrolled: map[string]bool{}}
}

// insist repeats a request until it is answered. What it was not answered with is a process that is away.
func (c *crowd) insist(who *caller, want int, path string, body any, key string) reply {
	for deadline := time.Now().Add(time.Minute); ; {
		r, err := who.try(http.MethodPost, path, body, "Idempotency-Key", key)
		if err == nil && r.status == want {
			return r
		}
		passing := err != nil || r.status == http.StatusServiceUnavailable || r.status == http.StatusBadGateway
		if !passing || time.Now().After(deadline) {
			c.Errorf("%s %s: %d %s %v", path, key, r.status, r.raw, err)
			return r
		}
	}
}

// work brings so many people more: each is flagged and referred, and every fifth taken on.
func (c *crowd) work(people int) {
	end := c.next.Load() + int64(people)
	c.prepare(people)
	var all sync.WaitGroup
	for range hands {
		advisor, provider := c.as("advisor-34"), c.as("provider-a")
		all.Go(func() {
			for n := c.next.Add(1); n <= end; n = c.next.Add(1) {
				c.bring(advisor, provider, int(n))
			}
		})
	}
	all.Wait()
	c.next.Store(end)
}

// prepare plans the sessions and registers the tablets that so many people more need.
func (c *crowd) prepare(people int) {
	provider, equipment := c.as("provider-a"), c.as("equipment-lr")
	for range people / perCourse {
		n := len(c.sessions)
		c.sessions = append(c.sessions, c.insist(provider, 201, "/sessions", workshop(perCourse), fmt.Sprintf("session-%d", n)).text("id"))
	}
	first := int(c.next.Load()) / perSeat
	for n := range people / perSeat {
		c.insist(equipment, 201, "/equipment/items", tablet(fmt.Sprintf("EX-%05d", first+n)), fmt.Sprintf("tablet-%d", first+n))
	}
}

func (c *crowd) bring(advisor, provider *caller, n int) {
	session := c.sessions[(n-1)/perCourse]
	flag := c.insist(advisor, 201, "/flags", senior(n), fmt.Sprintf("flag-%d", n)).text("id")
	referral := c.insist(advisor, 201, "/referrals", map[string]any{"flag_id": flag, "session_id": session}, fmt.Sprintf("referral-%d", n)).text("id")
	if n%perSeat == 0 {
		provider.learn(advisor)
		c.insist(provider, 200, "/sessions/"+session+"/requests/"+referral+"/accept", map[string]any{}, fmt.Sprintf("accept-%d", n))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flags[flag], c.opened[referral] = true, true
	if n%perSeat == 0 {
		c.enrolled[referral] = true
	}
}

// check holds the ledgers and the read models against what was acknowledged. What services conclude from each other
// comes a moment later: it is waited for, and then there must be no more of it.
func (c *crowd) check() {
	c.Helper()
	c.until(func() bool {
		return c.count("detection", "detection.help-referred.v1") >= len(c.opened) && c.count("equipment", "equipment.tablet-kept.v1") >= len(c.enrolled) &&
			c.count("referral", "referral.referral-answered.v1") >= len(c.enrolled)
	})
	for _, of := range []struct {
		service, name, id string
		want              map[string]bool
	}{
		{"detection", "detection.senior-flagged.v1", "flag_id", c.flags},
		{"detection", "detection.help-referred.v1", "referral_id", c.opened},
		{"referral", "referral.referral-opened.v1", "referral_id", c.opened},
		{"referral", "referral.referral-answered.v1", "referral_id", c.enrolled},
		{"workshop", "workshop.seat-requested.v1", "referral_id", c.opened},
		{"workshop", "workshop.seat-taken.v1", "referral_id", c.enrolled},
		{"equipment", "equipment.tablet-kept.v1", "referral_id", c.enrolled},
	} {
		c.eachOnce(of.service, of.name, of.id, of.want)
	}
	if out := c.mustOperate("ledger", "verify"); out == "" {
		c.Error("verify says nothing")
	}
	c.mustOperate("projections", "verify")
	if out := c.mustOperate("parked", "list"); !strings.Contains(out, "0 parked") {
		c.Error(out)
	}
	c.checkBoard()
}

func (c *crowd) count(service, name string) (n int) {
	conn := c.database()
	defer conn.Close(context.Background())
	if err := conn.QueryRow(context.Background(), "select count(*) from "+service+".event where name = $1", name).Scan(&n); err != nil {
		c.Fatal(err)
	}
	return n
}

// eachOnce: the ledger has no gap, and tells this fact once for each of these, and of nobody else.
func (c *crowd) eachOnce(service, name, id string, want map[string]bool) {
	c.Helper()
	told := map[string]int{}
	for i, e := range c.ledgerOf(service) {
		if e.Position != int64(i+1) {
			c.Fatalf("%s: position %d stands in place %d", service, e.Position, i+1)
		}
		if e.Name == name {
			told[e.Data[id].(string)]++
		}
	}
	for one := range want {
		if told[one] != 1 {
			c.Errorf("%s is told %d times of %s", name, told[one], one)
		}
	}
	if len(told) != len(want) {
		c.Errorf("%s is told of %d, want %d", name, len(told), len(want))
	}
}

// checkBoard: whoever asks sees every referral, and whether somebody was taken on.
func (c *crowd) checkBoard() {
	c.Helper()
	advisor := c.as("advisor-34")
	status := map[string]string{}
	for page := "/referrals?limit=500"; page != ""; {
		r := advisor.get(page)
		for _, one := range r.items() {
			status[one["id"].(string)], _ = one["status"].(string)
		}
		if page = r.text("next"); page != "" {
			page = "/referrals?limit=500&cursor=" + page
		}
	}
	for one := range c.opened {
		if got := status[one]; got == "" || (got == "enrolled") != c.enrolled[one] {
			c.Errorf("referral %s is seen as %q", one, got)
		}
	}
	if len(status) != len(c.opened) {
		c.Errorf("%d referrals are seen, want %d", len(status), len(c.opened))
	}
}

// TestTwinsShareTheWork: two of each service at once, then with the leading one of each pair of detection and
// projections killed on the way.
func TestTwinsShareTheWork(t *testing.T) {
	t.Parallel()
	people := 300
	if soak() {
		people = 5000
	}
	a := newApart(t)
	a.start()
	c := newCrowd(a)
	began := time.Now()
	c.work(people)
	t.Logf("%d people in %.1f s", people, time.Since(began).Seconds())
	c.check()
	c.eachTwinWrote()

	killed := make(chan []*process)
	go func() {
		defer close(killed)
		c.untilFlags(people + people/3)
		killed <- []*process{c.killLeader("detection", "detection_heard", "mirror"), c.killLeader("projections", "projection", "board%")}
	}()
	began = time.Now()
	c.work(people)
	t.Logf("%d people in %.1f s, with two processes killed", people, time.Since(began).Seconds())
	for _, p := range <-killed {
		p.start()
		p.await()
	}
	c.check()
	a.stop()
}

// eachTwinWrote: both took part, or the test shows nothing.
func (c *crowd) eachTwinWrote() {
	c.Helper()
	for _, p := range c.twins["detection"] {
		figures := p.figures()
		if !strings.Contains(figures, `passerelle_http_seconds_count{method="POST",route="/api/v1/flags",status="201"}`) {
			c.Errorf("detection at %s took no flag", p.address)
		}
	}
}

func (p *process) figures() string {
	p.Helper()
	response, err := http.Get("http://" + p.address + "/metrics")
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	var text strings.Builder
	if err := response.Write(&text); err != nil {
		p.Fatal(err)
	}
	return text.String()
}

func (c *crowd) untilFlags(n int) {
	c.until(func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.flags) >= n
	})
}

// killLeader kills the process that holds a lease, and expects its twin to hold it when its time is over.
func (c *crowd) killLeader(service, schema, lease string) *process {
	owner, _ := c.holder(schema, lease)
	at := slices.IndexFunc(c.twins[service], func(p *process) bool { return strings.Contains(owner, p.address) })
	if at < 0 {
		c.Errorf("%s is led by %q, which is none of %v", service, owner, slices.Collect(maps.Keys(c.twins)))
		return c.twins[service][0]
	}
	began := time.Now()
	c.twins[service][at].kill()
	_, until := c.holder(schema, lease)
	var next string
	c.until(func() bool {
		next, _ = c.holder(schema, lease)
		return next != owner && next != ""
	})
	if !strings.Contains(next, c.twins[service][1-at].address) {
		c.Errorf("%s is led by %q after the kill", service, next)
	}
	c.Logf("%s passed to the twin %.1f s after the kill, %.1f s after the lease was over", service, time.Since(began).Seconds(), time.Since(until).Seconds())
	if late := time.Since(until); late > 2*time.Second {
		c.Errorf("%s stood %v after the lease was over", service, late)
	}
	return c.twins[service][at]
}

func (c *crowd) holder(schema, lease string) (owner string, until time.Time) {
	conn := c.database()
	defer conn.Close(context.Background())
	err := conn.QueryRow(context.Background(), "select owner, until from "+schema+".lease where name like $1 order by until desc limit 1", lease).Scan(&owner, &until)
	if err != nil {
		c.Error(err)
	}
	return owner, until
}
