package projections

import (
	"context"

	"example.org/passerelle/services/projections/rest"
)

// linesEnding are people whose connection line ends in thirty days or less.
var linesEnding = `
select e.id, e.connection_to, f.id as flag_id, f.reference, f.assigned_to, f.desk, ` + grantPerson + `
from model.entitlement e join model.flag f on f.id = e.flag_id and not f.hidden` + grantJoins + `
where f.desk = $1 and e.alerted_at is not null and e.connection_to >= $2`

// lineEndingRow is somebody to be spoken with before the line ends.
type lineEndingRow struct {
	sealedPerson

	ID, ConnectionTo, FlagID, Reference, Desk string
	AssignedTo                                *string
}

// connections are the lines that end soon.
func (d deskDay) connections(ctx context.Context) (lines []todayRow, err error) {
	rows, err := all[lineEndingRow](ctx, d.Service, linesEnding, d.desk, d.today())
	for _, r := range rows {
		lines = append(lines, todayRow{sealedPerson: r.sealedPerson, TodayLine: rest.TodayLine{
			Kind: "connection_ending", Why: "line_over", About: &r.ID, FlagID: &r.FlagID, Reference: r.Reference, PersonID: r.PersonID, Who: r.Desk,
			By: &r.ConnectionTo, Mine: the(r.AssignedTo) == d.caller.ID,
		}})
	}
	return lines, err
}
