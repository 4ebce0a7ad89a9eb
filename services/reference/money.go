package reference

import (
	"slices"
	"strconv"
)

// Euros writes cents as French people do: 175000 is "1 750,00 €", with spaces that do not break.
func Euros(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "−", -cents
	}
	whole := strconv.Itoa(cents / 100)
	for n := len(whole) - 3; n > 0; n -= 3 {
		whole = whole[:n] + "\u202f" + whole[n:]
	}
	return sign + whole + "," + strconv.Itoa(cents%100/10) + strconv.Itoa(cents%10) + "\u00a0€"
}

// MoneySources are whose money an envelope is.
func MoneySources() []Code { return slices.Clone(moneySources) }

var moneySources = []Code{
	{"regional", "Enveloppe régionale"}, {"national", "Enveloppe nationale"}, {"ars", "ARS"}, {"inter_scheme", "Interrégimes"},
	{"ars_inter_scheme", "ARS et interrégimes ensemble"}, {"other", "Autre"},
}
