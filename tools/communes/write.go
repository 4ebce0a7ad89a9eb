package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// text is the file: tab separated lines, each kind after those it points to. Means are written once.
//
//	D code name lat lon
//	E siren lat lon
//	C code name postcodes population epci lat lon   (epci: the number of its line; lat and lon: only when its own)
//	F code name present
func (t table) text() []byte {
	var b bytes.Buffer
	for _, code := range slices.Sorted(maps.Keys(t.names)) {
		line(&b, append([]string{"D", code, t.names[code]}, t.departments[code].coordinates()...)...)
	}
	number := map[string]string{}
	for i, siren := range slices.Sorted(maps.Keys(t.sirens())) {
		number[siren] = strconv.Itoa(i)
		line(&b, append([]string{"E", siren}, t.epci[siren].coordinates()...)...)
	}
	for _, c := range t.communes {
		fields := []string{"C", c.Code, c.Nom, strings.Join(c.CodesPostal, "|"), strconv.Itoa(c.Population), number[t.epciOf[c.Code]]}
		line(&b, append(fields, t.exact[c.Code].coordinates()...)...)
	}
	for _, f := range t.former {
		line(&b, "F", f.Code, f.Nom, f.ChefLieu)
	}
	return b.Bytes()
}

func line(b *bytes.Buffer, fields ...string) {
	b.WriteString(strings.Join(fields, "\t"))
	b.WriteByte('\n')
}

func (t table) sirens() map[string]bool {
	all := map[string]bool{}
	for _, siren := range t.epciOf {
		all[siren] = true
	}
	return all
}

// coordinates have four decimals: eleven metres.
func (p point) coordinates() []string {
	if p.n == 0 {
		return []string{"", ""}
	}
	m := p.mean()
	return []string{strconv.FormatFloat(m.lat, 'f', 4, 64), strconv.FormatFloat(m.lon, 'f', 4, 64)}
}

func write(t table, out string) error {
	var b bytes.Buffer
	packed, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := packed.Write(t.text()); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	fmt.Println(len(t.communes), "communes,", len(t.former), "former codes,", b.Len(), "bytes")
	return os.WriteFile(out, b.Bytes(), 0o644)
}

func read(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}
