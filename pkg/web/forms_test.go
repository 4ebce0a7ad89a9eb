package web

import (
	"net/http"
	"testing"
)

// TestAnAnswerHasAFormThatItsOperationDeclares: beside JSON, or without it.
func TestAnAnswerHasAFormThatItsOperationDeclares(t *testing.T) {
	t.Parallel()
	operations, err := read(`{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
  "/file": {"get": {"operationId": "file", "x-service": "s", "responses": {"200": {"description": "d", "content": {"application/pdf": {"schema": {"type": "string"}}}}}}},
  "/both": {"get": {"operationId": "both", "x-service": "s", "responses": {"200": {"description": "d", "content": {
    "application/json": {"schema": {"type": "object"}}, "application/pdf": {"schema": {"type": "string"}}, "text/html": {"schema": {"type": "string"}}}}}}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range operations["s"] {
		for media, declared := range map[string]bool{
			"application/pdf": true, "text/html; charset=utf-8": o.id == "both", "application/json": o.id == "both", "application/zip": false, "": false,
		} {
			a := &answer{header: http.Header{"Content-Type": {media}}, status: http.StatusOK}
			body := "%PDF-1.3"
			if media == "application/json" {
				body = "{}"
			}
			_, _ = a.Write([]byte(body))
			if err := a.fits(o); (err == nil) != declared {
				t.Errorf("%s as %q: %v", o.id, media, err)
			}
		}
	}
}
