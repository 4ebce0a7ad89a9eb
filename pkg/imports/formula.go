package imports

import "strings"

// What a spreadsheet would take for a formula. An apostrophe before it makes it a text, there and here.
const formula = "=+-@\t\r'"

// Cell writes a value so that no spreadsheet computes it; a line that is read takes the apostrophe away again.
func Cell(value string) string {
	if value != "" && strings.ContainsRune(formula, rune(value[0])) {
		return "'" + value
	}
	return value
}

func unformula(value string) string {
	if rest, quoted := strings.CutPrefix(value, "'"); quoted && rest != "" && strings.ContainsRune(formula, rune(rest[0])) {
		return rest
	}
	return value
}
