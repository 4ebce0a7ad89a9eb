package strict

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escaped reads on in a string that began at start, from its first backslash.
func (r *reader) escaped(start int) (s string, plain, ok bool) {
	text := append(make([]byte, 0, 2*(r.at-start)+32), r.text[start:r.at]...)
	plain = true
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return string(text), plain, true
		case c == '\\':
			one, kept, ok := r.escape()
			if !ok {
				return "", false, r.fail(Malformed)
			}
			text = utf8.AppendRune(text, one)
			plain = plain && kept
		case c < ' ':
			return "", false, r.fail(Malformed)
		default:
			from := r.at
			if !r.rune() {
				return "", false, false
			}
			text = append(text, r.text[from:r.at]...)
		}
	}
	return "", false, r.fail(Malformed)
}

// escape goes past one escape; kept says that a text may hold it.
func (r *reader) escape() (c rune, kept, ok bool) {
	r.at++
	short := r.next()
	r.at++
	switch short {
	case '"', '\\', '/':
		return rune(short), true, true
	case 'b':
		return '\b', true, true
	case 'f':
		return '\f', true, true
	case 'n':
		return '\n', true, true
	case 'r':
		return '\r', true, true
	case 't':
		return '\t', true, true
	case 'u':
		return r.unicode()
	}
	return 0, false, false
}

func (r *reader) unicode() (c rune, kept, ok bool) {
	first, ok := r.hex()
	if !ok || !utf16.IsSurrogate(first) {
		return first, first != 0, ok
	}
	back := r.at
	if r.next() == '\\' && r.at+1 < len(r.text) && r.text[r.at+1] == 'u' {
		r.at += 2
		second, ok := r.hex()
		if !ok {
			return 0, false, false
		}
		if c := utf16.DecodeRune(first, second); c != utf8.RuneError {
			return c, true, true
		}
		r.at = back
	}
	return utf8.RuneError, false, true
}

func (r *reader) hex() (rune, bool) {
	if len(r.text)-r.at < 4 {
		return 0, false
	}
	var n rune
	for _, c := range []byte(r.text[r.at : r.at+4]) {
		switch {
		case '0' <= c && c <= '9':
			n = n<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			n = n<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			n = n<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	r.at += 4
	return n, true
}

// step is one part of the way to a value.
type step struct {
	name  string
	index int
	item  bool
}

// dotted writes a way as meetings[0].ends_at. Long names are cut: the way is shown, the name is the caller's.
func dotted(path []step) string {
	var out []byte
	for _, s := range path {
		switch {
		case s.item:
			out = append(out, '[')
			out = strconv.AppendInt(out, int64(s.index), 10)
			out = append(out, ']')
		default:
			if len(out) > 0 {
				out = append(out, '.')
			}
			out = append(out, short(s.name)...)
		}
	}
	return string(out)
}

func short(name string) string {
	const most = 64
	if len(name) <= most {
		return name
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut] + "…"
}
