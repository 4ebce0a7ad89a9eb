package projections

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

// sealedSheet is the sheet of a flag as a row has it; nil for one that was not heard of yet.
type sealedSheet struct {
	SheetFlag, SheetSubject *string
	SheetBox                []byte
	SheetFact               *string // that sealed it
}

const sheetColumns = `f.id as sheet_flag, f.subject as sheet_subject, f.box as sheet_box, f.fact as sheet_fact`

// contact is what the provider needs to reach and receive somebody; nil when it was erased, or nobody is to call. Person and sheet have one
// key, which opening the persons of the page has brought.
func (s *Service) contact(ctx context.Context, r seatRow, persons people) (*rest.Contact, error) {
	web.Concerns(ctx, the(r.PersonID))
	person, ok := persons[the(r.PersonID)].Value()
	if !ok || r.dead() {
		return nil, nil
	}
	sheet, _, err := s.openSheet(ctx, r.sealedSheet)
	if err != nil {
		return nil, err
	}
	return &rest.Contact{
		Phone: known(person.Phone), Language: known(person.Language), Access: listOf(sheet.Needs.Access), Skills: listOf(sheet.Needs.Skills),
		Helper: helperOf(sheet),
	}, nil
}

// helperOf is somebody beside the person, nil when nobody was named.
func helperOf(sheet events.Sheet) *rest.Helper { return beside(sheet.Helper) }

func beside(h *events.Helper) *rest.Helper {
	if h == nil {
		return nil
	}
	return &rest.Helper{Name: known(h.Name), Relation: known(h.Relation), Phone: known(h.Phone), MayBeTold: h.MayBeTold, CallsFirst: h.CallsFirst}
}
