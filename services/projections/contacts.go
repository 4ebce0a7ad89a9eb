package projections

import (
	"context"
	"strconv"
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

// contactsWith are the contacts with the person of a flag, newest first, in the flag's own row: a page asks once.
var contactsWith = `
(select coalesce(jsonb_agg(to_jsonb(said)), '[]') from (
  select c.id as "ID", c.person_id as "PersonID", c.desk as "Desk", c.direction as "Direction", c.channel as "Channel", c.outcome as "Outcome", c.by as "By",
    c.next_at as "NextAt", c.at as "At", c.subject as "Subject", encode(c.box, 'base64') as "Box"
  from model.contact c join model.person w on w.id = c.person_id where w.root = p.id order by c.at desc, c.id limit ` + strconv.Itoa(mostContacts) + `) said) as contacts`

// contacts are what was said with the person of a flag. What the social service said stays within it.
func (s *Service) contacts(ctx context.Context, f flagSheet, rows []contactRow) (list []rest.FlagContact, err error) {
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
	return list, nil
}

func (s *Service) isUnit(desk string) bool {
	d, _ := s.Directory().Desk(desk)
	return d.Unit()
}

var contactNoted = events.Name(events.ContactNoted{})
