// Package strict reads JSON as this platform accepts it: one value in UTF-8 with nothing after it, no member
// named twice, not too deep and not too much of it.
package strict

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a body.
const (
	MaxDepth  = 64
	MaxValues = 10_000
)

// Codes of Error.
const (
	Malformed = "malformed"        // not JSON, or not UTF-8
	Trailing  = "trailing_content" // something after the value
	Doubled   = "doubled_member"
	TooDeep   = "too_deep"
	TooMany   = "too_many_values"
)

// Error says why a text is not read.
type Error struct {
	Code   string
	Field  string // dotted; only for Doubled
	Offset int    // in bytes
}

func (e *Error) Error() string {
	if e.Field != "" {
		return e.Code + ": " + e.Field
	}
	return e.Code + " at byte " + strconv.Itoa(e.Offset)
}

// Fault is a value that is JSON, but that no field may hold.
type Fault struct {
	Field string
	Code  string
}

// Codes of Fault.
const (
	NotText  = "not_text"  // a NUL, or half of a surrogate pair
	TooLarge = "too_large" // a number beyond float64
)

// Read gives the value as nil, bool, int64, float64, string, []any or map[string]any: int64 where the number
// is written without fraction and exponent and fits. The faults do not stop the reading. Any error is *Error.
func Read(text []byte) (any, []Fault, error) {
	r := reader{text: string(text), path: make([]step, 0, 16)} // one copy, of which all strings are parts
	r.space()
	v, ok := r.value()
	if ok {
		r.space()
		if r.at < len(r.text) {
			ok = r.fail(Trailing)
		}
	}
	if !ok {
		return nil, nil, r.err
	}
	return v, r.faults, nil
}

// reader goes once through the text. Its methods answer false after they have set err.
type reader struct {
	text   string
	at     int
	values int
	path   []step // to the value that is being read
	faults []Fault
	err    *Error
}

func (r *reader) fail(code string) bool {
	if r.err == nil {
		r.err = &Error{Code: code, Offset: r.at}
		if code == Doubled {
			r.err.Field = dotted(r.path)
		}
	}
	return false
}

func (r *reader) fault(code string) {
	r.faults = append(r.faults, Fault{Field: dotted(r.path), Code: code})
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return
		}
	}
}

// next is the byte to come, 0 at the end.
func (r *reader) next() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *reader) value() (any, bool) {
	if r.values++; r.values > MaxValues {
		return nil, r.fail(TooMany)
	}
	switch c := r.next(); {
	case c == '{':
		return r.object()
	case c == '[':
		return r.array()
	case c == '"':
		return r.textValue()
	case c == '-' || '0' <= c && c <= '9':
		return r.number()
	case c == 't':
		return true, r.word("true")
	case c == 'f':
		return false, r.word("false")
	case c == 'n':
		return nil, r.word("null")
	}
	return nil, r.fail(Malformed)
}

func (r *reader) word(word string) bool {
	if !strings.HasPrefix(r.text[r.at:], word) {
		return r.fail(Malformed)
	}
	r.at += len(word)
	return true
}

func (r *reader) object() (any, bool) {
	if !r.enter() {
		return nil, false
	}
	members := make(map[string]any, 8)
	if r.close('}') {
		return members, true
	}
	for {
		if ok := r.member(members); !ok {
			return nil, false
		}
		if more, ok := r.more('}'); !ok || !more {
			return members, ok
		}
	}
}

func (r *reader) member(members map[string]any) bool {
	if r.next() != '"' {
		return r.fail(Malformed)
	}
	name, plain, ok := r.string()
	if !ok {
		return false
	}
	r.path = append(r.path, step{name: name})
	if _, there := members[name]; there {
		return r.fail(Doubled)
	}
	if !plain {
		r.fault(NotText)
	}
	r.space()
	if r.next() != ':' {
		return r.fail(Malformed)
	}
	r.at++
	r.space()
	v, ok := r.value()
	members[name] = v
	r.path = r.path[:len(r.path)-1]
	return ok
}

func (r *reader) array() (any, bool) {
	if !r.enter() {
		return nil, false
	}
	items := make([]any, 0, 4)
	if r.close(']') {
		return items, true
	}
	for {
		r.path = append(r.path, step{index: len(items), item: true})
		v, ok := r.value()
		if !ok {
			return nil, false
		}
		items = append(items, v)
		r.path = r.path[:len(r.path)-1]
		if more, ok := r.more(']'); !ok || !more {
			return items, ok
		}
	}
}

// enter goes past an opening bracket.
func (r *reader) enter() bool {
	if len(r.path) >= MaxDepth {
		return r.fail(TooDeep)
	}
	r.at++
	r.space()
	return true
}

func (r *reader) close(bracket byte) bool {
	if r.next() != bracket {
		return false
	}
	r.at++
	return true
}

// more goes past a comma, or past the closing bracket, and then there is no more.
func (r *reader) more(bracket byte) (more, ok bool) {
	r.space()
	if r.close(bracket) {
		return false, true
	}
	if r.next() != ',' {
		return false, r.fail(Malformed)
	}
	r.at++
	r.space()
	return true, true
}

func (r *reader) textValue() (any, bool) {
	s, plain, ok := r.string()
	if !ok {
		return nil, false
	}
	if !plain {
		r.fault(NotText)
	}
	return s, true
}

func (r *reader) number() (any, bool) {
	start := r.at
	whole, ok := r.digits()
	if !ok {
		return nil, r.fail(Malformed)
	}
	literal := r.text[start:r.at]
	if whole {
		if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
			return n, true
		}
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		r.fault(TooLarge)
		return nil, true
	}
	return f, true
}

// digits goes past a number; whole says that it has neither fraction nor exponent.
func (r *reader) digits() (whole, ok bool) {
	if r.next() == '-' {
		r.at++
	}
	if r.next() == '0' {
		r.at++
	} else if !r.some() {
		return false, false
	}
	whole = true
	if r.next() == '.' {
		r.at++
		if whole = false; !r.some() {
			return false, false
		}
	}
	if c := r.next(); c == 'e' || c == 'E' {
		r.at++
		if c := r.next(); c == '+' || c == '-' {
			r.at++
		}
		if whole = false; !r.some() {
			return false, false
		}
	}
	return whole, true
}

func (r *reader) some() bool {
	start := r.at
	for c := r.next(); '0' <= c && c <= '9'; c = r.next() {
		r.at++
	}
	return r.at > start
}

// string goes past a string; plain says that it may be kept: no NUL, no half of a pair.
func (r *reader) string() (s string, plain, ok bool) {
	r.at++
	start := r.at
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			s = r.text[start:r.at]
			r.at++
			return s, true, true
		case c == '\\':
			return r.escaped(start)
		case c < ' ':
			return "", false, r.fail(Malformed)
		case c < utf8.RuneSelf:
			r.at++
		default:
			if !r.rune() {
				return "", false, false
			}
		}
	}
	return "", false, r.fail(Malformed)
}

func (r *reader) rune() bool {
	c, size := utf8.DecodeRuneInString(r.text[r.at:])
	if c == utf8.RuneError && size == 1 {
		return r.fail(Malformed)
	}
	r.at += size
	return true
}
