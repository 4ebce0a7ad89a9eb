package platform_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/services/portal"
)

// door is an address that answers somebody.
type door struct{ method, path string }

// doors are all of the document and of the portal, and what is beside them.
func doors() (list []door) {
	in := strings.NewReplacer("{$}", "", "{id}", "x", "{session_id}", "x", "{referral_id}", "x")
	for _, o := range openapi.Operations() {
		list = append(list, door{o.Method, in.Replace(o.Path)})
	}
	for _, r := range portal.Routes() {
		list = append(list, door{r.Method, in.Replace(r.Path)})
	}
	for _, path := range []string{"/api/docs", "/api/openapi.json", "/api/nothing", "/nothing", "/static/nothing", "/static/main.css", "/healthz", "/readyz", "/metrics"} {
		list = append(list, door{http.MethodGet, path})
	}
	return append(list, door{http.MethodDelete, "/api/v1/flags"}, door{http.MethodPut, "/connexion"})
}

func (h *house) knock(d door, body string, headers ...string) *http.Response {
	h.Helper()
	r, err := http.NewRequest(d.method, "http://"+h.address+d.path, strings.NewReader(body))
	if err != nil {
		h.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		h.Fatalf("%s %s: %v", d.method, d.path, err)
	}
	text, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(text))
	return response
}

// lacking is what an answer does not say to a browser.
func lacking(h http.Header) (list []string) {
	policy := h.Get("Content-Security-Policy")
	scripts := ""
	for directive := range strings.SplitSeq(policy, ";") {
		if name, sources, _ := strings.Cut(strings.TrimSpace(directive), " "); name == "script-src" || name == "default-src" && scripts == "" {
			scripts = sources
		}
	}
	for what, there := range map[string]bool{
		"a policy":           policy != "" && strings.Contains(policy, "frame-ancestors 'none'"),
		"no script in pages": scripts == "'none'" || scripts == "'self'",
		"nosniff":            h.Get("X-Content-Type-Options") == "nosniff",
		"referrer":           h.Get("Referrer-Policy") == "no-referrer" || h.Get("Referrer-Policy") == "same-origin",
		"permissions":        strings.Contains(h.Get("Permissions-Policy"), "camera=()"),
		"request id":         h.Get("X-Request-Id") != "",
		"nothing is kept":    h.Get("Cache-Control") == "no-store" || strings.HasPrefix(h.Get("Cache-Control"), "public, max-age=31536000"),
	} {
		if !there {
			list = append(list, what)
		}
	}
	return list
}

// TestEveryDoorIsGuarded: what each answer says to a browser, what another site may not send, and what is too much.
func TestEveryDoorIsGuarded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	for _, d := range doors() {
		for _, token := range []string{"", "Bearer " + advisor.token} {
			if missing := lacking(h.knock(d, "", "Authorization", token).Header); missing != nil {
				t.Errorf("%s %s lacks %v", d.method, d.path, missing)
			}
		}
	}
	t.Run("another site", func(t *testing.T) {
		for _, d := range doors() {
			if d.method != http.MethodPost || strings.HasPrefix(d.path, "/api/") {
				continue
			}
			for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"}} {
				r := h.knock(d, "grant_type=client_credentials&compte=advisor-34", append(from, "Content-Type", "application/x-www-form-urlencoded")...)
				if r.StatusCode != http.StatusForbidden || len(r.Cookies()) > 0 {
					t.Errorf("POST %s from %v: %s, %d cookies", d.path, from, r.Status, len(r.Cookies()))
				}
			}
		}
	})
	t.Run("ten megabytes", func(t *testing.T) {
		large := "compte=" + strings.Repeat("x", 10<<20)
		for d, media := range map[door]string{
			{"POST", "/api/v1/flags"}: "application/json", {"POST", "/connexion"}: "application/x-www-form-urlencoded", {"POST", "/oauth2/token"}: "application/x-www-form-urlencoded",
		} {
			if r := h.knock(d, large, "Content-Type", media, "Authorization", "Bearer "+advisor.token); r.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s %s: %s", d.method, d.path, r.Status)
			}
		}
	})
	t.Run("deeper than anybody types", func(t *testing.T) {
		r := h.knock(door{"POST", "/api/v1/flags"}, strings.Repeat(`{"a":`, 100_000), "Content-Type", "application/json", "Authorization", "Bearer "+advisor.token)
		if r.StatusCode != http.StatusBadRequest {
			t.Error(r.Status)
		}
	})
	t.Run("a request that never ends is cut", func(t *testing.T) {
		conn, err := net.Dial("tcp", h.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		began := time.Now()
		_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		_ = conn.SetReadDeadline(began.Add(20 * time.Second))
		if _, err := io.ReadAll(conn); err != nil {
			t.Errorf("still open after %s: %v", time.Since(began), err)
		}
	})
	h.stop()
}

func TestALackingHeaderIsNamed(t *testing.T) {
	t.Parallel()
	if n := len(lacking(http.Header{})); n != 7 {
		t.Errorf("an empty header lacks %d of 7", n)
	}
	loose := http.Header{"Content-Security-Policy": {"default-src 'self'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"}}
	if !strings.Contains(strings.Join(lacking(loose), " "), "no script in pages") {
		t.Error("scripts in pages are allowed, and nobody says so")
	}
}
