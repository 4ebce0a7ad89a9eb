package main

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"

	"go.yaml.in/yaml/v3"
)

// operations writes the table for routing.
func operations(document *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("// Code generated from the OpenAPI files. DO NOT EDIT.\n\npackage openapi\n\n")
	out.WriteString("// Operations lists every operation, in the order of the document.\nfunc Operations() []Operation {\nreturn []Operation{\n")
	err := each(child(document, "paths"), func(path string, item *yaml.Node) error {
		return each(item, func(method string, operation *yaml.Node) error {
			id, service := value(operation, "operationId"), value(operation, "x-service")
			if id == "" || service == "" {
				return fmt.Errorf("%s %s lacks operationId or x-service", method, path)
			}
			fmt.Fprintf(&out, "{ID: %q, Method: %q, Path: %q, Service: %q, Bearer: %t},\n",
				id, strings.ToUpper(method), path, service, needsBearer(document, operation))
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	out.WriteString("}\n}\n")
	return format.Source(out.Bytes())
}

func needsBearer(document, operation *yaml.Node) bool {
	security := child(operation, "security")
	if security == nil {
		security = child(document, "security")
	}
	for _, one := range security.Content {
		if child(one, "bearer") != nil {
			return true
		}
	}
	return false
}
