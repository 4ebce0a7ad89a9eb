package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// committeeFile is what a committee has before it, to be read or printed.
type committeeFile struct {
	client.CommitteeFile

	structures []structureFile
}

// structureFile is a structure that asks, and what became of what it had.
type structureFile struct {
	client.StructureFile

	asks, before moneyTable
	had, brought []fact
}

func committeeFilePage(v *visit) error {
	w, err := v.moneyWords(v.user.readsMoney())
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.GetCommitteeFileWithResponse(v.ctx, v.path("id"), &client.GetCommitteeFileParams{From: f.text("du"), To: f.text("au")})
	if err != nil {
		return err
	}
	page := committeeFile{CommitteeFile: *answer.JSON200}
	for _, s := range page.Structures {
		page.structures = append(page.structures, w.structureFile(s))
	}
	return v.show(http.StatusOK, "Dossier de la commission du "+dayText(page.Committee.Date), committeeFileView(page))
}

func (w words) structureFile(s client.StructureFile) structureFile {
	return structureFile{StructureFile: s, asks: w.asksOf(s), before: beforeOf(s), had: hadBy(s), brought: broughtBy(s)}
}

func (w words) asksOf(s client.StructureFile) moneyTable {
	t := moneyTable{ID: "demandes-" + s.Structure, Caption: "Ce que " + s.Name + " demande", Heads: []string{"Projet", "Coût", "Demandé", "Part du coût", "Personnes", "Par personne", "Tablettes", "Vote"}}
	for _, a := range s.Asks {
		t.Rows = append(t.Rows, []moneyCell{
			pathCell(a.Name, projectsPath+"/"+a.Project), centsCell(a.CostCents), centsCell(a.AskedCents), {Text: percentText(a.SharePercent), Number: true}, numberCell(a.TargetPeople),
			{Text: euros(a.CentsPerPerson), Number: true}, numberCell(a.Tablets), wordCell(voteText(w, a.Vote)),
		})
	}
	return t
}

func voteText(w words, vote *string) string {
	if vote == nil {
		return "Pas encore"
	}
	return w.of("committee_vote", *vote)
}

func beforeOf(s client.StructureFile) moneyTable {
	t := moneyTable{ID: "avant-" + s.Structure, Caption: "Ce que " + s.Name + " a déjà reçu", Heads: []string{"Projet", "Décidé le", "Accordé", "Versé", "Atteintes", "Comptées", "Par personne", "Compte rendu"}}
	for _, p := range s.Before {
		t.Rows = append(t.Rows, []moneyCell{
			pathCell(p.Name, projectsPath+"/"+p.Project), wordCell(dayText(p.Date)), centsCell(p.GrantedCents), centsCell(p.PaidCents), wordCell(reachedText(p.Reached, p.TargetPeople, p.ReachedPercent)),
			numberCell(p.Counted), {Text: euros(p.PaidCentsPerPerson), Number: true}, wordCell(labelOf(reportStates, p.Report)),
		})
	}
	return t
}

func hadBy(s client.StructureFile) []fact {
	return present([]fact{
		{"Réseaux", listed(s.Networks)}, {"Demande en tout", reference.Euros(s.AskedCents)}, {"Projets d’avant", number(s.ProjectsBefore)}, {"Accordé", reference.Euros(s.GrantedCents)},
		{"Versé", reference.Euros(s.PaidCents)}, {"À récupérer", centsIfAny(s.RecoveredCents)}, {"Personnes atteintes", reachedText(s.Reached, s.TargetPeople, s.ReachedPercent)},
		{"Une personne, promise", euros(s.PromisedCentsPerPerson)}, {"Une personne, payée", euros(s.PaidCentsPerPerson)}, {"Comptes rendus qui manquent", number(s.ReportsMissing)},
	})
}

// broughtBy is what its sessions brought; a structure that is no provider has none.
func broughtBy(s client.StructureFile) (list []fact) {
	if s.Outcomes != nil {
		list = append(list, fact{"Les trois acquis", threeFacts(s.Outcomes.Objective)}, fact{"Abandons", number(s.Outcomes.Parts.Dropped)}, fact{"Jamais venues", number(s.Outcomes.Parts.NoShow)})
	}
	if s.Seats != nil {
		list = append(list, fact{"Ateliers", number(s.Seats.N)}, fact{"Places prises", filledText(*s.Seats)})
	}
	if s.Delays != nil {
		list = append(list, fact{"Réponses aux demandes", delaysText(*s.Delays)})
	}
	if s.Tablets != nil {
		list = append(list, fact{"Tablettes prêtées", lentText(*s.Tablets)})
	}
	if s.Unmet != nil {
		list = append(list, fact{"Personnes à qui rien ne convient, à moins de " + number(s.Unmet.WithinKm) + "\u00a0km", number(s.Unmet.N)})
	}
	return present(list)
}

func filledText(s client.FileSeats) string {
	if s.FillPercent == nil {
		return ""
	}
	return number(s.Seats.Taken) + " sur " + number(s.Seats.Capacity) + ", soit " + percentText(s.FillPercent)
}

func delaysText(d client.FileDelays) string {
	text := number(d.Answered) + " sur " + number(d.Asked)
	if d.MedianDays != nil {
		text += ", en " + count(*d.MedianDays, "jour", "jours") + " pour la moitié"
	}
	return text + "\u00a0; en retard ou sans réponse\u00a0: " + number(d.Late)
}
