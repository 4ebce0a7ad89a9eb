package communes

import (
	"strings"
	"unicode"
)

// words are the words of a name in small letters without accents, whatever stands between them. Accents may be
// letters of their own, as some keyboards write them. All saints are one: st, ste, sainte are saint.
func words(name string) []string { return strings.Fields(string(fold(nil, name))) }

// fold adds the words of a name, each behind a space.
func fold(to []byte, name string) []byte {
	start := -1 // of the word that is being written
	for _, r := range name {
		letters, part := plain(r)
		switch {
		case !part:
			to, start = saint(to, start), -1
			continue
		case start < 0:
			to = append(to, ' ')
			start = len(to)
		}
		to = append(to, letters...)
	}
	return saint(to, start)
}

// plain is a letter or digit without its marks; a mark alone is an empty part, all else no part of a word.
func plain(r rune) (letters string, part bool) {
	if r < unicode.MaxASCII {
		letters = ascii[r : r+1]
		return letters, letters != " "
	}
	r = unicode.ToLower(r)
	if letters, ok := french[r]; ok {
		return letters, true
	}
	switch {
	case unicode.Is(unicode.Mn, r):
		return "", true
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return string(r), true
	}
	return "", false
}

const (
	signs = "                                                0123456789       "
	ascii = signs + "abcdefghijklmnopqrstuvwxyz      abcdefghijklmnopqrstuvwxyz     "
)

var french = map[rune]string{
	'à': "a", 'â': "a", 'ä': "a", 'á': "a", 'ã': "a", 'å': "a", 'ç': "c", 'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'î': "i", 'ï': "i", 'í': "i", 'ì': "i",
	'ñ': "n", 'ô': "o", 'ö': "o", 'ó': "o", 'ò': "o", 'ù': "u", 'û': "u", 'ü': "u", 'ú': "u", 'ÿ': "y", 'œ': "oe", 'æ': "ae",
}

// saint writes the word that ends here as all others of its kind.
func saint(to []byte, start int) []byte {
	if start < 0 {
		return to
	}
	switch string(to[start:]) {
	case "st", "ste", "sainte":
		return append(to[:start], "saint"...)
	}
	return to
}
