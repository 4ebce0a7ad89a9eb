// Command bench prints Passerelle's performance table: ours beside the peers, measured in turns in one run.
// It ends with 1 when a target is missed. Only ratios within one run mean anything.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"example.org/passerelle/pkg/postgres"
)

func main() {
	rounds := flag.Int("rounds", 5, "rounds; the table shows their medians")
	length := flag.Duration("length", time.Second, "length of one measurement")
	flag.Parse()
	ok, err := run(context.Background(), *rounds, *length)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, length time.Duration) (bool, error) {
	dir, err := os.MkdirTemp("", "passerelle-bench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // Postgres runs as another user when we are root
		return false, err
	}
	starts, err := demoStarts(ctx, dir)
	if err != nil {
		return false, err
	}
	server, err := postgres.Start(ctx, postgres.Options{Dir: filepath.Join(dir, "pg"), MaxConnections: 300})
	if err != nil {
		return false, err
	}
	defer func() { _ = server.Stop() }()
	rows, err := appends(ctx, server.URL(), rounds, length)
	if err != nil {
		return false, err
	}
	looks, err := accesses(ctx, server.URL(), course{rounds: rounds, length: length})
	if err != nil {
		return false, err
	}
	observed, err := observatory(ctx, server.URL(), course{rounds: rounds, length: length})
	if err != nil {
		return false, err
	}
	return print(os.Stdout, slices.Concat(starts, rows, looks, observed)), nil
}
