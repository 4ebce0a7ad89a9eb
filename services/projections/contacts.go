package projections

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const mostContacts = 100

// contactRow is something that was said with somebody, or tried.
type contactRow struct {
	ID, PersonID, Desk, Direction, Channel, Outcome, By string
	About, LoanOf                                       *string // loanOf: the referral of the loan that it is about
	NextAt                                              *time.Time
	At                                                  time.Time
	Subject                                             *string
	Box                                                 []byte
}

// contactsWith are the contacts with a person, newest first, in the person's own row or a flag's: a page asks once.
var contactsWith = `
(select coalesce(jsonb_agg(to_jsonb(said)), '[]') from (
  select c.id as "ID", c.person_id as "PersonID", c.desk as "Desk", c.direction as "Direction", c.channel as "Channel", c.outcome as "Outcome", c.by as "By",
    c.about as "About", (select l.referral_id from model.loan l where l.id = c.about) as "LoanOf",
    c.next_at as "NextAt", c.at as "At", c.subject as "Subject", encode(c.box, 'base64') as "Box"
  from model.contact c join model.person w on w.id = c.person_id where w.root = p.id and not w.hidden order by c.at desc, c.id limit ` + strconv.Itoa(mostContacts) + `) said) as contacts`

// hearing is who reads contacts: what was said on their side of the secrecy, with its words where they may speak with the person. The
// social service is one side, all other desks are the other.
type hearing map[bool]bool

func (s *Service) hears(a directory.Account, flags ...flagRow) hearing {
	h := hearing{}
	for _, f := range flags {
		unit := s.isUnit(f.Desk)
		h[unit] = h[unit] || policy.Can(a, policy.NoteContact, f.resource()) == policy.Allowed
	}
	return h
}

// contacts are what was said with somebody, as far as it is for the caller. Referrals are those that the caller sees beside it.
func (s *Service) contacts(ctx context.Context, h hearing, rows []contactRow, referrals []referralRow) (list []rest.PersonContact, err error) {
	list = []rest.PersonContact{}
	for _, r := range rows {
		words, heard := h[s.isUnit(r.Desk)]
		if !heard {
			continue
		}
		c := rest.PersonContact{
			ID: r.ID, At: r.At.UTC(), By: r.By, Desk: r.Desk, Direction: r.Direction, Channel: r.Channel, Outcome: r.Outcome,
			ReferralID: r.referral(referrals), NextAt: inUTC(r.NextAt),
		}
		if words {
			if c.Note, err = s.text(ctx, "contact:"+r.PersonID, contactNoted, r.Subject, r.Box); err != nil {
				return nil, err
			}
		}
		list = append(list, c)
	}
	return list, nil
}

// referral is which of the referrals it is about: by itself, its letter, its seat offer or its loan; nil for none of them.
func (r contactRow) referral(referrals []referralRow) *string {
	parts := append(strings.Split(the(r.About), "."), the(r.LoanOf))
	if i := slices.IndexFunc(referrals, func(o referralRow) bool { return slices.Contains(parts, o.ID) }); i >= 0 {
		return &referrals[i].ID
	}
	return nil
}

func (s *Service) isUnit(desk string) bool {
	d, _ := s.Directory().Desk(desk)
	return d.Unit()
}

var contactNoted = events.Name(events.ContactNoted{})
