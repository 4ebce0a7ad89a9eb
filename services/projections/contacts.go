package projections

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

const mostContacts = 100

// contactRow is something that was said with somebody, or tried.
type contactRow struct {
	ID, PersonID, Desk, Direction, Channel, Outcome, By string
	NextAt                                              *time.Time
	At                                                  time.Time
	Subject                                             *string
	Box                                                 []byte
}

const contactsWith = `
select c.id, c.person_id, c.desk, c.direction, c.channel, c.outcome, c.by, c.next_at, c.at, c.subject, c.box
from model.contact c join model.person o on o.id = c.person_id where o.root = $1 order by c.at desc, c.id limit $2`

// contacts are what was said with the person of a flag, newest first. What the social service said stays within it.
func (s *Service) contacts(ctx context.Context, f flagSheet) (list []rest.FlagContact, err error) {
	rows, err := all[contactRow](ctx, s, contactsWith, the(f.PersonID), mostContacts)
	list = []rest.FlagContact{}
	for _, r := range rows {
		if s.isUnit(r.Desk) != s.isUnit(f.Desk) {
			continue
		}
		c := rest.FlagContact{ID: r.ID, At: r.At.UTC(), By: r.By, Desk: r.Desk, Direction: r.Direction, Channel: r.Channel, Outcome: r.Outcome, NextAt: inUTC(r.NextAt)}
		if c.Note, err = s.text(ctx, "contact:"+r.PersonID, contactNoted, r.Subject, r.Box); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, err
}

func (s *Service) isUnit(desk string) bool {
	d, _ := s.Directory().Desk(desk)
	return d.Unit()
}

var contactNoted = events.Name(events.ContactNoted{})
