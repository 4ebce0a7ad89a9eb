package reference

import "slices"

// Programme is under which rules somebody is flagged and referred.
type Programme struct {
	ID, Name              string
	Fund                  string
	Opens                 map[string]string // first finding date by department of the person; "" stands for any other
	Closes                string            // last finding date, empty: none
	AgeOver               int               // strictly, in whole years at the finding date
	ReviewFirst           bool              // a referral needs a validated flag
	OneOpenPerInstitution bool              // else one open flag per person
	TakesFlags            bool
	Kind                  string // what is observed under it
	Reviewed              bool   // else an observation counts at submission
}

// Kinds of programmes.
const (
	Campaign  = "campaign"
	Permanent = "permanent"
	None      = "none" // counts nothing
)

// Programmes of all funds.
func Programmes() []Programme { return slices.Clone(programmes) }

// FindProgramme finds a programme by its identifier.
func FindProgramme(id string) (Programme, bool) {
	if i := slices.IndexFunc(programmes, func(p Programme) bool { return p.ID == id }); i >= 0 {
		return programmes[i], true
	}
	return Programme{}, false
}

var programmes = []Programme{
	{ID: "reperage-lr", Name: "Repérage des seniors en Languedoc-Roussillon", Fund: "carsat-lr", TakesFlags: true, AgeOver: 55, Kind: Permanent,
		Opens: map[string]string{"34": "2021-11-01", "30": "2022-01-01", "48": "2022-01-01", "11": "2022-01-01", "66": "2022-01-01"}},
	{ID: "observation-bfc-2020", Name: "Observation de l'exclusion numérique 2020", Fund: "carsat-bfc", TakesFlags: true,
		Opens: map[string]string{"": "2020-01-01"}, Closes: "2020-02-29", ReviewFirst: true, Reviewed: true, Kind: Campaign, OneOpenPerInstitution: true},
	{ID: "accompagnement-bfc", Name: "Accompagnement vers le numérique en Bourgogne-Franche-Comté", Fund: "carsat-bfc", TakesFlags: true, AgeOver: 55,
		Opens: map[string]string{"": "2021-01-01"}, ReviewFirst: true, Reviewed: true, Kind: Permanent},
	{ID: "equipement-lr", Name: "Équipement et accompagnement individuel", Fund: "carsat-lr", Kind: None},
}
