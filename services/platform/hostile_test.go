package platform_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
)

// hostile are texts that do harm where somebody forgets what they are. The mark finds them again.
var hostile = []string{
	`<script>alert("exemple-m")</script>`, `"><img src=x onerror=alert("exemple-m")>`, `=cmd|' /C calc'!A0`, `'; drop table board.flag; --`, `\' or 1=1 --`,
	`$1 $2 ${exemple-m} %s %d %!v`, `%00%27%22\u0000`, "exemple\u2028\u202e-m", strings.Repeat("Exemple-", 40),
}

// alive are the beginnings of hostile texts that nobody may find in a page.
var alive = []string{"<script>alert(", "<img src=x"}

type attack struct {
	method, path, what string
	body               any
}

// attacks puts every hostile text into every text of every body, every query name and every identifier of the document.
func attacks(t *testing.T, ids map[string]string) (list []attack) {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	s := schemas{document}
	for path, item := range s.at("paths").(map[string]any) {
		plain, api := strings.CutPrefix(path, "/api/v1")
		if !api {
			continue
		}
		known := strings.NewReplacer("{id}", idFor(plain, ids), "{session_id}", ids["session"], "{referral_id}", ids["referral"]).Replace(plain)
		for method, raw := range item.(map[string]any) {
			operation := raw.(map[string]any)
			method = strings.ToUpper(method)
			body := s.body(operation)
			for _, text := range hostile {
				for _, at := range places(body, nil) {
					list = append(list, attack{method, known, fmt.Sprint(at), put(body, at, text)})
				}
				if plain != known {
					list = append(list, attack{method, identifier.ReplaceAllLiteralString(plain, url.PathEscape(text)), "identifier", body})
				}
				for _, name := range s.queries(operation) {
					list = append(list, attack{method, known + "?" + name + "=" + url.QueryEscape(text), "query", body})
				}
			}
		}
	}
	return list
}

var identifier = regexp.MustCompile(`\{[a-z_]+\}`)

func idFor(path string, ids map[string]string) string {
	for _, kind := range []string{"session", "referral", "person", "provider"} {
		if strings.HasPrefix(path, "/"+kind+"s/") {
			return ids[kind]
		}
	}
	return ids["flag"]
}

// schemas is the document.
type schemas struct{ root map[string]any }

func (s schemas) at(names ...string) any {
	var of any = s.root
	for _, name := range names {
		m, _ := of.(map[string]any)
		of = m[name]
	}
	return of
}

func (s schemas) resolve(v any) map[string]any {
	m, _ := v.(map[string]any)
	if ref, ok := m["$ref"].(string); ok {
		return s.resolve(s.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...))
	}
	return m
}

// body is the document's own example, and every text of the schema that the example leaves out.
func (s schemas) body(operation map[string]any) any {
	content := s.resolve(s.resolve(s.resolve(operation["requestBody"])["content"])["application/json"])
	if content == nil {
		return nil
	}
	made := s.make(content["schema"])
	example, _ := content["example"].(map[string]any)
	if whole, ok := made.(map[string]any); ok {
		return merged(whole, example)
	}
	return made
}

func merged(whole, example map[string]any) map[string]any {
	for name, value := range example {
		part, isPart := whole[name].(map[string]any)
		if inner, ok := value.(map[string]any); ok && isPart {
			value = merged(part, inner)
		}
		whole[name] = value
	}
	return whole
}

// make gives a value for a schema: texts that may be anything, null for what has a form of its own.
func (s schemas) make(raw any) any {
	schema := s.resolve(raw)
	if options, ok := schema["anyOf"].([]any); ok {
		return s.make(options[0])
	}
	if values, ok := schema["enum"].([]any); ok {
		return values[0]
	}
	kind := schema["type"]
	if several, ok := kind.([]any); ok {
		kind = several[0]
	}
	switch kind {
	case "object":
		made := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, p := range properties {
			made[name] = s.make(p)
		}
		return made
	case "array":
		return []any{s.make(schema["items"])}
	case "string":
		return "Exemple"
	case "boolean":
		return true
	}
	return 1
}

