package detection

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/fold"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/reference"
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
	name, family, number := fold.Text(p.GivenName)+" "+fold.Text(p.FamilyName), fold.Text(p.FamilyName), fold.Phone(p.Phone)
	if number != "" {
		same = append(same, m.mark("phone", name, p.BirthDate, number))
		alike = append(alike, m.mark("same phone", number))
	}
	if a := p.Address; a != nil && fold.Text(a.Street) != "" {
		if a.Postcode != "" {
			same = append(same, m.mark("postcode", name, p.BirthDate, fold.Text(a.Street), fold.Text(a.Postcode)))
		}
		if a.Insee != "" {
			same = append(same, m.mark("commune", name, p.BirthDate, fold.Text(a.Street), fold.Text(a.Insee)))
		}
	}
	if len(p.BirthDate) >= len("1958") {
		alike = append(alike, m.mark("same year", family, p.BirthDate[:4]))
	}
	return same, alike
}

// overlap is how long before midnight the next day's values are taken too.
const overlap = 10 * time.Minute

// claims are what somebody new takes with the append, so that two flags at one moment do not register one person
// twice. Older ones are found by their marks, so the values hold for a day; nobody takes them a day later.
func (m marker) claims(circle string, p events.Person, at time.Time) (values []string) {
	days := []string{reference.Day(at)}
	if next := reference.Day(at.Add(overlap)); next != days[0] {
		days = append(days, next)
	}
	same, _ := m.marks(p)
	for _, mark := range same {
		for _, day := range days {
			values = append(values, domain.SamePersonClaim+hex.EncodeToString(m.mark("claim", circle, day, string(mark))))
		}
	}
	return values
}
