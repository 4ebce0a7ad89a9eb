package portal

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// form is what somebody typed, and what is wrong with it.
type form struct {
	values url.Values
	faults []fault // in the order of the page
}

// fault is one thing to mend. Field names an input of the page; empty: the form as a whole.
type fault struct{ Field, Text string }

func (f form) value(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// without is the form with one input empty.
func (f form) without(name string) form {
	values := maps.Clone(f.values)
	delete(values, name)
	return form{values, f.faults}
}

func (f form) list(name string) []string { return f.values[name] }

func (f form) chosen(name, value string) bool { return slices.Contains(f.values[name], value) }

// fault is what is wrong with an input, empty when nothing is.
func (f form) fault(name string) string {
	for _, one := range f.faults {
		if one.Field == name {
			return one.Text
		}
	}
	return ""
}

func (f *form) refuse(field, text string) { f.faults = append(f.faults, fault{field, text}) }

func (f form) wrong() bool { return len(f.faults) > 0 }

// key makes two clicks one: it stays the same while the form comes back with faults.
func (f form) key() string {
	if key := f.value("cle"); key != "" {
		return key
	}
	return uuid.NewString()
}

// anchor is the id of an input.
func anchor(name string) string {
	return "champ-" + strings.NewReplacer(".", "-", "[", "-", "]", "").Replace(name)
}

// Three-valued answers: yes, no, and nothing said.

func (f form) yesNo(name string) *bool {
	switch f.value(name) {
	case "oui":
		yes := true
		return &yes
	case "non":
		no := false
		return &no
	}
	return nil
}

// text is what was typed, nil for nothing.
func (f form) text(name string) *string {
	if v := f.value(name); v != "" {
		return &v
	}
	return nil
}

// date reads three boxes as YYYY-MM-DD; with partial also YYYY-MM and YYYY. The month may be a word: janv.
// A date that cannot be is refused beside the boxes.
func (f *form) date(name, label string, partial bool) *string {
	day, month, year := f.value(name+"-jour"), f.value(name+"-mois"), f.value(name+"-annee")
	if day == "" && month == "" && year == "" {
		return nil
	}
	text, ok := dateOf(day, month, year, partial)
	if !ok {
		example := "par exemple 2 3 1958"
		if partial {
			example += ", ou l’année seule"
		}
		f.refuse(name, label+"\u00a0: indiquez une date qui existe, "+example)
		return nil
	}
	return &text
}

func dateOf(day, month, year string, partial bool) (string, bool) {
	y, err := strconv.Atoi(year)
	if err != nil || y < 1900 || y > 2200 {
		return "", false
	}
	if month == "" && day == "" && partial {
		return strconv.Itoa(y), true
	}
	m := monthOf(month)
	if m == 0 {
		return "", false
	}
	if day == "" && partial {
		return strconv.Itoa(y) + "-" + two(m), true
	}
	d, err := strconv.Atoi(day)
	if err != nil || d < 1 || d > daysIn(y, m) {
		return "", false
	}
	return strconv.Itoa(y) + "-" + two(m) + "-" + two(d), true
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
