// Package paris is the time of day and the days of everything here.
package paris

import (
	"time"
	_ "time/tzdata" // days are days in Paris on every machine
)

// Location is where days begin and end.
var Location = func() *time.Location {
	place, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // the zones are in the binary
	}
	return place
}()

// Day is the day of a moment in Paris: YYYY-MM-DD.
func Day(at time.Time) string { return at.In(Location).Format(time.DateOnly) }
