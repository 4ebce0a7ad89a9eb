package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"example.org/passerelle/pkg/accesslog"
)

// personal is the mark x-personal of an operation that gives or takes personal data: what is done with it, and why.
type personal struct{ action, purpose string }

func (d *reading) personal(id string, raw any) *personal {
	if raw == nil {
		return nil
	}
	p := &personal{text(object(raw)["action"]), text(object(raw)["purpose"])}
	if !slices.Contains(accesslog.Actions, p.action) || p.action == accesslog.Refused || p.purpose == "" {
		d.errs = append(d.errs, fmt.Errorf("web: x-personal of %s needs an action (read, write, search or export) and a purpose", id))
	}
	return p
}

// touched is whom a handler concerned itself with, which fields a search looked at, and the reason that was given.
type touched struct {
	mu               sync.Mutex
	subjects, fields []string
	reason           string
	seen             map[string]bool
	told             int // subjects that were logged already
}

// Concerns notes whose data a handler gives or takes, whether or not the operation is marked; an empty identifier, such
// as that of somebody erased, is nobody. Call it before the data is written to the client.
func Concerns(ctx context.Context, personIDs ...string) {
	t := &exchangeOf(ctx).touched
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil {
		t.seen = map[string]bool{"": true}
	}
	for _, id := range personIDs {
		if !t.seen[id] {
			t.seen[id] = true
			t.subjects = append(t.subjects, id)
		}
	}
}

// SearchedBy notes the names of the fields that a search looked at, never what was searched.
func SearchedBy(ctx context.Context, fields ...string) {
	t := &exchangeOf(ctx).touched
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fields = append(t.fields, fields...)
}

// Because notes why the caller looks, a code of the operation's own list: the log has it instead of the operation's purpose.
func Because(ctx context.Context, reason string) {
	t := &exchangeOf(ctx).touched
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reason = reason
}

// purpose is the reason that was given, else that of the operation.
func (t *touched) purpose(usual string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return cmp.Or(t.reason, usual)
}

// fresh is what was not logged yet, and whether anything is.
func (t *touched) fresh() (subjects, fields []string, some bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	subjects, fields = slices.Clone(t.subjects[t.told:]), t.fields
	t.told = len(t.subjects)
	return subjects, fields, len(subjects) > 0
}

// longestLog is how long an answer waits for its rows in the access log.
const longestLog = 2 * time.Second

// logged is the answer of a marked operation: nothing of it leaves before its rows are in the access log, and nothing
// but a 503 does when they cannot be written.
type logged struct {
	http.ResponseWriter

	server  *Server
	o       *operation
	x       *exchange
	r       *http.Request
	header  http.Header
	begun   bool
	refused bool // the log is away: what the handler says goes nowhere
}

func (s *Server) logging(o *operation, next http.Handler, w http.ResponseWriter, r *http.Request) {
	l := &logged{ResponseWriter: w, server: s, o: o, x: exchangeOf(r.Context()), r: r, header: w.Header().Clone()}
	l.x.logged = l
	s.answer(o, next, l, r)
	if !l.begun {
		l.WriteHeader(http.StatusOK)
	}
}

// Header is what WriteHeader will send.
func (l *logged) Header() http.Header { return l.header }

func (l *logged) WriteHeader(status int) {
	if l.begun || status < http.StatusOK {
		return
	}
	l.begun = true
	if err := l.log(status); err != nil {
		l.refused = true
		l.x.log.ErrorContext(l.r.Context(), "access log", slog.String("request_id", l.x.id), slog.Any("error", err))
		WriteError(l.ResponseWriter, l.r, unavailable("access_log_away", "What is read and written here has to be logged, and the log is out of reach. Please try again."))
		return
	}
	for name, values := range l.header {
		l.ResponseWriter.Header()[name] = values
	}
	l.ResponseWriter.WriteHeader(status)
}

// Write logs first whom the handler has come to since it began. When that fails the answer breaks off.
func (l *logged) Write(p []byte) (int, error) {
	l.WriteHeader(http.StatusOK)
	if l.refused {
		return len(p), nil
	}
	if subjects, fields, some := l.x.touched.fresh(); some {
		if err := l.write(l.o.personal.action, subjects, fields); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	return l.ResponseWriter.Write(p)
}

// FlushError begins the answer; http.ResponseController calls it.
func (l *logged) FlushError() error {
	l.WriteHeader(http.StatusOK)
	return http.NewResponseController(l.ResponseWriter).Flush()
}

// Unwrap lets net/http find what else the writer can do.
func (l *logged) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// log writes what an answer with this status gives or refuses. Of a request that was wrong in itself, or that failed
// here, nobody learnt anything, unless the handler names somebody.
func (l *logged) log(status int) error {
	subjects, fields, some := l.x.touched.fresh()
	switch {
	case status < http.StatusBadRequest:
		return l.write(l.o.personal.action, subjects, fields)
	case status == http.StatusForbidden, status == http.StatusNotFound, some && status < http.StatusInternalServerError:
		return l.write(accesslog.Refused, subjects, fields)
	}
	return nil
}

func (l *logged) write(action string, subjects, fields []string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.r.Context()), longestLog)
	defer cancel()
	e := accesslog.Entry{
		Service: l.o.service, Actor: l.x.account, Purpose: l.x.touched.purpose(l.o.personal.purpose), Action: action, What: l.o.id,
		Resource: l.o.resource(l.x.path, action == accesslog.Refused), Subjects: subjects, Fields: fields, RequestID: l.x.id,
	}
	if e.Role, e.Fund = l.x.role, l.x.fund; e.Role == "" && l.server.config.Actor != nil {
		e.Role, e.Fund = l.server.config.Actor(ctx)
	}
	return l.server.config.Access(ctx, e)
}

// secretName is that of a part of an address which opens something by itself: no log has it.
const secretName = "{token}"

// resource is what an address names last: "flag:<id>" of /api/v1/flags/<id>/validate. Of what was refused only a UUID
// is believed to be an identifier: anybody can write anything into an address.
func (o *operation) resource(path string, refused bool) string {
	names, values := strings.Split(o.path, "/"), strings.Split(path, "/")
	if len(names) != len(values) {
		return ""
	}
	for i, name := range slices.Backward(names) {
		if !strings.HasPrefix(name, "{") || name == secretName {
			continue
		}
		kind, value := strings.TrimSuffix(strings.Trim(name, "{}"), "_id"), values[i]
		if kind == "id" {
			kind = strings.TrimSuffix(names[i-1], "s")
		}
		if uuid.Validate(value) != nil && (refused || !isID(value)) {
			value = ""
		}
		return kind + ":" + value
	}
	return ""
}
