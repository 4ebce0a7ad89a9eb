package matching

import (
	"testing"
	"time"
)

func openUntil(text string, now time.Time, deadline string) (open, known bool) {
	h := hoursOf(text)
	return h.openOn(daysUntil(now, deadline))
}

func TestOpeningHoursAreUnderstoodOrUnknown(t *testing.T) {
	monday := time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC) // noon in Paris
	for _, c := range []struct {
		text, deadline string
		open, known    bool
	}{
		{"Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off", "2021-11-15", true, true},
		{"Mo-Fr 09:00-12:00", "2021-11-15", false, true}, // closes at noon
		{"Mo-Fr 09:00-12:00", "2021-11-16", true, true},
		{"Mo,We 09:00-12:00, 14:00-18:00", "2021-11-15", true, true},
		{"Mo 09:00-11:00, Tu 14:00-18:00", "2021-11-16", true, true},
		{"Sa-Tu 09:00-11:00", "2021-11-16", true, true},
		{"Mo-Su 10:00-12:00; Tu off", "2021-11-16", false, true},
		{"24/7", "2021-11-15", true, true},
		{"Mo-Fr 09:00-17:00; Tu-Su off; Mo closed", "2021-11-21", false, true},
		{"Mo 20:00-02:00", "2021-11-15", true, true},
		{"08:00-10:00", "2021-11-16", true, true},
		{"", "2021-11-30", false, false},
		{"Jan-Mar Mo 09:00-12:00", "2021-11-30", false, false},
		{"sur rendez-vous", "2021-11-30", false, false},
		{"Mo-Fr 09:00-12:00; SH off", "2021-11-30", false, false},
		{"week 1-53/2 Fr 09:00-12:00", "2021-11-30", false, false},
		{"Mo 25:00-26:00", "2021-11-30", false, false},
		{"Lu-Ve 9h-12h", "2021-11-30", false, false},
	} {
		open, known := openUntil(c.text, monday, c.deadline)
		if open != c.open || known != c.known {
			t.Errorf("%q until %s: open %v, known %v", c.text, c.deadline, open, known)
		}
	}
	eve := time.Date(2021, 12, 24, 20, 0, 0, 0, time.UTC)
	if open, _ := openUntil("Mo-Su 09:00-18:00; Su off", eve.AddDate(0, 0, 210), "2022-07-23"); !open {
		t.Error("a summer's day is closed")
	}
	if open, _ := openUntil("Th 09:00-18:00", time.Date(2021, 11, 10, 8, 0, 0, 0, time.UTC), "2021-11-11"); open {
		t.Error("11 November is open")
	}
	if open, _ := openUntil("Th 09:00-18:00; PH 09:00-18:00", time.Date(2021, 11, 10, 8, 0, 0, 0, time.UTC), "2021-11-11"); !open {
		t.Error("11 November is closed, though its hours say otherwise")
	}
}