func (s schemas) queries(operation map[string]any) (names []string) {
	parameters, _ := operation["parameters"].([]any)
	for _, raw := range parameters {
		if p := s.resolve(raw); p["in"] == "query" {
			names = append(names, p["name"].(string))
		}
	}
	return names
}

// places are the ways to each text of a value.
func places(value any, way []any) (list [][]any) {
	switch v := value.(type) {
	case string:
		return [][]any{way}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			list = append(list, places(v[name], append(slices.Clone(way), name))...)
		}
	case []any:
		for i := range v {
			list = append(list, places(v[i], append(slices.Clone(way), i))...)
		}
	}
	return list
}

// put is a value with another text in one place.
func put(value any, way []any, text string) any {
	if len(way) == 0 {
		return text
	}
	switch v := value.(type) {
	case map[string]any:
		changed := maps.Clone(v)
		changed[way[0].(string)] = put(v[way[0].(string)], way[1:], text)
		return changed
	case []any:
		changed := slices.Clone(v)
		changed[way[0].(int)] = put(v[way[0].(int)], way[1:], text)
		return changed
	}
	return value
}

// formulas is what a spreadsheet would act on in a table.
func formulas(table []byte) string {
	reader := csv.NewReader(bytes.NewReader(table))
	if header, _, _ := bytes.Cut(table, []byte("\n")); bytes.Contains(header, []byte(";")) {
		reader.Comma = ';'
	}
	lines, err := reader.ReadAll()
	if err != nil {
		return "a table that cannot be read: " + err.Error()
	}
	for _, line := range lines {
		for _, cell := range line {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "+") || strings.HasPrefix(cell, "-") || strings.HasPrefix(cell, "@") {
				return "a cell is a formula: " + cell
			}
		}
	}
	return ""
}

// harm is what is wrong with an answer to a hostile text.
func harm(r reply) string {
	media := r.header.Get("Content-Type")
	switch {
	case r.status >= 500:
		return fmt.Sprintf("%d: %s", r.status, r.raw)
	case r.status == 200 && media == "text/csv":
		return formulas(r.raw)
	case r.status >= 400 && media != "application/problem+json", r.status < 300 && r.status != 204 && media != "application/json":
		return fmt.Sprintf("%d as %s", r.status, media)
	case r.header.Get("X-Content-Type-Options") != "nosniff":
		return "a browser may guess what it is"
	case strings.Contains(string(r.raw), "SQLSTATE"):
		return "an error of the database was answered"
	}
	return ""
}

// attacked sends every attack as the first caller who may do it, and tells what did harm, and how many were answered how.
func attacked(t *testing.T, all []attack, callers ...*caller) (harms []string, counts map[int]int) {
	t.Helper()
	counts = map[int]int{}
	for _, a := range all {
		for _, c := range callers {
			r, err := c.try(a.method, a.path, a.body)
			if err != nil {
				t.Fatalf("%s %s: %v", a.method, a.path, err)
			}
			counts[r.status]++
			if wrong := harm(r); wrong != "" {
				harms = append(harms, fmt.Sprintf("%s %s %s as %s: %s", a.method, a.path, a.what, c.account, wrong))
			}
			if r.status != http.StatusForbidden {
				break
			}
		}
	}
	return harms, counts
}

// aliveIn is what of the hostile texts a browser would act on in a page.
func aliveIn(page string) (list []string) {
	for _, text := range alive {
		if strings.Contains(page, text) {
			list = append(list, text)
		}
	}
	return list
}

