package portal

import (
	"net/url"
	"strconv"
	"strings"
)

func orText(kind string) string {
	if kind == "" {
		return "text"
	}
	return kind
}

// describedBy names the hint and the error of an input.
func describedBy(f form, name, hint string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, anchor(name)+"-aide")
	}
	if f.fault(name) != "" {
		ids = append(ids, anchor(name)+"-erreur")
	}
	return strings.Join(ids, " ")
}

func join(ids ...string) string { return strings.TrimSpace(strings.Join(ids, " ")) }

// choiceID is the id of an answer. The first has the input's own, so that an error leads to it.
func choiceID(name string, n int) string {
	if n == 0 {
		return anchor(name)
	}
	return anchor(name) + "-" + strconv.Itoa(n+1)
}

// yesNoUnknown are the answers that a person may give or not know.
func yesNoUnknown() []choice {
	return []choice{{Value: "oui", Label: "Oui"}, {Value: "non", Label: "Non"}, {Value: "", Label: "Ne sait pas"}}
}

// choices are the entries of a code list.
func (w words) choices(list string) []choice {
	out := make([]choice, 0, len(w.lists[list]))
	for _, c := range w.lists[list] {
		out = append(out, choice{Value: c.Code, Label: c.Label})
	}
	return out
}

// withNone puts an empty answer first.
func withNone(label string, list []choice) []choice {
	return append([]choice{{Label: label}}, list...)
}

// nextPage is an address with the cursor of the next page.
func nextPage(path, cursor string) string {
	address, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set("suite", cursor)
	return address + "?" + values.Encode()
}

// Marks and tones of states: a word says it, the mark and the colour help to find it.
var marks = map[string]struct{ icon, tone string }{
	"good":    {"check", "psl-status--ok"},
	"waiting": {"clock", "psl-status--wait"},
	"to_do":   {"arrow", "psl-status--info"},
	"bad":     {"cross", "psl-status--stop"},
	"ended":   {"check", ""},
}

// kinds of the states of flags, referrals and sessions.
var kinds = map[string]string{
	"submitted": "to_do", "validated": "good", "returned": "waiting", "dismissed": "ended", "withdrawn": "ended",
	"overdue": "bad", "sent": "to_do", "received": "waiting", "done": "good", "refused": "bad", "proposed": "to_do", "adopted": "waiting",
	"none": "ended", "to_refer": "to_do", "wished": "waiting", "referred": "waiting", "closed": "ended",
	"requested": "waiting", "in_study": "waiting", "enrolled": "good", "waitlisted": "waiting", "offered": "to_do", "declined": "bad",
	"expired": "bad", "cancelled": "bad", "unserved": "bad", "in_progress": "good", "completed": "good", "dropped": "bad", "no_show": "bad",
	"draft": "ended", "open": "good", "confirmed": "good", "running": "waiting", "stopped": "bad",
	"kept": "good", "lacking": "bad", "available": "good", "lent": "waiting",
}

func mark(state string) string { return marks[kindOf(state)].icon }

func tone(state string) string { return marks[kindOf(state)].tone }

// kindOf is the kind of a state; one that is not known is neutral.
func kindOf(state string) string {
	if kind, ok := kinds[state]; ok {
		return kind
	}
	return "ended"
}
