package steady

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// TestAMapStaysAsItWas: whatever is made of a map, it and all that were made before say the same as plain maps of their own.
func TestAMapStaysAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made, plain := []Map[int, string]{{}}, []map[int]string{{}}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			of := rapid.IntRange(0, len(made)-1).Draw(t, "of")
			key := rapid.IntRange(0, 150).Draw(t, "key")
			next := maps.Clone(plain[of])
			if rapid.Bool().Draw(t, "with") {
				value := rapid.String().Draw(t, "value")
				next[key] = value
				made = append(made, made[of].With(key, value))
			} else {
				delete(next, key)
				made = append(made, made[of].Without(key))
			}
			plain = append(plain, next)
		}
		for i, m := range made {
			same(t, m, plain[i])
		}
	})
}

type failing interface{ Fatalf(string, ...any) }

func same(t failing, m Map[int, string], want map[int]string) {
	if m.Len() != len(want) {
		t.Fatalf("%d entries instead of %d", m.Len(), len(want))
	}
	var values []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		value, ok := m.Get(key)
		if !ok || value != want[key] || m.Value(key) != want[key] {
			t.Fatalf("%d is %q instead of %q", key, value, want[key])
		}
		values = append(values, value)
	}
	if got := slices.Collect(m.Values()); !slices.Equal(got, values) {
		t.Fatalf("%q instead of %q", got, values)
	}
}

// TestManyMakeTheirsOfOne: a state that is cached is read and carried on by several at once.
func TestManyMakeTheirsOfOne(t *testing.T) {
	var base Map[int, string]
	plain := map[int]string{}
	for i := range 1000 {
		base, plain[i] = base.With(i, "base"), "base"
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			mine, want := base, maps.Clone(plain)
			for i := range 500 {
				key := (i*7 + g) % 1200
				mine, want[key] = mine.With(key, "mine"), "mine"
				mine = mine.Without(key + 1)
				delete(want, key+1)
			}
			same(t, mine, want)
		})
	}
	all.Wait()
	same(t, base, plain)
}
