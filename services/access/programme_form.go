package access

import (
	"context"

	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/reference"
)

// GetProgrammeForm gives the sheet as it is asked under a programme.
func (s *Service) GetProgrammeForm(ctx context.Context, r rest.GetProgrammeFormRequestObject) (rest.GetProgrammeFormResponseObject, error) {
	programme, _, err := s.programme(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	p := programme.Now()
	fields := []rest.FormField{}
	for _, f := range reference.Form() {
		fields = append(fields, formField(f))
	}
	return rest.GetProgrammeForm200JSONResponse{
		Programme: p.Programme, Version: p.Version, Name: p.Name, TakesFlags: p.TakesFlags, AgeOver: p.AgeOver, LowestGir: p.LowestGIR, OneOpen: p.OneOpen,
		TextVersion: p.TextVersion, Text: p.Text, CodesVersion: reference.CodesVersion, Fields: fields,
	}, nil
}

func formField(f reference.Field) rest.FormField {
	field := rest.FormField{Name: f.Name, Label: f.Label, Kind: f.Kind, Required: f.Required, Choices: []rest.FormChoice{}}
	for _, c := range f.Choices {
		field.Choices = append(field.Choices, rest.FormChoice(c))
	}
	if f.OnlyIf != (reference.Condition{}) {
		field.OnlyIf = &rest.FormCondition{Field: f.OnlyIf.Field, Is: f.OnlyIf.Is}
	}
	return field
}
