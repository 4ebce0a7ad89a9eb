package reference

import "slices"

// LabelVersion is a label of providers with the criteria of one of its versions: they are data, a later version is a line more.
type LabelVersion struct {
	Label, Version string
	Criteria       []Code
}

var labels = []LabelVersion{
	{"autonomie_numerique", "2019", []Code{
		{"content", "Contenu conforme au référentiel : six familles de compétences"},
		{"evaluation", "Méthode d'évaluation avant et après chaque atelier"},
		{"impact", "Étude d'impact de chaque atelier"},
		{"objective", "La moitié des participants a créé son espace personnel, consulté le portail et créé une adresse mail"},
	}},
}

// Label finds a version of a label.
func Label(label, version string) (LabelVersion, bool) {
	i := slices.IndexFunc(labels, func(l LabelVersion) bool { return l.Label == label && l.Version == version })
	if i < 0 {
		return LabelVersion{}, false
	}
	return labels[i], true
}

// labelLists are the criteria as code lists, one for each version.
func labelLists() (lists []List) {
	for _, l := range labels {
		lists = append(lists, List{Name: "label_" + l.Label + "_" + l.Version, Codes: l.Criteria})
	}
	return lists
}
