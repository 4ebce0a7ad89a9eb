package reference

// The directory of the demonstration. Phones are from the range that ARCEP keeps for fiction (decision
// 2018-0881: 01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49).

var funds = []Fund{
	{ID: "carsat-lr", Name: "Carsat Languedoc-Roussillon", Departments: []string{"11", "30", "34", "48", "66"}},
	{ID: "carsat-bfc", Name: "Carsat Bourgogne-Franche-Comté", Departments: []string{"21", "25", "39", "58", "70", "71", "89", "90"}},
}

var desks = []Desk{
	agencyLR("montpellier", "Montpellier", "34", "04 65 71 34 01"),
	agencyLR("beziers", "Béziers", "34", "04 65 71 34 02"),
	agencyLR("sete", "Sète", "34", "04 65 71 34 03"),
	agencyLR("nimes", "Nîmes", "30", "04 65 71 30 01"),
	agencyLR("ales", "Alès", "30", "04 65 71 30 02"),
	agencyLR("carcassonne", "Carcassonne", "11", "04 65 71 11 01"),
	agencyLR("narbonne", "Narbonne", "11", "04 65 71 11 02"),
	agencyLR("mende", "Mende", "48", "04 65 71 48 01"),
	agencyLR("perpignan", "Perpignan", "66", "04 65 71 66 01"),
	{ID: "plateforme-telephonique", Name: "Plateforme téléphonique", Fund: "carsat-lr", Kind: "phone_platform",
		Departments: []string{"11", "30", "34", "48", "66"}, Phone: "04 65 71 00 01"},
	agencyBFC("dijon", "Dijon", "21", "03 53 01 21 01"),
	agencyBFC("besancon", "Besançon", "25", "03 53 01 25 01"),
	agencyBFC("lons-le-saunier", "Lons-le-Saunier", "39", "03 53 01 39 01"),
	agencyBFC("nevers", "Nevers", "58", "03 53 01 58 01"),
	agencyBFC("vesoul", "Vesoul", "70", "03 53 01 70 01"),
	agencyBFC("macon", "Mâcon", "71", "03 53 01 71 01"),
	agencyBFC("auxerre", "Auxerre", "89", "03 53 01 89 01"),
	agencyBFC("belfort", "Belfort", "90", "03 53 01 90 01"),
	unitBFC("cote-dor", "Côte-d'Or", "03 53 01 21 02", "21"),
	unitBFC("besancon-haut-doubs", "Besançon Haut-Doubs", "03 53 01 25 02", "25"),
	unitBFC("jura", "Jura", "03 53 01 39 02", "39"),
	unitBFC("nievre", "Nièvre", "03 53 01 58 02", "58"),
	unitBFC("haute-saone", "Haute-Saône", "03 53 01 70 02", "70"),
	unitBFC("saone-et-loire", "Saône-et-Loire", "03 53 01 71 02", "71"),
	unitBFC("yonne", "Yonne", "03 53 01 89 02", "89"),
	unitBFC("nord-franche-comte", "Nord Franche-Comté", "03 53 01 90 02", "90", "25"),
}

func agencyLR(id, name, department, phone string) Desk {
	return Desk{ID: id, Name: "Agence de " + name, Fund: "carsat-lr", Kind: "agency", Departments: []string{department}, Phone: phone}
}

func agencyBFC(id, name, department, phone string) Desk {
	return Desk{ID: id, Name: "Agence de " + name, Fund: "carsat-bfc", Kind: "agency", Departments: []string{department}, Phone: phone}
}

func unitBFC(id, name, phone string, departments ...string) Desk {
	return Desk{ID: id, Name: "Service social, unité " + name, Fund: "carsat-bfc", Kind: "unit", Departments: departments, Phone: phone}
}

var providers = []Provider{
	{ID: "provider-a", Name: "Centre social Exemple-Nord", Fund: "carsat-lr", Department: "34"},
	{ID: "provider-b", Name: "Atelier numérique Exemple-Sud", Fund: "carsat-lr", Department: "34"},
	{ID: "provider-58", Name: "Maison numérique Exemple-Nièvre", Fund: "carsat-bfc", Department: "58"},
}

var programmes = []Programme{
	{ID: "reperage-lr", Name: "Repérage des seniors en Languedoc-Roussillon", Fund: "carsat-lr", TakesFlags: true, AgeOver: 55,
		Opens: map[string]string{"34": "2021-11-01", "30": "2022-01-01", "48": "2022-01-01", "11": "2022-01-01", "66": "2022-01-01"}},
	{ID: "observation-bfc-2020", Name: "Observation de l'exclusion numérique 2020", Fund: "carsat-bfc", TakesFlags: true,
		Opens: map[string]string{"": "2020-01-01"}, Closes: "2020-02-29", ReviewFirst: true, OneOpenPerInstitution: true},
	{ID: "equipement-lr", Name: "Équipement et accompagnement individuel", Fund: "carsat-lr"},
}

