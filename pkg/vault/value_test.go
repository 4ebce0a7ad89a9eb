package vault

import (
	"bytes"
	"errors"
	"testing"

	"example.org/passerelle/api/events"
)

func TestAValueOpensInItsPlaceUntilItsKeyIsDestroyed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	subject, other := b.subject(t), b.subject(t)
	box, err := b.Seal(t.Context(), subject, "draft:1", []byte("chez Exemple"))
	if err != nil || bytes.Contains(box, []byte("Exemple")) {
		t.Fatal(err)
	}
	if plain, err := b.Open(t.Context(), subject, "draft:1", box); err != nil || string(plain) != "chez Exemple" {
		t.Fatal(string(plain), err)
	}
	for place, of := range map[string]string{"draft:2": subject, "draft:1": other} {
		if _, err := b.Open(t.Context(), of, place, box); !errors.Is(err, ErrBox) {
			t.Error(place, err)
		}
	}
	if err := b.Destroy(t.Context(), subject); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Open(t.Context(), subject, "draft:1", box); !errors.Is(err, events.ErrErased) {
		t.Error(err)
	}
	if _, err := b.Seal(t.Context(), subject, "draft:1", nil); !errors.Is(err, events.ErrErased) {
		t.Error(err)
	}
}
