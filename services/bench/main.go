// Command bench prints Passerelle's performance table: ours beside the peers, measured in turns in one run.
// It ends with 1 when a target is missed. Only ratios within one run mean anything.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"example.org/passerelle/pkg/postgres"
)

func main() {
	only := flag.String("only", "", "one part: demo, appends, accesses, observatory, offers, paper, places, cancelled")
	rounds := flag.Int("rounds", 5, "rounds; the table shows their medians")
	length := flag.Duration("length", time.Second, "length of one measurement")
	flag.Parse()
	ok, err := run(context.Background(), *only, *rounds, *length)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(ctx context.Context, only string, rounds int, length time.Duration) (bool, error) {
	dir, err := os.MkdirTemp("", "passerelle-bench")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // Postgres runs as another user when we are root
		return false, err
	}
	server, err := postgres.Start(ctx, postgres.Options{Dir: filepath.Join(dir, "pg"), MaxConnections: 300})
	if err != nil {
		return false, err
	}
	defer func() { _ = server.Stop() }()
	c := course{rounds: rounds, length: length}
	var table []row
	for _, p := range []part{
		{"demo", func() ([]row, error) { return demoStarts(ctx, dir) }},
		{"appends", func() ([]row, error) { return appends(ctx, server.URL(), rounds, length) }},
		{"accesses", func() ([]row, error) { return accesses(ctx, server.URL(), c) }},
		{"observatory", func() ([]row, error) { return observatory(ctx, server.URL(), c) }},
		{"offers", func() ([]row, error) { return offers(ctx, server.URL(), c) }},
		{"paper", func() ([]row, error) { return paper(ctx, dir) }},
		{"places", func() ([]row, error) { return places(ctx, dir) }},
		{"cancelled", func() ([]row, error) { return cancelled(ctx, dir) }},
	} {
		if only != "" && only != p.name {
			continue
		}
		rows, err := p.measure()
		if err != nil {
			return false, err
		}
		table = append(table, rows...)
	}
	return print(os.Stdout, table), nil
}

// part of the table.
type part struct {
	name    string
	measure func() ([]row, error)
}
