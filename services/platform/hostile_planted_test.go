package platform_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// textsOf are all texts that somebody wrote into a request.
func textsOf(r *http.Request) (list []string) {
	list = append(list, r.URL.Path)
	for _, values := range r.URL.Query() {
		list = append(list, values...)
	}
	var body any
	_ = json.NewDecoder(r.Body).Decode(&body)
	var collect func(any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			list = append(list, v)
		case map[string]any:
			for _, one := range v {
				collect(one)
			}
		case []any:
			for _, one := range v {
				collect(one)
			}
		}
	}
	collect(body)
	return list
}

func answering(status int, media string, text func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", media)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		said := text(r)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(said))
	}
}

// concatenating is the handler that must never be written: it makes SQL out of what somebody typed.
func concatenating(conn *pgx.Conn) func(*http.Request) string {
	return func(r *http.Request) string {
		for _, text := range textsOf(r) {
			if _, err := conn.Exec(r.Context(), "select 1 from board.flag where name = '"+text+"'", pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Sprintf(`{"detail":%q}`, err)
			}
		}
		return "{}"
	}
}

// TestABrokenHandlerIsFoundByHostileTexts: one operation, answered by whoever forgets what a text is.
func TestABrokenHandlerIsFoundByHostileTexts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.postgres = h.elsewhere()
	conn := h.database()
	if _, err := conn.Exec(t.Context(), `create schema board; create table board.flag (name text);
do $$ begin for n in 1..25 loop execute format('create table board.t%s ()', n); end loop; end $$`); err != nil {
		t.Fatal(err)
	}
	before := len(tablesOf(t, conn))
	echo := func(r *http.Request) string { return "<p>" + strings.Join(textsOf(r), " ") + "</p>" }
	nothing := func(*http.Request) string { return "{}" }
	for what, c := range map[string]struct {
		handler http.HandlerFunc
		want    string
	}{
		"SQL made of a text":         {answering(422, "application/problem+json", concatenating(conn)), "an error of the database was answered"},
		"a text echoed as a page":    {answering(200, "text/html", echo), "200 as text/html"},
		"a text that is too much":    {answering(500, "application/problem+json", nothing), "500: "},
		"a refusal as a page":        {answering(400, "text/html", echo), "400 as text/html"},
		"a sound handler says no":    {answering(422, "application/problem+json", nothing), ""},
		"a sound handler takes them": {answering(200, "application/json", nothing), ""},
	} {
		harms := attackOne(t, c.handler)
		if (c.want == "") != (len(harms) == 0) || c.want != "" && !slices.ContainsFunc(harms, func(harm string) bool { return strings.Contains(harm, c.want) }) {
			t.Errorf("%s, %q expected: %d harms, such as %.300v", what, c.want, len(harms), harms)
		}
	}
	if after := len(tablesOf(t, conn)); after != before-1 {
		t.Errorf("a text dropped a table, and %d of %d are counted", after, before)
	}
}

// attackOne sends what the check sends to one operation that is answered by a handler.
func attackOne(t *testing.T, handler http.Handler) []string {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	c := &caller{h: &house{T: t, address: strings.TrimPrefix(server.URL, "http://")}, account: "advisor-34", positions: map[string]string{}}
	one := slices.DeleteFunc(attacks(t, map[string]string{}), func(a attack) bool { return a.method != http.MethodPost || a.path != "/persons/search" })
	if len(one) < len(hostile) {
		t.Fatalf("%d attacks on the operation", len(one))
	}
	harms, _ := attacked(t, one, c)
	return harms
}

// TestAPageThatEchoesIsFound, and one that escapes is not.
func TestAPageThatEchoesIsFound(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, text := range hostile {
		for _, hit := range aliveIn("<p>" + text + "</p>") {
			found[hit] = true
		}
		if hits := aliveIn("<p>" + html.EscapeString(text) + "</p>"); hits != nil {
			t.Errorf("%s is escaped, and still %v", text, hits)
		}
	}
	if len(found) != len(alive) {
		t.Errorf("of %d only %v", len(alive), slices.Collect(maps.Keys(found)))
	}
}
