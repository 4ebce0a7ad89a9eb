// Package openapi is the REST surface as a document: the OpenAPI files of all services joined into one, and
// the table of its operations.
package openapi

import _ "embed"

//go:embed openapi.json
var document string

// Document is the OpenAPI 3.1 document of all services, in JSON.
func Document() string { return document }

// Operation is one thing that can be asked over HTTP.
type Operation struct {
	ID      string // operationId
	Method  string
	Path    string // "/api/v1/flags/{id}", as net/http.ServeMux has it
	Service string // that answers it
	Bearer  bool   // needs an access token
}

// Of lists the operations that a service answers.
func Of(service string) []Operation {
	var list []Operation
	for _, o := range Operations() {
		if o.Service == service {
			list = append(list, o)
		}
	}
	return list
}
