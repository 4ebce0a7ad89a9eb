package projections

import (
	"time"
	_ "time/tzdata" // days are days in Paris on every machine
)

var paris = func() *time.Location {
	place, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return place
}()

// day is the day of a moment in Paris, as YYYY-MM-DD.
func day(at time.Time) string { return at.In(paris).Format(time.DateOnly) }

// midnight begins the day of a moment in Paris, some days later.
func midnight(at time.Time, later int) time.Time {
	y, m, d := at.In(paris).Date()
	return time.Date(y, m, d+later, 0, 0, 0, 0, paris)
}

// daysSince counts the nights between two moments, as people in Paris do.
func daysSince(at, now time.Time) int {
	y, m, d := at.In(paris).Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	y, m, d = now.In(paris).Date()
	return max(0, int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(from).Hours()/24))
}
