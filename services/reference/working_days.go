package reference

import "time"

// SignalDays are the working days within which a signal is answered.
const SignalDays = 5

// WorkingDay says whether people work in France on the day of a moment in Paris: no week-end, no public holiday.
func WorkingDay(at time.Time) bool {
	at = at.In(Paris)
	if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		return false
	}
	switch at.Format("01-02") {
	case "01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25":
		return false
	}
	easter := easterSunday(at.Year())
	for _, after := range []int{1, 39, 50} { // Easter Monday, Ascension, Whit Monday
		if at.Format(time.DateOnly) == easter.AddDate(0, 0, after).Format(time.DateOnly) {
			return false
		}
	}
	return true
}

// WorkingDaysLater is the same time of day, n working days later; earlier when n is negative.
func WorkingDaysLater(at time.Time, n int) time.Time {
	at = at.In(Paris)
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		at = at.AddDate(0, 0, step)
		if WorkingDay(at) {
			n--
		}
	}
	return at
}

// easterSunday by the Gregorian computus of Meeus, Jones and Butcher.
func easterSunday(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	dayOfMonth := (h + l - 7*m + 33*month + 19) % 32
	return time.Date(year, time.Month(month), dayOfMonth, 0, 0, 0, 0, Paris)
}
