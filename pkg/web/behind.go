package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Proxies are the addresses that may say for whom they ask: X-Forwarded-For and X-Request-Id of anybody else are
// not read.
type Proxies []netip.Prefix

func (p Proxies) hold(address string) bool {
	from, err := netip.ParseAddrPort(address)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(p, func(one netip.Prefix) bool { return one.Contains(from.Addr().Unmap()) })
}

// behind is who asks, and how the request was named before it came here.
func (p Proxies) behind(r *http.Request) (client, id string) {
	client, id = r.RemoteAddr, uuid.NewString()
	if !p.hold(client) {
		return client, id
	}
	if named := r.Header.Get("X-Request-Id"); isID(named) {
		id = named
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) { // the last one was written by somebody we believe
		address, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		if client = netip.AddrPortFrom(address, 0).String(); !p.hold(client) {
			break
		}
	}
	return client, id
}

// IsLoopback tells whether an address, with a port or without, is of this machine.
func IsLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// isID keeps what a stranger might put into our log short and plain.
func isID(text string) bool {
	odd := func(c rune) bool {
		return c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	}
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, odd)
}
