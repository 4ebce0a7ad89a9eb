package reference

import (
	"slices"
	"strings"
	"unicode"
)

// WordListVersion is that of the words that are looked for.
const WordListVersion = "1"

var wordList = []string{
	"difficulté", "réseau", "accès", "langue", "confiance", "équipement", "appréhension", "compétence", "coût", "isolé", "éloignement", "refus", "service",
	"connexion",
}

var folded = strings.NewReplacer("à", "a", "â", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "ô", "o", "ù", "u", "û", "u")

// Keywords are the words of the list that a text has: case and accents do not count, nor does a plural s.
func Keywords(text string) (found []string) {
	words := strings.FieldsFunc(folded.Replace(strings.ToLower(text)), func(c rune) bool { return !unicode.IsLetter(c) })
	for _, keyword := range wordList {
		plain := folded.Replace(keyword)
		if slices.Contains(words, plain) || slices.Contains(words, plain+"s") {
			found = append(found, keyword)
		}
	}
	return found
}
