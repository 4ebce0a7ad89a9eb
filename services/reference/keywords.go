package reference

import (
	"strings"

	"example.org/passerelle/pkg/fold"
)

// WordListVersion is the version of the words that are looked for in descriptions; a changed list gets a new one.
const WordListVersion = "2026-11-22"

// wordList are the words of the study of 2020, in its order.
var wordList = []string{
	"difficulté", "réseau", "accès", "langue", "confiance", "équipement", "appréhension", "compétence", "coût", "isolé", "éloignement", "refus", "service", "connexion",
}

// WordList are the words that are looked for, in a fixed order.
func WordList() []string { return append([]string(nil), wordList...) }

var foldedWords = func() (list []string) {
	for _, word := range wordList {
		list = append(list, fold.Text(word))
	}
	return list
}()

// Keywords are the words of the list that occur in a text, in the order of the list. Case and accents do not count, and
// a plural or feminine is the same word: isolé, isolées.
func Keywords(text string) (found []string) {
	words := fold.Words(text)
	for i, keyword := range foldedWords {
		for _, word := range words {
			if isForm(word, keyword) {
				found = append(found, wordList[i])
				break
			}
		}
	}
	return found
}

// isForm tells whether a word is a keyword, its last letter as often as you like, and an s.
func isForm(word, keyword string) bool {
	ending, ok := strings.CutPrefix(word, keyword)
	return ok && strings.TrimSuffix(strings.TrimLeft(ending, keyword[len(keyword)-1:]), "s") == ""
}
