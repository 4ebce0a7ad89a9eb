package detection

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
)

func sheetOf(b rest.NewFlag) events.Sheet {
	s := events.Sheet{
		FirstContact: value(b.FirstContact), Helper: helperOf(b.Helper), Answers: answersOf(value(b.Answers)),
		Needs: needsOf(value(b.Needs)), Context: b.Context, ForceReason: value(b.Force).Reason,
	}
	c, p := value(b.Consents), value(b.Profile)
	s.Consents = events.Consents{
		Study: c.Study, Referral: c.Referral, TextVersion: value(c.TextVersion), Given: value(c.Given), By: value(c.By),
	}
	s.Profile = events.Profile{
		FamilySituation: value(p.FamilySituation), Occupation: value(p.Occupation), SickLeave: p.SickLeave, Sex: value(p.Sex),
		Age: p.Age, Department: value(p.Department),
	}
	return s
}

func helperOf(h *rest.Helper) *events.Helper {
	if h == nil {
		return nil
	}
	return &events.Helper{
		Name: value(h.Name), Relation: value(h.Relation), Phone: value(h.Phone), MayBeTold: h.MayBeTold, CallsFirst: h.CallsFirst,
	}
}

func answersOf(a rest.NewAnswers) events.Answers {
	return events.Answers{
		Institution: value(a.Institution), NetworkCoverage: a.NetworkCoverage, Equipment: a.Equipment, EquipmentKinds: a.EquipmentKinds,
		FinancialProblem: a.FinancialProblem, Difficulty: a.Difficulty, DifficultyReason: value(a.DifficultyReason),
		HelpPlace: a.HelpPlace, TrainingNeed: a.TrainingNeed, Description: value(a.Description),
	}
}

func needsOf(n rest.Needs) events.Needs {
	return events.Needs{
		Deadline: value(n.Deadline), RightsAtRisk: n.RightsAtRisk, Skills: n.Skills, Access: n.Access, Travel: value(n.Travel),
		Availability: n.Availability, Modes: n.Modes, LoanWanted: n.LoanWanted, Isolated: n.Isolated, Precarious: n.Precarious,
		GIR: n.Gir,
	}
}

func personOf(p rest.NewPerson) *domain.NewPerson {
	person := &domain.NewPerson{NIR: value(p.Nir), Person: events.Person{
		GivenName: p.GivenName, FamilyName: p.FamilyName, BirthName: value(p.BirthName), BirthDate: value(p.BirthDate),
		Sex: value(p.Sex), Phone: value(p.Phone), Email: value(p.Email), Language: value(p.Language),
	}}
	if a := p.Address; a != nil {
		person.Address = &events.Address{Street: value(a.Street), Postcode: value(a.Postcode), Insee: value(a.Insee)}
	}
	return person
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
