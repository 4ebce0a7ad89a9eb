package edge_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/pkg/edge"
	"example.org/passerelle/pkg/web"
)

// process is one that answers, as far as a test lets it.
type process struct {
	*httptest.Server
	ready atomic.Bool
	asked atomic.Int32
}

func newProcess(t *testing.T, answer http.HandlerFunc) *process {
	p := &process{}
	p.ready.Store(true)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			p.asked.Add(1)
			answer(w, r)
			return
		}
		status := web.Status{Ledger: "ok", Stream: "behind", Projections: "ok", Listeners: "ok"}
		if !p.ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(status)
	}))
	t.Cleanup(p.Close)
	return p
}

// door is an edge in front of processes, which looks at them when it is told.
func door(t *testing.T, upstreams ...string) *httptest.Server {
	t.Helper()
	e, err := edge.New(edge.Config{
		Upstreams: map[string][]string{"detection": upstreams}, Look: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	server, err := web.New(web.Config{
		Document: `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}`, Status: e.Status, Log: slog.New(slog.DiscardHandler),
		Proxies: web.Proxies{netip.MustParsePrefix("127.0.0.0/8")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"GET", "POST"} {
		server.Handle(method, "/flags/{id}", e.Handler("detection"))
	}
	ctx, cancel := context.WithCancel(context.Background())
	var looked sync.WaitGroup
	looked.Go(func() { e.Run(ctx) })
	d := httptest.NewServer(server)
	t.Cleanup(func() {
		d.Close()
		cancel()
		looked.Wait()
	})
	return d
}

func ask(t *testing.T, d *httptest.Server, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, d.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := d.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

func until(t *testing.T, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); {
		if time.Now().After(deadline) {
			t.Fatal("not so after 10 s")
		}
	}
}

// nobody is an address at which nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Request-Id", r.Header.Get("X-Request-Id"))
	fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL.RequestURI(), r.Header.Get("X-Forwarded-For"), body)
}

func TestARequestArrivesAsItWasSent(t *testing.T) {
	t.Parallel()
	d := door(t, newProcess(t, echo).URL)
	response, text := ask(t, d, "POST", "/flags/a%2Fb?x=%zz;y", "body", "X-Request-Id", "named-before", "X-Forwarded-For", "203.0.113.9, 192.0.2.4")
	if text != "POST /flags/a%2Fb?x=%zz;y 192.0.2.4 body" {
		t.Error(text)
	}
	if id := response.Header.Values("X-Request-Id"); len(id) != 1 || id[0] != "named-before" {
		t.Error(id)
	}
}

// TestOneThatRefusesIsPassedOver, also for a write, also before anybody has looked.
func TestOneThatRefusesIsPassedOver(t *testing.T) {
	t.Parallel()
	twin := newProcess(t, echo)
	d := door(t, nobody(t), twin.URL, nobody(t))
	for i := range 20 {
		if response, text := ask(t, d, "POST", "/flags/1", "body"); response.StatusCode != 200 || !strings.HasSuffix(text, " body") {
			t.Errorf("request %d: %d %s", i, response.StatusCode, text)
		}
	}
	if _, text := ask(t, d, "GET", "/readyz", ""); !strings.Contains(text, `"services":{"detection":"behind"}`) || !strings.Contains(text, `"stream":"behind"`) {
		t.Error(text)
	}
}

func TestOneThatIsAboutToStopGetsNothingMore(t *testing.T) {
	t.Parallel()
	going, staying := newProcess(t, echo), newProcess(t, echo)
	d := door(t, going.URL, staying.URL)
	going.ready.Store(false)
	until(t, func() bool {
		_, text := ask(t, d, "GET", "/readyz", "")
		return strings.Contains(text, `"detection":"behind"`)
	})
	before := going.asked.Load()
	for range 20 {
		ask(t, d, "POST", "/flags/1", "body")
	}
	if got := going.asked.Load() - before; got > 0 {
		t.Errorf("it got %d requests", got)
	}
	going.ready.Store(true)
	until(t, func() bool {
		ask(t, d, "POST", "/flags/1", "body")
		return going.asked.Load() > before
	})
}

func TestNobodyIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	d := door(t, nobody(t), nobody(t))
	response, text := ask(t, d, "POST", "/flags/1", "body")
	if response.StatusCode != 503 || response.Header.Get("Content-Type") != "application/problem+json" || response.Header.Get("Retry-After") != "1" ||
		!strings.Contains(text, `"code":"service_away"`) || !strings.Contains(text, "Nothing was done") {
		t.Error(response.StatusCode, response.Header, text)
	}
	if response, text := ask(t, d, "GET", "/readyz", ""); response.StatusCode != 503 || !strings.Contains(text, `"detection":"away"`) {
		t.Error(response.StatusCode, text)
	}
}

// TestAWriteThatMayHaveBeenDoneIsNotSentAgain; a read is.
func TestAWriteThatMayHaveBeenDoneIsNotSentAgain(t *testing.T) {
	t.Parallel()
	cut := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	first, second := newProcess(t, cut), newProcess(t, cut)
	d := door(t, first.URL, second.URL)
	for _, key := range []string{"", "one"} {
		before := first.asked.Load() + second.asked.Load()
		response, text := ask(t, d, "POST", "/flags/1", "body", "Idempotency-Key", key)
		if asked := first.asked.Load() + second.asked.Load() - before; asked != 1 {
			t.Errorf("sent %d times", asked)
		}
		if response.StatusCode != 502 || !strings.Contains(text, `"code":"answer_lost"`) {
			t.Error(response.StatusCode, text)
		}
	}
	whole := newProcess(t, echo)
	d = door(t, first.URL, whole.URL)
	for range 10 {
		if response, text := ask(t, d, "GET", "/flags/1", ""); response.StatusCode != 200 {
			t.Error(response.StatusCode, text)
		}
	}
}

// TestWhatIsLargeStreams in both directions: the edge holds neither whole.
func TestWhatIsLargeStreams(t *testing.T) {
	t.Parallel()
	const size = 8 << 20
	arrived := make(chan struct{})
	d := door(t, newProcess(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadFull(r.Body, make([]byte, 1))
		close(arrived)
		n, _ := io.Copy(io.Discard, r.Body)
		for range size / (1 << 20) {
			_, _ = w.Write(make([]byte, 1<<20))
		}
		fmt.Fprint(w, n)
	}).URL)
	in, out := io.Pipe()
	go func() {
		_, _ = out.Write(make([]byte, 1<<20))
		<-arrived // while the rest is not there yet
		_, _ = out.Write(make([]byte, size-1<<20))
		out.Close()
	}()
	response, err := d.Client().Post(d.URL+"/flags/1", "text/plain", in)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if want := fmt.Sprint(size - 1); err != nil || len(text) != size+len(want) || string(text[size:]) != want {
		t.Errorf("%d bytes came back: %v", len(text), err)
	}
}

func TestAWrongAddressStopsTheStart(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "127.0.0.1:8081", "ftp://127.0.0.1", "http://", "http://name:invented@127.0.0.1", "http://127.0.0.1/path"} {
		_, err := edge.New(edge.Config{Upstreams: map[string][]string{"detection": {address}}})
		if err == nil || strings.Contains(err.Error(), "invented") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
