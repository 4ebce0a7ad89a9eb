package mediation

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Fault is why a line is not taken.
type Fault struct{ Field, Code string }

// reading is a line as far as it was read.
type reading struct {
	Place

	townName, code string
	latGiven       bool
	lonGiven       bool
}

// Read takes a line whose values have the names of the schema's columns; one that is not there is empty. A line with any
// fault is not to be taken.
func Read(value func(column string) string) (Place, []Fault) {
	r, faults := &reading{}, []Fault(nil)
	for _, f := range fields {
		given := clean(value(f.name))
		var code string
		if utf8.RuneCountInString(given) > f.most {
			code = "too_long"
		} else {
			code = f.read(r, given)
		}
		if code != "" {
			faults = append(faults, Fault{f.name, code})
		}
	}
	if fault := r.locate(); fault != (Fault{}) {
		faults = append(faults, fault)
	}
	return r.Place, faults
}

// clean leaves out what stands for nothing, and what no text has.
func clean(value string) string {
	value = strings.Map(func(c rune) rune {
		if c == 0 || c == '\uFEFF' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(value, "�"))
	switch value = strings.TrimSpace(value); strings.ToLower(value) {
	case "-", "null", "none", "nan", "n/a", "nc", strings.ToLower(NoText):
		return ""
	}
	return value
}

func text(name string, most int, required bool, member func(*Place) *string) field {
	return field{name, most, func(r *reading, given string) string {
		*member(&r.Place) = given
		if required && given == "" {
			return "required"
		}
		return ""
	}, func(p *Place) string { return *member(p) }}
}

// free is a list of any texts.
func free(name string, member func(*Place) *[]string) field {
	return field{name, 1000, func(r *reading, given string) string {
		*member(&r.Place) = parts(given, "|")
		return ""
	}, func(p *Place) string { return joined(*member(p)) }}
}

// words is a list of words of the schema. Two thirds of the files part them with a bar, the others with a semicolon.
func words(name string, list []string, member func(*Place) *[]string) field {
	known := folded(list)
	return field{name, 2000, func(r *reading, given string) string {
		code := ""
		for _, part := range parts(given, "|;") {
			word, ok := known[foldedText(part)]
			switch to := member(&r.Place); {
			case !ok:
				code = "unknown_value"
			case !slices.Contains(*to, word):
				*to = append(*to, word)
			}
		}
		return code
	}, func(p *Place) string { return joined(*member(p)) }}
}

func parts(given, separators string) (list []string) {
	for _, part := range strings.FieldsFunc(given, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
		if part = clean(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func joined(list []string) string { return strings.Join(list, "|") }

func (r *reading) id(given string) string {
	r.ID = given
	if given == "" {
		return "required"
	}
	return ""
}

var pivotShape = regexp.MustCompile(`^[a-zA-Z0-9]{9,14}$`)

func (r *reading) pivot(given string) string {
	given = strings.ReplaceAll(given, " ", "")
	switch {
	case strings.Trim(given, "0") == "":
		return ""
	case !pivotShape.MatchString(given):
		return "bad_format"
	}
	r.Sheet.Pivot = given
	return ""
}

func (r *reading) street(given string) string {
	r.Sheet.Street = strings.Join(strings.Fields(given), " ")
	return ""
}

func (r *reading) lat(given string) (code string) {
	r.Sheet.Lat, r.latGiven, code = degree(given, 90)
	return code
}

func (r *reading) lon(given string) (code string) {
	r.Sheet.Lon, r.lonGiven, code = degree(given, 180)
	return code
}

func degree(given string, most float64) (value float64, known bool, code string) {
	if given == "" {
		return 0, false, ""
	}
	value, err := strconv.ParseFloat(strings.Replace(given, ",", ".", 1), 64)
	if err != nil || !(value >= -most && value <= most) {
		return 0, false, "bad_coordinate"
	}
	return value, value != 0, ""
}

var phoneShape = regexp.MustCompile(`^(\+33|\+590|\+594|\+262|\+596|\+269|\+687|\+689|\+508|\+681)\d{6,9}$`)

// phone takes the number as people write it.
func (r *reading) phone(given string) string {
	if given == "" {
		return ""
	}
	number := strings.NewReplacer(" ", "", ".", "", "-", "", "(0)", "", "(", "", ")", "", "\u00a0", "", "/", "").Replace(given)
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + rest
	} else if rest, ok := strings.CutPrefix(number, "0"); ok && len(rest) == 9 {
		number = "+33" + rest
	}
	if !phoneShape.MatchString(number) {
		return "bad_phone"
	}
	r.Words.Phone, r.Sheet.HasPhone = number, true
	return ""
}

func (r *reading) emails(given string) (code string) {
	for _, one := range parts(given, "|;, ") {
		if name, domain, ok := strings.Cut(one, "@"); !ok || name == "" || !strings.Contains(domain, ".") {
			return "bad_email"
		}
		r.Words.Emails = append(r.Words.Emails, one)
	}
	return ""
}

// day takes the day of the schema, and that of people; the filler is nothing.
func (r *reading) day(given string) string {
	if given == "" || given == NoDay {
		return ""
	}
	if len(given) > len(time.DateOnly) && given[len(time.DateOnly)] == 'T' {
		given = given[:len(time.DateOnly)]
	}
	for _, layout := range []string{time.DateOnly, "02/01/2006"} {
		if day, err := time.Parse(layout, given); err == nil {
			r.Sheet.UpdatedOn = day.Format(time.DateOnly)
			return ""
		}
	}
	return "bad_date"
}
