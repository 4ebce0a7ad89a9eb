package portal

import (
	"regexp"
	"slices"
	"strings"

	"example.org/passerelle/pkg/fold"
)

// commune is where somebody lives or something takes place.
type commune struct {
	Insee, Name, Department string
	Postcodes               []string
}

// communeField is what the field for a commune shows beside its text: several hits to choose from.
type communeField struct {
	Text string // what the hits are for
	Hits []commune
}

// communeFragment suggests communes while somebody types.
func communeFragment(v *visit) error {
	text := strings.TrimSpace(v.r.URL.Query().Get("q") + v.r.URL.Query().Get("commune"))
	hits, err := v.communes(text)
	if err != nil {
		return err
	}
	if len(hits) > mostSuggested {
		hits = hits[:mostSuggested]
	}
	return v.fragment(communeSuggestions(form{}, communeField{text, hits}))
}

const (
	leastTyped    = 2
	mostSuggested = 8
)

var inseeShape = regexp.MustCompile(`^(\d{2}|2[AB])\d{3}$`)

// communes looks for a name or a postcode.
func (v *visit) communes(text string) ([]commune, error) {
	if len([]rune(text)) < leastTyped {
		return nil, nil
	}
	if inseeShape.MatchString(strings.ToUpper(text)) {
		return []commune{{Insee: strings.ToUpper(text), Name: text}}, nil
	}
	return nil, nil
}

// commune reads the field: its name or postcode when only one fits, or the hit that was chosen. What cannot be told
// is refused beside the field, with the hits to choose from.
func (v *visit) commune(f *form) (*commune, communeField, error) {
	text := f.value("commune")
	if text == "" {
		return nil, communeField{}, nil
	}
	hits, err := v.communes(text)
	if err != nil {
		return nil, communeField{}, err
	}
	field := communeField{Text: text, Hits: hits}
	if f.value("commune-pour") == text {
		if i := slices.IndexFunc(hits, func(c commune) bool { return c.Insee == f.value("commune-choix") }); i >= 0 {
			return &hits[i], field, nil
		}
	}
	if only := onlyHit(text, hits); only != nil {
		return only, communeField{}, nil
	}
	if len(hits) == 0 {
		f.refuse("commune", "Commune\u00a0: aucune commune ne correspond. Vérifiez son nom ou son code postal")
		return nil, communeField{}, nil
	}
	f.refuse("commune", "Commune\u00a0: plusieurs communes correspondent, choisissez la bonne")
	return nil, field, nil
}

// onlyHit is the commune that is meant, as far as that is beyond doubt.
func onlyHit(text string, hits []commune) *commune {
	if len(hits) == 1 {
		return &hits[0]
	}
	var exact []commune
	for _, c := range hits {
		if fold.Text(c.Name) == fold.Text(text) {
			exact = append(exact, c)
		}
	}
	if len(exact) == 1 {
		return &exact[0]
	}
	return nil
}

// postcode is that of the commune when it has one only, or the one that was typed.
func (c commune) postcode(typed string) *string {
	switch {
	case slices.Contains(c.Postcodes, typed):
		return &typed
	case len(c.Postcodes) == 1:
		return &c.Postcodes[0]
	}
	return nil
}

// label tells communes of one name apart.
func (c commune) label() string {
	switch len(c.Postcodes) {
	case 0:
		return c.Name
	case 1:
		return c.Name + " (" + c.Postcodes[0] + ")"
	}
	return c.Name + " (" + c.Department + ")"
}

// choices of the hits.
func (c communeField) choices() []choice {
	list := make([]choice, len(c.Hits))
	for i, hit := range c.Hits {
		list[i] = choice{Value: hit.Insee, Label: hit.label()}
	}
	return list
}
