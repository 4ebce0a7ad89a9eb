package portal

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// meetingName is the name of the boxes of one meeting.
func meetingName(n int) string { return "seance-" + strconv.Itoa(n) }

// fillMeetings puts the meetings that take place into their boxes.
func (f *form) fillMeetings(list []client.Meeting) {
	n := 0
	for _, m := range list {
		if the(m.Cancelled) {
			continue
		}
		n++
		start, end := m.StartsAt.In(reference.Paris), m.EndsAt.In(reference.Paris)
		f.values.Set(meetingName(n)+"-jour", strconv.Itoa(start.Day()))
		f.values.Set(meetingName(n)+"-mois", strconv.Itoa(int(start.Month())))
		f.values.Set(meetingName(n)+"-annee", strconv.Itoa(start.Year()))
		f.values.Set(meetingName(n)+"-debut", start.Format("15:04"))
		f.values.Set(meetingName(n)+"-fin", end.Format("15:04"))
	}
}

const (
	mostMeetings  = 20
	spareMeetings = 1 // boxes that are empty
)

// meetingBoxes are how many meetings the form has boxes for.
func (f form) meetingBoxes() int {
	n := 0
	for i := 1; i <= mostMeetings; i++ {
		if f.value(meetingName(i)+"-jour") != "" {
			n = i
		}
	}
	return min(n+spareMeetings, mostMeetings)
}

// meetings reads the boxes; those that are empty are no meeting.
func (f *form) meetings() (list []client.Meeting) {
	for n := 1; n <= f.meetingBoxes(); n++ {
		name, label := meetingName(n), "Séance "+strconv.Itoa(n)
		day := f.date(name, label, false)
		if day == nil {
			continue
		}
		start, end := f.clock(*day, name+"-debut", label+", début"), f.clock(*day, name+"-fin", label+", fin")
		list = append(list, client.Meeting{StartsAt: start, EndsAt: end})
	}
	slices.SortStableFunc(list, func(a, b client.Meeting) int { return a.StartsAt.Compare(b.StartsAt) })
	return list
}

var clockTime = regexp.MustCompile(`^([01]?[0-9]|2[0-3])(?:[:h]([0-5][0-9])?)?$`)

// clock reads 9:30, 9h30, 9 h 30 or 9 h as a moment of a day in Paris.
func (f *form) clock(day, name, label string) time.Time {
	typed := strings.ToLower(strings.NewReplacer(" ", "", "\u00a0", "").Replace(f.value(name)))
	found := clockTime.FindStringSubmatch(typed)
	if found == nil {
		f.refuse(name, label+"\u00a0: une heure, par exemple 9:30")
		return time.Time{}
	}
	if found[2] == "" {
		found[2] = "00"
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+two(intOf(found[1]))+":"+found[2], reference.Paris)
	if err != nil {
		f.refuse(name, label+"\u00a0: une heure, par exemple 9:30")
	}
	return at.UTC()
}

func intOf(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// meetingEntries tie what is refused of meetings to their boxes.
func (f form) meetingEntries() (list []entry) {
	for n := 1; n <= mostMeetings; n++ {
		list = append(list, entry{"meetings[" + strconv.Itoa(n-1) + "]", meetingName(n), "Séance " + strconv.Itoa(n), meetingWords})
	}
	return append(list, entry{"meetings", meetingName(1), "Séances", meetingWords}, entry{"registration_closes_at", "cloture", "Demandes jusqu’au", meetingWords})
}

var meetingWords = map[string]string{
	"in_the_past":         "L’atelier se déplace vers un jour à venir",
	"has_been":            "Une séance qui a commencé reste comme elle était",
	"after_first_meeting": "Les demandes s’arrêtent avant le début de la première séance",
	"required":            "Il faut au moins une séance",
	"too_short":           "Il faut au moins une séance",
	"too_few":             "Il faut au moins une séance",
	"overlap":             "Deux séances se chevauchent",
	"not_in_order":        "Deux séances se chevauchent",
	"before_start":        "Une séance finit après son début",
	"ends_before_start":   "Une séance finit après son début",
}

// closing reads until when requests are taken; nil: as by default.
func (f *form) closing() *time.Time {
	day := f.date("cloture", "Demandes jusqu’au", false)
	if day == nil {
		return nil
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", *day+" 18:00", reference.Paris)
	if err != nil {
		return nil
	}
	return new(at.UTC())
}
