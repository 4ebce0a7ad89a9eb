// Command count reads a test run (go test -json) and says how many tests passed, failed and were skipped.
// A skipped test whose name and reason are not in docs/testing.md is a failure.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct{ Action, Package, Test string }

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(1)
	}
}

func run(results, reasons string) error {
	file, err := os.Open(results)
	if err != nil {
		return err
	}
	defer file.Close()
	known, err := os.ReadFile(reasons)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	var unexplained []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		var e event
		if json.Unmarshal(scanner.Bytes(), &e) != nil {
			continue
		}
		if e.Test == "" {
			if e.Action == "fail" {
				counts["broken"]++
			}
			continue
		}
		counts[e.Action]++
		if e.Action == "skip" && !strings.Contains(string(known), "`"+e.Test+"`") {
			unexplained = append(unexplained, e.Package+" "+e.Test)
		}
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	for _, test := range unexplained {
		fmt.Println("skipped without a reason in docs/testing.md:", test)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", counts["pass"], counts["fail"], counts["skip"])
	switch {
	case counts["pass"] == 0:
		return fmt.Errorf("no test ran")
	case counts["fail"] > 0 || counts["broken"] > 0:
		return fmt.Errorf("%d tests and %d packages failed", counts["fail"], counts["broken"])
	case len(unexplained) > 0:
		return fmt.Errorf("%d tests were skipped without a reason", len(unexplained))
	}
	return nil
}