// TestHostileTextsAreOnlyTexts wherever somebody can write one.
func TestHostileTextsAreOnlyTexts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	ids := map[string]string{"provider": "provider-a", "session": provider.post(201, "/sessions", workshop(9)).text("id")}
	advisor.learn(provider)
	flag := advisor.post(201, "/flags", senior(1))
	ids["flag"], ids["person"] = flag.text("id"), flag.text("person_id")
	ids["referral"] = advisor.post(201, "/referrals", map[string]any{"flag_id": ids["flag"], "session_id": ids["session"]}).text("id")
	h.storeHostile(advisor, provider)
	conn := h.database()
	before := len(tablesOf(t, conn))
	harms, counts := attacked(t, attacks(t, ids), advisor, provider, h.as("partnership-lr"), h.as("equipment-lr"))
	for _, wrong := range harms {
		t.Error(wrong)
	}
	t.Log("answers by status:", counts)
	if counts[200]+counts[201] < 100 || counts[422] < 100 {
		t.Error("too few texts went in, or too few were refused:", counts)
	}
	if after := len(tablesOf(t, conn)); after != before {
		t.Errorf("%d tables, then %d", before, after)
	}
	for _, said := range []string{"SQLSTATE", "syntax error", "panic"} {
		if strings.Contains(h.log.String(), said) {
			t.Errorf("the log holds %q", said)
		}
	}
	for _, account := range []string{"advisor-34", "provider-a", "referent-58"} {
		h.walkPages(account)
	}
	h.stop()
}

// storeHostile is what has to be shown afterwards.
func (h *house) storeHostile(advisor, provider *caller) {
	h.Helper()
	for i, text := range hostile[:5] {
		sheet := senior(100 + i)
		person, answers := sheet["person"].(map[string]any), sheet["answers"].(map[string]any)
		person["given_name"], person["family_name"], answers["description"] = text, "Exemple "+text, text
		person["address"].(map[string]any)["street"] = text
		advisor.post(201, "/flags", sheet)
		session := workshop(3)
		session["title"], session["place"] = text, text
		provider.post(201, "/sessions", session)
	}
}

var links = regexp.MustCompile(`href="(/[^"#]*)"`)

// walkPages follows links through the portal, and finds no hostile text alive.
func (h *house) walkPages(account string) {
	h.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	if r, err := browser.PostForm("http://"+h.address+"/connexion", url.Values{"compte": {account}}); err != nil || r.StatusCode != http.StatusOK {
		h.Fatalf("%s does not get in: %v %v", account, r, err)
	}
	seen, escaped := map[string]bool{"/": true}, 0
	for queue := []string{"/"}; len(queue) > 0 && len(seen) < 150; queue = queue[1:] {
		page := h.page(browser, queue[0])
		for _, text := range aliveIn(page) {
			h.Errorf("%s as %s holds %s", queue[0], account, text)
		}
		escaped += strings.Count(page, "&lt;script&gt;alert(") + strings.Count(page, "&lt;img src=x")
		for _, m := range links.FindAllStringSubmatch(page, -1) {
			if path := strings.ReplaceAll(m[1], "&amp;", "&"); !seen[path] && !strings.HasPrefix(path, "/static") {
				seen[path] = true
				queue = append(queue, path)
			}
		}
	}
	h.Logf("%s: %d pages, %d hostile texts shown as text", account, len(seen), escaped)
	if escaped == 0 {
		h.Errorf("%s was shown none of what was stored", account)
	}
}

func (h *house) page(browser *http.Client, path string) string {
	h.Helper()
	r, err := browser.Get("http://" + h.address + path)
	if err != nil {
		h.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode >= 500 {
		h.Errorf("%s: %d %v", path, r.StatusCode, err)
	}
	return string(text)
}

// TestABrokenAnswerIsHarm: what the check is there to find.
func TestABrokenAnswerIsHarm(t *testing.T) {
	t.Parallel()
	safe := http.Header{"Content-Type": {"application/json"}, "X-Content-Type-Options": {"nosniff"}}
	for name, r := range map[string]reply{
		"a fault":   {status: 500, header: safe},
		"a page":    {status: 200, header: http.Header{"Content-Type": {"text/html"}, "X-Content-Type-Options": {"nosniff"}}},
		"guessable": {status: 200, header: http.Header{"Content-Type": {"application/json"}}},
		"SQL":       {status: 200, header: safe, raw: []byte("ERROR: (SQLSTATE 42601)")},
	} {
		if harm(r) == "" {
			t.Error(name, "passes")
		}
	}
	if wrong := harm(reply{status: 200, header: safe, raw: []byte("{}")}); wrong != "" {
		t.Error(wrong)
	}
}
