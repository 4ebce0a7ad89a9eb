package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// read gives the mapping at the top of a YAML file.
func read(name string) (*yaml.Node, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var file yaml.Node
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(file.Content) != 1 || file.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: not a mapping", name)
	}
	return file.Content[0], nil
}

// child gives a member of a mapping, nil if there is none.
func child(of *yaml.Node, name string) *yaml.Node {
	if of == nil || of.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(of.Content); i += 2 {
		if of.Content[i].Value == name {
			return of.Content[i+1]
		}
	}
	return nil
}

func value(of *yaml.Node, name string) string {
	if c := child(of, name); c != nil {
		return c.Value
	}
	return ""
}

// set adds a member to a mapping or replaces it.
func set(of *yaml.Node, name string, to *yaml.Node) {
	for i := 0; i < len(of.Content); i += 2 {
		if of.Content[i].Value == name {
			of.Content[i+1] = to
			return
		}
	}
	of.Content = append(of.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, to)
}

func remove(of *yaml.Node, drop func(name string, value *yaml.Node) bool) {
	var kept []*yaml.Node
	for i := 0; i < len(of.Content); i += 2 {
		if !drop(of.Content[i].Value, of.Content[i+1]) {
			kept = append(kept, of.Content[i], of.Content[i+1])
		}
	}
	of.Content = kept
}

func mapping() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

// each calls do for every member of a mapping, in order.
func each(of *yaml.Node, do func(name string, value *yaml.Node) error) error {
	if of == nil {
		return nil
	}
	for i := 0; i+1 < len(of.Content); i += 2 {
		if err := do(of.Content[i].Value, of.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// walk calls do for every mapping below a node, the node included, parents first.
func walk(from *yaml.Node, do func(*yaml.Node)) {
	if from.Kind == yaml.MappingNode {
		do(from)
	}
	for _, c := range from.Content {
		walk(c, do)
	}
}

func clone(of *yaml.Node) *yaml.Node {
	copied := *of
	copied.Content = make([]*yaml.Node, len(of.Content))
	for i, c := range of.Content {
		copied.Content[i] = clone(c)
	}
	return &copied
}

// encode writes JSON with the members in the order of the files.
func encode(n *yaml.Node) []byte {
	var flat, out bytes.Buffer
	encodeTo(&flat, n)
	if err := json.Indent(&out, flat.Bytes(), "", "  "); err != nil {
		panic(err)
	}
	out.WriteByte('\n')
	return out.Bytes()
}

func encodeTo(out *bytes.Buffer, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		encodeList(out, "{}", len(n.Content)/2, func(i int) {
			encodeText(out, n.Content[2*i].Value)
			out.WriteByte(':')
			encodeTo(out, n.Content[2*i+1])
		})
	case yaml.SequenceNode:
		encodeList(out, "[]", len(n.Content), func(i int) { encodeTo(out, n.Content[i]) })
	case yaml.AliasNode:
		encodeTo(out, n.Alias)
	default:
		encodeScalar(out, n)
	}
}

func encodeList(out *bytes.Buffer, brackets string, n int, one func(int)) {
	out.WriteByte(brackets[0])
	for i := range n {
		if i > 0 {
			out.WriteByte(',')
		}
		one(i)
	}
	out.WriteByte(brackets[1])
}

func encodeScalar(out *bytes.Buffer, n *yaml.Node) {
	switch {
	case n.Tag == "!!null":
		out.WriteString("null")
	case slices.Contains([]string{"!!int", "!!float", "!!bool"}, n.Tag):
		out.WriteString(strings.ToLower(n.Value))
	default:
		encodeText(out, n.Value)
	}
}

func encodeText(out *bytes.Buffer, text string) {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err)
	}
	out.Truncate(out.Len() - 1) // the newline of Encode
}
