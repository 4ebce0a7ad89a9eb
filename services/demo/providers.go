package demo

import "fmt"

// provider runs workshops. Those of the directory have an account; for the others a partnership officer answers.
type provider struct {
	id      string // of the directory; empty: is registered
	account string // that plans and answers
	keeper  string // that registers equipment in its pool; empty: nobody does
	name    string
	commune commune
	street  string
	phone   string
	email   string
}

const (
	providersInAll = 30
	ofHerault      = 17 // registered, beside two of the directory
)

// providers begin with those of the directory.
func providers(d dice) []provider {
	list := []provider{
		{id: "provider-a", account: "provider-a", keeper: "provider-a", commune: herault[0], street: "12 rue de l'Exemple"},
		{id: "provider-b", account: "provider-b", keeper: "provider-b", commune: herault[1], street: "3 place de l'Essai"},
		{id: "provider-58", account: "provider-58", keeper: "provider-58", commune: nievre[0], street: "8 rue du Modèle"},
	}
	for n := range providersInAll - len(list) {
		p := provider{account: "partnership-lr", keeper: "equipment-lr", phone: fmt.Sprintf("+33 4 65 71 20 %02d", n)}
		places := herault[1:]
		if n >= ofHerault {
			p, places = provider{account: "partnership-bfc", phone: fmt.Sprintf("+33 3 53 01 20 %02d", n)}, nievre[1:]
		}
		p.commune = places[n%len(places)]
		p.name = houses[n%len(houses)] + of(p.commune.name)
		p.street = fmt.Sprintf("%d %s", d.between(1, 90), pick(d, streets))
		p.email = fmt.Sprintf("atelier-%02d@example.org", n+1)
		list = append(list, p)
	}
	return list
}

// of puts a commune behind a name: de Lodève, d'Agde.
func of(commune string) string {
	switch commune[0] {
	case 'A', 'E', 'I', 'O', 'U':
		return " d'" + commune
	}
	return " de " + commune
}

// item is something that can be lent.
type item struct {
	pool     int    // provider; -1: poolID
	poolID   string // of a desk
	by       string
	kind     string
	assetTag string
}

// items are fewer than are wanted: some people go without.
func items(all []provider) []item {
	var list []item
	add := func(pool int, poolID, by string, kinds ...string) {
		for _, kind := range kinds {
			list = append(list, item{pool, poolID, by, kind, fmt.Sprintf("DEMO-%03d", len(list)+1)})
		}
	}
	for n, p := range all {
		switch {
		case p.id != "":
			add(n, "", p.keeper, "tablet", "tablet", "tablet", "tablet", "computer")
		case p.keeper != "" && n%4 != 0:
			add(n, "", p.keeper, "tablet", "tablet")
		}
	}
	add(-1, "montpellier", "equipment-lr", "tablet", "tablet", "computer", "mobile", "printer")
	return list
}
