package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web/strict"
	"example.org/passerelle/pkg/web/token"
)

const jsonType = "application/json"

// gate lets a request through to a handler once everything that can be known beforehand is right.
func (s *Server) gate(o *operation, heard *Heard, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		x.method, x.path, x.heard = r.Method, r.URL.Path, heard
		if err := s.admit(o, x, w, r); err != nil {
			WriteError(w, r, err)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), s.deadlineOf(o))
		defer cancel()
		next := next
		if o.writes() {
			ctx = x.trying(ctx)
		}
		if x.judged.form {
			next = s.judging(next)
		}
		if o.personal != nil && s.config.Access != nil {
			s.logging(o, next, w, r.WithContext(ctx))
			return
		}
		s.answer(o, next, w, r.WithContext(ctx))
	})
}

func (s *Server) answer(o *operation, next http.Handler, w http.ResponseWriter, r *http.Request) {
	if s.config.CheckAnswers {
		s.checked(o, next, w, r)
		return
	}
	next.ServeHTTP(w, r)
}

func (s *Server) deadlineOf(o *operation) time.Duration {
	if o.file {
		return fileDeadline
	}
	return s.config.Deadline
}

func (s *Server) admit(o *operation, x *exchange, w http.ResponseWriter, r *http.Request) error {
	if err := s.byAddress[o.addressLimit].takeBy(neighbourhood(x.client)); err != nil {
		return err
	}
	known := s.identify(o, x, r)
	if err := s.limits.take(x.account, x.client); err != nil {
		return err
	}
	if known != nil {
		return known
	}
	if !o.bearer && o.writes() && s.crossOrigin.Check(r) != nil { // a browser may send what it knows about its user
		return problem(403, "cross_site", "Another site sent this. Open Passerelle itself.")
	}
	if !cleanPath(r.URL.Path) {
		return problem(404, "not_found", "There is no such thing here.")
	}
	positions, err := x.readHeaders(o, r.Header)
	if err != nil {
		return err
	}
	if err := x.readQuery(o, r.URL.RawQuery); err != nil {
		return err
	}
	if o.file && o.media != "" {
		err = takeFile(o, w, r)
	} else {
		err = s.readBody(o, x, r)
	}
	if err != nil {
		return err
	}
	return x.heard.wait(r.Context(), positions)
}

func (s *Server) identify(o *operation, x *exchange, r *http.Request) error {
	if !o.bearer {
		return nil
	}
	scheme, sent, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") || sent == "" || s.config.Tokens == nil {
		return problem(401, "token_missing", "Send an access token: Authorization: Bearer ….")
	}
	account, err := s.config.Tokens.Verify(r.Context(), strings.TrimSpace(sent))
	if errors.Is(err, token.ErrAway) {
		return unavailable("issuer_away", "Tokens cannot be checked now: their issuer is out of reach. Please try again.")
	}
	if err != nil {
		return problem(401, "token_refused", "This token is expired, or not for this place. Get a new one.")
	}
	x.account = account
	return nil
}

// cleanPath refuses what no identifier holds, before it reaches a database.
func cleanPath(path string) bool {
	return len(path) <= 1000 && utf8.ValidString(path) && !strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f })
}

func (s *Server) readBody(o *operation, x *exchange, r *http.Request) error {
	if o.media == "" {
		return nil
	}
	body, err := readAll(r)
	if err != nil {
		return err
	}
	x.request = s.requestHash(x.method, x.path, bytes.TrimSpace(body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if len(bytes.TrimSpace(body)) == 0 && !o.bodyRequired {
		return nil
	}
	if err := checkMedia(o.media, r.Header); err != nil || o.body == nil {
		return err
	}
	value, faults, err := strict.Read(body)
	if err != nil {
		return unreadable(err)
	}
	texts := s.faultyTexts(value)
	if faults == nil && texts == nil && o.quick != nil && o.quick.fits(value) {
		return nil
	}
	if err := check(o.body, value, faults, texts...); err != nil {
		return x.readable(o, r, value, err)
	}
	return nil
}

// faultyTexts are the faults of the texts in a value, wherever they stand.
func (s *Server) faultyTexts(value any) (found refusal.Faults) {
	if s.config.Text != nil {
		eachText(value, "", func(field, text string) {
			if fault := s.config.Text(field, text); fault != nil {
				found = append(found, *fault)
			}
		})
	}
	return found
}

func eachText(value any, field string, look func(field, text string)) {
	switch v := value.(type) {
	case string:
		look(field, v)
	case []any:
		for i, item := range v {
			eachText(item, field+"["+strconv.Itoa(i)+"]", look)
		}
	case map[string]any:
		for name, item := range v {
			eachText(item, member(field, name), look)
		}
	}
}

// form gives the faults of a body or query one code, however many there are.
func form(err error) error {
	var faults refusal.Faults
	if !errors.As(err, &faults) {
		return err
	}
	p := ofFaults(faults)
	p.Code, p.Type = "invalid", problem(422, "invalid", "").Type
	return p
}

// readAll reads at most MaxBody. What is over is thrown away up to a bound, so that the client gets to read
// the answer.
func readAll(r *http.Request) ([]byte, error) {
	var body bytes.Buffer
	if 0 < r.ContentLength && r.ContentLength <= MaxBody {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := body.ReadFrom(io.LimitReader(r.Body, MaxBody+1))
	if body.Len() > MaxBody {
		_, _ = io.CopyN(io.Discard, r.Body, 16*MaxBody)
		return nil, problem(413, "too_large", "A body holds at most 1 MiB.")
	}
	if err != nil {
		return nil, problem(400, strict.Malformed, "The body ended too early.")
	}
	return body.Bytes(), nil
}

func checkMedia(want string, h http.Header) error {
	media, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset := parameters["charset"]
	if err != nil || media != want || h.Get("Content-Encoding") != "" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return problem(415, "wrong_media_type", "Send "+want+" in UTF-8, not compressed.")
	}
	return nil
}

func unreadable(err error) *Problem {
	var e *strict.Error
	if !errors.As(err, &e) {
		return problem(400, strict.Malformed, "The body is not JSON.")
	}
	switch e.Code {
	case strict.Doubled:
		p := problem(400, e.Code, "A member is named twice.")
		p.Errors = refusal.Faults{{Field: e.Field, Code: e.Code, Detail: "This member is named twice."}}
		return p
	case strict.Trailing:
		return problem(400, e.Code, "There is something after the JSON value.")
	case strict.TooDeep:
		return problem(400, e.Code, "The body is nested more than 64 deep.")
	case strict.TooMany:
		return problem(413, e.Code, "The body holds more than 10,000 values.")
	}
	return problem(400, e.Code, "The body is not JSON in UTF-8.")
}
