package matching_test

import (
	"strconv"
	"testing"

	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/reference/communes"
)

// BenchmarkMatch is the question alone, among 20,000 sessions of one region and 19,000 places of the country; the whole
// answer is measured by services/bench.
func BenchmarkMatch(b *testing.B) {
	x := matching.NewIndex()
	region := append(communes.In("34"), append(communes.In("30"), communes.In("11")...)...)
	for i := range 20_000 {
		x.PutSession(session("s"+strconv.Itoa(i), func(s *seance) {
			s.Where, s.Free = whereOf(region[i%len(region)]), i%4
			if i%10 == 0 {
				s.Mode = "video"
			}
		}))
	}
	for i := range 19_000 {
		x.PutPlace(place("p"+strconv.Itoa(i), func(p *lieu) {
			p.Where = whereOf(region[i%len(region)])
			p.Hours, p.Support, p.Care = "Mo-Fr 09:00-12:00,14:00-17:00; PH off", []string{"Dans un atelier collectif"}, []string{"Illettrisme"}
		}))
	}
	p := somebody(func(p *person) {
		p.Answers.NetworkCoverage, p.Answers.TrainingNeed, p.Answers.Equipment, p.Needs.Deadline = no(), yes(), no(), "2022-02-01"
		p.Needs.Skills, p.Needs.Access = []string{"internet"}, []string{"wheelchair"}
	})
	for b.Loop() {
		matching.Match(x, p)
	}
}

func whereOf(c communes.Commune) matching.Where {
	return matching.Where{Lat: c.Lat, Lon: c.Lon, Precision: matching.Precise, Insee: c.Insee, Department: c.Department}
}
