// Package testkit gives tests real servers: one Postgres and one NATS per test binary, and for each test a
// schema and a prefix for streams of its own.
package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/bus"
	"example.org/passerelle/pkg/postgres"
)

var servers struct {
	sync.Mutex
	dir      string
	postgres *postgres.Server
	nats     *bus.Embedded
	schemas  atomic.Int64
}

// Main runs the tests of a package and stops the servers they used. Call it from TestMain.
func Main(m interface{ Run() int }) {
	code := m.Run()
	servers.Lock()
	if servers.nats != nil {
		servers.nats.Stop()
	}
	if servers.postgres != nil {
		_ = servers.postgres.Stop()
	}
	if servers.dir != "" {
		_ = os.RemoveAll(servers.dir)
	}
	os.Exit(code)
}

// folder is where the servers of this binary live. The caller holds the lock.
func folder(t testing.TB) string {
	if servers.dir != "" {
		return servers.dir
	}
	dir, err := os.MkdirTemp("", "passerelle-test")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // Postgres runs as another user when the tests run as root
		t.Fatal(err)
	}
	servers.dir = dir
	return dir
}

// Postgres is the server of this test binary.
func Postgres(t testing.TB) *postgres.Server {
	t.Helper()
	servers.Lock()
	defer servers.Unlock()
	if servers.postgres == nil {
		s, err := postgres.Start(context.Background(), postgres.Options{Dir: filepath.Join(folder(t), "pg"), MaxConnections: 300})
		if err != nil {
			t.Fatal(err)
		}
		servers.postgres = s
	}
	return servers.postgres
}

// Pool connects to the server of this test binary; it is closed at the end of the test.
func Pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// Schema is a name that no other test of this binary has. The schema itself is for the test to make.
func Schema(t testing.TB) string {
	t.Helper()
	return fmt.Sprintf("t%d", servers.schemas.Add(1))
}

// NATS connects to the server of this test binary; the connection is closed at the end of the test.
func NATS(t testing.TB) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	servers.Lock()
	defer servers.Unlock()
	if servers.nats == nil {
		s, err := bus.Start(filepath.Join(folder(t), "nats"))
		if err != nil {
			t.Fatal(err)
		}
		servers.nats = s
	}
	conn, err := servers.nats.Connect(strings.ReplaceAll(t.Name(), "/", "-"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := bus.JetStream(conn)
	if err != nil {
		t.Fatal(err)
	}
	return conn, js
}

// Prefix keeps the streams and subjects of a test apart from those of every other.
func Prefix(t testing.TB) string { return Schema(t) + "-" }

// NATSElsewhere starts a server that listens on this machine, as an operator would: with a token. It gives its
// address, token and all.
func NATSElsewhere(t testing.TB) (url string) {
	t.Helper()
	token := rand.Text()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true, Authorization: token,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("NATS does not get ready")
	}
	return "nats://" + token + "@" + s.Addr().String()
}
