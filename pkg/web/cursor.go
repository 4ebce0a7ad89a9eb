package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
)

const (
	defaultLimit = 50
	tagSize      = 16
)

// Page is the part of a list that was asked for.
type Page struct {
	Limit int  // entries at most
	First bool // no cursor came
	seal  cursors
}

// PageOf reads ?limit= and ?cursor=. The place where the page before ended is put into after, a pointer; it
// is left alone on the first page. A cursor that was not made here, for this caller and these filters, is a
// Problem with 400. Put only identifiers, times and codes into a cursor: it travels in addresses.
func PageOf(ctx context.Context, after any) (Page, error) {
	x := exchangeOf(ctx)
	page := Page{Limit: defaultLimit, First: true}
	if x.server != nil {
		page.seal = cursors{secret: x.server.config.Secret, scope: x.account + "\x00" + x.filter()}
	}
	if limit, err := strconv.Atoi(x.query.Get("limit")); err == nil {
		page.Limit = limit
	}
	if cursor := x.query.Get("cursor"); cursor != "" {
		page.First = false
		if !page.seal.open(cursor, after) {
			return page, problem(400, "bad_cursor", "This cursor is not of this list. Begin again without one.")
		}
	}
	return page, nil
}

// Next makes the cursor of the page that begins after a place.
func (p Page) Next(after any) *string {
	cursor := p.seal.close(after)
	return &cursor
}

// cursors are JSON and a keyed hash over it, the caller and the filters.
type cursors struct {
	secret []byte
	scope  string
}

func (c cursors) tag(payload []byte) []byte {
	h := hmac.New(sha256.New, append([]byte("cursor\x00"), c.secret...))
	h.Write([]byte(strconv.Itoa(len(c.scope)) + ":" + c.scope))
	h.Write(payload)
	return h.Sum(nil)[:tagSize]
}

func (c cursors) close(after any) string {
	payload, err := json.Marshal(after)
	if err != nil {
		panic("web: cursor: " + err.Error()) // a mistake in the program
	}
	return base64.RawURLEncoding.EncodeToString(append(c.tag(payload), payload...))
}

func (c cursors) open(cursor string, into any) bool {
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(text) < tagSize || !hmac.Equal(text[:tagSize], c.tag(text[tagSize:])) {
		return false
	}
	return json.Unmarshal(text[tagSize:], into) == nil
}
