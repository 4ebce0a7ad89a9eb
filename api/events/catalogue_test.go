package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The examples are frozen: what was stored once is read for ever. A changed shape needs a new name.
func TestEveryNameHasAFrozenExample(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frozen := readFile(t, "testdata", name+".json")
			fact := reflect.New(types[name])
			readStrictly(t, frozen, fact.Interface())
			wantSame(t, fact.Elem().Interface(), frozen)
			wantFull(t, fact.Elem(), name)
			if got := Name(fact.Elem().Interface().(Fact)); got != name {
				t.Fatalf("the type of %s tells %s", name, got)
			}
		})
	}
}

func TestNoExampleIsLeftWithoutAName(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) != len(Names()) {
		t.Fatalf("%d examples for %d names (%v)", len(files), len(Names()), err)
	}
}

func TestEveryKindOfDetailsHasAFrozenExample(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		i, sealed := sealedField[types[name]]
		if !sealed {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frozen := readFile(t, "testdata", "details", name+".json")
			value, _ := types[name].Field(i).Type.MethodByName("Value")
			details := reflect.New(value.Type.Out(0))
			readStrictly(t, frozen, details.Interface())
			wantSame(t, details.Elem().Interface(), frozen)
			wantFull(t, details.Elem(), name)
		})
	}
}

func TestDecodeReadsWhatEncodeWrote(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		var stored bytes.Buffer
		if err := json.Compact(&stored, readFile(t, "testdata", name+".json")); err != nil {
			t.Fatal(err)
		}
		fact, err := Decode(name, stored.Bytes(), nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Encode(fact, func(Details) error { return nil })
		if err != nil || !bytes.Equal(again, stored.Bytes()) {
			t.Fatalf("%s: %v\n%s\n%s", name, err, again, stored.Bytes())
		}
		if kind, id, ok := strings.Cut(fact.Stream(), ":"); !ok || kind == "" || id == "" {
			t.Errorf("%s is in stream %q", name, fact.Stream())
		}
	}
}

func TestANameOfALaterVersionIsUnknown(t *testing.T) {
	t.Parallel()
	if _, err := Decode("workshop.seat-taken.v9", []byte("{}"), nil); !errors.Is(err, ErrUnknownName) {
		t.Fatal(err)
	}
}

func TestAnEventHasDetailsInOneFieldAtMost(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		n := 0
		for _, field := range reflect.VisibleFields(types[name]) {
			if isSealed(field.Type) {
				n++
			}
		}
		if n > 1 {
			t.Errorf("%s has %d fields of details; only the last would be sealed", name, n)
		}
	}
}

func readFile(t *testing.T, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readStrictly(t *testing.T, data []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func wantSame(t *testing.T, value any, frozen []byte) {
	t.Helper()
	written, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if written = append(written, '\n'); !bytes.Equal(written, frozen) {
		t.Fatalf("written back as\n%s\nfrozen is\n%s", written, frozen)
	}
}

// wantFull wants an example to show every field, so that a new one cannot hide behind omitempty.
func wantFull(t *testing.T, value reflect.Value, path string) {
	t.Helper()
	if isSealed(value.Type()) {
		if value.Addr().Interface().(Details).Subject() == "" {
			t.Errorf("%s shows no details", path)
		}
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			t.Errorf("%s is not shown", path)
		} else if value.Elem().Kind() == reflect.Struct {
			wantFull(t, value.Elem(), path)
		}
	case reflect.Slice:
		if value.IsNil() {
			t.Errorf("%s is not shown", path)
		}
	case reflect.Struct:
		if value.Type().PkgPath() != reflect.TypeFor[Person]().PkgPath() {
			break // a time
		}
		for i := range value.NumField() {
			wantFull(t, value.Field(i), path+"."+value.Type().Field(i).Name)
		}
		return
	default:
	}
	if value.IsZero() {
		t.Errorf("%s is not shown", path)
	}
}

func isSealed(typ reflect.Type) bool {
	return reflect.PointerTo(typ).Implements(reflect.TypeFor[Details]())
}
