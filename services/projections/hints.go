package projections

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// hintRow is a flag that waits for its review, with its sheet not opened yet.
type hintRow struct {
	sealedSheet

	Fund, Department, Desk, Author string
}

var hintRows = `select f.fund, f.department, f.desk, f.author, ` + sheetColumns + ` from model.flag f where f.id = any($1) and f.status = 'submitted' and ` + seenFlag

// putHints says on a list what the referent should look at, to whoever may review.
func (s *Service) putHints(ctx context.Context, a directory.Account, lines []rest.FlagLine) error {
	if !policy.May(a, policy.ReviewFlag) {
		return nil
	}
	ids := keep(lines, func(f rest.FlagLine) (string, bool) { return f.ID, f.Status == "submitted" })
	rows, err := all[hintRow](ctx, s, hintRows, ids)
	if err != nil {
		return err
	}
	hints := map[string][]string{}
	for _, r := range rows {
		if policy.Can(a, policy.ReviewFlag, policy.Resource{Fund: r.Fund, Department: r.Department, Desk: r.Desk, Author: r.Author}) != policy.Allowed {
			continue
		}
		sheet, _, err := s.openSheet(ctx, r.sealedSheet)
		if err != nil {
			return err
		}
		hints[the(r.SheetFlag)] = sheet.Hints
	}
	for i := range lines {
		lines[i].ReviewHints = listOf(hints[lines[i].ID])
	}
	return nil
}
