package projections

import "example.org/passerelle/api/events"

// What is written of addresses, and of what is said with people.
const (
	giveAddress = `
insert into model.referral (id, flag_id, person_id, place_id, fund, programme, desk, department, loan_wanted, follows, opened_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, false, $9, $10, $11)`
	followUp     = `update model.referral set followed_at = $2, result = $3, version = $4 where id = $1`
	undoReferral = `
update model.referral set withdrawn_at = null, withdraw_reason = null, followed_at = null, result = null, undone = true, desk = $2, version = $3 where id = $1`
	endLetter = `delete from model.call where about = $1 and kind = $2`

	// letterLine is the line of a letter that is to be printed.
	letterLine = "letter_to_print"

	// What was said with somebody erased is not kept, whichever of the two is heard last, see declineRequest.
	putContact = `
insert into model.contact (id, person_id, desk, direction, channel, outcome, about, next_at, by, at, subject, box)
select $1, $2::text, $3, $4, $5, $6, $7, $8::timestamptz, $9, $10::timestamptz, said.subject, said.box
from (select 1) here left join lateral (
  select $11::text as subject, $12::bytea as box where not exists (select from model.person p where p.id = $2 and p.erased)) said on true`
	putLetter = `
insert into model.contact (id, person_id, desk, direction, channel, outcome, about, by, at, letter_of)
values ($1, $2, $3, 'out', 'letter', 'sent', $1, $4, $5, $6) on conflict (id) do nothing`
)

// callKinds are the lines of today's list for the calls that a referral asks for.
var callKinds = map[string]string{"address": "follow_up", "three_months": "follow_up", "reminder": "reminder"}

// afterwards is what happens to a referral beside its session.
func (e entry) afterwards(fact events.Referral) {
	switch f := fact.(type) {
	case events.AddressGiven:
		e.write(giveAddress, f.ReferralID, f.FlagID, f.PersonID, f.PlaceID, f.Fund, f.Programme, f.Desk, f.Department, known(f.Follows), f.At, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "address_given", by: f.By, about: f.PlaceID})
	case events.AddressFollowedUp:
		e.write(followUp, f.ReferralID, f.At, f.Result, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "followed_up", by: f.By, about: f.Result})
	case events.PlaceLinkIssued:
		e.write(setReferralVersion, f.ReferralID, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "place_link_issued", by: f.By})
	case events.PlaceLinkOpened:
		e.write(setReferralVersion, f.ReferralID, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "place_link_opened"})
	case events.PlaceLinkCodeMissed:
		e.write(setReferralVersion, f.ReferralID, e.Version)
		if f.Locked {
			e.tell(line{referral: f.ReferralID, at: f.At, what: "place_link_locked"})
		}
	case events.ReferralUndone:
		e.write(undoReferral, f.ReferralID, f.Desk, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "undone", by: f.By})
	case events.ReferralDated: // the session says it in its own words
		e.write(setReferralVersion, f.ReferralID, e.Version)
	case events.CallAsked:
		e.write(setReferralVersion, f.ReferralID, e.Version)
		e.write(askCall, f.ReferralID, callKinds[f.Kind], f.Kind, f.ReferralID, f.PersonID, f.Desk, f.At, f.Until)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "call_asked", about: f.Kind})
	case events.LetterDue: // of several, the last one is to be sent
		e.write(setReferralVersion, f.ReferralID, e.Version)
		e.write(endCall, f.ReferralID, letterLine)
		e.write(askCall, f.LetterID, letterLine, f.Kind, f.ReferralID, f.PersonID, f.Desk, f.At, f.Until)
	case events.LetterSent:
		e.write(setReferralVersion, f.ReferralID, e.Version)
		e.write(endLetter, f.LetterID, letterLine)
		e.write(putLetter, f.LetterID, f.PersonID, f.Desk, f.By, f.At, f.ReferralID)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "letter_sent", by: f.By})
	default: // see referral
	}
}

// contact is what was said with somebody.
func (e entry) contact(fact events.Referral) {
	switch f := fact.(type) {
	case events.ContactNoted:
		e.write(putContact, f.ContactID, f.PersonID, f.Desk, f.Direction, f.Channel, f.Outcome, known(f.AboutID), f.NextAt, f.By, f.At,
			known(f.Details.Subject()), f.Details.Box())
	case events.LetterAsked:
		e.write(askCall, f.LetterID, letterLine, "not_reached", nil, f.PersonID, f.Desk, f.At, f.Until)
	case events.CloseAsked:
		e.write(askCall, f.LetterID, "no_news", "no_answer", nil, f.PersonID, f.Desk, f.At, f.Until)
	default: // see referral
	}
}
