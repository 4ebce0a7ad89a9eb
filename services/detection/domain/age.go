package domain

import (
	"fmt"
	"strings"
	"time"

	"example.org/passerelle/pkg/directory"
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
	s.born(c.person().BirthDate, field, reference.Day(c.At))
	s.fault(s.age > oldest, field, "not_possible", "Nobody has this age. Check the birth date.", ageOf...)
	if s.age >= 0 && s.age < leastAge(c.Programme) {
		s.fault(true, field, "too_young", s.older(c), ageOf...)
	}
}

// ageOf are the fields from which an age follows.
var ageOf = []string{"finding_date", "programme", "person.birth_date", "person_id"}

// leastAge is that of people whom a programme is for.
func leastAge(p directory.Programme) int { return max(adult, p.AgeOver+1) }

// older says from which age the programme is, and which others of the fund take the person.
func (s *sheet) older(c FlagSenior) string {
	text := fmt.Sprintf("The programme is for people aged %d and over.", leastAge(c.Programme))
	var others []string
	for _, p := range c.Directory.Programmes() {
		if p.Fund == c.Author.Fund && s.fits(p, c.FindingDate) {
			others = append(others, p.Name+" ("+p.ID+")")
		}
	}
	if len(others) == 0 {
		return text + " No other programme of your fund takes this person on that day."
	}
	return text + " These of your fund take this person: " + strings.Join(others, ", ") + "."
}

// fits tells whether a programme takes such a person of this desk on a day.
func (s *sheet) fits(p directory.Programme, found string) bool {
	opens, open := s.opens(p)
	return p.TakesFlags && !p.Closed && s.age >= leastAge(p) && open && opens <= found && (p.Closes == "" || found <= p.Closes) && p.TakesPart(s.desk.ID)
}

// born checks a birth date; field is where one that cannot be is shown.
func (s *sheet) born(date, field, today string) {
	s.date(date, "person.birth_date", "Write the birth date as YYYY-MM-DD, or YYYY-MM or YYYY where no more is known.")
	first, readable := firstDay(date)
	s.fault(readable && (date > today[:len(date)] || tooOld(first, today)), field, "not_possible", "Nobody has this age. Check the birth date.")
}

func tooOld(born time.Time, today string) bool {
	now, err := time.Parse(day, today)
	return err == nil && born.AddDate(oldest+1, 0, 0).Before(now)
}

// date checks a full or partial date, where one was given.
func (s *sheet) date(date, field, detail string) {
	_, readable := firstDay(date)
	s.fault(date != "" && !readable, field, "not_a_date", detail)
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

func blank(s string) bool { return strings.TrimSpace(s) == "" }
