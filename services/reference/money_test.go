package reference

import "testing"

func TestEurosAreWrittenTheFrenchWay(t *testing.T) {
	t.Parallel()
	for cents, want := range map[int]string{
		0: "0,00 €", 5: "0,05 €", 175000: "1 750,00 €", 25438996: "254 389,96 €", 125141500: "1 251 415,00 €", -16667: "−166,67 €", 99999: "999,99 €",
	} {
		spaced := ""
		for _, c := range Euros(cents) {
			if c == '\u202f' || c == '\u00a0' {
				c = ' '
			}
			spaced += string(c)
		}
		if spaced != want {
			t.Errorf("%d is %q, not %q", cents, spaced, want)
		}
	}
}
