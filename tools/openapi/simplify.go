package main

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// simplify leaves out what the generated code has no use for, because pkg/web looks after it: headers of
// requests, lists of values and formats of text (checked before anything is decoded), errors (one road for
// all of them), bodies without members.
func simplify(document *yaml.Node) *yaml.Node {
	plain := clone(document)
	_ = each(child(plain, "paths"), func(_ string, item *yaml.Node) error {
		return each(item, func(_ string, operation *yaml.Node) error {
			simplifyOperation(plain, operation)
			return nil
		})
	})
	remove(child(plain, "components"), func(kind string, _ *yaml.Node) bool { return kind == "responses" })
	walk(plain, simplifySchema)
	return plain
}

func simplifyOperation(document, operation *yaml.Node) {
	if responses := child(operation, "responses"); responses != nil {
		remove(responses, func(status string, _ *yaml.Node) bool { return !strings.HasPrefix(status, "2") })
	}
	if parameters := child(operation, "parameters"); parameters != nil {
		var kept []*yaml.Node
		for _, p := range parameters.Content {
			if value(resolve(document, p), "in") != "header" {
				kept = append(kept, p)
			}
		}
		parameters.Content = kept
	}
	remove(operation, func(name string, member *yaml.Node) bool {
		return name == "requestBody" && isEmptyBody(document, member)
	})
}

func isEmptyBody(document, body *yaml.Node) bool {
	schema := child(child(child(body, "content"), "application/json"), "schema")
	return schema != nil && child(resolve(document, schema), "properties") == nil
}

func simplifySchema(m *yaml.Node) {
	if child(m, "type") == nil {
		return
	}
	remove(m, func(name string, member *yaml.Node) bool {
		return name == "enum" && member.Kind == yaml.SequenceNode ||
			name == "format" && member.Kind == yaml.ScalarNode && member.Value != "date-time" && member.Value != "double" ||
			name == "pattern" && member.Kind == yaml.ScalarNode
	})
}

func resolve(document, part *yaml.Node) *yaml.Node {
	ref := value(part, "$ref")
	if ref == "" {
		return part
	}
	at := document
	for _, name := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		at = child(at, name)
	}
	return at
}
