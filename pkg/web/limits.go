package web

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limits counts requests per client: the account, or the address of one that has no valid token.
type limits struct {
	rate    rate.Limit
	burst   int
	now     func() time.Time
	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

// mostClients bounds the memory; those that could ask for a full burst again are forgotten then.
const mostClients = 10_000

func newLimits(perSecond float64, burst int, now func() time.Time) *limits {
	if burst < 1 {
		burst = max(1, int(math.Ceil(perSecond)))
	}
	return &limits{rate: rate.Limit(perSecond), burst: burst, now: now, clients: map[string]*rate.Limiter{}}
}

// addressLimits are the limits that operations name in x-address-limit, each so many requests a minute.
func addressLimits(perMinute map[string]float64, now func() time.Time) map[string]*limits {
	byName := map[string]*limits{}
	for name, n := range perMinute {
		byName[name] = newLimits(n/time.Minute.Seconds(), int(math.Ceil(n)), now)
	}
	return byName
}

func (l *limits) take(account, address string) error {
	if account != "" {
		return l.takeBy("account " + account)
	}
	return l.takeBy("address " + neighbourhood(address))
}

// takeBy counts a request of whoever has this name. nil limits nobody.
func (l *limits) takeBy(client string) error {
	if l == nil || l.rate <= 0 {
		return nil
	}
	now := l.now()
	if l.client(client, now).AllowN(now, 1) {
		return nil
	}
	p := problem(429, "too_many_requests", "Please slow down.")
	p.RetryAfter = max(1, int(math.Ceil(1/float64(l.rate))))
	return p
}

// neighbourhood is what one subscriber has: an address, or of IPv6 a network of 64 bits.
func neighbourhood(address string) string {
	from, err := netip.ParseAddrPort(address)
	if err != nil {
		return ""
	}
	ip := from.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	network, _ := ip.Prefix(64)
	return network.String()
}

func (l *limits) client(name string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, there := l.clients[name]
	if !there {
		if len(l.clients) >= mostClients {
			l.forget(now)
		}
		one = rate.NewLimiter(l.rate, l.burst)
		l.clients[name] = one
	}
	return one
}

// forget drops those who were quiet, and everybody when nobody was.
func (l *limits) forget(now time.Time) {
	for name, one := range l.clients {
		if one.TokensAt(now) >= float64(l.burst) {
			delete(l.clients, name)
		}
	}
	if len(l.clients) >= mostClients {
		clear(l.clients)
	}
}
