package portal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/services/reference"
)

var (
	months   = []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	weekdays = []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
)

// inFull is a day as people say it: mardi 8 décembre 2026.
func inFull(at time.Time) string {
	at = at.In(reference.Paris)
	return weekdays[at.Weekday()] + " " + dayOf(at)
}

// dayOf is a day without its weekday: 8 décembre 2026.
func dayOf(at time.Time) string {
	at = at.In(reference.Paris)
	first := strconv.Itoa(at.Day())
	if first == "1" {
		first = "1er"
	}
	return fmt.Sprintf("%s %s %d", first, months[at.Month()-1], at.Year())
}

// hour is a time of day: 9 h 30.
func hour(at time.Time) string {
	at = at.In(reference.Paris)
	return fmt.Sprintf("%d\u00a0h\u00a0%02d", at.Hour(), at.Minute())
}

// moment is a day and a time of day.
func moment(at time.Time) string { return inFull(at) + " à " + hour(at) }

// dayText is a day of the REST surface in words; what is no whole day stays as it is, turned round.
func dayText(day string) string {
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		return dayOf(time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, reference.Paris))
	}
	if at, err := time.Parse("2006-01", day); err == nil {
		return fmt.Sprintf("%s %d", months[at.Month()-1], at.Year())
	}
	return day
}

// count is a number with its word: 1 place, 3 places. From two on French takes the plural.
func count(n int, one, many string) string {
	if n < 2 && n > -2 {
		return number(n) + "\u00a0" + one
	}
	return number(n) + "\u00a0" + many
}

// number groups thousands with a narrow no-break space.
func number(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

// rank is a place on a list: 1er rang, 3e rang.
func rank(n int) string {
	if n == 1 {
		return "1er\u00a0rang"
	}
	return strconv.Itoa(n) + "e\u00a0rang"
}

// phoneText groups the digits of a French number by two, however it was typed: 04 65 71 34 01. Any other stays as
// it is.
func phoneText(phone string) string {
	digits := strings.Map(func(c rune) rune {
		if strings.ContainsRune(" .-/()\u00a0\u202f", c) {
			return -1
		}
		return c
	}, phone)
	for _, abroad := range []string{"+330", "00330", "+33", "0033"} {
		if rest, french := strings.CutPrefix(digits, abroad); french {
			digits = "0" + rest
			break
		}
	}
	if len(digits) != 10 || digits[0] != '0' {
		return phone
	}
	return strings.Join([]string{digits[:2], digits[2:4], digits[4:6], digits[6:8], digits[8:]}, "\u00a0")
}

// full is a name as it is written on lists: family name first.
func full(given, family string) string { return strings.ToUpper(family) + " " + given }

// weekday is a day of the REST surface with its weekday: mardi 7 décembre 2026.
func weekday(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return dayText(day)
	}
	return inFull(time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, reference.Paris))
}

func daysText(days []string) []string {
	list := make([]string, len(days))
	for i, d := range days {
		list[i] = dayText(d)
	}
	return list
}
