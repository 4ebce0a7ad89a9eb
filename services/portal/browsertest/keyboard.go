package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/runtime"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Space": " ", "Escape": kb.Escape, "Delete": kb.Delete, "Backspace": kb.Backspace,
	"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End,
}

// Press presses keys one after the other: "Tab", "Shift+Tab", "Enter", "Space", "ArrowDown", or one character.
func (b *Tab) Press(names ...string) {
	b.t.Helper()
	for _, name := range names {
		bare, shift := strings.CutPrefix(name, "Shift+")
		key, ok := keys[bare]
		if !ok {
			key = bare
		}
		var options []cdp.KeyOption
		if shift {
			options = append(options, cdp.KeyModifiers(cdp.ModifierShift))
		}
		run(b, "press "+name, cdp.KeyEvent(key, options...))
	}
}

// Type types a text where the focus is.
func (b *Tab) Type(text string) {
	b.t.Helper()
	run(b, "type", cdp.KeyEvent(text))
}

// Focus is the element that has the focus, as assistive technology hears of it.
type Focus struct {
	Selector   string // short, for the reader of a failure; not always unique
	Role, Name string
	node       int64
}

func (f Focus) String() string { return fmt.Sprintf("%s %q (%s)", f.Role, f.Name, f.Selector) }

// Focused tells which element has the focus; it is the body when none has.
func (b *Tab) Focused() Focus {
	b.t.Helper()
	f := Focus{Selector: ask[string](b, "find the focus", describe)}
	nodes := run(b, "read the focus", focusedNodes)
	if len(nodes) > 0 {
		f.Role, f.Name, f.node = text(nodes[0].Role), plain(text(nodes[0].Name)), int64(nodes[0].BackendDOMNodeID)
	}
	return f
}

const describe = `(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : e.name ? '[name=' + e.name + ']' : [...e.classList].map(c => '.' + c).join('')))(document.activeElement)`

func focusedNodes(ctx context.Context, t *cdp.Target) ([]*accessibility.Node, error) {
	object, err := cdp.Evaluate[*runtime.RemoteObject](`document.activeElement`)(ctx, t)
	if err != nil {
		return nil, err
	}
	tree, err := cdp.Call(ctx, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{
		ObjectID: object.ObjectID, FetchRelatives: new(bool),
	})
	return tree.Nodes, err
}

func text(v *accessibility.Value) string {
	var s string
	if v != nil {
		_ = json.Unmarshal(v.Value, &s) // what is no text has none
	}
	return s
}

// TabTo presses Tab until the element with this accessible name has the focus. When the focus has gone round
// without meeting it, the test ends and lists what was met.
func (b *Tab) TabTo(name string) {
	b.t.Helper()
	if met, found := b.seek(name); !found {
		b.t.Fatalf("Tab does not lead to %q on %s. It met:\n%s", name, b.Path(), list(met))
	}
}

// TabOrder lists the accessible names that Tab meets from here until it comes round.
func (b *Tab) TabOrder() []string {
	b.t.Helper()
	met, _ := b.seek("")
	names := make([]string, len(met))
	for i, f := range met {
		names[i] = f.Name
	}
	return names
}

// maxStops is more than a page that is used by keyboard should have.
const maxStops = 300

func (b *Tab) seek(name string) (met []Focus, found bool) {
	b.t.Helper()
	for range maxStops {
		b.Press("Tab")
		f := b.Focused()
		switch {
		case f.Selector == "body" && len(met) == 0:
			continue
		case f.Selector == "body", slices.ContainsFunc(met, func(m Focus) bool { return m.node == f.node }):
			return met, false
		}
		met = append(met, f)
		if name != "" && f.Name == name {
			return met, true
		}
	}
	return met, false
}

func list(met []Focus) string {
	lines := make([]string, len(met))
	for i, f := range met {
		lines[i] = "  " + f.String()
	}
	return strings.Join(lines, "\n")
}
