package communes

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the file is in the binary
	"strconv"
	"strings"
	"sync"
)

//go:embed communes.tsv.gz
var packed []byte

// france is read once, when it is first asked for.
var france = sync.OnceValue(load)

func load() *country {
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	text := bytes.NewBuffer(make([]byte, 0, 1_600_000))
	if err == nil {
		_, err = text.ReadFrom(plain)
	}
	if err != nil {
		panic("communes: " + err.Error()) // the file is in the binary
	}
	return read(text.String())
}

// point is a place in degrees, or not there.
type point struct {
	lat, lon float64
	known    bool
}

// reading is what the lines above say for those below.
type reading struct {
	country
	departments map[string]point
	sirens      []string
	means       []point
	codes       []string // all postcodes, each commune has a part
}

// read takes the lines as tools/communes writes them: departments, EPCI, communes, former codes.
func read(text string) *country {
	r := reading{departments: map[string]point{}, codes: make([]string, 0, 40_000), country: country{communes: make([]Commune, 0, 35_000)}}
	fields := make([]string, 0, 8)
	for text != "" {
		end := strings.IndexByte(text, '\n')
		fields = split(fields[:0], text[:end])
		text = text[end+1:]
		switch fields[0] {
		case "D":
			r.departments[fields[1]] = at(fields[3:])
		case "E":
			r.sirens, r.means = append(r.sirens, fields[1]), append(r.means, at(fields[2:]))
		case "C":
			r.commune(fields)
		case "F":
			now, _ := r.present(fields[3])
			r.former = append(r.former, former{fields[1], fields[2], now})
		}
	}
	r.sort()
	return &r.country
}

func (r *reading) commune(fields []string) {
	c := Commune{Insee: fields[1], Name: fields[2], Department: departmentOf(fields[1]), Population: int(number(fields[4]))}
	if fields[3] != "" {
		first := len(r.codes)
		r.codes = append(r.codes, strings.Split(fields[3], "|")...)
		c.Postcodes = r.codes[first:len(r.codes):len(r.codes)]
	}
	mean := point{}
	if fields[5] != "" {
		i := int(number(fields[5]))
		c.EPCI, mean = r.sirens[i], r.means[i]
	}
	c.place(at(fields[6:]), mean, r.departments[c.Department])
	r.communes = append(r.communes, c)
}

// place takes the best place that is known.
func (c *Commune) place(own, ofEPCI, ofDepartment point) {
	best := ofDepartment
	switch {
	case own.known:
		best, c.Precision = own, Exact
	case ofEPCI.known:
		best, c.Precision = ofEPCI, OfEPCI
	case ofDepartment.known:
		c.Precision = OfDepartment
	}
	c.Lat, c.Lon = best.lat, best.lon
}

// departmentOf is two characters of a code, or three overseas.
func departmentOf(insee string) string {
	if insee[:2] == "97" || insee[:2] == "98" {
		return insee[:3]
	}
	return insee[:2]
}

func split(fields []string, line string) []string {
	for {
		end := strings.IndexByte(line, '\t')
		if end < 0 {
			return append(fields, line)
		}
		fields = append(fields, line[:end])
		line = line[end+1:]
	}
}

func at(fields []string) point {
	if fields[0] == "" {
		return point{}
	}
	return point{number(fields[0]), number(fields[1]), true}
}

func number(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic("communes: " + text) // the tool that wrote the file is wrong
	}
	return n
}
