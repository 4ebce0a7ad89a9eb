package projections

import (
	"math"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
)

// nearby is the codes around the commune that was asked for; nil when no distance was asked.
type nearby map[string]communes.Near

// nearbyOf works the codes out here, so that the tables need to know nothing of places.
func nearbyOf(p rest.ListSessionsParams) (nearby, error) {
	if p.WithinKm == nil {
		return nil, nil
	}
	if p.Insee == nil {
		return nil, refusal.Faults{{Field: "insee", Code: "required", Detail: "Say around which commune."}}
	}
	center, ok := communes.Find(*p.Insee)
	if !ok {
		return nil, refusal.Faults{{Field: "insee", Code: "unknown_commune", Detail: "No commune has this code. Look for it by name."}}
	}
	n := nearby{}
	for _, one := range communes.Around(center, float64(*p.WithinKm)) {
		n[one.Insee] = one
	}
	return n, nil
}

// held adds where a session is held: in a commune, by any code it ever had, unless a distance says more, and in a department.
func (f *filter) held(p rest.ListSessionsParams) {
	if p.Insee != nil && p.WithinKm == nil {
		f.and("s.insee = any(?::text[])", communes.Codes(*p.Insee))
	}
	if p.Department != nil {
		f.and("s.insee = any(?::text[])", communes.CodesIn(*p.Department))
	}
}

// sessionPlace is where a page of sessions ended.
type sessionPlace struct {
	ID string  `json:"id"`
	Km float64 `json:"km,omitempty"`
}

// join leaves the sessions that are near, each with its distance.
func (n nearby) join(f *filter) string {
	if n == nil {
		return ""
	}
	codes, distances := make([]string, 0, len(n)), make([]float64, 0, len(n))
	for code, one := range n {
		codes, distances = append(codes, code), append(distances, one.Km)
	}
	return f.put(` join unnest(?::text[], ?::float8[]) as near(insee, km) on near.insee = s.insee`, codes, distances)
}

func (n nearby) order() string {
	if n == nil {
		return "s.id desc"
	}
	return "near.km, s.id desc"
}

// follow leaves what comes after a page.
func (n nearby) follow(f *filter, after sessionPlace) {
	if n == nil {
		f.and("s.id < ?", after.ID)
		return
	}
	f.and("(near.km > ? or near.km = ? and s.id < ?)", after.Km, after.Km, after.ID)
}

func (n nearby) place(row sessionRow) sessionPlace {
	return sessionPlace{row.ID, n[the(row.Insee)].Km}
}

// distance has one decimal. It is null where nobody knows it.
func (n nearby) distance(row sessionRow) *float64 {
	one, ok := n[the(row.Insee)]
	if !ok || !one.Known {
		return nil
	}
	km := math.Round(one.Km*10) / 10
	return &km
}
