package portal

import "slices"

// user is who is signed in, as GET /me says, and their sign-in.
type user struct {
	Account, Label, Role, Fund string
	Desks, Departments         []string
	Provider                   string

	SignIn, Secret  string // for access tokens
	Issuer, IDToken string // for the sign-out there
}

func (u user) is(roles ...string) bool { return slices.Contains(roles, u.Role) }

// What a role does here; the REST surface decides, this only leaves out what it would refuse.
func (u user) flags() bool {
	return u.is("advisor", "phone_advisor", "referent", "evaluator", "partner")
}

// exportsFlags: a partner organisation sees the state of its flags only.
func (u user) exportsFlags() bool { return u.flags() && !u.is("partner") }
func (u user) searches() bool     { return u.is("advisor", "phone_advisor", "referent", "privacy_officer") }
func (u user) refers() bool       { return u.is("advisor", "phone_advisor", "referent") }
func (u user) answersCalls() bool { return u.is("phone_advisor") }
func (u user) isAlerted() bool    { return u.is("advisor", "referent") }
func (u user) reviews() bool      { return u.is("referent") }
func (u user) answers() bool      { return u.is("provider", "partnership_officer") }
func (u user) sessions() bool {
	return u.is("advisor", "phone_advisor", "referent", "evaluator", "provider", "partnership_officer", "equipment_manager", "funding_officer", "analyst")
}
func (u user) lends() bool { return u.is("provider", "equipment_manager", "advisor") }
func (u user) figures() bool {
	return u.is("advisor", "phone_advisor", "referent", "provider", "partnership_officer", "funding_officer", "analyst")
}

// seesCalls: a provider sees calls and what is its own, the others all the money of the fund.
func (u user) seesCalls() bool    { return u.readsMoney() || u.is("provider") }
func (u user) readsMoney() bool   { return u.is("funding_officer", "partnership_officer", "analyst") }
func (u user) managesMoney() bool { return u.is("funding_officer") }

// proposes projects under a call, and reports on them.
func (u user) proposes() bool { return u.is("funding_officer", "provider") }

func (u user) observes() bool {
	return u.is("advisor", "phone_advisor", "referent", "partnership_officer", "funding_officer", "analyst")
}
func (u user) recommends() bool      { return u.is("referent", "analyst") }
func (u user) closesCampaigns() bool { return u.is("partnership_officer") }

// decides on the programmes of the fund.
func (u user) decides() bool { return u.is("partnership_officer") }

func (u user) watches() bool     { return u.is("privacy_officer") }
func (u user) protects() bool    { return u.is("privacy_officer") }
func (u user) administers() bool { return u.is("administrator") }

var roleLabels = map[string]string{
	"advisor": "Conseil en agence", "phone_advisor": "Conseil par téléphone", "evaluator": "Évaluation", "referent": "Référence de l'unité",
	"partnership_officer": "Partenariats", "provider": "Prestataire", "partner": "Organisme partenaire", "equipment_manager": "Gestion du matériel",
	"funding_officer": "Financement", "analyst": "Analyse", "administrator": "Administration", "privacy_officer": "Protection des données",
}
