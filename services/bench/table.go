package main

import (
	"fmt"
	"io"
)

// row is one line of the table.
type row struct {
	name, unit       string
	measured, target string
	ok               bool
}

// print writes the table and tells whether every target was met.
func print(to io.Writer, rows []row) bool {
	fmt.Fprintln(to, "| what | unit | measured | target | |")
	fmt.Fprintln(to, "|---|---|---|---|---|")
	all := true
	for _, r := range rows {
		verdict := "met"
		switch {
		case !r.ok:
			verdict, all = "**missed**", false
		case r.target == "":
			verdict = ""
		}
		fmt.Fprintf(to, "| %s | %s | %s | %s | %s |\n", r.name, r.unit, r.measured, r.target, verdict)
	}
	return all
}
