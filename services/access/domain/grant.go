package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

// ErrAlreadyMember says that the person has this role in this scope on some of these days.
var ErrAlreadyMember = refusal.New(refusal.Conflict, "already_member", "This person has this role here already on some of these days, or is invited to it. Look at the list.")

// Grant gives somebody a role in a scope: an account, or whoever signs in first with an e-mail address.
type Grant struct {
	MembershipID string
	Fund         string
	Account      string // empty: an invitation
	Member       events.Member
	EmailMark    string // keyed hash of the address; empty: none was given
	DetailsKey   string // subject of name and address; not needed for none
	Role         directory.Role
	Scope        directory.Scope
	Organisation string
	From, To     string // days in Paris; From empty: today; To empty: until ended
	By           Granter
	Today        string
	At           time.Time
}

// Decide tells the membership, or every fault. The same command twice is nothing new.
func (g Grant) Decide(f Fund) ([]events.Access, error) {
	if g.From == "" {
		g.From = g.Today
	}
	switch _, done := f.Membership(g.MembershipID); {
	case done:
		return nil, nil
	case !f.Known() && g.Scope.Kind != directory.ScopeNetwork:
		return nil, ErrNoFund
	case !f.administers(g.By, g.Today) && !f.provides(g.By, g.Today, ""):
		return nil, ErrNotGranter
	}
	if err := g.faults(f).OrNil(); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(f.memberships, func(m Membership) bool { return g.repeats(f, m) }) {
		return nil, ErrAlreadyMember
	}
	return tell(g.fact())
}

func (g Grant) fact() events.MembershipGranted {
	e := events.MembershipGranted{
		MembershipID: g.MembershipID, Fund: g.Fund, Account: g.Account, Role: string(g.Role), Scope: events.Scope(g.Scope),
		Organisation: g.Organisation, From: g.From, To: g.To, EmailMark: g.EmailMark, By: g.By.Account, At: g.At,
	}
	if g.Member != (events.Member{}) {
		e.Details = events.Clear(g.DetailsKey, g.Member)
	}
	return e
}

func (g Grant) faults(f Fund) refusal.Faults {
	faults := g.whoFaults()
	if g.Role != "" && !f.grants(g.By, g.Today, g.Role, g.Scope) { // who may not is not told what there is
		faults = append(faults, refusal.Fault{Field: "scope", Code: "beyond_your_scope", Detail: "You cannot give this role there: it is beyond what is yours."})
	} else {
		faults = append(faults, f.scopeFaults(g.Role, g.Scope)...)
	}
	if o, ok := f.Organisation(g.Organisation); g.Organisation != "" && (!ok || o.Closed) {
		faults = append(faults, refusal.Fault{Field: "organisation", Code: "unknown_organisation", Detail: "The fund has no such organisation, or it is closed."})
	}
	return append(faults, g.dayFaults()...)
}

var address = regexp.MustCompile(`^[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\]+\.[^\s@<>"(),;:\\.]{2,}$`)

const longestAddress = 254

func (g Grant) whoFaults() (faults refusal.Faults) {
	switch {
	case g.Account == "" && g.Member.Email == "":
		faults = append(faults, refusal.Fault{Field: "email", Code: "required", Detail: "Give the e-mail address of the person, or an account."})
	case g.Member.Email == "":
	case len(g.Member.Email) > longestAddress || !address.MatchString(g.Member.Email):
		faults = append(faults, refusal.Fault{Field: "email", Code: "not_an_address", Detail: "This is no e-mail address. Write it like name@example.fr."})
	}
	if g.Member.Email != "" {
		faults = append(faults, nameFault(g.Member.Name)...)
	}
	return faults
}

func (g Grant) dayFaults() (faults refusal.Faults) {
	for _, day := range []struct{ field, value string }{{"from", g.From}, {"to", g.To}} {
		if _, err := time.Parse(time.DateOnly, day.value); err != nil && day.value != "" {
			faults = append(faults, refusal.Fault{Field: day.field, Code: "not_a_date", Detail: "Write the day like 2021-12-31."})
		}
	}
	switch {
	case faults != nil || g.To == "":
	case g.To < g.From:
		faults = append(faults, refusal.Fault{Field: "to", Code: "before_from", Detail: fmt.Sprintf("The last day lies before the first, %s.", g.From)})
	case g.To < g.Today:
		faults = append(faults, refusal.Fault{Field: "to", Code: "in_the_past", Detail: "The last day has passed."})
	}
	return faults
}

// repeats tells whether a membership gives the same person the same role in the same scope on some of the same days.
func (g Grant) repeats(f Fund, m Membership) bool {
	return m.EndedAt.IsZero() && m.Role == g.Role && m.Scope == g.Scope && f.samePerson(m, g.Account, g.EmailMark) &&
		(m.To == "" || g.From <= m.To) && (g.To == "" || m.From <= g.To)
}

// samePerson tells whether a membership is that of an account, or of an address, or of one that has had both.
func (f Fund) samePerson(m Membership, account, mark string) bool {
	is := func(a, b string) bool { return a != "" && a == b }
	return is(m.Account, account) || is(m.EmailMark, mark) || slices.ContainsFunc(f.memberships, func(other Membership) bool {
		return is(other.Account, m.Account) && is(other.EmailMark, mark) || is(other.EmailMark, m.EmailMark) && is(other.Account, account)
	})
}

// Trimmed is who was named, without what surrounds it.
func Trimmed(m events.Member) events.Member {
	return events.Member{Name: strings.TrimSpace(m.Name), Email: strings.TrimSpace(m.Email)}
}
