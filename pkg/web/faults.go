package web

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web/strict"
)

const unknownMember = "unknown_member"

// check compares a value with a schema, and adds what was found before. Unknown members come back as a 400, all else
// as refusal.Faults.
func check(schema *jsonschema.Schema, value any, read []strict.Fault, known ...refusal.Fault) error {
	found := faults{wrong: known}
	for _, f := range read {
		found.add(f.Field, f.Code, readDetails[f.Code])
	}
	if err := schema.Validate(value); err != nil {
		var invalid *jsonschema.ValidationError
		if !errors.As(err, &invalid) {
			return err
		}
		found.collect(value, invalid)
	}
	if len(found.unknown) > 0 {
		return unknownMembers(found.unknown.sorted())
	}
	return found.wrong.sorted().OrNil()
}

var readDetails = map[string]string{
	strict.NotText:  "This text holds a NUL or half of a character.",
	strict.TooLarge: "This number is too large.",
}

func unknownMembers(members refusal.Faults) *Problem {
	p := problem(400, unknownMember, "These members are not known here.")
	p.Errors = members
	return p
}

// faults are split by what wins: members that do not exist, and all others.
type faults struct{ unknown, wrong list }

type list refusal.Faults

func (l list) sorted() refusal.Faults {
	slices.SortFunc(l, func(a, b refusal.Fault) int {
		return cmp.Or(strings.Compare(a.Field, b.Field), strings.Compare(a.Code, b.Code))
	})
	return refusal.Faults(slices.Compact(l))
}

func (f *faults) add(field, code, detail string) {
	f.wrong = append(f.wrong, refusal.Fault{Field: field, Code: code, Detail: detail})
}

// collect goes down to the errors that have no cause of their own.
func (f *faults) collect(value any, e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		f.collect(value, cause)
	}
	if len(e.Causes) > 0 {
		return
	}
	field := dotted(value, e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			f.unknown = append(f.unknown, refusal.Fault{Field: member(field, name), Code: unknownMember, Detail: "This member does not exist."})
		}
	case *kind.Required:
		for _, name := range k.Missing {
			f.add(member(field, name), "required", "This member is missing.")
		}
	default:
		code, detail := describe(k)
		f.add(field, code, detail)
	}
}

// describe gives code and words of a fault. The value itself is never in it.
func describe(k jsonschema.ErrorKind) (code, detail string) {
	switch k := k.(type) {
	case *kind.Type:
		return "wrong_type", "This has to be " + strings.Join(k.Want, " or ") + "."
	case *kind.Enum:
		return "not_in_list", "This has to be one of: " + words(k.Want) + "."
	case *kind.Const:
		return "not_in_list", fmt.Sprintf("This has to be %v.", k.Want)
	case *kind.MaxLength:
		return "too_long", "At most " + counted(k.Want, "character", "characters") + "."
	case *kind.MinLength:
		return "too_short", "At least " + counted(k.Want, "character", "characters") + "."
	case *kind.MaxItems:
		return "too_long", "At most " + counted(k.Want, "entry", "entries") + "."
	case *kind.MinItems:
		return "too_short", "At least " + counted(k.Want, "entry", "entries") + "."
	case *kind.Maximum:
		return "too_large", "At most " + number(k.Want) + "."
	case *kind.Minimum:
		return "too_small", "At least " + number(k.Want) + "."
	case *kind.Format:
		return "bad_format", "This has to be written as " + k.Want + "."
	case *kind.Pattern:
		return "bad_format", "This has to be written as " + k.Want + "."
	case *kind.UniqueItems:
		return "repeated", "An entry is there twice."
	}
	return "invalid", "This is not as the document says."
}

func counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}

func number(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	return n.FloatString(2)
}

func words(values []any) string {
	var list []string
	for _, v := range values {
		if v != nil {
			list = append(list, fmt.Sprint(v))
		}
	}
	return strings.Join(list, ", ")
}

// dotted writes a place as meetings[0].ends_at; value says which steps are places in a list.
func dotted(value any, location []string) string {
	field := ""
	for _, step := range location {
		switch v := value.(type) {
		case []any:
			field += "[" + step + "]"
			value = item(v, step)
		case map[string]any:
			field = member(field, step)
			value = v[step]
		}
	}
	return field
}

func item(list []any, index string) any {
	var i int
	if _, err := fmt.Sscan(index, &i); err != nil || i >= len(list) {
		return nil
	}
	return list[i]
}

var digits = strings.NewReplacer("0", "", "1", "", "2", "", "3", "", "4", "", "5", "", "6", "", "7", "", "8", "", "9", "")

// member adds a name to a place. A long one is cut: it is the caller's, and shows only where to look. One with
// many digits may be a number of a person that slipped in, and is not said again.
func member(of, name string) string {
	const most, mostDigits = 64, 6
	if len(name)-len(digits.Replace(name)) > mostDigits {
		name = "…"
	}
	if len(name) > most {
		cut := most
		for !utf8.RuneStart(name[cut]) {
			cut--
		}
		name = name[:cut] + "…"
	}
	if of == "" {
		return name
	}
	return of + "." + name
}
