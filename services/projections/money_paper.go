package projections

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/services/projections/rest"
)

// asCommitteeFile is the file in the form that was asked for.
func asCommitteeFile(file rest.CommitteeFile, format string) (rest.GetCommitteeFileResponseObject, error) {
	switch format {
	case "pdf":
		sheets, err := committeePDF(file)
		return rest.GetCommitteeFile200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
	case "xlsx":
		book, err := committeeBook(file)
		return rest.GetCommitteeFile200ApplicationVndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{Body: bytes.NewReader(book), ContentLength: int64(len(book))}, err
	}
	return rest.GetCommitteeFile200JSONResponse(file), nil
}

// figure is one value of the file: a number, a text, or nothing.
type figure struct {
	name  string
	value any
	money bool // cents
}

var criteriaInFrench = map[string]string{"precarious": "personnes précaires", "isolated": "personnes isolées", "no_network": "zones blanches"}

var votesInFrench = map[string]string{"favourable": "favorable", "reduced": "favorable, montant réduit", "postponed": "ajourné", "unfavourable": "défavorable"}

var reportsInFrench = map[string]string{"missing": "manque", "sent": "reçu", "final": "final"}

func saidAs(words map[string]string, code string) string {
	if word, ok := words[code]; ok {
		return word
	}
	return code
}

func asks(f rest.StructureFile) (rows [][]figure) {
	for _, a := range f.Asks {
		var first []string
		for _, code := range a.Criteria {
			first = append(first, saidAs(criteriaInFrench, code))
		}
		rows = append(rows, []figure{
			{name: "Projet", value: a.Name}, {name: "Coût", value: a.CostCents, money: true}, {name: "Demandé", value: a.AskedCents, money: true},
			{name: "Part (%)", value: a.SharePercent}, {name: "Personnes visées", value: a.TargetPeople}, {name: "Par personne", value: a.CentsPerPerson, money: true},
			{name: "Tablettes", value: a.Tablets}, {name: "Publics prioritaires", value: strings.Join(first, ", ")}, {name: "Vote", value: saidAs(votesInFrench, the(a.Vote))},
		})
	}
	return rows
}

func earlier(f rest.StructureFile) (rows [][]figure) {
	for _, p := range f.Before {
		rows = append(rows, []figure{
			{name: "Projet", value: p.Name}, {name: "Décidé le", value: p.Date}, {name: "Accordé", value: p.GrantedCents, money: true}, {name: "Payé", value: p.PaidCents, money: true},
			{name: "À récupérer", value: p.RecoveredCents, money: true}, {name: "Personnes visées", value: p.TargetPeople}, {name: "Atteintes", value: p.Reached},
			{name: "Atteintes (%)", value: p.ReachedPercent}, {name: "Comptées", value: p.Counted}, {name: "Ateliers", value: p.Sessions},
			{name: "Payé par personne", value: p.PaidCentsPerPerson, money: true}, {name: "Compte rendu", value: saidAs(reportsInFrench, p.Report)},
		})
	}
	return rows
}

// totals are the figures of a structure.
func totals(f rest.StructureFile) []figure {
	list := []figure{
		{name: "Réseaux", value: strings.Join(f.Networks, ", ")}, {name: "Demandé", value: f.AskedCents, money: true}, {name: "Projets d’avant", value: f.ProjectsBefore},
		{name: "Accordé avant", value: f.GrantedCents, money: true}, {name: "Payé avant", value: f.PaidCents, money: true}, {name: "À récupérer", value: f.RecoveredCents, money: true},
		{name: "Personnes visées", value: f.TargetPeople}, {name: "Personnes atteintes", value: f.Reached}, {name: "Atteintes (%)", value: f.ReachedPercent},
		{name: "Promis par personne", value: f.PromisedCentsPerPerson, money: true}, {name: "Payé par personne", value: f.PaidCentsPerPerson, money: true},
		{name: "Comptes rendus qui manquent", value: f.ReportsMissing},
	}
	return append(append(list, brought(f)...), delayed(f)...)
}

