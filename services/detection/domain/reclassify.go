package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Reclassify puts a flag under another institution, or under several.
type Reclassify struct {
	FlagID, Institution string
	OneOpen             OneOpen
	By                  string
	At                  time.Time
}

// Decide tells both institutions, before the validation. The same one says nothing new.
func (c Reclassify) Decide(f Flag) ([]events.Detection, error) {
	if err := f.reviewable(c.By); err != nil || c.Institution == f.institution {
		return nil, err
	}
	s := sheet{}
	s.fault(c.Institution == "other" && blank(f.sheet.Answers.Description), "institution", "description_required", "The sheet does not say which institution it is. Ask the author.")
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.FlagReclassified{
		FlagID: f.ID, OneOpen: c.OneOpen.of(f, c.Institution), By: c.By, At: c.At,
		Details: events.Clear(f.subject, events.Reclassification{From: f.institution, To: c.Institution}),
	})
}

func (f Flag) reclassified(e events.FlagReclassified) Flag {
	f.oneOpen = e.OneOpen
	said, ok := e.Details.Value()
	if !ok {
		return f
	}
	if f.first == "" {
		f.first = said.From
	}
	f.institution, f.sheet.Answers.Institution = said.To, said.To
	return f
}

// OneOpen says which claim a flag holds under an institution. Mark is the keyed hash of person and institution.
type OneOpen struct {
	Programme      string
	PerInstitution bool
	Mark           func(person, institution string) string
}

// of is the claim from now on; a flag that holds none takes none.
func (c OneOpen) of(f Flag, institution string) string {
	if f.oneOpen == "" || !c.PerInstitution || c.Mark == nil || institution == f.institution {
		return f.oneOpen
	}
	return openFlagClaim + c.Programme + ":" + c.Mark(f.PersonID, institution)
}
