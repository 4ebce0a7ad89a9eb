package matching

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/services/reference"
)

// hours are the opening hours of a week, as far as they are understood. Only the common forms of the OSM syntax are: days,
// times, off, 24/7, PH off. Whatever else is said, months, weeks, words, makes the whole unknown: to send somebody to a closed
// door is worse than to have them ask.
type hours struct {
	known    bool
	until    [7]int16 // minute of the day at which it closes for the day, by time.Weekday; 0: closed
	holidays bool     // open on them as on other days, for it says so
}

var (
	dayNames  = map[string]int{"Su": 0, "Mo": 1, "Tu": 2, "We": 3, "Th": 4, "Fr": 5, "Sa": 6}
	ruleForm  = regexp.MustCompile(`^(?:((?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH))*):? ?)?(off|closed|24/7|(?:\d{1,2}:\d{2}-\d{1,2}:\d{2})(?:,\d{1,2}:\d{2}-\d{1,2}:\d{2})*)$`)
	moreRules = regexp.MustCompile(`([0-9]),((?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b)`)
	spaces    = regexp.MustCompile(`\s*([,;-])\s*`)
)

const dayEnds = 24 * 60

// hoursOf reads opening hours; an empty text is unknown.
func hoursOf(text string) (h hours) {
	text = strings.Join(strings.Fields(spaces.ReplaceAllString(text, "$1")), " ")
	text = strings.Trim(moreRules.ReplaceAllString(text, "$1;$2"), "; ")
	if text == "" {
		return hours{}
	}
	h.known = true
	for _, rule := range strings.Split(text, ";") {
		if !h.rule(rule) {
			return hours{}
		}
	}
	return h
}

// rule takes one rule; a later one is the word on its days.
func (h *hours) rule(text string) bool {
	if text == "" {
		return true
	}
	parts := ruleForm.FindStringSubmatch(text)
	if parts == nil {
		return false
	}
	until, ok := lastMinute(parts[2])
	if !ok {
		return false
	}
	if parts[1] == "" {
		for d := range h.until {
			h.until[d] = until
		}
		return true
	}
	return h.days(parts[1], until)
}

func (h *hours) days(list string, until int16) bool {
	for _, one := range strings.Split(list, ",") {
		from, to, ranged := strings.Cut(one, "-")
		switch {
		case one == "PH":
			h.holidays = until > 0
			continue
		case one == "SH": // what holds in school holidays is not the whole word on any day
			return false
		case !ranged:
			to = from
		}
		first, known := dayNames[from]
		last, also := dayNames[to]
		if !known || !also {
			return false
		}
		for d := first; ; d = (d + 1) % 7 {
			if h.until[d] = until; d == last {
				break
			}
		}
	}
	return true
}

// lastMinute is when the last of some times ends; after midnight is the end of the day.
func lastMinute(times string) (last int16, ok bool) {
	switch times {
	case "off", "closed":
		return 0, true
	case "24/7":
		return dayEnds, true
	}
	for _, one := range strings.Split(times, ",") {
		from, to, _ := strings.Cut(one, "-")
		opens, ok := minute(from)
		closes, also := minute(to)
		if !ok || !also {
			return 0, false
		}
		if closes <= opens {
			closes = dayEnds
		}
		last = max(last, closes)
	}
	return last, true
}

func minute(clock string) (int16, bool) {
	hour, minutes, _ := strings.Cut(clock, ":")
	h, err := strconv.Atoi(hour)
	m, also := strconv.Atoi(minutes)
	if err != nil || also != nil || h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, false
	}
	return int16(h*60 + m), true //nolint:gosec // at most a day
}

// weeks are more than anybody waits for an open door: whoever is closed for so long is closed.
const weeks = 8 * 7

// day is one from now to a deadline: after which minute it still counts, and whether people have it off.
type day struct {
	weekday time.Weekday
	after   int16
	off     bool
}

// daysUntil are those from now to the end of a day, as many as matter.
func daysUntil(now time.Time, deadline string) (list []day) {
	now = now.In(reference.Paris)
	for n := range weeks {
		at := now.AddDate(0, 0, n)
		if reference.Day(at) > deadline {
			break
		}
		list = append(list, day{weekday: at.Weekday(), off: holiday(at)})
	}
	if len(list) > 0 {
		list[0].after = int16(now.Hour()*60 + now.Minute()) //nolint:gosec // at most a day
	}
	return list
}

// openOn tells whether it opens once more on one of some days. Nothing is certain of unknown hours.
func (h *hours) openOn(days []day) (open, known bool) {
	for _, d := range days {
		if until := h.until[d.weekday]; until > d.after && (h.holidays || !d.off) {
			return true, h.known
		}
	}
	return false, h.known
}

// holiday is a day off that is no week-end.
func holiday(day time.Time) bool {
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	return !weekend && !reference.WorkingDay(day)
}
