package domain

import (
	"fmt"
	"testing"

	"example.org/passerelle/api/events"
)

// A thousand yeses on one session of eight: what the rule costs the hot stream.
func BenchmarkAThousandAcceptsOnOneSession(b *testing.B) {
	full := Evolve(Workshop{}, session(func(s *events.SessionPlanned) { s.Capacity = 8 }))
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprintf("01930000-0000-7000-8000-%012d", i)
		facts, err := asking(names[i]).Decide(full)
		if err != nil {
			b.Fatal(err)
		}
		for _, f := range facts {
			full = Evolve(full, f)
		}
	}
	for b.Loop() {
		w := full
		for _, who := range names {
			facts, err := yes(who).Decide(w)
			if err != nil {
				b.Fatal(err)
			}
			for _, f := range facts {
				w = Evolve(w, f)
			}
		}
		if w.Taken != 8 || w.Waiting() != 992 {
			b.Fatal(w.Taken, w.Waiting())
		}
	}
}
