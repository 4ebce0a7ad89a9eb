package detection

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"example.org/passerelle/api/events"
)

// marker makes keyed hashes: who has not the key learns nothing from them.
type marker struct {
	secret []byte
	fund   string
}

func (m marker) mark(kind string, parts ...string) []byte {
	hash := hmac.New(sha256.New, m.secret)
	for _, part := range append([]string{"detection mark", kind, m.fund}, parts...) {
		_, _ = hash.Write(append(binary.AppendUvarint(nil, uint64(len(part))), part...)) // never fails
	}
	return hash.Sum(nil)
}

// marks are those of the same person (names, birth date, and phone or address), and those of somebody alike
// (family name and birth year, or phone).
func (m marker) marks(p events.Person) (same, alike [][]byte) {
	name, family, number := fold(p.GivenName)+" "+fold(p.FamilyName), fold(p.FamilyName), foldPhone(p.Phone)
	if number != "" {
		same = append(same, m.mark("phone", name, p.BirthDate, number))
		alike = append(alike, m.mark("same phone", number))
	}
	if a := p.Address; a != nil && fold(a.Street) != "" {
		if a.Postcode != "" {
			same = append(same, m.mark("postcode", name, p.BirthDate, fold(a.Street), fold(a.Postcode)))
		}
		if a.Insee != "" {
			same = append(same, m.mark("commune", name, p.BirthDate, fold(a.Street), fold(a.Insee)))
		}
	}
	if len(p.BirthDate) >= len("1958") {
		alike = append(alike, m.mark("same year", family, p.BirthDate[:4]))
	}
	return same, alike
}

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss", "ø", "o", "ł", "l", "đ", "d")

// fold leaves the letters and digits of a text: case, accents, hyphens, spaces and apostrophes do not count.
func fold(text string) string {
	text = ligatures.Replace(strings.ToLower(norm.NFKC.String(text)))
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, norm.NFKD.String(text))
}

// foldPhone writes a French number as 0467000000 and any other as +44….
func foldPhone(phone string) string {
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
