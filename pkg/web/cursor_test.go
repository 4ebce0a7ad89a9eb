package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.org/passerelle/pkg/web"
)

type place struct {
	ID string `json:"id"`
}

// paged answers a list with the cursor of the next page in a header, and where this one began.
func paged(b *bundle) {
	for _, path := range []string{"/api/v1/flags", "/api/v1/referrals"} {
		b.answers["GET "+path] = func(w http.ResponseWriter, r *http.Request) {
			after := place{ID: "start"}
			page, err := web.PageOf(r.Context(), &after)
			if err != nil {
				web.WriteError(w, r, err)
				return
			}
			w.Header().Set("Next", *page.Next(place{ID: after.ID + "+"}))
			w.Header().Set("After", after.ID)
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

func TestACursorGoesOnWhereThePageEnded(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	paged(b)
	first := b.ask("GET", "/api/v1/flags?status=submitted&limit=2", "")
	next := first.header.Get("Next")
	if url.QueryEscape(next) != next {
		t.Fatalf("%q does not fit into an address", next)
	}
	second := b.ask("GET", "/api/v1/flags?cursor="+next+"&status=submitted&limit=500", "")
	second.passed(t)
	if first.header.Get("After") != "start" || second.header.Get("After") != "start+" {
		t.Fatal(first.header, second.header)
	}
}

func TestACursorBelongsToItsCallerAndFilters(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	paged(b)
	next := b.ask("GET", "/api/v1/flags?status=submitted", "").header.Get("Next")
	other := setup(t, func(c *web.Config) { c.Secret = []byte("another") }, nil)
	paged(other)
	b.ask("GET", "/api/v1/flags?status=validated&cursor="+next, "").is(t, 400, "bad_cursor")
	b.ask("GET", "/api/v1/flags?cursor="+next, "").is(t, 400, "bad_cursor")
	b.ask("GET", "/api/v1/referrals?cursor="+next, "").is(t, 400, "bad_cursor")
	b.ask("GET", "/api/v1/flags?status=submitted&cursor="+next, "", "Authorization", "Bearer provider-a").is(t, 400, "bad_cursor")
	b.ask("GET", "/api/v1/flags?status=submitted&cursor="+strings.ToUpper(next), "").is(t, 400, "bad_cursor")
	other.ask("GET", "/api/v1/flags?status=submitted&cursor="+next, "").is(t, 400, "bad_cursor")
}

// FuzzACursor: nothing but what was made here is ever opened.
func FuzzACursor(f *testing.F) {
	b := setup(f, nil, nil)
	paged(b)
	ours := b.ask("GET", "/api/v1/flags", "").header.Get("Next")
	f.Add(ours)
	f.Add("")
	f.Add("AAAA")
	f.Add(ours + "A")
	f.Fuzz(func(t *testing.T, cursor string) {
		a := b.ask("GET", "/api/v1/flags?cursor="+url.QueryEscape(cursor), "")
		if cursor == ours {
			a.passed(t)
			return
		}
		if a.status != 400 && a.status != 422 && cursor != "" {
			t.Fatalf("%q: %d %s", cursor, a.status, a.text)
		}
	})
}
