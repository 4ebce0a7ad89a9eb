package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// misplaced is a commune that the list has in the wrong town: it gives Moux the place of Limoux, 50 km away.
const misplaced = "11261"

// compare works the table out as the lists were, from their departments alone and with their one mistake, and
// then each row has to agree. Over all of France an EPCI that reaches across the border of the lists has a better mean.
func compare(s sources, folder string) error {
	communes, err := rows(filepath.Join(folder, "communes-lr-bfc.csv"))
	if err != nil {
		return err
	}
	former, err := rows(filepath.Join(folder, "communes-anciennes-lr-bfc.csv"))
	if err != nil {
		return err
	}
	t, err := narrow(s, communes)
	if err != nil {
		return err
	}
	if faults := append(t.differ(communes), t.differFormer(former)...); len(faults) > 0 {
		return errors.New(strings.Join(faults, "\n"))
	}
	fmt.Println("agree:", len(communes), "communes,", len(former), "former codes")
	return nil
}

// narrow is the table of the departments in the list, with its mistake.
func narrow(s sources, list []map[string]string) (table, error) {
	in := map[string]bool{}
	for _, row := range list {
		in[row["departement"]] = true
		if row["code_insee"] == misplaced {
			s.places = append(slices.Clip(s.places), place{"Moux", "FR", row["departement"], number(row["latitude"]), number(row["longitude"])})
		}
	}
	s.divisions = slices.DeleteFunc(slices.Clone(s.divisions), func(d division) bool { return !in[d.Departement] })
	return join(s)
}

func (t table) differ(list []map[string]string) (faults []string) {
	if len(list) != len(t.communes) {
		faults = append(faults, fmt.Sprintf("%d communes, the list has %d", len(t.communes), len(list)))
	}
	byCode := map[string]division{}
	for _, c := range t.communes {
		byCode[c.Code] = c
	}
	for _, row := range list {
		c := byCode[row["code_insee"]]
		at, precision := t.place(c)
		ours := []string{c.Nom, strings.Join(slices.Sorted(slices.Values(c.CodesPostal)), "|"), c.Departement, t.epciOf[c.Code], strconv.Itoa(c.Population), precision}
		theirs := []string{row["nom"], sorted(row["codes_postaux"]), row["departement"], row["epci_siren"], row["population"], row["precision"]}
		if !slices.Equal(ours, theirs) || apart(at.lat, row["latitude"]) || apart(at.lon, row["longitude"]) {
			faults = append(faults, fmt.Sprintf("%s: %v %v, the list has %v %s %s", c.Code, ours, at, theirs, row["latitude"], row["longitude"]))
		}
	}
	return faults
}

func (t table) differFormer(list []map[string]string) (faults []string) {
	present := map[string]string{}
	for _, f := range t.former {
		present[f.Code] = f.ChefLieu
	}
	for _, row := range list {
		if now := present[row["ancien_code"]]; now != row["code_actuel"] {
			faults = append(faults, fmt.Sprintf("%s is now %q, the list has %s", row["ancien_code"], now, row["code_actuel"]))
		}
	}
	return faults
}

func sorted(codes string) string {
	return strings.Join(slices.Sorted(slices.Values(strings.Split(codes, "|"))), "|")
}

// apart tells whether two coordinates differ by more than their last digit.
func apart(ours float64, theirs string) bool { return math.Abs(ours-number(theirs)) > 0.000051 }

func number(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.Inf(1)
	}
	return n
}

// rows of a CSV file by the names in its head.
func rows(path string) ([]map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("%s: no rows: %w", path, err)
	}
	list := make([]map[string]string, len(lines)-1)
	for i, fields := range lines[1:] {
		list[i] = map[string]string{}
		for n, name := range lines[0] {
			list[i][name] = fields[n]
		}
	}
	return list, nil
}
