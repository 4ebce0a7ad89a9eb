package conformance

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"testing"

	"example.org/passerelle/pkg/ledger"
)

// Journal is what the writers of a test were told, to be compared with what the ledger holds.
type Journal struct {
	mu   sync.Mutex
	told []Told
}

// Told is one acknowledgement.
type Told struct {
	Key  ledger.Key
	Done ledger.Appended
}

// Note keeps an acknowledgement.
func (j *Journal) Note(key ledger.Key, done ledger.Appended) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.told = append(j.told, Told{key, done})
}

// Len is how many acknowledgements were kept.
func (j *Journal) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.told)
}

// Check compares all acknowledgements with all rows: every row has its place, every key is there once, every
// acknowledgement is a row, and every row was acknowledged.
func (j *Journal) Check(rows []ledger.Event) error {
	if err := CheckRows(rows); err != nil {
		return err
	}
	acknowledged := map[int64]bool{}
	for _, told := range j.told {
		for _, e := range told.Done.Events {
			if e.Position < 1 || e.Position > int64(len(rows)) {
				return fmt.Errorf("position %d was acknowledged, the ledger ends at %d", e.Position, len(rows))
			}
			if !Same(rows[e.Position-1], e) {
				return fmt.Errorf("position %d holds another event than was acknowledged", e.Position)
			}
			acknowledged[e.Position] = true
		}
		meta, err := told.Done.Events[0].ReadMeta()
		if err != nil || ledger.Key(meta.Key) != told.Key {
			return fmt.Errorf("key %x was answered with the event of key %x", told.Key, meta.Key)
		}
	}
	if len(acknowledged) != len(rows) {
		return fmt.Errorf("%d rows, %d of them acknowledged", len(rows), len(acknowledged))
	}
	return nil
}

// CheckRows looks at the whole ledger: positions and versions without gap, times that never go back, keys
// and identifiers once.
func CheckRows(rows []ledger.Event) error {
	once := map[string]int64{}
	versions := map[string]int{}
	for i, e := range rows {
		if e.Position != int64(i+1) {
			return fmt.Errorf("row %d has position %d", i+1, e.Position)
		}
		if e.Version != versions[e.Stream]+1 {
			return fmt.Errorf("position %d: %s has version %d after %d", e.Position, e.Stream, e.Version, versions[e.Stream])
		}
		versions[e.Stream] = e.Version
		if i > 0 && e.Recorded.Before(rows[i-1].Recorded) {
			return fmt.Errorf("position %d was recorded before position %d", e.Position, e.Position-1)
		}
		meta, err := e.ReadMeta()
		if err != nil {
			return err
		}
		for _, value := range []string{"id " + e.ID, "key " + hex.EncodeToString(meta.Key)} {
			if before, there := once[value]; there && value != "key " {
				return fmt.Errorf("position %d has the %s of position %d", e.Position, value, before)
			}
			once[value] = e.Position
		}
	}
	return nil
}

// Fight appends one fact to a stream that others write to as well, until it is in.
func Fight(ctx context.Context, t testing.TB, l ledger.Ledger, j *Journal, stream string, key ledger.Key) {
	for {
		version, err := l.Version(ctx, stream)
		if err != nil {
			t.Errorf("version of %s: %v", stream, err)
			return
		}
		a := One(stream, version+1)
		a.Key = key
		done, err := l.Append(ctx, a)
		switch {
		case err == nil:
			j.Note(key, done[0])
			return
		case errors.Is(err, ledger.ErrConflict):
		default:
			t.Errorf("append to %s: %v", stream, err)
			return
		}
	}
}
