package web

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// node is JSON whose members keep their order.
type node struct {
	members []named
	items   []node
	scalar  any
}

type named struct {
	name string
	node
}

func parseOrdered(text string) (node, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return readNode(d)
}

func readNode(d *json.Decoder) (node, error) {
	token, err := d.Token()
	if err != nil {
		return node{}, err
	}
	switch token {
	case json.Delim('{'):
		return readMembers(d)
	case json.Delim('['):
		return readItems(d)
	}
	return node{scalar: token}, nil
}

func readMembers(d *json.Decoder) (n node, err error) {
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return n, err
		}
		value, err := readNode(d)
		if err != nil {
			return n, err
		}
		n.members = append(n.members, named{fmt.Sprint(name), value})
	}
	_, err = d.Token()
	return n, err
}

func readItems(d *json.Decoder) (n node, err error) {
	for d.More() {
		value, err := readNode(d)
		if err != nil {
			return n, err
		}
		n.items = append(n.items, value)
	}
	_, err = d.Token()
	return n, err
}

// get follows names downwards; what is not there is the empty node.
func (n node) get(names ...string) node {
	for _, name := range names {
		found := node{}
		for _, m := range n.members {
			if m.name == name {
				found = m.node
			}
		}
		n = found
	}
	return n
}

func (n node) text() string {
	if n.scalar == nil {
		return ""
	}
	return fmt.Sprint(n.scalar)
}

func (n node) empty() bool { return n.scalar == nil && n.members == nil && n.items == nil }

// writeTo writes indented JSON, short lists on one line.
func (n node) writeTo(w io.Writer, indent string) {
	deeper := indent + "  "
	switch {
	case n.members != nil:
		fmt.Fprint(w, "{")
		for i, m := range n.members {
			fmt.Fprint(w, comma(i), "\n", deeper, quote(m.name), ": ")
			m.writeTo(w, deeper)
		}
		fmt.Fprint(w, "\n", indent, "}")
	case n.items != nil:
		fmt.Fprint(w, "[")
		for i, item := range n.items {
			if i > 0 {
				fmt.Fprint(w, ", ")
			}
			item.writeTo(w, indent)
		}
		fmt.Fprint(w, "]")
	default:
		fmt.Fprint(w, quote(n.scalar))
	}
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

func quote(v any) string {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSuffix(out.String(), "\n")
}
