package communes

import (
	"cmp"
	"slices"
	"sync"
)

// served is one postcode of one commune.
type served struct {
	postcode string
	commune  int
}

var postcodes = sync.OnceValue(func() (list []served) {
	for i, c := range france().communes {
		for _, p := range c.Postcodes {
			list = append(list, served{p, i})
		}
	}
	slices.SortFunc(list, func(a, b served) int { return cmp.Or(cmp.Compare(a.postcode, b.postcode), a.commune-b.commune) })
	return list
})

// withPostcode are those whose postcode begins so.
func withPostcode(prefix string) []served {
	list := postcodes()
	byPostcode := func(s served, text string) int { return cmp.Compare(s.postcode, text) }
	from, _ := slices.BinarySearchFunc(list, prefix, byPostcode)
	to, _ := slices.BinarySearchFunc(list, prefix+"~", byPostcode)
	return list[from:to]
}
