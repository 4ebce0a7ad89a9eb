package web

import (
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

func TestOneIsSaidInTheSingular(t *testing.T) {
	t.Parallel()
	for want, k := range map[string]jsonschema.ErrorKind{
		"At least 1 character.":   &kind.MinLength{Want: 1},
		"At least 2 characters.":  &kind.MinLength{Want: 2},
		"At most 100 characters.": &kind.MaxLength{Want: 100},
		"At least 1 entry.":       &kind.MinItems{Want: 1},
		"At most 50 entries.":     &kind.MaxItems{Want: 50},
	} {
		if _, got := describe(k); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
