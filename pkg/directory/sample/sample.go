// Package sample is the directory of the demonstration, as the facts that make it: what partners try, what tests work with.
package sample

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

// Phones are from the range that ARCEP keeps for
// fiction (decision 2018-0881: 01 99 00, 02 61 91, 03 53 01, 04 65 71, 05 36 49).

var funds = []directory.Fund{
	{ID: "carsat-lr", Name: "Carsat Languedoc-Roussillon", Departments: []string{"11", "30", "34", "48", "66"}, ErasureDays: 3},
	{ID: "carsat-bfc", Name: "Carsat Bourgogne-Franche-Comté", Departments: []string{"21", "25", "39", "58", "70", "71", "89", "90"}, ErasureDays: 3},
}

var desks = []directory.Desk{
	agencyLR("montpellier", "Montpellier", "34", "04 65 71 34 01"),
	agencyLR("beziers", "Béziers", "34", "04 65 71 34 02"),
	agencyLR("sete", "Sète", "34", "04 65 71 34 03"),
	agencyLR("nimes", "Nîmes", "30", "04 65 71 30 01"),
	agencyLR("ales", "Alès", "30", "04 65 71 30 02"),
	agencyLR("carcassonne", "Carcassonne", "11", "04 65 71 11 01"),
	agencyLR("narbonne", "Narbonne", "11", "04 65 71 11 02"),
	agencyLR("mende", "Mende", "48", "04 65 71 48 01"),
	agencyLR("perpignan", "Perpignan", "66", "04 65 71 66 01"),
	{ID: "plateforme-telephonique", Name: "Plateforme téléphonique", Fund: "carsat-lr", Kind: directory.KindPhone,
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

func agencyLR(id, name, department, phone string) directory.Desk {
	return directory.Desk{ID: id, Name: "Agence de " + name, Fund: "carsat-lr", Kind: directory.KindAgency, Departments: []string{department}, Phone: phone}
}

func agencyBFC(id, name, department, phone string) directory.Desk {
	return directory.Desk{ID: id, Name: "Agence de " + name, Fund: "carsat-bfc", Kind: directory.KindAgency, Departments: []string{department}, Phone: phone}
}

func unitBFC(id, name, phone string, departments ...string) directory.Desk {
	return directory.Desk{ID: id, Name: "Service social, unité " + name, Fund: "carsat-bfc", Kind: directory.KindUnit, Departments: departments, Phone: phone}
}

var organisations = []directory.Organisation{
	{ID: "provider-a", Name: "Centre social Exemple-Nord", Kind: directory.KindProvider, Fund: "carsat-lr", Department: "34"},
	{ID: "provider-b", Name: "Atelier numérique Exemple-Sud", Kind: directory.KindProvider, Fund: "carsat-lr", Department: "34"},
	{ID: "provider-58", Name: "Maison numérique Exemple-Nièvre", Kind: directory.KindProvider, Fund: "carsat-bfc", Department: "58"},
	{ID: "partner-34", Name: "Organisme partenaire Exemple", Kind: "partner", Fund: "carsat-lr", Department: "34"},
}

// Account is somebody of the demonstration: what is written on the button of the sign-in page, and the membership.
type Account struct {
	ID, Label string
	Role      directory.Role
	Fund      string
	Scope     directory.Scope
}

// Accounts are all of them, in the order in which they are shown.
func Accounts() []Account { return slices.Clone(accounts) }

var accounts = []Account{
	{"advisor-34", "Conseillère, agence de Montpellier", directory.Advisor, "carsat-lr", directory.Scope{Kind: directory.ScopeDesk, ID: "montpellier"}},
	{"advisor-34b", "Conseiller, agence de Béziers", directory.Advisor, "carsat-lr", directory.Scope{Kind: directory.ScopeDesk, ID: "beziers"}},
	{"advisor-30", "Conseillère, agence de Nîmes", directory.Advisor, "carsat-lr", directory.Scope{Kind: directory.ScopeDesk, ID: "nimes"}},
	{"phone-lr", "Conseiller, plateforme téléphonique", directory.PhoneAdvisor, "carsat-lr", directory.Scope{Kind: directory.ScopeDesk, ID: "plateforme-telephonique"}},
	{"advisor-58", "Assistante sociale, unité Nièvre", directory.Advisor, "carsat-bfc", directory.Scope{Kind: directory.ScopeDesk, ID: "nievre"}},
	{"advisor-21", "Assistant social, unité Côte-d'Or", directory.Advisor, "carsat-bfc", directory.Scope{Kind: directory.ScopeDesk, ID: "cote-dor"}},
	{"evaluator-34", "Évaluatrice, Hérault", directory.Evaluator, "carsat-lr", directory.Scope{Kind: directory.ScopeDepartment, ID: "34"}},
	{"referent-34", "Référente, Hérault", directory.Referent, "carsat-lr", directory.Scope{Kind: directory.ScopeDepartment, ID: "34"}},
	{"referent-58", "Référent, unité Nièvre", directory.Referent, "carsat-bfc", directory.Scope{Kind: directory.ScopeDesk, ID: "nievre"}},
	{"referent-21", "Référente, unité Côte-d'Or", directory.Referent, "carsat-bfc", directory.Scope{Kind: directory.ScopeDesk, ID: "cote-dor"}},
	{"deputy-bfc", "Référente régionale, Bourgogne-Franche-Comté", directory.Referent, "carsat-bfc", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-bfc"}},
	{"partnership-lr", "Chargée de partenariats", directory.Partnership, "carsat-lr", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-lr"}},
	{"provider-a", "Centre social Exemple-Nord", directory.ProviderRole, "carsat-lr", directory.Scope{Kind: directory.ScopeProvider, ID: "provider-a"}},
	{"provider-b", "Atelier numérique Exemple-Sud", directory.ProviderRole, "carsat-lr", directory.Scope{Kind: directory.ScopeProvider, ID: "provider-b"}},
	{"partnership-bfc", "Chargé de partenariats, Bourgogne-Franche-Comté", directory.Partnership, "carsat-bfc", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-bfc"}},
	{"provider-58", "Maison numérique Exemple-Nièvre", directory.ProviderRole, "carsat-bfc", directory.Scope{Kind: directory.ScopeProvider, ID: "provider-58"}},
	{"partner-34", "Organisme partenaire, Hérault", directory.Partner, "carsat-lr", directory.Scope{Kind: directory.ScopeOrganisation, ID: "partner-34"}},
	{"equipment-lr", "Gestionnaire du matériel", directory.EquipmentRole, "carsat-lr", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-lr"}},
	{"funding-lr", "Chargé de financement", directory.FundingRole, "carsat-lr", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-lr"}},
	{"analyst-lr", "Analyste, Languedoc-Roussillon", directory.Analyst, "carsat-lr", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-lr"}},
	{"analyst-bfc", "Analyste, Bourgogne-Franche-Comté", directory.Analyst, "carsat-bfc", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-bfc"}},
	{"network", "Analyste du réseau", directory.Analyst, directory.Network, directory.Scope{Kind: directory.ScopeNetwork, ID: ""}},
	{"admin-lr", "Administratrice, Languedoc-Roussillon", directory.Administrator, "carsat-lr", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-lr"}},
	{"admin-bfc", "Administrateur, Bourgogne-Franche-Comté", directory.Administrator, "carsat-bfc", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-bfc"}},
	{"privacy-lr", "Déléguée à la protection des données, Languedoc-Roussillon", directory.Privacy, "carsat-lr", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-lr"}},
	{"privacy-bfc", "Délégué à la protection des données, Bourgogne-Franche-Comté", directory.Privacy, "carsat-bfc", directory.Scope{Kind: directory.ScopeFund, ID: "carsat-bfc"}},
}

// Since is when the memberships of the demonstration begin: before anything is told in it.
const Since = "2019-01-01"

const by = "demo"

// Facts tell the directory of the demonstration, as of a moment.
func Facts(at time.Time) (facts []events.Access) {
	for _, f := range funds {
		facts = append(facts, events.FundRegistered{Fund: f.ID, Name: f.Name, Departments: f.Departments, ErasureDays: f.ErasureDays, By: by, At: at})
	}
	for _, d := range desks {
		facts = append(facts, events.DeskSet{Fund: d.Fund, Desk: d.ID, Kind: d.Kind, Name: d.Name, Departments: d.Departments, Phone: d.Phone, By: by, At: at})
	}
	for _, o := range organisations {
		facts = append(facts, events.OrganisationSet{Fund: o.Fund, Organisation: o.ID, Kind: o.Kind, Name: o.Name, Department: o.Department, By: by, At: at})
	}
	for _, p := range Programmes(at) {
		facts = append(facts, p)
	}
	for _, a := range accounts {
		facts = append(facts, events.MembershipGranted{
			MembershipID: "demo-" + a.ID, Fund: a.Fund, Account: a.ID, Role: string(a.Role), Scope: events.Scope(a.Scope), From: Since, By: by, At: at,
		})
	}
	return facts
}

// Day is one on which every membership of the demonstration holds.
var Day = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

var whole = directory.Of(Facts(Day)...)

// Directory is all of it.
func Directory() *directory.Directory { return whole }

// Find finds an account of the demonstration.
func Find(id string) (directory.Account, bool) { return whole.Account(id, Day) }
