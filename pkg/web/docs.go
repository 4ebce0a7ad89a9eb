package web

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

//go:embed docs.html
var docsPage string

// docs serves the document, and a page that is made of it when somebody asks first.
func (s *Server) docs() {
	page := sync.OnceValues(func() ([]byte, error) { return renderDocs(s.config.Document) }) // few ever ask
	document := []byte(s.config.Document)
	s.echo.GET("/api/openapi.json", func(c echo.Context) error { return c.Blob(http.StatusOK, jsonType, document) })
	s.echo.GET("/api/docs", func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		html, err := page()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "text/html; charset=utf-8", html)
	})
}

func renderDocs(document string) ([]byte, error) {
	root, err := parseOrdered(document)
	if err != nil {
		return nil, fmt.Errorf("web: docs: %w", err)
	}
	view, err := template.New("docs").Parse(docsPage)
	if err != nil {
		return nil, fmt.Errorf("web: docs: %w", err)
	}
	var page bytes.Buffer
	err = view.Execute(&page, docsOf(root))
	return page.Bytes(), err
}

type docsView struct {
	Title, Text string
	Groups      []docsGroup
	Schemas     []docsSchema
}

type docsGroup struct {
	Name, Text string
	Operations []docsOperation
}

type docsOperation struct {
	ID, Method, Path, Summary, Text string
	Bearer                          bool
	Parameters                      []docsField
	Body                            docsType
	Example                         string
	Answers                         []docsAnswer
}

type docsAnswer struct {
	Status, Text, Example string
	Body                  docsType
	Headers               []docsField
}

type docsField struct {
	Name, Where, Rules, Text string
	Required                 bool
	Type                     docsType
}

// docsType is a type in words; Ref is the schema it is, if it has a name.
type docsType struct{ Words, Ref string }

type docsSchema struct {
	Name, Text string
	Fields     []docsField
}

func docsOf(root node) docsView {
	d := documented{root}
	v := docsView{Title: root.get("info", "title").text(), Text: root.get("info", "description").text()}
	for _, tag := range root.get("tags").items {
		name := tag.get("name").text()
		v.Groups = append(v.Groups, docsGroup{name, tag.get("description").text(), d.operations(name)})
	}
	for _, schema := range root.get("components", "schemas").members {
		v.Schemas = append(v.Schemas, docsSchema{schema.name, schema.get("description").text(), d.fields(schema.node)})
	}
	return v
}

type documented struct{ root node }

// resolve follows a reference and gives the last name of it.
func (d documented) resolve(n node) (node, string) {
	ref := n.get("$ref").text()
	if ref == "" {
		return n, ""
	}
	names := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
	return d.root.get(names...), names[len(names)-1]
}

func (d documented) operations(tag string) (list []docsOperation) {
	for _, path := range d.root.get("paths").members {
		for _, method := range path.members {
			if items := method.get("tags").items; len(items) > 0 && items[0].text() == tag {
				list = append(list, d.operation(path.name, method))
			}
		}
	}
	return list
}

func (d documented) operation(path string, method named) docsOperation {
	o := docsOperation{
		ID: method.get("operationId").text(), Method: strings.ToUpper(method.name), Path: path,
		Summary: method.get("summary").text(), Text: method.get("description").text(),
		Bearer: method.get("security").empty(),
	}
	for _, raw := range method.get("parameters").items {
		p, _ := d.resolve(raw)
		o.Parameters = append(o.Parameters, docsField{
			Name: p.get("name").text(), Where: p.get("in").text(), Text: p.get("description").text(),
			Required: p.get("required").text() == "true", Type: d.typeOf(p.get("schema")), Rules: rules(p.get("schema")),
		})
	}
	o.Body, o.Example = d.content(method.get("requestBody"))
	for _, answer := range method.get("responses").members {
		o.Answers = append(o.Answers, d.answer(answer))
	}
	return o
}

func (d documented) answer(raw named) docsAnswer {
	n, _ := d.resolve(raw.node)
	a := docsAnswer{Status: raw.name, Text: n.get("description").text()}
	a.Body, a.Example = d.content(n)
	for _, h := range n.get("headers").members {
		header, _ := d.resolve(h.node)
		a.Headers = append(a.Headers, docsField{Name: h.name, Text: header.get("description").text()})
	}
	return a
}

func (d documented) content(n node) (docsType, string) {
	kinds := n.get("content").members
	if len(kinds) == 0 {
		return docsType{}, ""
	}
	media := kinds[0]
	example := media.get("example")
	if named := media.get("examples").members; len(named) > 0 {
		example = named[0].get("value")
	}
	var text strings.Builder
	if !example.empty() {
		example.writeTo(&text, "")
	}
	return d.typeOf(media.get("schema")), text.String()
}

func (d documented) fields(schema node) (list []docsField) {
	required := map[string]bool{}
	for _, name := range schema.get("required").items {
		required[name.text()] = true
	}
	for _, p := range schema.get("properties").members {
		list = append(list, docsField{
			Name: p.name, Required: required[p.name], Type: d.typeOf(p.node), Rules: rules(p.node), Text: p.get("description").text(),
		})
	}
	return list
}

func (d documented) typeOf(schema node) docsType {
	if _, name := d.resolve(schema); name != "" {
		return docsType{name, name}
	}
	if options := schema.get("anyOf").items; len(options) > 0 {
		t := d.typeOf(options[0])
		return docsType{t.Words + " or null", t.Ref}
	}
	words := schema.get("type").text()
	for i, one := range schema.get("type").items {
		if i > 0 {
			words += " or "
		}
		words += one.text()
	}
	if items := schema.get("items"); !items.empty() {
		t := d.typeOf(items)
		return docsType{words + " of " + t.Words, t.Ref}
	}
	return docsType{Words: words}
}

var ofOne = strings.NewReplacer("characters", "character", "entries", "entry")

// rules tells the limits of a value in words.
func rules(schema node) string {
	var list []string
	for _, rule := range []struct{ name, words string }{
		{"format", "format %s"}, {"pattern", "pattern %s"}, {"minLength", "at least %s characters"},
		{"maxLength", "at most %s characters"}, {"minimum", "from %s"}, {"maximum", "to %s"},
		{"minItems", "at least %s entries"}, {"maxItems", "at most %s entries"}, {"default", "default %s"},
	} {
		if value := schema.get(rule.name); !value.empty() {
			words := rule.words
			if value.text() == "1" {
				words = ofOne.Replace(words)
			}
			list = append(list, fmt.Sprintf(words, value.text()))
		}
	}
	values := schema.get("enum").items
	if len(values) == 0 {
		values = schema.get("items", "enum").items
	}
	var words []string
	for _, v := range values {
		if !v.empty() {
			words = append(words, v.text())
		}
	}
	if words != nil {
		list = append(list, "one of "+strings.Join(words, ", "))
	}
	return strings.Join(list, "; ")
}
