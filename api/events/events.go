// Package events holds the facts that the services tell: what is stored is what is told.
//
// A fact carries identifiers and coarse codes in clear. Everything that describes a person is in one
// field of type Sealed, and leaves this process only under that person's key.
package events

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Fact is anything that happened.
type Fact interface {
	// Stream names the aggregate the fact belongs to, "<kind>:<id>".
	Stream() string
}

// ErrUnknownName says that a fact's name on the wire is in no catalogue of this version.
var ErrUnknownName = errors.New("unknown event name")

// Name is the fact's name on the wire, such as "workshop.seat-taken.v1".
// It panics for a type that is not in the catalogue: that is a mistake in the program.
func Name(f Fact) string {
	name, ok := names[reflect.TypeOf(f)]
	if !ok {
		panic(fmt.Sprintf("events: %T is not in the catalogue", f))
	}
	return name
}

// Names lists every name on the wire, in the order of the catalogue.
func Names() []string {
	list := make([]string, len(catalogue))
	for i, entry := range catalogue {
		list[i] = entry.name
	}
	return list
}

// Service is the part of a name before its first dot.
func Service(name string) string {
	service, _, _ := strings.Cut(name, ".")
	return service
}

// Encode seals the details of a copy of f with seal and gives its JSON. seal is not called for a fact
// without details. The fact itself stays as it is.
func Encode(f Fact, seal func(Details) error) ([]byte, error) {
	value := reflect.New(reflect.TypeOf(f)).Elem()
	value.Set(reflect.ValueOf(f))
	if details := detailsIn(value); details != nil {
		if err := seal(details); err != nil {
			return nil, err
		}
	}
	return json.Marshal(value.Interface())
}

// Decode reads a stored fact back; open is called with its details, if it has any.
// With open nil the details stay sealed. It answers ErrUnknownName for a name of a later version.
func Decode(name string, data []byte, open func(Details) error) (Fact, error) {
	typ, ok := types[name]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrUnknownName, name)
	}
	value := reflect.New(typ)
	if err := json.Unmarshal(data, value.Interface()); err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	if details := detailsIn(value.Elem()); details != nil && open != nil {
		if err := open(details); err != nil {
			return nil, err
		}
	}
	return value.Elem().Interface().(Fact), nil
}

func detailsIn(value reflect.Value) Details {
	i, ok := sealedField[value.Type()]
	if !ok {
		return nil
	}
	return value.Field(i).Addr().Interface().(Details)
}
