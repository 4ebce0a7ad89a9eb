package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
)

// Problem is an error as clients see it (RFC 9457). A handler may return one.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      string         `json:"code"` // stable, for programs
	RequestID string         `json:"request_id,omitempty"`
	Errors    refusal.Faults `json:"errors,omitempty"`

	RetryAfter int                 `json:"-"` // seconds; 0: no such header
	Members    map[string][]string `json:"-"` // of this problem only, written beside the others (RFC 9457, 3.2)
}

// MarshalJSON writes what is said of this problem only beside what every problem has.
func (p Problem) MarshalJSON() ([]byte, error) {
	type usual Problem
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(usual(p)); err != nil || len(p.Members) == 0 {
		return text.Bytes(), err
	}
	text.Truncate(text.Len() - len("}\n"))
	text.WriteByte(',')
	members := text.Len()
	if err := e.Encode(p.Members); err != nil {
		return nil, err
	}
	return append(text.Bytes()[:members:members], text.Bytes()[members+1:]...), nil
}

func (p *Problem) Error() string { return strconv.Itoa(p.Status) + " " + p.Code + ": " + p.Detail }

// NewProblem makes one for a handler: for what is no refusal of a rule.
func NewProblem(status int, code, detail string) *Problem { return problem(status, code, detail) }

// Away is a 503 that asks the client to try again in a moment.
func Away(code, detail string) *Problem { return unavailable(code, detail) }

// problem makes one. Title and type follow from status and code and never change.
func problem(status int, code, detail string) *Problem {
	return &Problem{Type: "urn:passerelle:problem:" + code, Title: titles[status], Status: status, Detail: detail, Code: code}
}

var titles = map[int]string{
	400: "The request cannot be read",
	401: "A valid token is needed",
	403: "This is not for this caller",
	404: "There is no such thing here",
	405: "This address does not know the method",
	409: "The state forbids it",
	412: "The resource has moved on",
	413: "The request is too large",
	415: "The body has the wrong type",
	422: "The request breaks a rule",
	429: "Too many requests",
	500: "Something went wrong here",
	503: "Not now",
}

func unavailable(code, detail string) *Problem {
	p := problem(503, code, detail)
	p.RetryAfter = 1
	return p
}

// problemOf translates any error. What is not known here is a 500 that says nothing.
func problemOf(err error) *Problem {
	var (
		p       *Problem
		refused *refusal.Refusal
		faults  refusal.Faults
		decode  *json.UnmarshalTypeError
		routing *echo.HTTPError
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, decider.ErrStale): // a refusal too, but with a status of its own
		return problem(412, decider.ErrStale.Code, decider.ErrStale.Text)
	case errors.Is(err, decider.ErrTried): // all that is wrong was noted before
		return ofFaults(nil)
	case errors.As(err, &refused):
		return ofRefusal(refused)
	case errors.As(err, &faults):
		return ofFaults(faults)
	case errors.As(err, &decode): // a number with a fraction where a whole one is meant
		return ofFaults(refusal.Faults{{Field: decode.Field, Code: "wrong_type", Detail: "This has to be " + decode.Type.String() + "."}})
	case errors.As(err, &routing):
		return ofRouting(routing)
	}
	return ofLedger(err)
}

func ofRefusal(r *refusal.Refusal) *Problem {
	switch r.Kind {
	case refusal.Conflict:
		p := problem(409, r.Code, r.Text)
		p.Members = r.Members
		return p
	case refusal.Forbidden:
		return problem(403, r.Code, r.Text)
	case refusal.NotFound:
		return problem(404, r.Code, r.Text)
	case refusal.Invalid:
		p := problem(422, r.Code, r.Text)
		p.Errors = refusal.Faults{{Code: r.Code, Detail: r.Text}}
		return p
	}
	return internal()
}

func internal() *Problem {
	return problem(500, "internal", "Please try again. If it stays, tell us the request_id.")
}

// ofFaults takes the code of the only fault, or "invalid" for several.
func ofFaults(f refusal.Faults) *Problem {
	code, detail := "invalid", strconv.Itoa(len(f))+" things are wrong with this request."
	if len(f) == 1 {
		code, detail = f[0].Code, f[0].Detail
	}
	p := problem(422, code, detail)
	p.Errors = f
	return p
}

// ErrNoSuchAddress is what Otherwise answers for what it does not serve either.
var ErrNoSuchAddress = problem(404, "no_such_address", "There is nothing at this address. See /api/docs.")

func ofRouting(e *echo.HTTPError) *Problem {
	switch e.Code {
	case http.StatusNotFound:
		return ErrNoSuchAddress
	case http.StatusMethodNotAllowed:
		return problem(405, "method_not_allowed", "This address does not know the method. See /api/docs.")
	}
	return internal()
}

func ofLedger(err error) *Problem {
	var claimed *ledger.Claimed
	switch {
	case errors.As(err, &claimed):
		return problem(409, "taken", "Somebody else has it already.")
	case errors.Is(err, ledger.ErrUnavailable), errors.Is(err, ledger.ErrRestored), errors.Is(err, ledger.ErrConflict):
		return unavailable("ledger_away", "The ledger is out of reach. Please try again.")
	case errors.Is(err, ledger.ErrTooLarge):
		return problem(413, "too_large", "This is more than can be kept.")
	case errors.Is(err, ledger.ErrNotText):
		return ofFaults(refusal.Faults{{Code: "not_text", Detail: "A text holds a NUL or half of a character."}})
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return unavailable("too_slow", "This took too long. Please try again.")
	}
	return internal()
}

// WriteError answers with the problem of an error. It has the form that the generated servers ask for, for
// requests (RequestErrorHandlerFunc, ErrorHandlerFunc) and for answers (ResponseErrorHandlerFunc).
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	p := *problemOf(err)
	x := exchangeOf(r.Context())
	if p.Status < http.StatusInternalServerError {
		p = *x.judged.judge(&p)
	}
	if p.Status == http.StatusInternalServerError {
		p.RequestID = x.id
		x.log.ErrorContext(r.Context(), "request failed", slog.String("request_id", x.id), slog.Any("error", err))
	}
	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	x.code = p.Code
	writeJSON(w, p.Status, "application/problem+json", p)
}

// NoSuchAddress answers a path that is not of the form its operation has: a number that is none.
func NoSuchAddress(w http.ResponseWriter, r *http.Request, _ error) {
	WriteError(w, r, ErrNoSuchAddress)
}

func writeJSON(w http.ResponseWriter, status int, media string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the client may be gone
}
