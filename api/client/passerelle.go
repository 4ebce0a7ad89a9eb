package client

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// Tokens gives an access token. Refresh is called when the server refused one: the next Token has to be new.
type Tokens interface {
	Token(ctx context.Context) (string, error)
	Refresh(token string)
}

// Options of New. The zero Options make a client without a token.
type Options struct {
	HTTP   HttpRequestDoer // nil: a client of its own with a timeout of 30 s
	Tokens Tokens          // nil: no Authorization header
	Jar    *Jar            // nil: one of its own. Share one to read what another client wrote.
}

// New makes a client for the server at an address such as http://localhost:8080. Every answer of status 400
// and above comes back as an error, *Problem. Every write carries an Idempotency-Key; give one of your own
// with Key to be able to repeat it later. Every request waits for what this client wrote before.
func New(address string, o Options) (*ClientWithResponses, error) {
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	if o.Jar == nil {
		o.Jar = &Jar{}
	}
	return NewClientWithResponses(address, WithHTTPClient(doer{o}))
}

// Key makes a request happen once, however often it is sent: within 24 hours the same key and body are
// answered the same.
func Key(key string) RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Idempotency-Key", key)
		return nil
	}
}

// IfMatch makes a write fail with 412 when the resource has moved on since this ETag.
func IfMatch(tag string) RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("If-Match", tag)
		return nil
	}
}

// doer adds headers to requests and takes positions and problems from answers.
type doer struct{ Options }

// Do sends a request; once more with a new token when the first was refused.
func (d doer) Do(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && r.Header.Get("Idempotency-Key") == "" {
		r.Header.Set("Idempotency-Key", rand.Text())
	}
	d.Jar.write(r.Header)
	if d.Tokens == nil || r.Header.Get("Authorization") != "" {
		return d.send(r)
	}
	token, err := d.authorize(r)
	if err != nil {
		return nil, err
	}
	response, err := d.send(r)
	if p, refused := err.(*Problem); !refused || p.Status != http.StatusUnauthorized { //nolint:errorlint // send gives it as it is
		return response, err
	}
	d.Tokens.Refresh(token)
	again, copied := repeat(r)
	if !copied {
		return nil, err
	}
	if _, err := d.authorize(again); err != nil {
		return nil, err
	}
	return d.send(again)
}

func (d doer) authorize(r *http.Request) (string, error) {
	token, err := d.Tokens.Token(r.Context())
	if err != nil {
		return "", fmt.Errorf("access token: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return token, nil
}

// repeat copies a request whose body can be read again.
func repeat(r *http.Request) (*http.Request, bool) {
	again := r.Clone(r.Context())
	if r.Body == nil || r.Body == http.NoBody {
		return again, true
	}
	if r.GetBody == nil {
		return nil, false
	}
	body, err := r.GetBody()
	again.Body = body
	return again, err == nil
}

func (d doer) send(r *http.Request) (*http.Response, error) {
	response, err := d.HTTP.Do(r)
	if err != nil {
		return nil, err
	}
	d.Jar.read(response.Header)
	if response.StatusCode < http.StatusBadRequest {
		return response, nil
	}
	defer response.Body.Close()
	return nil, problemOf(response)
}

// Problem is an error of the server (RFC 9457).
type Problem struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail"`
	Code      string  `json:"code"` // stable
	RequestID string  `json:"request_id"`
	Errors    []Fault `json:"errors"`

	MissingPapers []string `json:"missing_papers"` // of papers_missing: content_plan, evaluation, impact_sheet

	RetryAfter time.Duration `json:"-"` // 0: the server says nothing
}

// Fault is one thing wrong with a request.
type Fault struct {
	Field  string `json:"field"` // dotted: meetings[0].ends_at
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func (p *Problem) Error() string {
	return fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)
}

func problemOf(response *http.Response) *Problem {
	p := &Problem{}
	media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil || media != "application/problem+json" || json.Unmarshal(body, p) != nil {
		p = &Problem{Title: response.Status, Detail: response.Status, Code: "no_problem"}
	}
	p.Status = response.StatusCode
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}
