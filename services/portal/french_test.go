package portal

import (
	"testing"
	"time"
)

func TestWordsAreWrittenAsInFrance(t *testing.T) {
	at := time.Date(2026, 12, 8, 8, 5, 0, 0, time.UTC)
	for got, want := range map[string]string{
		inFull(at): "mardi 8 décembre 2026",
		moment(at): "mardi 8 décembre 2026 à 9\u00a0h\u00a005",
		dayOf(time.Date(2026, 5, 31, 22, 30, 0, 0, time.UTC)): "1er juin 2026", // it is June in Paris
		dayText("1958-03-02"):             "2 mars 1958",
		dayText("1958-03"):                "mars 1958",
		dayText("1958"):                   "1958",
		count(0, "place", "places"):       "0\u00a0place",
		count(1, "place", "places"):       "1\u00a0place",
		count(2, "place", "places"):       "2\u00a0places",
		count(12345, "place", "places"):   "12\u202f345\u00a0places",
		number(-1234567):                  "-1\u202f234\u202f567",
		number(-123):                      "-123",
		rank(1):                           "1er\u00a0rang",
		rank(3):                           "3e\u00a0rang",
		phoneText("+33465713401"):         "04\u00a065\u00a071\u00a034\u00a001",
		full("Testine", "Exemple-Fictif"): "EXEMPLE-FICTIF Testine",
		percent(1, 3):                     "33,3\u00a0%",
		percent(0, 0):                     "–",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPeriodsAreWholeAndNamed(t *testing.T) {
	for _, today := range []time.Time{
		time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), time.Date(2024, 2, 29, 1, 0, 0, 0, time.UTC),
	} {
		for _, p := range periods(today) {
			from, err1 := time.Parse(time.DateOnly, p.From)
			to, err2 := time.Parse(time.DateOnly, p.To)
			if err1 != nil || err2 != nil || to.Before(from) || from.Day() != 1 || to.Sub(from) > 366*24*time.Hour {
				t.Errorf("%s: %s is from %s to %s", today, p.Code, p.From, p.To)
			}
		}
	}
}

func TestAChartSaysEveryNumberInWords(t *testing.T) {
	c := chart{Title: "Places", Names: []string{"prises", "libres"}, Bars: []bar{{Label: "mai", Values: []int{3, 5}}, {Label: "juin", Values: []int{0, 0}}}}
	if said := c.words(c.Bars[0]); said != "mai\u00a0: 3\u00a0prises, 5\u00a0libres" {
		t.Error(said)
	}
	if parts := c.segments(c.Bars[0]); len(parts) != 2 || parts[0].Width != "37.50%" || parts[1].X != "37.50%" || parts[1].Width != "62.50%" {
		t.Errorf("%+v", parts)
	}
	if parts := c.segments(c.Bars[1]); len(parts) != 0 {
		t.Errorf("nothing is drawn for nothing: %+v", parts)
	}
}
