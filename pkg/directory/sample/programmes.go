package sample

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

const (
	studyText = "Nous recueillons avec votre accord les difficultés rencontrées avec le numérique. Vos réponses servent à une étude de votre caisse : " +
		"les résultats ne disent pas qui vous êtes. Vous pouvez refuser l'étude et être aidé, accepter ou non d'être orienté, et changer d'avis à tout moment."
	helpText = "Nous notons ce dont vous avez besoin pour vous proposer un atelier numérique près de chez vous. Seuls votre agence et, si vous êtes d'accord, " +
		"la structure qui vous accueille connaissent votre nom. Vous pouvez refuser, demander ce que nous savons de vous, et changer d'avis à tout moment."
)

// programmes of the demonstration, in their first version. Their decisions are invented.
var programmes = []events.ProgrammeSet{
	{
		Programme: "reperage-lr", Name: "Repérage des seniors en Languedoc-Roussillon", Fund: "carsat-lr", Kind: directory.KindPermanent,
		TakesFlags: true, Opens: []events.Opening{
			{Department: "11", From: "2022-01-01"}, {Department: "30", From: "2022-01-01"}, {Department: "34", From: "2021-11-01"},
			{Department: "48", From: "2022-01-01"}, {Department: "66", From: "2022-01-01"},
		},
		AgeOver: 55, LowestGIR: 5, OneOpen: directory.OpenPerPerson, TextVersion: "2021-11", Text: helpText, Decision: "Exemple LR 2021-10",
	},
	{
		Programme: "observation-bfc-2020", Name: "Observation de l'exclusion numérique 2020", Fund: "carsat-bfc", Kind: directory.KindCampaign,
		TakesFlags: true, Opens: []events.Opening{{From: "2020-01-01"}}, Closes: "2020-02-29",
		ReviewFirst: true, Reviewed: true, OneOpen: directory.OpenPerInstitution, TextVersion: "2020-01", Text: studyText, Decision: "Exemple BFC 2019-12",
	},
	{
		Programme: "accompagnement-bfc", Name: "Accompagnement vers le numérique en Bourgogne-Franche-Comté", Fund: "carsat-bfc", Kind: directory.KindPermanent,
		TakesFlags: true, Opens: []events.Opening{{From: "2021-01-01"}}, AgeOver: 55,
		ReviewFirst: true, Reviewed: true, OneOpen: directory.OpenPerPerson, TextVersion: "2021-01", Text: helpText, Decision: "Exemple BFC 2020-12",
	},
	{
		Programme: "equipement-lr", Name: "Équipement et accompagnement individuel", Fund: "carsat-lr", Kind: directory.KindNoFlags,
		OneOpen: directory.OpenPerPerson, Decision: "Exemple LR 2021-10",
	},
}

// Programmes tell those of the demonstration, as of a moment.
func Programmes(at time.Time) (facts []events.ProgrammeSet) {
	for _, p := range programmes {
		p.Version, p.By, p.At = 1, by, at
		p.Desks, p.Opens = []string{}, slices.Clone(p.Opens)
		if p.Opens == nil {
			p.Opens = []events.Opening{}
		}
		facts = append(facts, p)
	}
	return facts
}
