package web

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// operation is one method of one path, with its schemas compiled.
type operation struct {
	id, method, path, service string
	bearer, reads             bool
	judges                    bool   // x-judges: a body of a wrong form still goes to the rules, which add what they find; the handler writes through deciders only
	addressLimit              string // its name; empty: none
	query                     map[string]parameter
	media                     string // of the body; empty: it takes none
	body                      *jsonschema.Schema
	quick                     *quick // of the body; nil: always ask the schema
	bodyRequired              bool
	answers                   map[int]*jsonschema.Schema
	pages                     map[int][]string // forms that an answer may have beside JSON
	file                      bool             // body or answer is a file, which is streamed and may take long
	personal                  *personal        // nil: it gives and takes no personal data
}

type parameter struct {
	kind   string // string, integer, boolean, array
	schema *jsonschema.Schema

	required bool
}

// writes says that the operation may change something. x-reads is for a POST that only asks: what it asks for is in its body.
func (o *operation) writes() bool { return o.method != "GET" && o.method != "HEAD" && !o.reads }

const resource = "file:///openapi.json"

// reading is a document while it is read. Errors are kept and told at the end.
type reading struct {
	root     map[string]any
	compiler *jsonschema.Compiler
	errs     []error
}

// readDocument gives the operations by service.
func readDocument(text string) (map[string][]*operation, error) {
	if known, ok := documents.Load(text); ok {
		return known.(map[string][]*operation), nil //nolint:forcetypeassert // nothing else is put there
	}
	operations, err := read(text)
	if err == nil {
		documents.Store(text, operations)
	}
	return operations, err
}

// documents are what was read, by text: reading is some hundred milliseconds of work, and nothing of it changes.
var documents sync.Map

func read(text string) (map[string][]*operation, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("web: document: %w", err)
	}
	root, ok := document.(map[string]any)
	if !ok {
		return nil, errors.New("web: document is not an object")
	}
	d := &reading{root: root, compiler: jsonschema.NewCompiler()}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	for _, f := range formats {
		d.compiler.RegisterFormat(&f)
	}
	if err := d.compiler.AddResource(resource, document); err != nil {
		return nil, fmt.Errorf("web: document: %w", err)
	}
	byService := map[string][]*operation{}
	for path, item := range object(root["paths"]) {
		for method, raw := range object(item) {
			o := d.operation(method, path, object(raw))
			byService[o.service] = append(byService[o.service], o)
		}
	}
	return byService, errors.Join(d.errs...)
}

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }

func array(v any) []any { a, _ := v.([]any); return a }

func text(v any) string { s, _ := v.(string); return s }

func (d *reading) operation(method, path string, raw map[string]any) *operation {
	at := "/paths/" + strings.ReplaceAll(strings.ReplaceAll(path, "~", "~0"), "/", "~1") + "/" + method
	o := &operation{
		id: text(raw["operationId"]), method: strings.ToUpper(method), path: path, service: text(raw["x-service"]),
		query: map[string]parameter{}, answers: map[int]*jsonschema.Schema{}, pages: map[int][]string{},
	}
	if o.id == "" || o.service == "" {
		d.errs = append(d.errs, fmt.Errorf("web: %s %s lacks operationId or x-service", o.method, path))
	}
	o.reads, _ = raw["x-reads"].(bool)
	o.judges, _ = raw["x-judges"].(bool)
	o.file, _ = raw["x-file"].(bool)
	o.personal = d.personal(o.id, raw["x-personal"])
	o.addressLimit = text(raw["x-address-limit"])
	security, own := raw["security"]
	if !own {
		security = d.root["security"]
	}
	for _, one := range array(security) {
		_, bearer := object(one)["bearer"]
		o.bearer = o.bearer || bearer
	}
	for i, p := range array(raw["parameters"]) {
		where, found := d.resolve(at+"/parameters/"+strconv.Itoa(i), object(p))
		if text(found["in"]) == "query" {
			required, _ := found["required"].(bool)
			o.query[text(found["name"])] = parameter{text(object(found["schema"])["type"]), d.compile(where + "/schema"), required}
		}
	}
	d.readBody(o, at, object(raw["requestBody"]))
	d.readAnswers(o, at, object(raw["responses"]))
	return o
}

func (d *reading) readBody(o *operation, at string, body map[string]any) {
	o.bodyRequired, _ = body["required"].(bool)
	for media := range object(body["content"]) {
		o.media = media
		if media == jsonType {
			o.body = d.compile(at + "/requestBody/content/application~1json/schema")
			o.quick = quicken(o.body)
		}
	}
}

func (d *reading) readAnswers(o *operation, at string, responses map[string]any) {
	for status, response := range responses {
		code, err := strconv.Atoi(status)
		if err != nil || code >= 300 {
			continue
		}
		o.answers[code] = nil
		for media := range object(object(response)["content"]) {
			if media != jsonType {
				o.pages[code] = append(o.pages[code], media)
			}
		}
		if object(object(response)["content"])[jsonType] != nil {
			o.answers[code] = d.compile(at + "/responses/" + status + "/content/application~1json/schema")
		}
	}
}

// resolve follows a reference within the document, one step.
func (d *reading) resolve(at string, part map[string]any) (string, map[string]any) {
	ref := text(part["$ref"])
	if ref == "" {
		return at, part
	}
	at = strings.TrimPrefix(ref, "#")
	found := d.root
	for _, name := range strings.Split(at, "/")[1:] {
		found = object(found[name])
	}
	return at, found
}

func (d *reading) compile(pointer string) *jsonschema.Schema {
	u := url.URL{Fragment: pointer}
	schema, err := d.compiler.Compile(resource + "#" + u.EscapedFragment())
	if err != nil {
		d.errs = append(d.errs, fmt.Errorf("web: schema %s: %w", pointer, err))
	}
	return schema
}

// formats are asserted as Go reads them, so that what passes here is also decoded later.
var formats = []jsonschema.Format{
	{Name: "date-time", Validate: layout(time.RFC3339)},
	{Name: "date", Validate: layout(time.DateOnly)},
	{Name: "birth-date", Validate: layout(time.DateOnly, "2006-01", "2006")},
	{Name: "email", Validate: email},
}

func layout(layouts ...string) func(any) error {
	return func(v any) (err error) {
		s, ok := v.(string)
		for _, l := range layouts {
			if _, err = time.Parse(l, s); err == nil || !ok {
				return nil
			}
		}
		return err
	}
}

func email(v any) error {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	a, err := mail.ParseAddress(s)
	if err == nil && a.Address != s {
		err = errors.New("more than an address")
	}
	return err
}
