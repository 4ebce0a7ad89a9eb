package stream

import "strings"

const digits = "0123456789ABCDEF"

// encode leaves printable ASCII but space, quote and percent, and percent-encodes the rest, as the CloudEvents
// NATS binding (1.0.2, section 3.2.3.1) says. What it gives passes a NATS header unchanged.
func encode(s string) string {
	odd := 0
	for i := range len(s) {
		if mustEncode(s[i]) {
			odd++
		}
	}
	if odd == 0 {
		return s
	}
	out := make([]byte, 0, len(s)+2*odd)
	for i := range len(s) {
		if c := s[i]; mustEncode(c) {
			out = append(out, '%', digits[c>>4], digits[c&15])
		} else {
			out = append(out, c)
		}
	}
	return string(out)
}

// decode undoes encode; it is false for a text that encode does not write.
func decode(s string) (string, bool) {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c != '%' && mustEncode(c):
			return "", false
		case c == '%':
			if i+2 >= len(s) {
				return "", false
			}
			high, low := strings.IndexByte(digits, s[i+1]), strings.IndexByte(digits, s[i+2])
			if high < 0 || low < 0 || !mustEncode(byte(high<<4|low)) {
				return "", false
			}
			c = byte(high<<4 | low)
			i += 2
		}
		out = append(out, c)
	}
	return string(out), true
}

func mustEncode(c byte) bool { return c <= ' ' || c > '~' || c == '"' || c == '%' }
