package communes

import "testing"

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load()
	}
}

func BenchmarkNames(b *testing.B) {
	for b.Loop() {
		list()
	}
}
