package web

import (
	"math/big"
	"reflect"
	"slices"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// quick says yes to a value that fits a schema, several times faster than the schema itself. Its no means only
// that the schema has to be asked, which then names the faults.
type quick struct {
	null, boolean, text, whole, object, list bool

	enum       []string
	format     func(any) error
	pattern    jsonschema.Regexp
	lengths    bounds // of a text or list
	values     bounds
	required   []string
	properties map[string]*quick
	items      *quick
}

type bounds struct{ least, most *int64 }

func (b bounds) hold(n int64) bool {
	return (b.least == nil || n >= *b.least) && (b.most == nil || n <= *b.most)
}

// quicken makes a quick of a schema, nil when it has a keyword that is not known here.
func quicken(s *jsonschema.Schema) *quick { return quickening{}.of(s) }

// quickening holds what is made already, so that a schema may hold itself.
type quickening map[*jsonschema.Schema]*quick

func (made quickening) of(s *jsonschema.Schema) *quick {
	if s != nil && s.Ref != nil && s.Types == nil {
		return made.of(s.Ref)
	}
	if s == nil || s.Types == nil || !understood(*s) {
		return nil
	}
	if q, there := made[s]; there {
		return q
	}
	q := &quick{pattern: s.Pattern, required: s.Required, properties: map[string]*quick{}}
	made[s] = q
	q.types(s.Types.ToStrings())
	if s.Format != nil {
		q.format = s.Format.Validate
	}
	if !q.limits(s) || !made.parts(q, s) {
		return nil
	}
	return q
}

// understood says that a schema holds no keyword but those that quick looks at.
func understood(s jsonschema.Schema) bool {
	open, isBool := s.AdditionalProperties.(bool)
	if s.Properties != nil && (!isBool || open) {
		return false
	}
	s.Types, s.Enum, s.Format, s.Required, s.Properties, s.AdditionalProperties = nil, nil, nil, nil, nil, nil
	s.MinItems, s.MaxItems, s.Items2020, s.MinLength, s.MaxLength, s.Pattern, s.Maximum, s.Minimum = nil, nil, nil, nil, nil, nil, nil, nil
	s.DraftVersion, s.Location, s.Title, s.Description, s.Default, s.Examples = 0, "", "", "", nil, nil
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && !v.Field(i).IsZero() {
			return false
		}
	}
	return true
}

func (q *quick) types(names []string) {
	has := func(name string) bool { return slices.Contains(names, name) }
	q.null, q.boolean, q.text, q.whole = has("null"), has("boolean"), has("string"), has("integer") || has("number")
	q.object, q.list = has("object"), has("array")
}

func (q *quick) limits(s *jsonschema.Schema) bool {
	q.lengths = bounds{wide(s.MinLength), wide(s.MaxLength)}
	if q.list {
		q.lengths = bounds{wide(s.MinItems), wide(s.MaxItems)}
	}
	if s.Enum != nil {
		q.enum = []string{}
		for _, v := range s.Enum.Values {
			if one, ok := v.(string); ok {
				q.enum = append(q.enum, one)
			}
		}
		q.null = q.null && slices.Contains(s.Enum.Values, nil)
	}
	var least, most bool
	q.values.least, least = whole(s.Minimum)
	q.values.most, most = whole(s.Maximum)
	mixed := q.text && q.list || s.Enum != nil && (q.boolean || q.whole || q.object || q.list)
	return least && most && !mixed
}

func wide(n *int) *int64 {
	if n == nil {
		return nil
	}
	w := int64(*n)
	return &w
}

func whole(n *big.Rat) (*int64, bool) {
	if n == nil {
		return nil, true
	}
	w := n.Num().Int64()
	return &w, n.IsInt() && n.Num().IsInt64()
}

// parts says that all parts of a schema are understood too.
func (made quickening) parts(q *quick, s *jsonschema.Schema) bool {
	for name, property := range s.Properties {
		if q.properties[name] = made.of(property); q.properties[name] == nil {
			return false
		}
	}
	if s.Items2020 != nil {
		q.items = made.of(s.Items2020)
	}
	return (q.items != nil) == (s.Items2020 != nil) && (!q.object || s.AdditionalProperties != nil)
}

// fits may say no to a value that is right, never yes to one that is wrong.
func (q *quick) fits(value any) bool {
	switch v := value.(type) {
	case nil:
		return q.null
	case bool:
		return q.boolean
	case string:
		return q.text && q.fitsText(v)
	case int64:
		return q.whole && q.values.hold(v)
	case map[string]any:
		return q.object && q.fitsObject(v)
	case []any:
		return q.list && q.fitsList(v)
	}
	return false
}

func (q *quick) fitsText(s string) bool {
	return (q.enum == nil || slices.Contains(q.enum, s)) &&
		q.lengths.hold(int64(utf8.RuneCountInString(s))) &&
		(q.pattern == nil || q.pattern.MatchString(s)) &&
		(q.format == nil || q.format(s) == nil)
}

func (q *quick) fitsObject(members map[string]any) bool {
	for _, name := range q.required {
		if _, there := members[name]; !there {
			return false
		}
	}
	for name, value := range members {
		if property := q.properties[name]; property == nil || !property.fits(value) {
			return false
		}
	}
	return true
}

func (q *quick) fitsList(items []any) bool {
	if !q.lengths.hold(int64(len(items))) {
		return false
	}
	for _, item := range items {
		if q.items != nil && !q.items.fits(item) {
			return false
		}
	}
	return true
}
