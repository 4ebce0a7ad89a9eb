package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/refusal"
)

// judged is what is wrong with a request so far. A request with a fault changes nothing any more: its rules are still
// asked, so that the answer names everything at once.
type judged struct {
	faults refusal.Faults
	form   bool // the body is not of the form that the document asks for
}

// Fault notes what is wrong with a request and lets its handler go on: to the rules, which may find more. From here on
// no decider appends anything, and the answer is a 422 with all that was found. It gives err back where that is
// nothing to note: nil, or any error but refusal.Faults.
func Fault(ctx context.Context, err error) error {
	var faults refusal.Faults
	if !errors.As(err, &faults) {
		return err
	}
	x := exchangeOf(ctx)
	x.judged.add(faults)
	return nil
}

// Faulty is what was found so far, nil when that is nothing: for a handler that keeps something without a decider.
func Faulty(ctx context.Context) error { return exchangeOf(ctx).judged.faults.OrNil() }

// trying makes deciders only try what is asked once something is wrong with it.
func (x *exchange) trying(ctx context.Context) context.Context {
	return decider.Trying(ctx, func() bool { return len(x.judged.faults) > 0 })
}

// judge takes what a rule says. Anything but a 422 is about the state, and is not told of a request that is wrong in itself.
func (j *judged) judge(p *Problem) *Problem {
	if len(j.faults) == 0 {
		return p
	}
	if p.Status == http.StatusUnprocessableEntity {
		j.add(p.Errors)
	}
	all := ofFaults(j.faults)
	if j.form {
		all.Code, all.Type = "invalid", problem(422, "invalid", "").Type
	}
	return all
}

// add keeps what is new. A fault of a field that is wrong already, or that rests on one, may follow only from that.
func (j *judged) add(faults refusal.Faults) {
	before := j.faults
	for _, f := range faults {
		if !slices.ContainsFunc(before, func(known refusal.Fault) bool { return follows(f, known) }) {
			j.faults = append(j.faults, f)
		}
	}
	j.faults = list(j.faults).sorted()
}

func follows(f, known refusal.Fault) bool {
	from := known.Field
	if from == "" {
		return f == known
	}
	if partOf(f.Field, from) {
		return true
	}
	return slices.ContainsFunc(strings.Fields(f.Of), func(of string) bool { return partOf(of, from) || partOf(from, of) })
}

// partOf tells whether a dotted field is another one, or a part of it.
func partOf(field, of string) bool {
	rest, begins := strings.CutPrefix(field, of)
	return begins && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// judging lets a handler look at what can be read of a body whose form is wrong. What it answers goes nowhere but into
// the list of faults.
func (s *Server) judging(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(nowhere{http.Header{}}, r)
		WriteError(w, r, exchangeOf(r.Context()).judged.faults)
	})
}

// nowhere is where an answer goes that nobody reads.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) WriteHeader(int)               {}

// readable leaves of a body what can be read, where its operation judges that: members that are wrong are left out, wrong
// entries of a list are null. It gives err back where the body cannot be judged.
func (x *exchange) readable(o *operation, r *http.Request, value any, err error) error {
	var faults refusal.Faults
	if !o.judges || !errors.As(err, &faults) {
		return form(err)
	}
	wrong := map[string]bool{}
	for _, f := range faults {
		wrong[f.Field] = true
	}
	if _, whole := value.(map[string]any); !whole || wrong[""] {
		return form(err)
	}
	rest, err := json.Marshal(without(value, "", wrong))
	if err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(rest)), int64(len(rest))
	x.judged = judged{faults: faults, form: true}
	return nil
}

func without(value any, field string, wrong map[string]bool) any {
	switch v := value.(type) {
	case []any:
		for i, item := range v {
			if at := field + "[" + strconv.Itoa(i) + "]"; wrong[at] {
				v[i] = nil
			} else {
				v[i] = without(item, at, wrong)
			}
		}
	case map[string]any:
		for name, item := range v {
			if at := member(field, name); wrong[at] {
				delete(v, name)
			} else {
				v[name] = without(item, at, wrong)
			}
		}
	}
	return value
}
