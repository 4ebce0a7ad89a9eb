package projections

import "example.org/passerelle/api/events"

// What the facts of the life of the help write.
const (
	closeFlag    = `update model.flag set help = $2, outcome = $3, note_box = $4, help_at = $5, version = $6 where id = $1`
	reopenFlag   = `update model.flag set help = $2, outcome = null, note_box = null, wish_box = null, help_at = $3, version = $4 where id = $1`
	wishHelp     = `update model.flag set help = case when help = 'closed' then help else $2 end, wish_box = $3, help_at = $4, version = $5 where id = $1`
	transferFlag = `update model.flag set desk = $2, assigned_to = null, version = $3 where id = $1`
	assignFlag   = `update model.flag set assigned_to = $2, version = $3 where id = $1`
	setVersion   = `update model.flag set version = $2 where id = $1`
	putHelpAct   = `insert into model.help_act (id, flag_id, kind, mode, minutes, by, at, box) values ($1, $2, $3, $4, $5, $6, $7, $8)`
	putSignal    = `
insert into model.signal (id, flag_id, reference, person_id, subject, from_desk, desk, status, deadline, sent_by, sent_at, box)
select $1, f.id, f.reference, f.person_id, $3, $4, $5, 'sent', $6, $7, $8, $9 from model.flag f where f.id = $2`
	answerSignal = `update model.signal set status = $2, answered_at = $3, answer_box = $4 where id = $1`
)

// endOutcomes are the outcomes for the reasons why help ended by itself.
var endOutcomes = map[string]string{"deceased": "deceased", "moved": "moved", "duplicate": "duplicate", "objected": "refused_by_person"}

// help writes what is done for the person.
func (e entry) help(fact events.Detection) {
	switch f := fact.(type) {
	case events.FlagClosed:
		e.write(closeFlag, f.FlagID, f.Help, f.Outcome, f.Details.Box(), f.At, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "closed", by: f.By, about: f.Outcome})
	case events.FlagReopened:
		e.write(reopenFlag, f.FlagID, f.Help, f.At, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "reopened", by: f.By})
	case events.HelpWished:
		e.write(wishHelp, f.FlagID, f.Help, f.Details.Box(), f.At, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "wished", by: f.By})
	case events.HelpActed:
		e.write(putHelpAct, f.ActID, f.FlagID, f.Kind, f.Mode, given(f.Minutes), f.By, f.At, f.Details.Box())
		e.write(setVersion, f.FlagID, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "helped", by: f.By, about: f.Kind})
	case events.SignalSent:
		e.write(putSignal, f.SignalID, f.FlagID, f.Details.Subject(), f.FromDesk, f.Desk, known(f.Deadline), f.By, f.At, f.Details.Box())
		e.write(setVersion, f.FlagID, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "signal_sent", by: f.By, about: f.Desk})
	case events.SignalAnswered:
		e.write(answerSignal, f.SignalID, f.Answer, f.At, f.Details.Box())
		e.write(setVersion, f.FlagID, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "signal_answered", by: f.By, about: f.Answer})
	case events.FlagTransferred:
		e.write(transferFlag, f.FlagID, f.Desk, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "transferred", by: f.By, about: f.Desk})
	case events.FlagTakenUp:
		e.write(assignFlag, f.FlagID, known(f.AssignedTo), e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: takenUp(f), by: f.By})
	default: // see detection, which knows them all
	}
}

func takenUp(f events.FlagTakenUp) string {
	if f.AssignedTo == "" {
		return "given_back"
	}
	return "taken_up"
}

func given(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
