package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

const flagID = "0190a0c4-7a10-7c3e-8f00-000000000002"

// journal is an access log of a test; full makes it fail.
type journal struct {
	entries []accesslog.Entry
	full    error
}

func (j *journal) write(_ context.Context, entries ...accesslog.Entry) error {
	if j.full == nil {
		j.entries = append(j.entries, entries...)
	}
	return j.full
}

func withJournal(t testing.TB) (*bundle, *journal) {
	t.Helper()
	j := &journal{}
	return setup(t, func(c *web.Config) {
		c.Access = j.write
		c.Actor = func(ctx context.Context) (string, string) { return "role of " + web.Account(ctx), "lr" }
	}, nil), j
}

// gives makes an operation answer with what it knows of persons.
func (b *bundle) gives(route, text string, persons ...string) {
	b.answers[route] = func(w http.ResponseWriter, r *http.Request) {
		web.Concerns(r.Context(), persons...)
		w.Header().Set("ETag", `"flag:1"`)
		_, _ = io.WriteString(w, text)
	}
}

// is wants exactly these entries, whatever their request.
func (j *journal) is(t *testing.T, want ...accesslog.Entry) {
	t.Helper()
	got := slices.Clone(j.entries)
	for i := range got {
		if got[i].RequestID == "" {
			t.Error("an entry without request id")
		}
		got[i].RequestID = ""
	}
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("got  %+v\nwant %+v", got[i], want[i])
		}
	}
}

func byAdvisor(action, what, resource string, subjects ...string) accesslog.Entry {
	return accesslog.Entry{
		Service: "projections", Actor: "advisor-34", Role: "role of advisor-34", Fund: "lr", Purpose: "follow-up",
		Action: action, What: what, Resource: resource, Subjects: subjects,
	}
}

func TestAnAnswerAboutSomebodyIsLoggedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.answers["GET /api/v1/flags/"+flagID] = func(w http.ResponseWriter, r *http.Request) {
		web.Concerns(r.Context(), "p1", "", "p2", "p1")
		if len(j.entries) > 0 {
			t.Error("logged before the handler had said whom")
		}
		_, _ = io.WriteString(w, "one")
		if len(j.entries) != 1 {
			t.Error("not logged before the first byte")
		}
		_, _ = io.WriteString(w, "two")
	}
	if a := b.ask("GET", "/api/v1/flags/"+flagID, ""); a.status != 200 || a.text != "onetwo" {
		t.Error(a.status, a.text)
	}
	j.is(t, byAdvisor("read", "getFlag", "flag:"+flagID, "p1", "p2"))
}

func TestASearchIsLoggedByItsFields(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.answers["POST /api/v1/persons/search"] = func(w http.ResponseWriter, r *http.Request) {
		web.SearchedBy(r.Context(), "name", "phone")
		web.Concerns(r.Context(), "p1")
		_, _ = io.WriteString(w, "{}")
	}
	b.ask("POST", "/api/v1/persons/search", `{"name":"Exemple","phone":"04 65 71 00 00"}`)
	want := byAdvisor("search", "searchPersons", "", "p1")
	want.Fields = []string{"name", "phone"}
	j.is(t, want)
}

func TestWhoIsComeToLaterIsLoggedBeforeTheNextByte(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.answers["GET /api/v1/flags"] = func(w http.ResponseWriter, r *http.Request) {
		for _, id := range []string{"p1", "p2"} {
			web.Concerns(r.Context(), id)
			_, _ = io.WriteString(w, id)
			_ = http.NewResponseController(w).Flush()
		}
	}
	if a := b.ask("GET", "/api/v1/flags", ""); a.text != "p1p2" {
		t.Error(a.text)
	}
	j.is(t, byAdvisor("read", "listFlags", "", "p1"), byAdvisor("read", "listFlags", "", "p2"))
}

func TestAnAnswerThatNamesNobodyIsLoggedToo(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.answers["GET /api/v1/flags"] = func(http.ResponseWriter, *http.Request) {}
	if a := b.ask("GET", "/api/v1/flags", ""); a.status != 200 {
		t.Error(a.status)
	}
	j.is(t, byAdvisor("read", "listFlags", ""))
}

