package vault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
)

func TestADestroyedKeyErasesHereAtOnceAndElsewhereWithinSeconds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	elsewhere := b.open(t)
	subject := b.subject(t)
	stored := b.sealed(t, registered(subject))
	if f, err := read(t, elsewhere, stored); err != nil || f.Details.Erased() {
		t.Fatal(err)
	}

	if err := b.Destroy(t.Context(), subject); err != nil {
		t.Fatal(err)
	}
	wantErased(t, b.Vault, stored)
	if f, err := read(t, elsewhere, stored); err != nil || f.Details.Erased() {
		t.Fatal("the cache elsewhere is there to be used:", err)
	}
	b.clock.Set(b.clock.Now().Add(5 * time.Second))
	wantErased(t, elsewhere, stored)
	wantErased(t, b.open(t), stored)
}

func wantErased(t *testing.T, v *Vault, stored ledger.Event) {
	t.Helper()
	f, err := read(t, v, stored)
	if err != nil {
		t.Fatal(err)
	}
	if person, readable := f.Details.Value(); readable || !f.Details.Erased() || person.FamilyName != "" {
		t.Fatal("not erased")
	}
}

func TestNothingIsSealedForSomebodyErased(t *testing.T) {
	t.Parallel()
	b := setup(t)
	subject := b.subject(t)
	if err := b.Destroy(t.Context(), subject); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Codec(everything).Encode(t.Context(), registered(subject)); !errors.Is(err, events.ErrErased) {
		t.Fatal(err)
	}
}

func TestATombstoneKeepsItsDate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	subject, first := b.subject(t), b.clock.Now()
	for range 2 {
		if err := b.Destroy(t.Context(), subject); err != nil {
			t.Fatal(err)
		}
		b.clock.Set(b.clock.Now().Add(time.Hour))
	}
	var at time.Time
	var wrapped []byte
	row := b.pool.QueryRow(t.Context(), fmt.Sprintf(`select destroyed_at, wrapped from %s.key where subject = $1`, b.schema), subject)
	if err := row.Scan(&at, &wrapped); err != nil || !at.Equal(first) || wrapped != nil {
		t.Fatal(at, wrapped, err)
	}
}

func TestOnlyKeysThatCanBeUsedAreAlive(t *testing.T) {
	t.Parallel()
	b := setup(t)
	kept, destroyed := b.subject(t), b.subject(t)
	if err := b.Destroy(t.Context(), destroyed); err != nil {
		t.Fatal(err)
	}
	alive, err := b.Alive(t.Context(), []string{destroyed, "nobody", kept})
	if err != nil || len(alive) != 1 || alive[0] != kept {
		t.Fatal(alive, err)
	}
}

func TestAMissingKeyIsAnAlarmAndNeverAPlaceholder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	subject := b.subject(t)
	stored := b.sealed(t, registered(subject))
	b.exec(t, `delete from %s.key where subject = $1`, subject)
	if _, err := read(t, b.open(t), stored); !errors.Is(err, ErrMissing) || errors.Is(err, events.ErrErased) {
		t.Fatal(err)
	}
	if !strings.Contains(b.log.String(), "level=ERROR") || !strings.Contains(b.log.String(), subject) {
		t.Fatalf("no alarm: %s", b.log)
	}
	if err := b.Destroy(t.Context(), "nobody"); !errors.Is(err, ErrMissing) {
		t.Fatal(err)
	}
}
