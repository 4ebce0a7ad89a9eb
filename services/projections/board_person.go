package projections

import (
	"strings"

	"example.org/passerelle/api/events"
)

// What the facts of a person write. Every one of them moves the version on, which actions command.
const (
	putPerson = `
insert into model.person (id, fund, root, box, fact, version) values ($1, $2, $1, $3, $4, $5)
on conflict (id) do update set fund = excluded.fund, box = excluded.box, fact = excluded.fact, version = excluded.version`
	setPersonVersion = `update model.person set version = $2 where id = $1`
	setWishes        = `update model.person set wishes = $2 where id = $1`
	setObjected      = `update model.person set objected = true where id = $1`
	putConsent       = `
insert into model.consent (person_id, kind, given, text_version, channel, told_by, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (person_id, kind) do update set given = excluded.given, text_version = excluded.text_version, channel = excluded.channel,
  told_by = excluded.told_by, by = excluded.by, at = excluded.at`
	putLink = `insert into model.link (person_id, other_id, kind) values ($1, $2, $3) on conflict do nothing`
	endLink = `delete from model.link where person_id = $1 and other_id = $2 and kind = $3`

	tellDeath = `update model.person set dead = true, death = $2 where id = $1`
	// The flags say it themselves a moment later. Until then nobody shall call.
	closeFlags = `
update model.flag set help = 'closed' where person_id in (
  select id from model.person where root = (select root from model.person where id = $1))`
	undoDeath = `update model.person set dead = false, death = null where id = $1`

	joinRecord = `update model.person set merged_into = $2 where id = $1`
	joinRoot   = `update model.person set root = $2 where root = $1`
	leftRecord = `update model.person set merged_into = null where id = $1`
	// A record that leaves takes along those that were shown with it before.
	leftRoot = `
with recursive below as (
  select id from model.person where id = $1
  union all select p.id from model.person p join below on p.merged_into = below.id)
update model.person set root = $1 where id in (select id from below)`
)

// person writes what is told of a person.
func (e entry) person(fact events.Detection) {
	switch f := fact.(type) {
	case events.PersonRegistered:
		e.write(putPerson, f.PersonID, f.Fund, f.Details.Box(), e.Name, e.Version)
	case events.PersonCorrected:
		e.write(putPerson, f.PersonID, f.Fund, f.Details.Box(), e.Name, e.Version)
	case events.PersonMoved:
		e.write(putPerson, f.PersonID, f.Fund, f.Details.Box(), e.Name, e.Version)
	case events.PersonMerged, events.PersonParted: // told together with what the other record says
	case events.RecordJoined:
		e.write(joinRecord, f.PersonID, f.WithID)
		e.write(joinRoot, f.PersonID, f.WithID)
	case events.RecordLeft:
		e.write(leftRecord, f.PersonID)
		e.write(leftRoot, f.PersonID)
	case events.PersonLinked:
		e.write(linked(f.Ended), f.PersonID, f.OtherID, f.Kind)
	case events.WishesNoted:
		e.write(setWishes, f.PersonID, f.Details.Box())
	case events.ConsentNoted:
		e.write(putConsent, f.PersonID, f.Kind, f.Given, known(f.TextVersion), f.Channel, f.ToldBy, f.By, f.At)
	case events.PersonObjected:
		e.write(setObjected, f.PersonID)
	case events.DeathTold:
		e.write(tellDeath, f.PersonID, f.Details.Box())
		e.write(closeFlags, f.PersonID)
	case events.DeathUndone:
		e.write(undoDeath, f.PersonID)
	case events.ErasureRequested:
		e.hide(f.PersonID, true)
	case events.ErasureUndone:
		e.hide(f.PersonID, false)
	case events.PersonErased:
		e.erase(f.PersonID)
	case events.SeniorFlagged, events.FlagValidated, events.HelpReferred, events.HelpReturned, events.HelpEnded, events.HelpResumed, events.FlagHandedOver,
		events.FlagClosed, events.FlagReopened, events.HelpWished, events.HelpActed, events.SignalSent, events.SignalAnswered, events.FlagTransferred, events.FlagTakenUp,
		events.FlagReturned, events.FlagAmended, events.FlagReclassified, events.FlagDismissed, events.FlagWithdrawn, events.ReviewReminded: // of a flag
	case events.CampaignOpened, events.ObservationTold, events.ObservationCorrected, events.ObservationsPublished, events.CampaignEnded, events.CampaignClosed,
		events.ValidationBegun, events.FlagsValidated, events.RefusalCounted, events.EnquiryCounted, events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved: // of nobody
	}
	e.write(setPersonVersion, strings.TrimPrefix(fact.Stream(), "person:"), e.Version)
}

func linked(ended bool) string {
	if ended {
		return endLink
	}
	return putLink
}