func TestWithoutALogNothingIsGiven(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	j.full = accesslog.ErrAway
	b.gives("GET /api/v1/flags/"+flagID, `{"person":"Exemple"}`, "p1")
	a := b.ask("GET", "/api/v1/flags/"+flagID, "")
	a.is(t, 503, "access_log_away")
	if strings.Contains(a.text, "Exemple") || a.header.Get("ETag") != "" || a.header.Get("Retry-After") == "" || a.header.Get("X-Request-Id") == "" {
		t.Error(a.text, a.header)
	}
	b.gives("POST /api/v1/flags/"+flagID+"/validate", "done", "p1")
	b.ask("POST", "/api/v1/flags/"+flagID+"/validate", "{}").is(t, 503, "access_log_away")
	b.refuseWith("GET /api/v1/persons/"+flagID, refusal.New(refusal.NotFound, "not_found", "No."))
	b.ask("GET", "/api/v1/persons/"+flagID, "").is(t, 503, "access_log_away")
}

func TestALogThatGoesAwayBreaksALongAnswerOff(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.answers["GET /api/v1/flags"] = func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "one")
		j.full = accesslog.ErrAway
		web.Concerns(r.Context(), "p1")
		_, _ = io.WriteString(w, "Exemple")
	}
	server := httptest.NewServer(b)
	defer server.Close()
	request, _ := http.NewRequest(http.MethodGet, server.URL+"/api/v1/flags", nil)
	request.Header.Set("Authorization", "Bearer advisor-34")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return // broken off before it had begun to arrive
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err == nil || strings.Contains(string(text), "Exemple") {
		t.Error(string(text), err)
	}
}

func TestWhatIsRefusedIsLoggedAsThat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind     refusal.Kind
		path     string
		persons  []string
		resource string
	}{
		"403":                        {refusal.Forbidden, "/api/v1/flags/" + flagID, nil, "flag:" + flagID},
		"404":                        {refusal.NotFound, "/api/v1/flags/" + flagID, nil, "flag:" + flagID},
		"404 of somebody":            {refusal.NotFound, "/api/v1/flags/" + flagID, []string{"p1"}, "flag:" + flagID},
		"409 that speaks of someone": {refusal.Conflict, "/api/v1/flags/" + flagID, []string{"p1"}, "flag:" + flagID},
		"a name in the address":      {refusal.NotFound, "/api/v1/flags/exemple-camille", nil, "flag:"},
	} {
		b, j := withJournal(t)
		b.answers["GET "+c.path] = func(w http.ResponseWriter, r *http.Request) {
			web.Concerns(r.Context(), c.persons...)
			web.WriteError(w, r, refusal.New(c.kind, "no", "No."))
		}
		b.ask("GET", c.path, "")
		if len(j.entries) != 1 {
			t.Errorf("%s: %+v", name, j.entries)
			continue
		}
		j.is(t, byAdvisor("refused", "getFlag", c.resource, c.persons...))
	}
}

func TestWhatTaughtNobodyAnythingIsNotLogged(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.ask("GET", "/api/v1/flags", "", "Authorization", "").is(t, 401, "token_missing")
	b.ask("GET", "/api/v1/flags?unknown=1", "").is(t, 400, "unknown_parameter")
	b.ask("GET", "/api/v1/codes", "").passed(t)
	b.refuseWith("GET /api/v1/flags", errors.New("broken"))
	b.ask("GET", "/api/v1/flags", "").is(t, 500, "internal")
	b.refuseWith("POST /api/v1/flags/"+flagID+"/validate", refusal.New(refusal.Conflict, "no", "No."))
	b.ask("POST", "/api/v1/flags/"+flagID+"/validate", "{}").is(t, 409, "no")
	j.is(t)
}

func TestOneResourceOfAnAddressIsItsLast(t *testing.T) {
	t.Parallel()
	b, j := withJournal(t)
	b.ask("POST", "/api/v1/sessions/"+flagID+"/requests/r-1/accept", "{}", "Idempotency-Key", "k").passed(t)
	if len(j.entries) != 1 || j.entries[0].Resource != "referral:r-1" || j.entries[0].Service != "workshop" || j.entries[0].Purpose != "workshop" {
		t.Errorf("%+v", j.entries)
	}
}

func TestAMarkThatSaysTooLittleIsAMistakeInTheDocument(t *testing.T) {
	t.Parallel()
	const good = `"x-personal":{"action":"read","purpose":"follow-up"}`
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(openapi.Document())); err != nil {
		t.Fatal(err)
	}
	document := compact.String()
	if !strings.Contains(document, good) {
		t.Fatal("the document has no such mark")
	}
	for _, bad := range []string{
		`"x-personal":{"action":"look","purpose":"follow-up"}`, `"x-personal":{"action":"read"}`, `"x-personal":{"action":"refused","purpose":"x"}`, `"x-personal":true`,
	} {
		if _, err := web.New(web.Config{Document: strings.Replace(document, good, bad, 1)}); err == nil || !strings.Contains(err.Error(), "x-personal") {
			t.Error(bad, err)
		}
	}
}
