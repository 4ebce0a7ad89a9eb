package browsertest

import (
	_ "embed"
	"fmt"
	"strings"

	cdp "github.com/chromedp/chromedp"
)

// Copied unmodified from axe-core 4.14.1; see docs/attributions.md.
//
//go:embed testdata/axe.min.js
var axe string

//go:embed testdata/axe-fr.json
var axeFrench string

// Finding is one rule of the accessibility checker and where the page breaks it.
type Finding struct {
	Rule  string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  []any  `json:"target"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (f Finding) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s", f.Rule, f.Help)
	for _, n := range f.Nodes {
		fmt.Fprintf(&s, "\n  %v: %s", n.Target, strings.ReplaceAll(n.Summary, "\n", " "))
	}
	return s.String()
}

type findings struct {
	Violations []Finding `json:"violations"`
	Incomplete []Finding `json:"incomplete"`
}

// Axe checks the page as it is now against WCAG 2.2 A and AA and good practice. A violation fails the test; what the
// checker cannot decide is only listed.
func (b *Tab) Axe() {
	b.t.Helper()
	found := b.check()
	for _, f := range found.Violations {
		b.t.Errorf("%s is hard to use: %s", b.Path(), f)
	}
	for _, f := range found.Incomplete {
		b.t.Logf("%s, to be looked at: %s", b.Path(), f)
	}
}

// check brings the checker along: what is evaluated by the driver does not pass the page's security policy.
func (b *Tab) check() findings {
	b.t.Helper()
	if b.setup.noScript {
		b.t.Fatal("the accessibility checker is a script: it needs a tab without NoScript")
	}
	if !ask[bool](b, "look for axe", `'axe' in window`) {
		run(b, "bring axe along", cdp.Evaluate[cdp.Void](axe+"\n;axe.configure({locale: "+axeFrench+"}); undefined"))
	}
	return ask[findings](b, "run axe", runAxe)
}

const runAxe = `axe.run(document, {
	runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']},
	resultTypes: ['violations', 'incomplete'],
}).then(({violations, incomplete}) => ({violations, incomplete}))`
