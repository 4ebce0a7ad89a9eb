package projections

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/projections/rest"
)

// sheet opens a flag's details and the person's. What was erased stays null.
func (s *Service) sheet(ctx context.Context, row flagSheet) (rest.Flag, error) {
	if row.Subject != nil {
		if err := s.Vault.Prefetch(ctx, []string{*row.Subject, the(row.PersonID)}); err != nil {
			return rest.Flag{}, engine.Away(err)
		}
	}
	persons, err := open(ctx, s, []flagSheet{row})
	if err != nil {
		return rest.Flag{}, err
	}
	sheet, erased, err := s.openSheet(ctx, sealedSheet{SheetFlag: &row.ID, SheetSubject: row.Subject, SheetBox: row.Box, SheetFact: &row.Fact})
	if err != nil {
		return rest.Flag{}, err
	}
	flag := rest.Flag{
		ID: row.ID, Reference: row.Reference, PersonID: row.PersonID, Programme: row.Programme, Fund: row.Fund, Desk: row.Desk,
		Department: row.Department, Channel: row.Channel, FindingDate: row.FindingDate, Status: row.Status, Help: row.Help,
		Erased: erased, Person: persons.details(row.PersonID), Context: []string{}, ReviewHints: []string{},
		Author: row.Author, SubmittedAt: row.SubmittedAt.UTC(), AssignedTo: s.assigned(row.flagRow), Outcome: row.Outcome, NeedsReview: !row.Unreviewed, Reviewer: row.Reviewer,
	}
	if row.Box != nil && !erased {
		fillIn(&flag, sheet)
	}
	if err := s.putSaid(ctx, row, &flag); err != nil {
		return flag, err
	}
	flag.Reclassified = reclassifiedIn(flag.Thread)
	putInstitution(&flag)
	return flag, nil
}

// openSheet opens a sheet as it was filled in, or as it was amended last.
func (s *Service) openSheet(ctx context.Context, of sealedSheet) (sheet events.Sheet, erased bool, err error) {
	if the(of.SheetFact) == flagAmended {
		details := events.Shut[events.Amendment](the(of.SheetSubject), of.SheetBox)
		err = s.Vault.Unseal(ctx, "flag:"+the(of.SheetFlag), flagAmended, &details)
		said, _ := details.Value()
		return said.Sheet, details.Erased(), err
	}
	details := events.Shut[events.Sheet](the(of.SheetSubject), of.SheetBox)
	err = s.Vault.Unseal(ctx, "flag:"+the(of.SheetFlag), seniorFlagged, &details)
	sheet, _ = details.Value()
	return sheet, details.Erased(), err
}

func fillIn(flag *rest.Flag, sheet events.Sheet) {
	flag.FirstContact = known(sheet.FirstContact)
	flag.Context, flag.ReviewHints = listOf(sheet.Context), listOf(sheet.Hints)
	flag.Helper = helperOf(sheet)
	c := sheet.Consents
	flag.Consents = &rest.Consents{Study: c.Study, Referral: c.Referral, TextVersion: known(c.TextVersion), Given: known(c.Given), By: known(c.By)}
	q := sheet.Answers
	flag.Answers = &rest.Answers{
		Institution: known(q.Institution), NetworkCoverage: q.NetworkCoverage, Equipment: q.Equipment, EquipmentKinds: q.EquipmentKinds,
		FinancialProblem: q.FinancialProblem, Difficulty: q.Difficulty, DifficultyReason: known(q.DifficultyReason),
		HelpPlace: q.HelpPlace, TrainingNeed: q.TrainingNeed, Description: known(q.Description),
	}
	p := sheet.Profile
	flag.Profile = &rest.Profile{
		FamilySituation: known(p.FamilySituation), Occupation: known(p.Occupation), SickLeave: p.SickLeave,
		Sex: known(p.Sex), Age: p.Age, Department: known(p.Department),
	}
	n := sheet.Needs
	flag.Needs = &rest.Needs{
		Deadline: known(n.Deadline), RightsAtRisk: n.RightsAtRisk, Skills: n.Skills, Access: n.Access, Travel: known(n.Travel),
		Availability: n.Availability, Modes: n.Modes, LoanWanted: n.LoanWanted, Isolated: n.Isolated, Precarious: n.Precarious, Gir: n.GIR,
	}
}
