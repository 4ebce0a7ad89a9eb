package postgres_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/postgres"
)

func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "passerelle-pg")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "pg")
}

func start(t *testing.T, dir string) *postgres.Server {
	t.Helper()
	s, err := postgres.Start(context.Background(), postgres.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

func count(t *testing.T, s *postgres.Server, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(context.Background(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAServerThatWasKilledStartsAgainWithItsData(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	conn, err := pgx.Connect(context.Background(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(context.Background(), "create table kept as select 1 as n"); err != nil {
		t.Fatal(err)
	}
	conn.Close(context.Background())
	if err := syscall.Kill(s.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if n := count(t, start(t, dir), "select count(*) from kept"); n != 1 {
		t.Errorf("%d rows after the kill, want 1", n)
	}
}

func TestALeftOverServerIsStoppedFirst(t *testing.T) {
	dir := folder(t)
	first := start(t, dir)
	second := start(t, dir)
	<-first.Done()
	if n := count(t, second, "select 1"); n != 1 {
		t.Error("the second server does not answer")
	}
}