// brought is what its sessions brought; nothing of a structure that is no provider.
func brought(f rest.StructureFile) (list []figure) {
	if o := f.Outcomes; o != nil {
		list = append(list,
			figure{name: "Personnes placées", value: o.N}, figure{name: "Sont allées au bout", value: o.Parts.Finished}, figure{name: "Ne sont pas allées au bout", value: o.Parts.NotFinished},
			figure{name: "Ont abandonné", value: o.Parts.Dropped}, figure{name: "Ne sont pas venues", value: o.Parts.NoShow}, figure{name: "Sans résultat noté", value: o.Parts.Unrecorded},
			figure{name: "Encore en atelier", value: o.Parts.UnderWay}, figure{name: "Objectif : allées au bout", value: o.Objective.Finished},
			figure{name: "Ont un compte", value: o.Objective.Account}, figure{name: "Utilisent le portail", value: o.Objective.Portal}, figure{name: "Ont une messagerie", value: o.Objective.Mailbox},
			figure{name: "Les trois", value: o.Objective.All}, figure{name: "Les trois (%)", value: o.Objective.Percent}, figure{name: "But (%)", value: o.Objective.Target},
		)
	}
	if s := f.Seats; s != nil {
		list = append(list,
			figure{name: "Ateliers", value: s.N}, figure{name: "Ateliers ouverts", value: s.Parts.Open}, figure{name: "Ateliers confirmés", value: s.Parts.Confirmed},
			figure{name: "Ateliers en cours", value: s.Parts.Running}, figure{name: "Ateliers clos", value: s.Parts.Closed}, figure{name: "Ateliers annulés", value: s.Parts.Cancelled},
			figure{name: "Ateliers arrêtés", value: s.Parts.Stopped}, figure{name: "Places", value: s.Seats.Capacity}, figure{name: "Places prises", value: s.Seats.Taken},
			figure{name: "Places gardées", value: s.Seats.Held}, figure{name: "Places libres", value: s.Seats.Free}, figure{name: "Places en trop", value: s.Seats.Over},
			figure{name: "En attente d’une place", value: s.Seats.Waiting}, figure{name: "Remplissage (%)", value: s.FillPercent},
		)
	}
	return list
}

func delayed(f rest.StructureFile) (list []figure) {
	if d := f.Delays; d != nil {
		list = append(list,
			figure{name: "Demandes reçues", value: d.Asked}, figure{name: "Demandes répondues", value: d.Answered}, figure{name: "Délai médian (jours)", value: d.MedianDays},
			figure{name: "Réponses en retard", value: d.Late}, figure{name: "Demandes sans réponse", value: d.Waiting},
		)
	}
	if t := f.Tablets; t != nil {
		list = append(list, figure{name: "Tablettes prêtées", value: t.Lent}, figure{name: "Tablettes perdues", value: t.Lost})
	}
	if u := f.Unmet; u != nil {
		list = append(list, figure{name: "Sans offre à " + strconv.Itoa(u.WithinKm) + " km", value: u.N})
	}
	return list
}

// shown is a figure on a page.
func (f figure) shown() string {
	switch v := f.value.(type) {
	case string:
		return v
	case *int:
		if v == nil {
			return "–"
		}
		return figure{f.name, *v, f.money}.shown()
	case int:
		if f.money {
			return euros(v)
		}
		return strconv.Itoa(v)
	}
	return ""
}

// euros are cents in French: 2 700,00 €.
func euros(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	whole := strconv.Itoa(cents / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	return fmt.Sprintf("%s%s,%02d\u00a0€", sign, whole, cents%100)
}

// committeePDF is the file to be printed: a part for each structure.
func committeePDF(file rest.CommitteeFile) ([]byte, error) {
	sheets := paper.New("Dossier du comité")
	sheets.Sheet()
	sheets.Heading("Dossier du comité du " + file.Committee.Date)
	sheets.Say("Période du " + file.From + " au " + file.To + ". " + file.Caveat)
	for _, f := range file.Structures {
		sheets.Heading(f.Name)
		for _, one := range asks(f) {
			printed(sheets, "Projet demandé", one)
		}
		for _, one := range earlier(f) {
			printed(sheets, "Projet d’avant", one)
		}
		printed(sheets, "La structure, en tout", totals(f))
	}
	return sheets.Bytes()
}

// printed is a table of figures, one each line.
func printed(sheets *paper.Paper, title string, figures []figure) {
	rows := make([][]string, len(figures))
	for i, one := range figures {
		rows[i] = []string{one.name, one.shown()}
	}
	sheets.Table([]string{title, ""}, []float64{1, 1}, rows, 0)
}

// committeeBook is the file as a workbook: what is asked, what was before, and each figure of each structure. Money is in euros.
func committeeBook(file rest.CommitteeFile) ([]byte, error) {
	b := &book{File: excelize.NewFile()}
	defer b.Close()
	b.begin("Demandes", "Projets d’avant", "Chiffres")
	for _, f := range file.Structures {
		for _, row := range asks(f) {
			b.add("Demandes", append([]figure{{name: "Structure", value: f.Name}}, row...))
		}
		for _, row := range earlier(f) {
			b.add("Projets d’avant", append([]figure{{name: "Structure", value: f.Name}}, row...))
		}
		for _, one := range totals(f) {
			b.add("Chiffres", []figure{{name: "Structure", value: f.Name}, {name: "Chiffre", value: one.name}, {name: "Valeur", value: one.value, money: one.money}})
		}
	}
	b.add("Chiffres", []figure{{name: "Structure", value: ""}, {name: "Chiffre", value: "Période"}, {name: "Valeur", value: file.From + " – " + file.To}})
	b.add("Chiffres", []figure{{name: "Structure", value: ""}, {name: "Chiffre", value: "À savoir"}, {name: "Valeur", value: file.Caveat}})
	return b.bytes()
}
