package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
)

// BindInvitations is the first sign-in with an address that was invited, be it several times.
type BindInvitations struct {
	Account, EmailMark string
	Today              string
	At                 time.Time
}

// Decide gives the account what its address was invited to.
func (b BindInvitations) Decide(f Fund) (facts []events.Access, _ error) {
	for _, m := range f.Invitations(b.EmailMark, b.Today) {
		facts = append(facts, events.MembershipBound{MembershipID: m.ID, Fund: m.Fund, Account: b.Account, At: b.At})
	}
	return facts, nil
}

// Invitations are those of an address that nobody has taken yet and that are not over.
func (f Fund) Invitations(mark, today string) []Membership {
	return slices.DeleteFunc(f.Memberships(), func(m Membership) bool {
		return mark == "" || m.EmailMark != mark || m.State(today) != Invited
	})
}

// Works tells whether an account has a role in the fund on a day.
func (f Fund) Works(account, today string) bool {
	return f.holds(account, today, func(Membership) bool { return true })
}
