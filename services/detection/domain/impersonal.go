package domain

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"example.org/passerelle/api/events"
)

var (
	emailInText = regexp.MustCompile(`[^\s@]+@[^\s@]+`)
	phoneInText = regexp.MustCompile(`[+]?\d(?:[ .()/-]*\d){7,}`)
)

// impersonal is a description without addresses, numbers and the names of those it is about, before anything is looked
// for in it: somebody's name may be a word of the list.
func impersonal(text string, person *events.Person, helper *events.Helper) string {
	text = phoneInText.ReplaceAllString(emailInText.ReplaceAllString(text, " "), " ")
	names := namesOf(person, helper)
	if len(names) == 0 {
		return text
	}
	var kept []string
	for _, word := range words(text) {
		if !slices.Contains(names, plain(word)) {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

func namesOf(person *events.Person, helper *events.Helper) (names []string) {
	var all []string
	if person != nil {
		all = append(all, person.GivenName, person.FamilyName, person.BirthName)
	}
	if helper != nil {
		all = append(all, helper.Name)
	}
	for _, word := range words(strings.Join(all, " ")) {
		names = append(names, plain(word))
	}
	return names
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) })
}

var accents = strings.NewReplacer("à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "ô", "o", "ö", "o",
	"ù", "u", "û", "u", "ü", "u", "ÿ", "y", "ñ", "n", "œ", "oe", "æ", "ae")

// plain is a word without case, accents and marks, so that a name is found however it is written.
func plain(word string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsMark(c) {
			return -1
		}
		return c
	}, accents.Replace(strings.ToLower(word)))
}
