// Package steady has a map that never changes: with an entry more or less it is another map, which shares most of its
// nodes with the one before. A state that is kept in one costs the same to carry on however large it has become.
package steady

import (
	"cmp"
	"iter"

	"github.com/tidwall/btree"
)

// Map is an ordered map. The zero Map is empty. Any number of goroutines may read one and make others of it.
type Map[K cmp.Ordered, V any] struct{ tree btree.Map[K, V] }

// Get finds the value of a key; ok is false where there is none.
func (m Map[K, V]) Get(key K) (value V, ok bool) { return m.tree.Get(key) }

// Value is the value of a key, the zero one where there is none.
func (m Map[K, V]) Value(key K) V {
	value, _ := m.tree.Get(key)
	return value
}

// Len is how many entries there are.
func (m Map[K, V]) Len() int { return m.tree.Len() }

// Keys are the keys in their order.
func (m Map[K, V]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		m.tree.Scan(func(key K, _ V) bool { return yield(key) })
	}
}

// Values are the values in the order of their keys.
func (m Map[K, V]) Values() iter.Seq[V] {
	return func(yield func(V) bool) {
		m.tree.Scan(func(_ K, value V) bool { return yield(value) })
	}
}

// With is the map in which a key has a value.
func (m Map[K, V]) With(key K, value V) Map[K, V] {
	next := Map[K, V]{*m.tree.Copy()}
	next.tree.Set(key, value)
	return next
}

// Without is the map without a key.
func (m Map[K, V]) Without(key K) Map[K, V] {
	if _, has := m.tree.Get(key); !has {
		return m
	}
	next := Map[K, V]{*m.tree.Copy()}
	next.tree.Delete(key)
	return next
}