var accounts = []Account{
	{ID: "advisor-34", Label: "Conseillère, agence de Montpellier", Role: Advisor, Fund: "carsat-lr", Desks: []string{"montpellier"}, Departments: []string{"34"}},
	{ID: "advisor-34b", Label: "Conseiller, agence de Béziers", Role: Advisor, Fund: "carsat-lr", Desks: []string{"beziers"}, Departments: []string{"34"}},
	{ID: "advisor-30", Label: "Conseillère, agence de Nîmes", Role: Advisor, Fund: "carsat-lr", Desks: []string{"nimes"}, Departments: []string{"30"}},
	{ID: "phone-lr", Label: "Conseiller, plateforme téléphonique", Role: PhoneAdvisor, Fund: "carsat-lr", Desks: []string{"plateforme-telephonique"}},
	{ID: "advisor-58", Label: "Assistante sociale, unité Nièvre", Role: Advisor, Fund: "carsat-bfc", Desks: []string{"nievre"}, Departments: []string{"58"}},
	{ID: "advisor-21", Label: "Assistant social, unité Côte-d'Or", Role: Advisor, Fund: "carsat-bfc", Desks: []string{"cote-dor"}, Departments: []string{"21"}},
	{ID: "evaluator-34", Label: "Évaluatrice, Hérault", Role: Evaluator, Fund: "carsat-lr", Departments: []string{"34"}},
	{ID: "referent-34", Label: "Référente, Hérault", Role: Referent, Fund: "carsat-lr", Desks: []string{"montpellier", "beziers", "sete"}, Departments: []string{"34"}},
	{ID: "referent-58", Label: "Référent, unité Nièvre", Role: Referent, Fund: "carsat-bfc", Desks: []string{"nievre"}, Departments: []string{"58"}},
	{ID: "referent-21", Label: "Référente, unité Côte-d'Or", Role: Referent, Fund: "carsat-bfc", Desks: []string{"cote-dor"}, Departments: []string{"21"}},
	{ID: "partnership-lr", Label: "Chargée de partenariats", Role: Partnership, Fund: "carsat-lr"},
	{ID: "provider-a", Label: "Centre social Exemple-Nord", Role: ProviderRole, Fund: "carsat-lr", Departments: []string{"34"}, Provider: "provider-a"},
	{ID: "provider-b", Label: "Atelier numérique Exemple-Sud", Role: ProviderRole, Fund: "carsat-lr", Departments: []string{"34"}, Provider: "provider-b"},
	{ID: "partnership-bfc", Label: "Chargé de partenariats, Bourgogne-Franche-Comté", Role: Partnership, Fund: "carsat-bfc"},
	{ID: "provider-58", Label: "Maison numérique Exemple-Nièvre", Role: ProviderRole, Fund: "carsat-bfc", Departments: []string{"58"}, Provider: "provider-58"},
	{ID: "partner-34", Label: "Organisme partenaire, Hérault", Role: Partner, Fund: "carsat-lr", Departments: []string{"34"}},
	{ID: "equipment-lr", Label: "Gestionnaire du matériel", Role: EquipmentRole, Fund: "carsat-lr"},
	{ID: "funding-lr", Label: "Chargé de financement", Role: FundingRole, Fund: "carsat-lr"},
	{ID: "analyst-lr", Label: "Analyste, Languedoc-Roussillon", Role: Analyst, Fund: "carsat-lr"},
	{ID: "analyst-bfc", Label: "Analyste, Bourgogne-Franche-Comté", Role: Analyst, Fund: "carsat-bfc"},
	{ID: "network", Label: "Analyste du réseau", Role: Analyst},
	{ID: "admin-lr", Label: "Administratrice, Languedoc-Roussillon", Role: Administrator, Fund: "carsat-lr"},
	{ID: "admin-bfc", Label: "Administrateur, Bourgogne-Franche-Comté", Role: Administrator, Fund: "carsat-bfc"},
	{ID: "privacy-lr", Label: "Déléguée à la protection des données, Languedoc-Roussillon", Role: Privacy, Fund: "carsat-lr"},
	{ID: "privacy-bfc", Label: "Délégué à la protection des données, Bourgogne-Franche-Comté", Role: Privacy, Fund: "carsat-bfc"},
}
