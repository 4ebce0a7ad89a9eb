package portal

import (
	"slices"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/pkg/fold"
)

// communeField is what the field for a commune shows beside its text: several hits to choose from.
type communeField struct {
	Text string // what the hits are for
	Hits []client.Commune
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

// communes looks for a name or a postcode.
func (v *visit) communes(text string) ([]client.Commune, error) {
	if len([]rune(text)) < leastTyped {
		return nil, nil
	}
	answer, err := v.api.ListCommunesWithResponse(v.ctx, &client.ListCommunesParams{Q: &text})
	if err != nil {
		return nil, err
	}
	return v.nearFirst(answer.JSON200.Items)
}

// nearFirst puts the communes of the caller's fund before others.
func (v *visit) nearFirst(hits []client.Commune) ([]client.Commune, error) {
	w, err := v.words()
	far := func(c client.Commune) int {
		near := func(f client.Fund) bool { return f.ID == v.user.Fund && slices.Contains(f.Departments, c.Department) }
		if slices.ContainsFunc(w.directory.Funds, near) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(hits, func(a, b client.Commune) int { return far(a) - far(b) })
	return hits, err
}

// commune reads the field: its name or postcode when only one fits, or the hit that was chosen. What cannot be told
// is refused beside the field, with the hits to choose from.
func (v *visit) commune(f *form) (*client.Commune, communeField, error) {
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
		if i := slices.IndexFunc(hits, func(c client.Commune) bool { return c.Insee == f.value("commune-choix") }); i >= 0 {
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
func onlyHit(text string, hits []client.Commune) *client.Commune {
	if len(hits) == 1 {
		return &hits[0]
	}
	var exact []client.Commune
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
func postcode(c client.Commune, typed string) *string {
	switch {
	case slices.Contains(c.Postcodes, typed):
		return &typed
	case len(c.Postcodes) == 1:
		return &c.Postcodes[0]
	}
	return nil
}

// communeLabel tells communes of one name apart.
func communeLabel(c client.Commune) string {
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
		list[i] = choice{Value: hit.Insee, Label: communeLabel(hit)}
	}
	return list
}
