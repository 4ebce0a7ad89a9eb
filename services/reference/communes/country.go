package communes

import (
	"cmp"
	"slices"
)

// country is the file, read.
type country struct {
	communes []Commune // in the order of their codes
	former   []former  // in the order of the communes
	now      map[string]int
}

// former is a code that stands for a commune of today, and the name it had.
type former struct {
	insee, name string
	commune     int
}

func (f *country) sort() {
	slices.SortStableFunc(f.former, func(a, b former) int { return a.commune - b.commune })
	f.now = make(map[string]int, len(f.former))
	for _, one := range f.former {
		f.now[one.insee] = one.commune
	}
}

// find a commune by any of its codes. A new commune often keeps the code of its largest part.
func (f *country) find(insee string) (commune int, ok bool) {
	if i, ok := f.present(insee); ok {
		return i, true
	}
	commune, ok = f.now[insee]
	return commune, ok
}

func (f *country) present(insee string) (commune int, ok bool) {
	return slices.BinarySearchFunc(f.communes, insee, func(c Commune, insee string) int { return cmp.Compare(c.Insee, insee) })
}

// formerCodes of a commune, without its own.
func (f *country) formerCodes(commune int) (codes []string) {
	for _, one := range f.formerly(commune) {
		if one.insee != f.communes[commune].Insee {
			codes = append(codes, one.insee)
		}
	}
	return codes
}

func (f *country) formerly(commune int) []former {
	byCommune := func(one former, commune int) int { return one.commune - commune }
	from, _ := slices.BinarySearchFunc(f.former, commune, byCommune)
	to, _ := slices.BinarySearchFunc(f.former, commune+1, byCommune)
	return f.former[from:to]
}

// department is from where to where its communes are.
func (f *country) department(code string) (from, to int) {
	byDepartment := func(c Commune, code string) int { return cmp.Compare(c.Department, code) }
	from, _ = slices.BinarySearchFunc(f.communes, code, byDepartment)
	to, _ = slices.BinarySearchFunc(f.communes, code+"\x00", byDepartment)
	return from, to
}
