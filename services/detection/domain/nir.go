package domain

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/passerelle/pkg/refusal"
)

// nir is a number of the national register, long enough to be checked and compared. It is never kept.
type nir struct{ sex, year, month string }

var (
	nirShape  = regexp.MustCompile(`^([12])(\d\d)(0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(\d\d|2A|2B)(\d{3})(\d{3})(\d\d)$`)
	nirInside = regexp.MustCompile(`(?i)(?:^|[^0-9])([12][ .-]?\d\d[ .-]?(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)[ .-]?(?:\d\d|2A|2B)[ .-]?\d{3}[ .-]?\d{3})(?:[ .-]?\d\d)?(?:$|[^0-9])`)
	// nirGrouped is a number without its key, with something between all of its groups.
	nirGrouped = regexp.MustCompile(`(?i)(?:^|[^0-9])([12][ .-]\d\d[ .-](?:0[1-9]|1[0-2])[ .-](?:\d\d|2A|2B)[ .-]\d{3}[ .-]\d{3})(?:$|[^0-9])`)
	identifier = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	spaces     = strings.NewReplacer(" ", "", ".", "", "-", "", "\u00a0", "", "\u202f", "")
)

const (
	wholeLength = 15 // with the key
	shortestNIR = 15 // or 13 with something between the groups, which is longer
)

// readNIR checks form and key: thirteen characters and two digits.
func readNIR(typed string) (nir, *refusal.Fault) {
	text := strings.ToUpper(spaces.Replace(typed))
	no := func(code, detail string) (nir, *refusal.Fault) {
		return nir{}, &refusal.Fault{Field: "person.nir", Code: code, Detail: detail}
	}
	switch {
	case len(text) == 13 && (text[0] == '7' || text[0] == '8'):
		return no("nir_provisional", "This is a provisional number, which is not in use any more. Leave it out.")
	case len(text) == 13:
		return no("nir_key_missing", "Type the two digits of the key too, or leave the number out.")
	}
	part := nirShape.FindStringSubmatch(text)
	if part == nil || part[6] == "000" {
		return no("nir_format", "This is not a social security number: 13 characters and a key of 2 digits. Check it, or leave it out.")
	}
	if key(text[:13]) != part[7] {
		return no("nir_key", "The key does not fit the number. Check both, or leave them out.")
	}
	return nir{part[1], part[2], part[3]}, nil
}

// key is 97 minus the number modulo 97; 2A counts as 19, 2B as 18.
func key(number string) string {
	place := strings.NewReplacer("2A", "19", "2B", "18").Replace(number[5:7])
	n, err := strconv.ParseInt(number[:5]+place+number[7:], 10, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%02d", 97-n%97)
}

// fits compares with the declared sex and birth date, as far as they are known.
func (n nir) fits(sex, birthDate string) bool {
	if sex == "F" && n.sex != "2" || sex == "M" && n.sex != "1" {
		return false
	}
	if len(birthDate) >= 4 && birthDate[2:4] != n.year {
		return false
	}
	civil := n.month <= "12" // others stand for an incomplete civil status
	return !civil || len(birthDate) < 7 || birthDate[5:7] == n.month
}

// NIRNotHere refuses a number in any text of a request but person.nir, and says where, never what. It takes a whole
// number with its key, however it is grouped, or one without a key that is grouped as on a card: telephones,
// dates and identifiers are none.
func NIRNotHere(field, text string) *refusal.Fault {
	if field == "person.nir" || len(text) < shortestNIR {
		return nil
	}
	at := wholeNIR(text)
	if grouped := nirGrouped.FindStringSubmatchIndex(text); at < 0 && grouped != nil {
		at = grouped[2]
	}
	if at < 0 || identifier.MatchString(text) {
		return nil
	}
	position := utf8.RuneCountInString(text[:at]) + 1
	return &refusal.Fault{Field: field, Code: "nir_not_here", Detail: fmt.Sprintf("There is a social security number at character %d. Take it out: it may be in person.nir of a new flag only.", position)}
}

// wholeNIR is where a number with its key begins, -1 when there is none.
func wholeNIR(text string) int {
	digit := false // before this place
	for i, c := range text {
		if (c == '1' || c == '2') && !digit {
			if _, fault := readNIR(gathered(text[i:])); fault == nil {
				return i
			}
		}
		digit = '0' <= c && c <= '9'
	}
	return -1
}

// gathered are the next characters that a number may have, without what stands between them; empty when there are
// too few, or when the last one is inside a longer number.
func gathered(text string) string {
	var found []byte
	for _, c := range text {
		switch {
		case len(found) == wholeLength && '0' <= c && c <= '9':
			return ""
		case len(found) == wholeLength:
			return string(found)
		case '0' <= c && c <= '9', len(found) == 6 && strings.ContainsRune("aAbB", c):
			found = append(found, byte(c))
		case !unicode.In(c, unicode.White_Space, unicode.Pd, unicode.Cf) && !strings.ContainsRune("./_", c):
			return ""
		}
	}
	return string(found)
}

// nirInText refuses a text that holds a number, and says where, never what.
func (s *sheet) nirInText(field, text string) {
	if at := nirInside.FindStringSubmatchIndex(text); at != nil {
		position := utf8.RuneCountInString(text[:at[2]]) + 1
		s.fault(true, field, "nir_in_text", fmt.Sprintf("There is a social security number at character %d. Take it out.", position))
	}
}
