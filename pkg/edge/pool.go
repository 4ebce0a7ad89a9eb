package edge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"

	"example.org/passerelle/pkg/web"
)

// upstream is one process.
type upstream struct {
	base *url.URL

	mu     sync.Mutex
	ready  bool
	status web.Status
}

func newUpstream(base *url.URL) *upstream { return &upstream{base: base, ready: true} }

func (u *upstream) isReady() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.ready
}

func (u *upstream) set(ready bool, status web.Status) (before bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	before, u.ready, u.status = u.ready, ready, status
	return before
}

// look asks whether it is ready.
func (u *upstream) look(ctx context.Context, client *http.Client) (before, now bool) {
	status, now := u.ask(ctx, client)
	return u.set(now, status), now
}

func (u *upstream) ask(ctx context.Context, client *http.Client) (status web.Status, ready bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.base.String()+"/readyz", nil)
	if err != nil {
		return status, false
	}
	response, err := client.Do(r)
	if err != nil {
		return status, false
	}
	defer response.Body.Close()
	_ = json.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&status) // what is no part of Passerelle may have nothing to tell
	return status, response.StatusCode == http.StatusOK
}

// pool is all processes of one service.
type pool struct {
	list      []*upstream
	transport http.RoundTripper
	turn      atomic.Uint64
}

// order is whom to ask: those that are ready in turn, then the others, since ours may be old news.
func (p *pool) order() []*upstream {
	first := int(p.turn.Add(1) % uint64(len(p.list))) //nolint:gosec // a small number
	order := append(slices.Clone(p.list[first:]), p.list[:first]...)
	slices.SortStableFunc(order, func(a, b *upstream) int {
		switch ready := a.isReady(); {
		case ready == b.isReady():
			return 0
		case ready:
			return -1
		}
		return 1
	})
	return order
}

// state is ok when all are ready, behind when some are, and away when none is.
func (p *pool) state() (string, web.Status) {
	ready, best := 0, web.Status{}
	for _, u := range p.list {
		u.mu.Lock()
		if u.ready {
			ready, best = ready+1, u.status
		}
		u.mu.Unlock()
	}
	switch ready {
	case len(p.list):
		return "ok", best
	case 0:
		return "away", best
	}
	return "behind", best
}

// errNobody says that no process took the request.
var errNobody = errors.New("no process takes it")

// RoundTrip asks one process after the other until one has got the request. Another is asked only if the one
// before surely has not got it, or if the request changes nothing.
func (p *pool) RoundTrip(r *http.Request) (*http.Response, error) {
	body := &held{ReadCloser: r.Body}
	if r.Body == nil || r.Body == http.NoBody {
		body = nil
	}
	err := errNobody
	for _, u := range p.order() {
		response, sent, failed := u.send(r, p.transport, body)
		if failed == nil {
			return response, nil
		}
		if r.Context().Err() != nil {
			return nil, failed
		}
		u.set(false, web.Status{}) // until it says otherwise
		if sent && (!harmless(r) || body != nil) {
			return nil, failed
		}
		if !sent {
			failed = fmt.Errorf("%w: %w", errNobody, failed)
		}
		err = failed
	}
	return nil, err
}

func harmless(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// send tells whether anything of the request may have got there.
func (u *upstream) send(r *http.Request, transport http.RoundTripper, body *held) (_ *http.Response, sent bool, err error) {
	var wrote atomic.Bool
	out := r.Clone(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }}))
	out.URL.Scheme, out.URL.Host = u.base.Scheme, u.base.Host
	if body != nil {
		out.Body = body
	}
	response, err := transport.RoundTrip(out)
	return response, wrote.Load() || body.wasRead(), err
}

// held is a body that can be given to the next process as long as nobody has read of it. net/http closes it even
// where no connection came about.
type held struct {
	io.ReadCloser
	read atomic.Bool
}

func (h *held) Read(p []byte) (int, error) {
	h.read.Store(true)
	return h.ReadCloser.Read(p)
}

// Close leaves it open: the proxy closes it.
func (*held) Close() error { return nil }

func (h *held) wasRead() bool { return h != nil && h.read.Load() }
