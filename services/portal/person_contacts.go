package portal

import (
	"cmp"
	"slices"
	"strings"

	"example.org/passerelle/api/client"
)

const contactsFirst = 5 // the others are folded away

// contactSaid is a line of what was said with somebody.
type contactSaid struct {
	When, What, Who    string
	Referral, Workshop string // what it is about: its page, and what it is called
}

// contactsSaid are the contacts with somebody, newest first.
func (w words) contactsSaid(p client.Person) []contactSaid {
	list := make([]contactSaid, len(p.Contacts))
	for i, c := range p.Contacts {
		list[i] = contactSaid{When: moment(c.At), What: w.contactText(c), Who: w.sayerOf(c)}
		at := slices.IndexFunc(p.Referrals, func(r client.ReferralLine) bool { return r.ID == the(c.ReferralID) })
		if at >= 0 {
			list[i].Referral, list[i].Workshop = "/orientations/"+p.Referrals[at].ID, cmp.Or(the(p.Referrals[at].SessionTitle), "l’adresse donnée")
		}
	}
	return list
}

// sayerOf is who it was, and from which team where that does not say it.
func (w words) sayerOf(c client.PersonContact) string {
	who, desk := w.account(c.By), w.of("desk", c.Desk)
	if strings.Contains(lower(who), lower(desk)) {
		return who
	}
	return joined(who, desk)
}
