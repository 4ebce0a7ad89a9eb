package strict_test

import (
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"example.org/passerelle/pkg/web/strict"
)

func TestAWholeBodyIsRead(t *testing.T) {
	t.Parallel()
	got, faults, err := strict.Read([]byte(` {"a": [1, -2.5e1, "é\n\u00e9\ud83d\ude00", true, null], "b": {}, "c": []} `))
	if err != nil || faults != nil {
		t.Fatal(faults, err)
	}
	want := map[string]any{"a": []any{int64(1), -25.0, "é\né😀", true, nil}, "b": map[string]any{}, "c": []any{}}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%#v", got)
	}
}

func TestEachMistakeHasItsCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, code, field string }{
		{``, strict.Malformed, ""},
		{`{`, strict.Malformed, ""},
		{`{"a":1,}`, strict.Malformed, ""},
		{`[1,]`, strict.Malformed, ""},
		{`{a:1}`, strict.Malformed, ""},
		{`01`, strict.Trailing, ""},
		{`[01]`, strict.Malformed, ""},
		{`"` + "\x01" + `"`, strict.Malformed, ""},
		{`"` + "\xff" + `"`, strict.Malformed, ""},
		{`"\x"`, strict.Malformed, ""},
		{"\ufeff{}", strict.Malformed, ""},
		{`nul`, strict.Malformed, ""},
		{`{"a":1}{"b":2}`, strict.Trailing, ""},
		{`{} x`, strict.Trailing, ""},
		{`{"a":1,"a":2}`, strict.Doubled, "a"},
		{`{"meetings":[{},{"ends_at":1,"ends_\u0061t":2}]}`, strict.Doubled, "meetings[1].ends_at"},
		{strings.Repeat("[", 100_000), strict.TooDeep, ""},
		{"[" + strings.Repeat("1,", strict.MaxValues) + "1]", strict.TooMany, ""},
	} {
		_, _, err := strict.Read([]byte(c.text))
		var e *strict.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Field != c.field {
			t.Errorf("%.40q: %v", c.text, err)
		}
	}
}

func TestSixtyFourLevelsAreEnoughAndNoMore(t *testing.T) {
	t.Parallel()
	for depth, want := range map[int]bool{strict.MaxDepth: true, strict.MaxDepth + 1: false} {
		_, _, err := strict.Read([]byte(strings.Repeat("[", depth) + strings.Repeat("]", depth)))
		if (err == nil) != want {
			t.Errorf("%d levels: %v", depth, err)
		}
	}
}

func TestWhatNoFieldMayHoldIsAFaultNotAnError(t *testing.T) {
	t.Parallel()
	_, faults, err := strict.Read([]byte(`{"a":"x\u0000","b":["ok","\ud800"],"c":1e999}`))
	want := []strict.Fault{{Field: "a", Code: strict.NotText}, {Field: "b[1]", Code: strict.NotText}, {Field: "c", Code: strict.TooLarge}}
	if err != nil || !reflect.DeepEqual(faults, want) {
		t.Fatal(faults, err)
	}
}

// FuzzRead compares with encoding/json, which decodes the same texts later: what is accepted here means the
// same there, and what is refused as malformed is refused there too.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,"x\u0041",null,true,{}]}`, `{"a":1,"a":2}`, `"\ud83d\ude00\ud800"`, `-0`, `1e5`, `{}{}`, `[[[[`, "\"\xff\"", `"\u0000"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, faults, err := strict.Read(text)
		var theirs any
		d := json.NewDecoder(strings.NewReader(string(text)))
		theirErr := d.Decode(&theirs)
		if theirErr == nil {
			if _, more := d.Token(); !errors.Is(more, io.EOF) {
				theirErr = errors.New("trailing")
			}
		}
		var e *strict.Error
		switch {
		case err == nil && theirErr != nil && len(faults) == 0:
			t.Fatalf("accepted %q: %v", text, theirErr)
		case err == nil && len(faults) == 0 && !reflect.DeepEqual(floats(got), theirs):
			t.Fatalf("%q: %#v, not %#v", text, got, theirs)
		case errors.As(err, &e) && e.Code == strict.Malformed && json.Valid(text) && validUTF8(text):
			t.Fatalf("refused %q: %v", text, err)
		}
	})
}

func validUTF8(text []byte) bool { return strings.ToValidUTF8(string(text), "") == string(text) }

func floats(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = floats(v[i])
		}
		return out
	case map[string]any:
		for k := range v {
			v[k] = floats(v[k])
		}
	}
	return v
}
