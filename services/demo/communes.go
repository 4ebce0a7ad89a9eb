package demo

// commune is a real place; who lives there in the demo does not exist.
type commune struct{ insee, name, postcode string }

func (c commune) department() string { return c.insee[:2] }

var herault = []commune{
	{"34172", "Montpellier", "34000"}, {"34032", "Béziers", "34500"}, {"34301", "Sète", "34200"}, {"34003", "Agde", "34300"},
	{"34145", "Lunel", "34400"}, {"34057", "Castelnau-le-Lez", "34170"}, {"34108", "Frontignan", "34110"}, {"34129", "Lattes", "34970"},
	{"34154", "Mauguio", "34130"}, {"34157", "Mèze", "34140"}, {"34079", "Clermont-l'Hérault", "34800"}, {"34142", "Lodève", "34700"},
	{"34199", "Pézenas", "34120"}, {"34114", "Gignac", "34150"}, {"34151", "Marsillargues", "34590"}, {"34150", "Marseillan", "34340"},
	{"34299", "Sérignan", "34410"}, {"34198", "Pérols", "34470"},
}

var nievre = []commune{
	{"58194", "Nevers", "58000"}, {"58086", "Cosne-Cours-sur-Loire", "58200"}, {"58303", "Varennes-Vauzelles", "58640"}, {"58095", "Decize", "58300"},
	{"58059", "La Charité-sur-Loire", "58400"}, {"58117", "Fourchambault", "58600"}, {"58079", "Clamecy", "58500"}, {"58134", "Imphy", "58160"},
	{"58149", "Luzy", "58170"}, {"58062", "Château-Chinon (Ville)", "58120"}, {"58218", "Prémery", "58700"}, {"58102", "Donzy", "58220"},
}
