package mediation

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	week = []struct{ french, osm string }{
		{"lundi", "Mo"}, {"mardi", "Tu"}, {"mercredi", "We"}, {"jeudi", "Th"}, {"vendredi", "Fr"}, {"samedi", "Sa"}, {"dimanche", "Su"},
	}
	span = regexp.MustCompile(`^(\d{1,2}) ?[hH:] ?(\d{2})? ?(?:-|à|–) ?(\d{1,2}) ?[hH:] ?(\d{2})?$`)
)

// weekOf writes fourteen columns, "lundi matin" and so on, as OpenStreetMap writes opening hours. What is no hour is left out.
func weekOf(raw func(string) string) string {
	var days []string
	for _, day := range week {
		var spans []string
		for _, half := range []string{"matin", "après-midi"} {
			if s := spanOf(raw(day.french + " " + half)); s != "" {
				spans = append(spans, s)
			}
		}
		if len(spans) > 0 {
			days = append(days, day.osm+" "+strings.Join(spans, ","))
		}
	}
	return strings.Join(days, "; ")
}

func spanOf(given string) string {
	m := span.FindStringSubmatch(strings.TrimSpace(given))
	if m == nil {
		return ""
	}
	from, to := clock(m[1], m[2]), clock(m[3], m[4])
	if from >= to || to > "24:00" {
		return ""
	}
	return from + "-" + to
}

func clock(hour, minute string) string { return fmt.Sprintf("%02s:%02s", hour, orElse(minute, "00")) }
