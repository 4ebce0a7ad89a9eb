package referral

import (
	"encoding/json"
	"fmt"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/reference/communes"
)

// What a referral must know to find the next best session: sheets and persons as they were sealed, and what is offered.

const (
	putSheet = `
insert into model.sheet (flag_id, channel, subject, box, fact) values ($1, $2, $3, $4, $5)
on conflict (flag_id) do update set subject = excluded.subject, box = excluded.box, fact = excluded.fact`
	putPerson   = `insert into model.person (id, box, fact) values ($1, $2, $3) on conflict (id) do update set box = excluded.box, fact = excluded.fact`
	putProvider = `
insert into model.provider (id, fund, department) values ($1, $2, $3) on conflict (id) do update set department = excluded.department`
	putPlan    = `insert into model.plan (session_id, plan, renewed_at, lat, lon) values ($1, $2, $3, $4, $5) on conflict do nothing`
	renewPlan  = `update model.plan set renewed_at = $2 where session_id = $1`
	changePlan = `update model.plan set plan = plan || ($2::jsonb - '{by,at,status,reason}'::text[]), renewed_at = $3 where session_id = $1`
	movePlan   = `update model.plan set plan = (plan - '{insee,place}'::text[]) || ($2::jsonb - '{by,at,status,reason}'::text[]), renewed_at = $3, lat = $4, lon = $5 where session_id = $1`
	setOwn     = `update model.plan set own = $2 where session_id = $1`
)

// sealed keeps the boxes of sheets and persons. They are opened when somebody's session was cancelled.
func (n noting) sealed(h projection.Heard) {
	switch e := h.Fact.(type) {
	case events.SeniorFlagged:
		n.sheet(e.FlagID, e.Channel, e.Details, h.Name)
	case events.FlagAmended:
		n.sheet(e.FlagID, "", e.Details, h.Name)
	case events.PersonRegistered:
		n.person(e.PersonID, e.Details, h.Name)
	case events.PersonCorrected:
		n.person(e.PersonID, e.Details, h.Name)
	case events.PersonMoved:
		n.person(e.PersonID, e.Details, h.Name)
	case events.PersonErased:
		n.write(`delete from model.person where id = $1`, e.PersonID)
		n.write(`delete from model.sheet where subject = $1`, e.PersonID)
	}
}

// box is what is sealed; none where nothing was.
type box interface {
	Subject() string
	Box() []byte
}

func (n noting) sheet(flag, channel string, b box, fact string) {
	if b.Box() != nil {
		n.write(putSheet, flag, channel, b.Subject(), b.Box(), fact)
	}
}

func (n noting) person(id string, b box, fact string) {
	if b.Box() != nil {
		n.write(putPerson, id, b.Box(), fact)
	}
}

func (n noting) providers(fact events.Providers) {
	if e, ok := fact.(events.ProviderRegistered); ok {
		n.write(putProvider, e.ProviderID, e.Fund, e.Department)
	}
}

// plans keeps what sessions offer.
func (n noting) plans(fact events.Workshop) error {
	told, err := json.Marshal(fact)
	if err != nil {
		return fmt.Errorf("what is told in %s: %w", fact.Stream(), err)
	}
	switch e := fact.(type) {
	case events.SessionPlanned:
		lat, lon := place(e.Insee)
		n.write(putPlan, e.SessionID, told, e.At, lat, lon)
	case events.SessionOpened:
		n.write(renewPlan, e.SessionID, e.At)
	case events.SessionAmended:
		n.write(changePlan, e.SessionID, told, e.At)
	case events.SessionCapacityChanged:
		n.write(changePlan, e.SessionID, told, e.At)
	case events.SessionAdapted:
		n.write(changePlan, e.SessionID, told, e.At)
	case events.SessionRescheduled:
		lat, lon := place(e.Insee)
		n.write(movePlan, e.SessionID, told, e.At, lat, lon)
	case events.OwnSeatsSet:
		n.write(setOwn, e.SessionID, e.Seats)
	default: // nothing about what is offered
	}
	return nil
}

// place is where a commune is; nil where nobody knows.
func place(insee string) (lat, lon *float64) {
	c, ok := communes.Find(insee)
	if !ok {
		return nil, nil
	}
	return &c.Lat, &c.Lon
}
