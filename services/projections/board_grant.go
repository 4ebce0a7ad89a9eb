package projections

import "example.org/passerelle/api/events"

// What the facts about entitlements write.
const (
	putGrant = `
insert into model.grants (programme, fund, version, decision, quota, minutes, connection_months, from_day, to_day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (programme) do update set fund = excluded.fund, version = excluded.version, decision = excluded.decision, quota = excluded.quota,
  minutes = excluded.minutes, connection_months = excluded.connection_months, from_day = excluded.from_day, to_day = excluded.to_day`
	putEntitlement = `
insert into model.entitlement (id, programme, person_id, flag_id, fund, status, derogation, requested_at, requested_by)
values ($1, $2, $3, $4, (select fund from model.grants where programme = $2), 'requested', $5, $6, $7)`
	approveEntitlement = `update model.entitlement set status = 'approved', version = $2, minutes = $3, approved_at = $4 where id = $1`
	endEntitlement     = `update model.entitlement set status = $2, reason = $3 where id = $1`
	giveItem           = `update model.entitlement set status = 'equipped', item_id = $2, asset_tag = (select asset_tag from model.item where id = $2) where id = $1`
	nameCoach          = `update model.entitlement set provider_id = $2, account = $3, coach = coalesce($2, $3) where id = $1`
	beginConnection    = `update model.entitlement set connection_from = $2, connection_to = $3, alerted_at = null where id = $1`
	alertConnection    = `update model.entitlement set alerted_at = $2 where id = $1`
	useMinutes         = `update model.entitlement set used = used + $2 where id = $1`
	putAppointment     = `
insert into model.appointment (entitlement_id, number, person_id, starts_at, minutes, place, status) values ($1, $2, $3, $4, $5, $6, 'planned')
on conflict (entitlement_id, number) do update set starts_at = excluded.starts_at, minutes = excluded.minutes, place = excluded.place`
	missAppointment = `update model.appointment set status = 'missed', reason = $3 where entitlement_id = $1 and number = $2`
	keepAppointment = `update model.appointment set status = 'done', minutes = $3, skills = $4 where entitlement_id = $1 and number = $2`
)

// grants writes what a programme gives, and how far each person is.
func (e entry) grants(fact events.Grant) {
	switch f := fact.(type) {
	case events.GrantOpened:
		e.write(putGrant, f.Programme, f.Fund, f.Version, f.Decision, f.Quota, f.Minutes, f.ConnectionMonths, f.From, f.To)
	case events.EntitlementRequested:
		e.write(putEntitlement, f.EntitlementID, f.Programme, f.PersonID, f.FlagID, known(f.Derogation), f.At, f.By)
	case events.EntitlementApproved:
		e.write(approveEntitlement, f.EntitlementID, f.Version, f.Minutes, f.At)
	case events.EntitlementRefused:
		e.write(endEntitlement, f.EntitlementID, "refused", f.Reason)
	case events.EntitlementReleased:
		e.write(endEntitlement, f.EntitlementID, "released", f.Reason)
	case events.EntitlementEnded:
		e.write(endEntitlement, f.EntitlementID, "ended", f.Reason)
	case events.EntitlementCompleted:
		e.write(endEntitlement, f.EntitlementID, "completed", nil)
	case events.ItemGiven:
		e.write(giveItem, f.EntitlementID, f.ItemID)
	case events.ItemGranted: // of the stock
	case events.CoachNamed:
		e.write(nameCoach, f.EntitlementID, known(f.ProviderID), known(f.Account))
	case events.ConnectionBegun:
		e.write(beginConnection, f.EntitlementID, f.From, f.To)
	case events.ConnectionEnding:
		e.write(alertConnection, f.EntitlementID, f.At)
	case events.AppointmentMade, events.AppointmentMissed, events.MinutesUsed:
		e.accompanied(f)
	}
}

// accompanied writes what is done with a coach.
func (e entry) accompanied(fact events.Fact) {
	switch f := fact.(type) {
	case events.AppointmentMade:
		e.write(putAppointment, f.EntitlementID, f.Number, f.PersonID, f.StartsAt, f.Minutes, f.Where)
	case events.AppointmentMissed:
		e.write(missAppointment, f.EntitlementID, f.Number, f.Reason)
	case events.MinutesUsed:
		e.write(useMinutes, f.EntitlementID, f.Minutes)
		if f.Number > 0 {
			e.write(keepAppointment, f.EntitlementID, f.Number, f.Minutes, listOf(f.Skills))
		}
	}
}
