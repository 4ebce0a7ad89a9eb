package detection

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
)

func sheetOf(b rest.NewFlag) events.Sheet {
	s := events.Sheet{
		FirstContact: engine.Value(b.FirstContact), Helper: helperOf(b.Helper), Answers: answersOf(engine.Value(b.Answers)),
		Needs: needsOf(engine.Value(b.Needs)), Context: b.Context, ForceReason: engine.Value(b.Force).Reason,
	}
	c := engine.Value(b.Consents)
	s.Consents = events.Consents{
		Study: c.Study, Referral: c.Referral, TextVersion: engine.Value(c.TextVersion), Given: engine.Value(c.Given), By: engine.Value(c.By),
	}
	s.Profile = profileOf(engine.Value(b.Profile))
	return s
}

func profileOf(p rest.Profile) events.Profile {
	return events.Profile{
		FamilySituation: engine.Value(p.FamilySituation), Occupation: engine.Value(p.Occupation), SickLeave: p.SickLeave, Sex: engine.Value(p.Sex),
		Age: p.Age, Department: engine.Value(p.Department),
	}
}

func helperOf(h *rest.Helper) *events.Helper {
	if h == nil {
		return nil
	}
	return &events.Helper{
		Name: engine.Value(h.Name), Relation: engine.Value(h.Relation), Phone: engine.Value(h.Phone), MayBeTold: h.MayBeTold, CallsFirst: h.CallsFirst,
	}
}

func answersOf(a rest.NewAnswers) events.Answers {
	return events.Answers{
		Institution: engine.Value(a.Institution), NetworkCoverage: a.NetworkCoverage, Equipment: a.Equipment, EquipmentKinds: a.EquipmentKinds,
		FinancialProblem: a.FinancialProblem, Difficulty: a.Difficulty, DifficultyReason: engine.Value(a.DifficultyReason),
		HelpPlace: a.HelpPlace, TrainingNeed: a.TrainingNeed, Description: engine.Value(a.Description),
	}
}

func needsOf(n rest.Needs) events.Needs {
	return events.Needs{
		Deadline: engine.Value(n.Deadline), RightsAtRisk: n.RightsAtRisk, Skills: n.Skills, Access: n.Access, Travel: engine.Value(n.Travel),
		Availability: n.Availability, Modes: n.Modes, LoanWanted: n.LoanWanted, Isolated: n.Isolated, Precarious: n.Precarious,
		GIR: n.Gir,
	}
}

func personOf(p rest.NewPerson) *domain.NewPerson {
	person := &domain.NewPerson{NIR: engine.Value(p.Nir), Person: events.Person{
		GivenName: p.GivenName, FamilyName: p.FamilyName, BirthName: engine.Value(p.BirthName), BirthDate: engine.Value(p.BirthDate),
		Sex: engine.Value(p.Sex), Phone: engine.Value(p.Phone), Email: engine.Value(p.Email), Language: engine.Value(p.Language),
	}}
	if a := p.Address; a != nil {
		address := addressOf(*a)
		person.Address = &address
	}
	return person
}

func addressOf(a rest.Address) events.Address {
	return events.Address{Street: engine.Value(a.Street), Postcode: engine.Value(a.Postcode), Insee: engine.Value(a.Insee)}
}

func wishesOf(w rest.Wishes) events.Wishes {
	return events.Wishes{
		PaperOnly: engine.Value(w.PaperOnly), NoCalls: w.NoCalls, Helper: helperOf(w.Helper), HelperOnly: engine.Value(w.HelperOnly),
		Note: engine.Value(w.Note),
	}
}
