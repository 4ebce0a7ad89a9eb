// Package fold writes texts so that two ways of writing the same name, phone or code become equal.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l", "đ", "d")

// Text leaves the letters and digits of a text: case, accents, hyphens, spaces and apostrophes do not count.
func Text(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, lower(text))
}

// Words are the words of a text, each folded as by Text: hyphens, spaces and apostrophes part them.
func Words(text string) []string {
	words := strings.FieldsFunc(lower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) })
	kept := words[:0]
	for _, w := range words {
		if w = Text(w); w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

func lower(text string) string {
	return norm.NFKD.String(ligatures.Replace(strings.ToLower(norm.NFKC.String(text))))
}

// Phone writes a French number as 0467000000 and any other as +44….
func Phone(phone string) string {
	digits := strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, phone)
	abroad := strings.HasPrefix(strings.TrimSpace(phone), "+")
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		digits, abroad = rest, true
	}
	if !abroad {
		return digits
	}
	if rest, french := strings.CutPrefix(digits, "33"); french {
		return "0" + strings.TrimPrefix(rest, "0")
	}
	return "+" + digits
}
