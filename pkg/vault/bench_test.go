package vault

import (
	"strings"
	"testing"

	"example.org/passerelle/api/events"
)

func BenchmarkSealAndOpen(b *testing.B) {
	v := setup(b)
	subject := v.subject(b)
	sheet := events.Clear(subject, events.Sheet{Answers: events.Answers{Description: strings.Repeat("x", 400)}})
	for b.Loop() {
		d := sheet
		if err := v.seal(b.Context(), "flag:1", "detection.senior-flagged.v1", &d); err != nil {
			b.Fatal(err)
		}
		if err := v.Unseal(b.Context(), "flag:1", "detection.senior-flagged.v1", &d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnsealParallel(b *testing.B) {
	v := setup(b)
	subject := v.subject(b)
	sealed := events.Clear(subject, events.Person{GivenName: "Testine", FamilyName: "Exemplaire", Phone: "+33465710000"})
	if err := v.seal(b.Context(), "person:1", "detection.person-registered.v1", &sealed); err != nil {
		b.Fatal(err)
	}
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			d := sealed
			if err := v.Unseal(b.Context(), "person:1", "detection.person-registered.v1", &d); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkMint(b *testing.B) {
	v := setup(b)
	for b.Loop() {
		v.subject(b)
	}
}
