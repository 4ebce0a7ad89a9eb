package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// point is a mean of the places that were added to it.
type point struct {
	lat, lon float64
	n        int
}

func (p *point) add(q point) { p.lat, p.lon, p.n = p.lat+q.mean().lat, p.lon+q.mean().lon, p.n+1 }

func (p point) mean() point {
	if p.n == 0 {
		return p
	}
	return point{p.lat / float64(p.n), p.lon / float64(p.n), 1}
}

// table is what is written: the places of communes, else those of their EPCI, else of their department.
type table struct {
	communes    []division
	former      []division // present is in ChefLieu
	epciOf      map[string]string
	names       map[string]string // of departments
	exact       map[string]point
	epci        map[string]point
	departments map[string]point
}

func join(s sources) (table, error) {
	t := table{
		epciOf: map[string]string{}, names: map[string]string{}, exact: map[string]point{}, epci: map[string]point{}, departments: map[string]point{},
	}
	for _, d := range s.departments {
		t.names[d.Code] = d.Nom
	}
	for _, e := range s.epci {
		for _, m := range e.Membres {
			t.epciOf[m.Code] = e.Code
		}
	}
	t.sort(s.divisions)
	t.locate(s.places)
	t.spread(s.places)
	return t, t.faults()
}

// sort tells communes of today from former ones.
func (t *table) sort(all []division) {
	for _, d := range all {
		switch d.Type {
		case "commune-actuelle":
			t.communes = append(t.communes, d)
		case "arrondissement-municipal":
			d.ChefLieu = d.Commune
			t.former = append(t.former, d)
		default: // communes déléguées and associées
			t.former = append(t.former, d)
		}
	}
	byCode := func(a, b division) int { return cmp.Compare(a.Code, b.Code) }
	slices.SortFunc(t.communes, byCode)
	slices.SortFunc(t.former, byCode)
}

// overseas are the countries of GeoNames that are departments or territories of France.
var overseas = map[string]string{
	"GP": "971", "MQ": "972", "GF": "973", "RE": "974", "PM": "975", "YT": "976", "BL": "977", "MF": "978", "WF": "986", "PF": "987", "NC": "988",
}

func departmentOf(p place) string {
	if p.Country == "FR" {
		return p.Admin2
	}
	return overseas[p.Country]
}

// locate finds communes among the places by department and name. Two places of one name are no answer.
func (t *table) locate(places []place) {
	found := map[string][]point{}
	for _, p := range places {
		if d := departmentOf(p); d != "" {
			key := d + " " + bare(p.Name)
			found[key] = append(found[key], point{p.Lat, p.Lon, 1})
		}
	}
	for _, c := range t.communes {
		if at := found[c.Departement+" "+bare(c.Nom)]; len(at) == 1 {
			t.exact[c.Code] = at[0]
		}
	}
}

// spread works out the means of EPCI and departments; a territory without a known commune has the mean of its places.
func (t *table) spread(places []place) {
	for _, c := range t.communes {
		at, ok := t.exact[c.Code]
		if !ok {
			continue
		}
		put(t.departments, c.Departement, at)
		if e, ok := t.epciOf[c.Code]; ok {
			put(t.epci, e, at)
		}
	}
	known := maps.Clone(t.departments)
	for _, p := range places {
		if d := departmentOf(p); d != "" && known[d].n == 0 {
			put(t.departments, d, point{p.Lat, p.Lon, 1})
		}
	}
}

func put(means map[string]point, key string, at point) {
	p := means[key]
	p.add(at)
	means[key] = p
}

// place is where a commune is, and how that is known: geonames, epci, departement or nothing.
func (t *table) place(c division) (point, string) {
	if p, ok := t.exact[c.Code]; ok {
		return p, "geonames"
	}
	if p, ok := t.epci[t.epciOf[c.Code]]; ok {
		return p.mean(), "epci"
	}
	if p, ok := t.departments[c.Departement]; ok {
		return p.mean(), "departement"
	}
	return point{}, ""
}

// faults are what the reader of the file takes for granted.
func (t *table) faults() error {
	present := map[string]bool{}
	for _, c := range t.communes {
		if present[c.Code] || !strings.HasPrefix(c.Code, c.Departement) || strings.ContainsAny(c.Nom, "\t\n") {
			return fmt.Errorf("commune %s %q of %s", c.Code, c.Nom, c.Departement)
		}
		present[c.Code] = true
	}
	for _, f := range t.former {
		if !present[f.ChefLieu] || present[f.Code] && f.Code != f.ChefLieu {
			return fmt.Errorf("former commune %s of %q", f.Code, f.ChefLieu)
		}
	}
	return nil
}

var accents = strings.NewReplacer(
	"à", "a", "â", "a", "ä", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "ô", "o", "ö", "o",
	"ù", "u", "û", "u", "ü", "u", "ÿ", "y", "œ", "oe", "æ", "ae")

// bare is a name by its letters and digits only: GeoNames writes Port-La Nouvelle and Portvendres.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, accents.Replace(strings.ToLower(name)))
}
