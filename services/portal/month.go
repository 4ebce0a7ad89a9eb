package portal

import (
	"strconv"
	"strings"
	"time"
)

var plain = strings.NewReplacer("é", "e", "è", "e", "û", "u", ".", "")

// monthOf reads a month: 1, 01, janv, janvier, Févr. 0 is none.
func monthOf(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 || n > 12 {
			return 0
		}
		return n
	}
	text = plain.Replace(strings.ToLower(strings.TrimSpace(text)))
	if len(text) < 3 || text == "jui" { // juin or juillet
		return 0
	}
	for i, name := range months {
		if strings.HasPrefix(plain.Replace(name), text) {
			return i + 1
		}
	}
	return 0
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
