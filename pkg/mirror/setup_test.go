package mirror_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/bus"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	service = "library"
	written = "library.page-written.v1"
)

var chainKey = []byte("an invented chain key")

// soon ends with the test, at the latest after a minute: whatever is waited for comes long before.
func soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// books is a ledger with somebody who writes into it.
type books struct {
	*ledger.Postgres
	t      testing.TB
	schema string
	mu     sync.Mutex
	wrote  int
	commit atomic.Pointer[func([]ledger.Event)]
}

func newBooks(t testing.TB) *books {
	t.Helper()
	schema := testkit.Schema(t)
	if err := ledger.Provision(t.Context(), testkit.Pool(t), schema, service); err != nil {
		t.Fatal(err)
	}
	return openBooks(t, schema)
}

// openBooks opens a ledger as one more process would.
func openBooks(t testing.TB, schema string) *books {
	t.Helper()
	b := &books{t: t, schema: schema}
	var err error
	b.Postgres, err = ledger.Open(t.Context(), testkit.Pool(t), ledger.Config{
		Schema: schema, Service: service, ChainKey: chainKey, OnCommit: func(events []ledger.Event) {
			if tell := b.commit.Load(); tell != nil {
				(*tell)(events)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	return b
}

// restore takes the ledger back to a position, as an older dump would.
func (b *books) restore(position int64) {
	b.t.Helper()
	if err := errors.Join(b.Truncate(b.t.Context(), position), b.SetState(b.t.Context(), ledger.StateRestored)); err != nil {
		b.t.Fatal(err)
	}
}

// writeOn is what happened before restored ledgers were compared with their streams.
func (b *books) writeOn(n int) int64 {
	b.t.Helper()
	if err := b.SetState(b.t.Context(), ledger.StateOpen); err != nil {
		b.t.Fatal(err)
	}
	return b.write(n, 100)
}

// write appends n events of a size, many in one append, and gives the ledger's last position.
func (b *books) write(n, size int) int64 {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	last := int64(0)
	for n > 0 {
		var a ledger.Append
		name := "book:" + rand.Text()
		for i := range min(n, 50) {
			b.wrote++
			a.Facts = append(a.Facts, ledger.Fact{Stream: name, Version: i + 1, Name: written, Data: page(b.wrote, size)})
		}
		n -= len(a.Facts)
		done, err := b.Append(context.Background(), a)
		if err != nil {
			b.t.Fatal(err)
		}
		last = done[0].Last
	}
	return last
}

// page is JSON that does not compress.
func page(n, size int) []byte {
	noise := make([]byte, size/2)
	_, _ = rand.Read(noise)
	return fmt.Appendf(nil, `{"page":%d,"text":"%x"}`, n, noise)
}

func (b *books) event(position int64) ledger.Event {
	b.t.Helper()
	e, there, err := b.EventAt(context.Background(), position)
	if err != nil || !there {
		b.t.Fatal(position, there, err)
	}
	return e
}

func (b *books) head() int64 {
	b.t.Helper()
	h, err := b.Head(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return h.Position
}

// house is a NATS server of its own, which can be stopped, damaged and started again under its clients.
type house struct {
	t   testing.TB
	dir string
	now atomic.Pointer[server.Server]
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	t.Cleanup(h.stop)
	return h
}

func (h *house) start() {
	h.t.Helper()
	s, err := server.NewServer(&server.Options{
		ServerName: "passerelle", JetStream: true, StoreDir: h.dir, DontListen: true, NoSigs: true, NoLog: true,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 1 << 50,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(30 * time.Second) {
		h.t.Fatal("NATS does not start")
	}
	h.now.Store(s)
	js := h.connect(h.t)
	until(h.t, func() bool {
		_, err := js.AccountInfo(h.t.Context())
		return err == nil
	})
	js.Conn().Close()
}

func (h *house) stop() {
	if s := h.now.Swap(nil); s != nil {
		s.Shutdown()
		s.WaitForShutdown()
	}
}

// InProcessConn lets clients come back to whichever server runs now.
func (h *house) InProcessConn() (net.Conn, error) {
	if s := h.now.Load(); s != nil {
		return s.InProcessConn()
	}
	return nil, errors.New("the server is down")
}

func (h *house) connect(t testing.TB) jetstream.JetStream {
	t.Helper()
	conn, err := nats.Connect("", nats.InProcessServer(h), nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := bus.JetStream(conn)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

// folder is where the server keeps the messages of the stream.
func (h *house) folder() string {
	return filepath.Join(h.dir, "jetstream", "$G", "streams", service)
}

func copies(b *books, js jetstream.JetStream, prefix string) mirror.Copies {
	return mirror.Copies{Service: service, Prefix: prefix, Ledger: b.Postgres, JS: js}
}

// shared gives copies on the server of this test binary.
func shared(t testing.TB, b *books) mirror.Copies {
	t.Helper()
	_, js := testkit.NATS(t)
	return copies(b, js, testkit.Prefix(t))
}

// running is a mirror at work.
type running struct {
	*mirror.Mirror
	t    testing.TB
	end  context.CancelFunc
	done chan error
}

// run starts a mirror of what b commits; it ends with the test, or by stop.
func run(t testing.TB, b *books, c mirror.Copies, change ...func(*mirror.Config)) *running {
	t.Helper()
	config := mirror.Config{Copies: c}
	for _, f := range change {
		f(&config)
	}
	m, err := mirror.New(config)
	if err != nil {
		t.Fatal(err)
	}
	tell := m.Committed
	b.commit.Store(&tell)
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{m, t, cancel, make(chan error, 1)}
	go func() { r.done <- m.Run(ctx) }()
	t.Cleanup(func() { _ = r.stop() })
	return r
}

// stop ends the mirror and gives what Run answered.
func (r *running) stop() error {
	r.end()
	err := <-r.done
	r.done <- err
	return err
}

func (r *running) flush(position int64) {
	r.t.Helper()
	if err := r.Flush(soon(r.t), position); err != nil {
		r.t.Fatal(err, r.Status())
	}
}

func equal(t testing.TB, c mirror.Copies) mirror.Report {
	t.Helper()
	report, err := mirror.Verify(soon(t), c, 10)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Equal() {
		t.Fatal(report)
	}
	return report
}

func compare(t testing.TB, c mirror.Copies) mirror.Comparison {
	t.Helper()
	found, err := mirror.Compare(soon(t), c)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// listener reads the stream from a position on and fails at any repeat or jump.
type listener struct {
	t     testing.TB
	mu    sync.Mutex
	heard int64
	wait  chan struct{}
	wrong error
}

func listen(t testing.TB, c mirror.Copies, after int64) *listener {
	t.Helper()
	l := &listener{t: t, heard: after, wait: make(chan struct{})}
	source := feed.Source{Conn: c.JS.Conn(), JS: c.JS, Prefix: c.Prefix, Service: c.Service}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := feed.Read(ctx, source, feed.Checkpoint{Sequence: after}, 200, l.handle)
		if ctx.Err() == nil {
			l.note(l.heard, err)
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return l
}

func (l *listener) handle(events []ledger.Event) error {
	next := l.heard
	for _, e := range events {
		if next++; e.Position != next {
			return fmt.Errorf("heard %d where %d is next", e.Position, next)
		}
	}
	l.note(next, nil)
	return nil
}

func (l *listener) note(heard int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard, l.wrong = heard, err
	close(l.wait)
	l.wait = make(chan struct{})
}

// hears waits until a position is heard.
func (l *listener) hears(position int64) {
	l.t.Helper()
	ctx := soon(l.t)
	for {
		l.mu.Lock()
		heard, wrong, wait := l.heard, l.wrong, l.wait
		l.mu.Unlock()
		if wrong != nil {
			l.t.Fatal(wrong)
		}
		if heard >= position {
			return
		}
		select {
		case <-ctx.Done():
			l.t.Fatalf("heard %d of %d", heard, position)
		case <-wait:
		}
	}
}

// until is for what gives no signal.
func until(t testing.TB, true func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !true() {
		select {
		case <-ctx.Done():
			t.Fatal("waited in vain")
		case <-tick.C:
		}
	}
}

func copyFolder(t testing.TB, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
