// Command nirscan reads what a test run has printed and fails on anything that is a social security number: 13
// characters that have the form of one, or those with a key that fits. It says where, never what.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func main() {
	found := 0
	for _, name := range os.Args[1:] {
		hits, err := scanFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, "nirscan:", err)
			os.Exit(1)
		}
		for _, hit := range hits {
			fmt.Println(hit)
		}
		found += len(hits)
	}
	if found > 0 || len(os.Args) < 2 {
		fmt.Fprintf(os.Stderr, "nirscan: %d social security numbers in %d logs\n", found, len(os.Args)-1)
		os.Exit(1)
	}
	fmt.Printf("no social security number in %d logs\n", len(os.Args)-1)
}

func scanFile(name string) ([]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return scan(name, file)
}

// line is one of `go test -json`; any other text is taken as it is.
type line struct{ Package, Test, Output string }

func scan(name string, log io.Reader) (hits []string, err error) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		l := line{Output: lines.Text()}
		if strings.HasPrefix(l.Output, "{") {
			_ = json.Unmarshal(lines.Bytes(), &l) // what is no JSON stays as it is
		}
		for range numbersIn(l.Output, time.Now()) {
			hits = append(hits, fmt.Sprintf("%s:%d: a social security number was printed by %s %s", name, n, l.Package, l.Test))
		}
	}
	return hits, lines.Err()
}
