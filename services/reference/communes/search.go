package communes

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Most is how many communes Search gives at most.
const Most = 100

// index has a line for each name, present or former, and in front of each of its words a space.
type index struct {
	text   string
	starts []int // of the lines in text
	lines  []entry
}

type entry struct {
	commune int
	former  bool
}

var names = sync.OnceValue(list)

func list() *index {
	x, text := &index{}, make([]byte, 0, 700_000)
	add := func(name string, e entry) {
		x.starts, x.lines = append(x.starts, len(text)), append(x.lines, e)
		text = append(fold(text, name), '\n')
	}
	f, next := france(), 0
	for i, c := range f.communes {
		add(c.Name, entry{i, false})
		for ; next < len(f.former) && f.former[next].commune == i; next++ {
			if f.former[next].name != c.Name {
				add(f.former[next].name, entry{i, true})
			}
		}
	}
	x.text = string(text)
	return x
}

// How well a name answers; a former name is worse than any present one.
const (
	same = iota
	begins
	contains
	asFormer
)

type hit struct{ rank, commune int }

// Search gives the communes that people may mean, the best first: the name, its beginning, the beginning of one
// of its words, then the larger one. Accents, hyphens, apostrophes, capitals and the forms of saint do not
// count. Digits are the beginning of a postcode; beside a name they only narrow, and a CEDEX code, which no
// commune has, to its department. A former name finds the present commune. Nothing asked is everything. The
// department is a code, or empty for all; the limit is at most Most.
func Search(q, department string, limit int) []Commune {
	name, postcode := parse(q)
	found := best{country: france(), department: department, limit: min(limit, Most)}
	switch {
	case limit <= 0, name == "" && postcode == "" && strings.TrimSpace(q) != "":
		return nil
	case name == "" && postcode != "":
		found.serve(postcode)
	default:
		found.postcode = found.narrowing(postcode)
		found.look(names(), name)
		if raw := strings.ToLower(strings.TrimSpace(q)); name == "saint" && raw != name { // st is a saint, or the beginning of Stains
			found.look(names(), raw)
		}
	}
	return found.communes()
}

// parse tells the name from the digits. What follows CEDEX is of no interest.
func parse(q string) (name, postcode string) {
	var list []string
	for _, word := range words(q) {
		switch {
		case word == "cedex":
			return strings.Join(list, " "), postcode
		case postcode == "" && strings.Trim(word, "0123456789") == "":
			postcode = word
		default:
			list = append(list, word)
		}
	}
	return strings.Join(list, " "), postcode
}

// best keeps the best so far.
type best struct {
	*country
	department, postcode string
	limit                int
	hits                 []hit
}

// narrowing is the postcode beside a name, or the department's part of a CEDEX code.
func (b *best) narrowing(postcode string) string {
	if len(postcode) == 5 && len(withPostcode(postcode)) == 0 {
		return postcode[:2]
	}
	return postcode
}

func (b *best) serve(postcode string) {
	for _, s := range withPostcode(postcode) {
		b.put(hit{same, s.commune})
	}
}

// look visits each line that has a word beginning so.
func (b *best) look(x *index, name string) {
	needle, line := " "+name, 0
	for at := 0; ; at++ {
		next := strings.Index(x.text[at:], needle)
		if next < 0 {
			return
		}
		at += next
		for line+1 < len(x.starts) && x.starts[line+1] <= at {
			line++
		}
		b.put(hit{rank(x, line, at, len(needle)), x.lines[line].commune})
	}
}

func rank(x *index, line, at, length int) int {
	worth := contains
	switch {
	case at == x.starts[line] && x.text[at+length] == '\n':
		worth = same
	case at == x.starts[line]:
		worth = begins
	}
	if x.lines[line].former {
		worth += asFormer
	}
	return worth
}

// put keeps a hit among the best, each commune once.
func (b *best) put(h hit) {
	full := len(b.hits) == b.limit
	if full && b.order(h, b.hits[b.limit-1]) >= 0 || !b.allows(&b.country.communes[h.commune]) {
		return
	}
	if i := slices.IndexFunc(b.hits, func(o hit) bool { return o.commune == h.commune }); i >= 0 {
		if b.hits[i].rank <= h.rank {
			return
		}
		b.hits, full = slices.Delete(b.hits, i, i+1), false
	}
	if full {
		b.hits = b.hits[:b.limit-1]
	}
	i, _ := slices.BinarySearchFunc(b.hits, h, b.order)
	b.hits = slices.Insert(b.hits, i, h)
}

func (b *best) allows(c *Commune) bool {
	return (b.department == "" || c.Department == b.department) &&
		(b.postcode == "" || slices.ContainsFunc(c.Postcodes, func(p string) bool { return strings.HasPrefix(p, b.postcode) }))
}

func (b *best) order(x, y hit) int {
	return cmp.Or(x.rank-y.rank, b.country.communes[y.commune].Population-b.country.communes[x.commune].Population, x.commune-y.commune)
}

func (b *best) communes() []Commune {
	list := make([]Commune, len(b.hits))
	for i, h := range b.hits {
		list[i] = b.country.communes[h.commune]
	}
	return list
}
