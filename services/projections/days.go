package projections

import (
	"time"

	"example.org/passerelle/services/reference"
)

// midnight begins the day of a moment in Paris, some days later.
func midnight(at time.Time, later int) time.Time {
	y, m, d := at.In(reference.Paris).Date()
	return time.Date(y, m, d+later, 0, 0, 0, 0, reference.Paris)
}

// daysSince counts the nights between two moments, as people in Paris do.
func daysSince(at, now time.Time) int {
	y, m, d := at.In(reference.Paris).Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	y, m, d = now.In(reference.Paris).Date()
	return max(0, int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(from).Hours()/24))
}
