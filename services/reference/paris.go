package reference

import "example.org/passerelle/pkg/paris"

// Paris is where days begin and end.
var Paris = paris.Location

// Day is the day of a moment in Paris: YYYY-MM-DD.
var Day = paris.Day
