package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web/strict"
)

// readHeaders keeps what a write may carry and gives the positions that were sent back.
func (x *exchange) readHeaders(o *operation, h http.Header) ([]position, error) {
	if o.writes() {
		var err error
		if x.key, err = single(h, "Idempotency-Key", 255); err != nil {
			return nil, err
		}
		if o.file { // each line of a file happens once by itself: one key for all would make one of them
			x.key = ""
		}
		if x.ifMatch, err = single(h, "If-Match", 200); err != nil {
			return nil, err
		}
		if x.ifMatch != "" && x.ifMatch != "*" {
			if _, _, ok := readETag(x.ifMatch); !ok {
				return nil, badHeader("If-Match", `Send the ETag as it came, such as "referral:7".`)
			}
		}
	}
	return readPositions(h.Values("Passerelle-Position"))
}

// single is the value of a header that may come once: printable ASCII, at most most characters.
func single(h http.Header, name string, most int) (string, error) {
	values := h.Values(name)
	if len(values) == 0 {
		return "", nil
	}
	value := values[0]
	unprintable := func(c rune) bool { return c < ' ' || c > '~' }
	if len(values) > 1 || value == "" || len(value) > most || strings.ContainsFunc(value, unprintable) {
		return "", badHeader(name, "Send it once, with 1 to "+strconv.Itoa(most)+" printable ASCII characters.")
	}
	return value, nil
}

func badHeader(name, detail string) *Problem {
	p := problem(400, "bad_header", "The header "+name+" cannot be read.")
	p.Errors = refusal.Faults{{Field: name, Code: "bad_header", Detail: detail}}
	return p
}

// readQuery refuses names that the operation does not know, then checks the values.
func (x *exchange) readQuery(o *operation, raw string) error {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return problem(400, strict.Malformed, "The query cannot be read.")
	}
	var unknown, wrong refusal.Faults
	for name, values := range query {
		p, known := o.query[name]
		switch {
		case !known:
			unknown = append(unknown, refusal.Fault{Field: member("", strings.ToValidUTF8(name, "?")), Code: "unknown_parameter", Detail: "This query name does not exist."})
		case len(values) > 1:
			wrong = append(wrong, refusal.Fault{Field: name, Code: "repeated", Detail: "Send it once; separate several values by commas where they are allowed."})
		default:
			wrong = append(wrong, p.check(name, values[0])...)
		}
	}
	if len(unknown) > 0 {
		p := problem(400, "unknown_parameter", "These query names are not known here.")
		p.Errors = list(unknown).sorted()
		return p
	}
	for name, p := range o.query {
		if p.required && !query.Has(name) {
			wrong = append(wrong, refusal.Fault{Field: name, Code: "required", Detail: "This query name is missing."})
		}
	}
	x.query = query
	return form(list(wrong).sorted().OrNil())
}

func (p parameter) check(name, text string) refusal.Faults {
	if !cleanPath(text) {
		return refusal.Faults{{Field: name, Code: strict.NotText, Detail: "This text holds a character that is not allowed, or is too long."}}
	}
	value, ok := p.value(text)
	if !ok {
		return refusal.Faults{{Field: name, Code: "wrong_type", Detail: "This has to be " + p.kind + "."}}
	}
	faults, _ := check(p.schema, value, nil).(refusal.Faults) //nolint:errorlint // check gives it as it is
	for i, f := range faults {
		faults[i].Field = name + f.Field
	}
	return faults
}

func (p parameter) value(text string) (any, bool) {
	switch p.kind {
	case "integer":
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil
	case "boolean":
		return text == "true", text == "true" || text == "false"
	case "array":
		var list []any
		for part := range strings.SplitSeq(text, ",") {
			list = append(list, part)
		}
		return list, true
	}
	return text, true
}

// ETag writes the version of an aggregate as "referral:7", quotes included.
func ETag(kind string, version int) string { return `"` + kind + ":" + strconv.Itoa(version) + `"` }

func readETag(tag string) (kind string, version int, ok bool) {
	inner, quoted := strings.CutPrefix(tag, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	kind, digits, parted := strings.Cut(inner, ":")
	version, err := strconv.Atoi(digits)
	letters := func(c rune) bool { return c != '-' && c != '_' && (c < 'a' || c > 'z') }
	return kind, version, quoted && closed && parted && kind != "" && !strings.ContainsFunc(kind, letters) && err == nil && version > 0
}

// IfMatch is the version that the caller has seen of an aggregate of this kind, 0 when the request names none.
// The ETag of another kind is a Problem with 412.
func IfMatch(ctx context.Context, kind string) (int, error) {
	tag := exchangeOf(ctx).ifMatch
	if tag == "" || tag == "*" {
		return 0, nil
	}
	sent, version, _ := readETag(tag)
	if sent != kind {
		return 0, problem(412, "stale", "This ETag belongs to something else. Look at the resource again.")
	}
	return version, nil
}

// filter is the query without what pages through it, in one writing.
func (x *exchange) filter() string {
	rest := url.Values{}
	for name, values := range x.query {
		if !slices.Contains([]string{"cursor", "limit"}, name) {
			rest[name] = values
		}
	}
	return x.path + "?" + rest.Encode()
}
