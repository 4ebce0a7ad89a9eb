package projections

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/fold"
)

// marker makes keyed hashes: who has not the key learns nothing from them. Each fund has its own, so that nobody is
// found from another fund.
type marker struct {
	secret []byte
	fund   string
}

// shortest is the length of a word's beginning by which it is found.
const shortest = 3

func (m marker) mark(kind, text string) int64 {
	hash := hmac.New(sha256.New, m.secret)
	for _, part := range []string{"people mark", kind, m.fund, text} {
		_, _ = hash.Write(append(binary.AppendUvarint(nil, uint64(len(part))), part...)) // never fails
	}
	return int64(binary.BigEndian.Uint64(hash.Sum(nil))) // all 64 bits, whatever the sign
}

// person gives everything by which somebody is found, in no order that tells something.
func (m marker) person(p events.Person) []int64 {
	var marks []int64
	for _, name := range []string{p.GivenName, p.FamilyName, p.BirthName} {
		for _, word := range wordsOf(name) {
			marks = append(marks, m.word(word)...)
		}
	}
	if number := fold.Phone(p.Phone); number != "" {
		marks = append(marks, m.mark("phone", number))
	}
	marks = append(marks, m.born(p.BirthDate)...)
	slices.Sort(marks)
	return slices.Compact(marks)
}

// wordsOf are the words of a name, and all of them as one: Le Goff is also Legoff.
func wordsOf(name string) []string {
	words := fold.Words(name)
	if len(words) > 1 {
		words = append(words, fold.Text(name))
	}
	return words
}

func (m marker) word(word string) []int64 {
	marks := []int64{m.mark("word", word)}
	letters := []rune(word)
	for n := shortest; n < len(letters); n++ {
		marks = append(marks, m.mark("beginning", string(letters[:n])))
	}
	if sound := fold.Sound(word); sound != "" {
		marks = append(marks, m.mark("sound", sound))
	}
	return marks
}

// The parts of a birth date: its year, its month, its day.
var dateParts = []int{len("1958"), len("1958-03"), len("1958-03-02")}

// born marks a birth date as it is known, and in each lower precision.
func (m marker) born(date string) []int64 {
	if date == "" {
		return nil
	}
	marks := []int64{m.mark("born, no more is known", date)}
	for _, n := range dateParts {
		if n <= len(date) {
			marks = append(marks, m.mark("born", date[:n]))
		}
	}
	return marks
}

// bornAs are the marks of those who may be born then: who is known with that precision or more, or with less.
func (m marker) bornAs(date string) []int64 {
	marks := []int64{m.mark("born", date)}
	for _, n := range dateParts {
		if n < len(date) {
			marks = append(marks, m.mark("born, no more is known", date[:n]))
		}
	}
	return marks
}

// term is a word that is looked for: exactly, as a beginning, by its sound.
type term struct {
	exact            int64
	beginning, sound *int64
}

func (m marker) term(word string) term {
	t := term{exact: m.mark("word", word)}
	if len([]rune(word)) >= shortest {
		beginning := m.mark("beginning", word)
		t.beginning = &beginning
	}
	if sound := fold.Sound(word); sound != "" {
		mark := m.mark("sound", sound)
		t.sound = &mark
	}
	return t
}

// particles belong to the word after them for some, and stand alone for others.
var particles = []string{"d", "da", "de", "del", "della", "des", "di", "du", "el", "l", "la", "le", "les", "mac", "mc", "o", "saint", "st", "van", "von"}

// readings are the ways to take what was typed: word by word, and with particles joined to what follows.
func readings(name string) [][]string {
	words := fold.Words(name)
	var joined []string
	before := ""
	for i, w := range words {
		if slices.Contains(particles, w) && i < len(words)-1 {
			before += w
			continue
		}
		joined = append(joined, before+w)
		before = ""
	}
	if len(words) == 0 || len(joined) == len(words) {
		return [][]string{words}
	}
	return [][]string{words, joined}
}
