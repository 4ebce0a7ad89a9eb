package projections

// seen leaves out what belongs to somebody who is hidden; the rows stay, and figures count them.
const (
	seenFlag     = "not f.hidden"
	seenReferral = "not exists (select from model.person h where h.id = r.person_id and h.hidden)"
	seenSeat     = "not exists (select from model.person h where h.id = r.seat_person and h.hidden)"
	seenSignal   = "not model.gone(s.person_id)" // who reads a signal may not read the flag
	seenLoan     = "not model.gone(l.person_id)" // who reads a loan may not read the person
)

const (
	hidePerson = `update model.person set hidden = $2 where id = $1`
	hideFlags  = `update model.flag set hidden = $2 where person_id = $1`

	// What is sealed goes. A message belongs to the workshop service; whichever of the two is heard last, it is gone,
	// see declineRequest.
	erasePerson   = `update model.person set hidden = true, erased = true, box = null, wishes = null, death = null where id = $1`
	eraseConsents = `delete from model.consent where person_id = $1`
	eraseLinks    = `delete from model.link where person_id = $1 or other_id = $1`
	eraseFlags    = `update model.flag set hidden = true, subject = null, box = null, note_box = null, wish_box = null where person_id = $1`
	eraseActs     = `update model.help_act set box = null where flag_id in (select id from model.flag where person_id = $1)`
	eraseSignals  = `update model.signal set box = null, answer_box = null where person_id = $1`
	eraseThreads  = `update model.thread set subject = null, box = null where flag_id in (select id from model.flag where person_id = $1)`
	eraseMessages = `update model.referral set message_subject = null, message_box = null where message_subject = $1`
	eraseOutcomes = `update model.referral set outcome_subject = null, outcome_box = null where outcome_subject = $1`
)

func (e entry) hide(person string, hidden bool) {
	e.write(hidePerson, person, hidden)
	e.write(hideFlags, person, hidden)
}

func (e entry) erase(person string) {
	for _, sql := range []string{erasePerson, eraseConsents, eraseLinks, eraseFlags, eraseActs, eraseThreads, eraseSignals, eraseMessages, eraseOutcomes} {
		e.write(sql, person)
	}
}
