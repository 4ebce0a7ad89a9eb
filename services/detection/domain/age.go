package domain

import (
	"strings"
	"time"

	"example.org/passerelle/services/reference"
)

const (
	adult   = 18
	oldest  = 130
	unknown = -1
)

// oldEnough checks the programme's age rule. What is not known is read in the person's favour.
func (s *sheet) oldEnough(c FlagSenior) {
	field := "person.birth_date"
	if c.anonymous() {
		field = "profile.age"
	}
	born := c.person().BirthDate
	_, readable := firstDay(born)
	s.fault(born != "" && !readable, "person.birth_date", "not_a_date", "Write the birth date as YYYY-MM-DD, or YYYY-MM or YYYY where no more is known.")
	s.fault(s.age > oldest || readable && born > reference.Day(c.At)[:len(born)], field, "not_possible", "Nobody has this age. Check the birth date.")
	least := max(adult, c.Programme.AgeOver+1)
	s.fault(s.age >= 0 && s.age < least, field, "too_young", "The programme is for people who are older. Look for another programme.")
}

// age is the age in whole years at the finding date, the highest that the birth date allows.
func (c FlagSenior) age() int {
	if c.anonymous() {
		if age := c.Sheet.Profile.Age; age != nil {
			return *age
		}
		return unknown
	}
	born, ok := firstDay(c.person().BirthDate)
	found, err := time.Parse(day, c.FindingDate)
	if !ok || err != nil {
		return unknown
	}
	years := found.Year() - born.Year()
	if found.Format("0102") < born.Format("0102") {
		years--
	}
	return max(years, unknown)
}

// firstDay is the first day that a full or partial birth date may mean.
func firstDay(date string) (time.Time, bool) {
	for _, layout := range []string{day, "2006-01", "2006"} {
		if t, err := time.Parse(layout, date); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func ageBand(age int) string {
	switch {
	case age < 0:
		return ""
	case age < 46:
		return "under_46"
	case age < 60:
		return "46_59"
	case age < 75:
		return "60_74"
	}
	return "75_over"
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
