package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// shaped is a text in the form of a number, with or without its key, joined or in groups. A letter or digit
// before or after makes it a part of something longer.
var shaped = regexp.MustCompile(`(?i)\b([12])[ .-]?(\d\d)[ .-]?(0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)[ .-]?(\d\d|2A|2B)[ .-]?(\d{3})[ .-]?(\d{3})(?:[ .-]?(\d\d))?\b`)

// numbersIn are the social security numbers in a text: fifteen characters with the key that fits, or thirteen
// without one that are no moment of today in milliseconds and no part of an identifier.
func numbersIn(text string, now time.Time) (found []string) {
	for _, at := range shaped.FindAllStringSubmatchIndex(text, -1) {
		var number strings.Builder
		for i := 1; i <= 6; i++ {
			number.WriteString(text[at[2*i]:at[2*i+1]])
		}
		whole, plain := text[at[0]:at[1]], strings.ToUpper(number.String())
		switch {
		case strings.HasSuffix(plain, "000") || inIdentifier(text, at[0], at[1]):
		case at[14] >= 0 && text[at[14]:at[15]] == key(plain), at[14] < 0 && !isMoment(whole, now):
			found = append(found, whole)
		}
	}
	return found
}

// inIdentifier: a hyphen or point around means that groups of something longer were taken for those of a number.
func inIdentifier(text string, from, to int) bool {
	around := func(i int) bool { return i >= 0 && i < len(text) && strings.ContainsRune("-_.", rune(text[i])) }
	next := to+1 < len(text) && text[to+1] != ' ' && text[to+1] != '"' && text[to+1] != '\n'
	return around(from-1) || around(to) && next
}

// isMoment: logs write the time of the run in milliseconds, which has thirteen digits too.
func isMoment(text string, now time.Time) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && now.Sub(time.UnixMilli(n)).Abs() < 7*24*time.Hour
}

// key is 97 less the number modulo 97; 2A counts as 19, 2B as 18.
func key(number string) string {
	place := strings.NewReplacer("2A", "19", "2B", "18").Replace(number[5:7])
	n, err := strconv.ParseInt(number[:5]+place+number[7:], 10, 64)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%02d", 97-n%97)
}
