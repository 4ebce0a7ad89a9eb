package accesslog

import (
	"fmt"
	"time"
	_ "time/tzdata" // months are months in Paris on every machine
)

var paris = func() *time.Location {
	place, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // the zones are in the binary
	}
	return place
}()

const monthLayout = "2006-01"

// MonthOf is the month of a moment in Paris: YYYY-MM.
func MonthOf(at time.Time) string { return at.In(paris).Format(monthLayout) }

func checkMonth(month string) error {
	if at, err := time.Parse(monthLayout, month); err != nil || at.Format(monthLayout) != month {
		return fmt.Errorf("%q is no month: write YYYY-MM", month)
	}
	return nil
}

func nextMonth(month string) string {
	at, err := time.Parse(monthLayout, month)
	if err != nil {
		return month // the table takes no other than months
	}
	return at.AddDate(0, 1, 0).Format(monthLayout)
}

// tableOf is the name of a month's table.
func tableOf(month string) string { return "y" + month[:4] + "m" + month[5:] }

// Kept is how many months a row is kept.
const Kept = 12

// firstKept is the oldest month that may not be purged: one of its rows may be younger than Kept months.
func firstKept(now time.Time) string {
	year, month, _ := now.In(paris).Date()
	return time.Date(year, month-Kept, 1, 0, 0, 0, 0, time.UTC).Format(monthLayout)
}
