package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"example.org/passerelle/services/reference/communes"
)

const (
	placeLines    = 20_000
	mostPlaces    = 20.0 // seconds
	mostGrowth    = 64   // MiB between a tenth of the lines and all of them
	placesHeader  = "id,pivot,nom,commune,code_postal,code_insee,adresse,telephone,services\n"
	placeLine     = "bench-%d-%d,00000000000000,Lieu Exemple %d,%s,%s,%s,%d rue Imaginaire,0465713491,Aide aux démarches administratives|Utilisation sécurisée du numérique\n"
	placesAddress = "/api/v1/places/import"
)

// places measures an import of places into a whole `passerelle run`: how long it takes, how much the memory of the process
// grows from a tenth of the lines to all of them, and how often somebody who follows it sees another line.
func places(ctx context.Context, dir string) (rows []row, err error) {
	binary, err := built(ctx, dir)
	if err != nil {
		return nil, err
	}
	err = whileItRuns(ctx, binary, filepath.Join(dir, "places"), func(pid int, address string) error {
		if _, _, err := importPlaces(ctx, address, placeLines/10); err != nil {
			return err
		}
		before := megabytes(pid)
		took, steps, err := importPlaces(ctx, address, placeLines)
		growth := megabytes(pid) - before
		name := fmt.Sprintf("places, file of %d lines", placeLines)
		rows = []row{
			within(name, took, mostPlaces),
			{name + ": more memory of the process than with a tenth", "MiB", fmt.Sprint(growth), fmt.Sprintf("≤ %d", mostGrowth), growth <= mostGrowth},
			{name + ": how far it is was seen to move", "times", fmt.Sprint(steps), "≥ 2", steps >= 2},
		}
		return err
	})
	return rows, err
}

// importPlaces sends a file of places that are new and follows it to its end.
func importPlaces(ctx context.Context, address string, lines int) (took time.Duration, steps int, err error) {
	token, err := tokenOf(ctx, address, "partnership-lr")
	if err != nil {
		return 0, 0, err
	}
	began, line := time.Now(), 0
	run, err := told(ctx, http.MethodPost, address+placesAddress, token, fileOfPlaces(lines))
	for err == nil && run.State == "running" {
		time.Sleep(100 * time.Millisecond)
		run, err = told(ctx, http.MethodGet, address+"/api/v1/imports/"+run.ID, token, "")
		if run.Line > line {
			line, steps = run.Line, steps+1
		}
	}
	if err == nil && run.Accepted != lines {
		err = fmt.Errorf("places: %d of %d lines were taken, %s", run.Accepted, lines, run.State)
	}
	return time.Since(began), steps, err
}

func fileOfPlaces(lines int) string {
	towns := around("11", "30", "34", "48", "66")
	var file strings.Builder
	file.WriteString(placesHeader)
	for n := range lines {
		c := towns[n%len(towns)]
		fmt.Fprintf(&file, placeLine, lines, n, n, quoted(c), c.Postcodes[0], c.Insee, n%200+1)
	}
	return file.String()
}

// quoted is a name as a CSV has it, should there ever be a comma in one.
func quoted(c communes.Commune) string { return `"` + c.Name + `"` }

// megabytes a process has held at most.
func megabytes(pid int) (most int) {
	_, _ = fmt.Sscan(mostMemory(pid), &most)
	return most
}
