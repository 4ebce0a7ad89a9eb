package web

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// checked lets a handler answer into memory and compares the answer with the document.
func (s *Server) checked(o *operation, next http.Handler, w http.ResponseWriter, r *http.Request) {
	kept := &answer{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(kept, r)
	if err := kept.fits(o); err != nil {
		WriteError(w, r, fmt.Errorf("%s answered what the document does not say: %v", o.id, err)) //nolint:errorlint // its faults are not the client's
		return
	}
	for name, values := range kept.header {
		w.Header()[name] = values
	}
	w.WriteHeader(kept.status)
	_, _ = w.Write(kept.body.Bytes())
}

type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *answer) fits(o *operation) error {
	if a.status >= 300 {
		return nil
	}
	if o.bearer && o.writes() && a.header.Get("Passerelle-Position") == "" {
		return fmt.Errorf("status %d without Passerelle-Position", a.status)
	}
	schema, known := o.answers[a.status]
	media, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	switch {
	case known && slices.Contains(o.pages[a.status], media):
		return nil
	case known && schema == nil:
		return a.isEmpty(o)
	case known && media != jsonType:
		return fmt.Errorf("status %d as %q", a.status, media)
	}
	if schema == nil {
		return fmt.Errorf("status %d is not one of its answers", a.status)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body.Bytes()))
	if err != nil {
		return err
	}
	return check(schema, value, nil)
}

// isEmpty: what has no declared form has no body, and 204 only.
func (a *answer) isEmpty(o *operation) error {
	if len(o.pages[a.status]) > 0 || a.status != http.StatusNoContent || a.body.Len() > 0 {
		return fmt.Errorf("status %d as %q, with %d bytes", a.status, a.header.Get("Content-Type"), a.body.Len())
	}
	return nil
}
