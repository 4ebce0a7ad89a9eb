package detection

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/detection/domain"
)

// writing puts a statement into the tables of what the service knows.
type writing func(sql string, args ...any)

// noteFlag keeps the flags of people whose names are known.
func noteFlag(write writing, h projection.Heard) {
	switch e := h.Fact.(type) {
	case events.SeniorFlagged:
		if e.PersonID == "" {
			return
		}
		write(`update model.person set flag_id = $2, desk = $3, help = $4 where person_id = $1`, e.PersonID, e.FlagID, e.Desk, e.Help)
		write(`
insert into model.flag (flag_id, person_id, reference, fund, desk, department, author, help, subject, position)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
			e.FlagID, e.PersonID, e.Reference, e.Fund, e.Desk, e.Department, e.By, e.Help, e.Details.Subject(), h.Position)
	case events.HelpReferred:
		noteHelp(write, e.FlagID, domain.HelpReferred)
	case events.HelpReturned:
		noteHelp(write, e.FlagID, e.Help)
	case events.HelpEnded:
		noteHelp(write, e.FlagID, e.Help)
	case events.HelpResumed:
		noteHelp(write, e.FlagID, e.Help)
	case events.FlagClosed:
		noteHelp(write, e.FlagID, e.Help)
	case events.FlagReopened:
		noteHelp(write, e.FlagID, e.Help)
	case events.HelpWished:
		noteHelp(write, e.FlagID, e.Help)
	case events.FlagTransferred:
		write(`update model.person set desk = $2 where flag_id = $1`, e.FlagID, e.Desk)
		write(`update model.flag set desk = $2 where flag_id = $1`, e.FlagID, e.Desk)
	case events.FlagHandedOver:
		write(`update model.person set desk = $2 where flag_id = $1`, e.FlagID, e.Desk)
		write(`update model.flag set desk = $2, department = $3 where flag_id = $1`, e.FlagID, e.Desk, e.Department)
	}
}

func noteHelp(write writing, flag, help string) {
	write(`update model.person set help = $2 where flag_id = $1`, flag, help)
	write(`update model.flag set help = $2 where flag_id = $1`, flag, help)
}

// A record that leaves takes along those that were shown with it before.
const setRoot = `
with recursive below as (
  select person_id from model.person where person_id = $1
  union all select p.person_id from model.person p join below on p.merged_into = below.person_id)
update model.person set root = $1 where person_id in (select person_id from below)`

// noteMerge keeps which records are shown as one person.
func noteMerge(write writing, fact events.Fact) {
	switch e := fact.(type) {
	case events.RecordJoined:
		write(`update model.person set merged_into = $2 where person_id = $1`, e.PersonID, e.WithID)
		write(`update model.person set root = $2 where root = $1`, e.PersonID, e.WithID)
	case events.RecordLeft:
		write(`update model.person set merged_into = '' where person_id = $1`, e.PersonID)
		write(setRoot, e.PersonID)
	}
}
