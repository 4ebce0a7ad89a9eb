package events

import "time"

// Access is any fact the access service tells: how a fund is organised, and who may do what there.
//
//sumtype:decl
type Access interface {
	Fact
	access()
}

// FundRegistered: a regional retirement fund works with Passerelle from now on. What it is called and covers now
// stands whole in the last such fact.
type FundRegistered struct {
	Fund        string    `json:"fund"`
	Name        string    `json:"name"`
	Departments []string  `json:"departments"`
	ErasureDays int       `json:"erasure_days"` // from hiding a person to destroying the key
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// DeskSet: a team is there, or is now called or placed like this.
type DeskSet struct {
	Fund        string    `json:"fund"`
	Desk        string    `json:"desk"`
	Kind        string    `json:"kind"` // agency, phone_platform, unit
	Name        string    `json:"name"`
	Departments []string  `json:"departments"`
	Phone       string    `json:"phone,omitempty"`
	Closed      bool      `json:"closed"` // takes nobody new
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// OrganisationSet: another house works with the fund: a provider of workshops, a partner who flags, a funder.
type OrganisationSet struct {
	Fund         string    `json:"fund"`
	Organisation string    `json:"organisation"`
	Kind         string    `json:"kind"` // provider, partner, funder, other
	Name         string    `json:"name"`
	Department   string    `json:"department,omitempty"`
	Closed       bool      `json:"closed"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// MembershipGranted: somebody has a role in a scope. Without an account it is an invitation, and the first sign-in
// with that e-mail address takes it.
type MembershipGranted struct {
	MembershipID string         `json:"membership_id"`
	Fund         string         `json:"fund"`              // network: of all funds
	Account      string         `json:"account,omitempty"` // empty: invited
	Role         string         `json:"role"`
	Scope        Scope          `json:"scope"`
	Organisation string         `json:"organisation,omitempty"`
	From         string         `json:"from"`                 // day in Paris
	To           string         `json:"to,omitempty"`         // last day; empty: until ended
	EmailMark    string         `json:"email_mark,omitempty"` // keyed hash of the address
	By           string         `json:"by"`
	At           time.Time      `json:"at"`
	Details      Sealed[Member] `json:"details"`
}

// MembershipBound: the invited person has signed in.
type MembershipBound struct {
	MembershipID string    `json:"membership_id"`
	Fund         string    `json:"fund"`
	Account      string    `json:"account"`
	At           time.Time `json:"at"`
}

// MembershipEnded: the role is taken back.
type MembershipEnded struct {
	MembershipID string    `json:"membership_id"`
	Fund         string    `json:"fund"`
	Reason       string    `json:"reason"` // left, changed_role, unused, error, other
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// AccountLinked: an identity of an issuer is this account from now on.
type AccountLinked struct {
	Account      string    `json:"account"`
	IdentityMark string    `json:"identity_mark"`        // keyed hash of issuer and subject
	EmailMark    string    `json:"email_mark,omitempty"` // keyed hash of the verified address
	At           time.Time `json:"at"`
}

// Scope is where a role holds.
type Scope struct {
	Kind string `json:"kind"` // network, fund, department, desk, provider, organisation, pool
	ID   string `json:"id,omitempty"`
}

// Member is who holds a membership; only ever inside Sealed.
type Member struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// Stream names the aggregate.
func (f FundRegistered) Stream() string { return "fund:" + f.Fund }

// Stream names the aggregate.
func (f DeskSet) Stream() string { return "fund:" + f.Fund }

// Stream names the aggregate.
func (f OrganisationSet) Stream() string { return "fund:" + f.Fund }

// Stream names the aggregate.
func (f MembershipGranted) Stream() string { return "fund:" + f.Fund }

// Stream names the aggregate.
func (f MembershipBound) Stream() string { return "fund:" + f.Fund }

// Stream names the aggregate.
func (f MembershipEnded) Stream() string { return "fund:" + f.Fund }

// Stream names the aggregate.
func (f AccountLinked) Stream() string { return "account:" + f.Account }

func (FundRegistered) access()    {}
func (DeskSet) access()           {}
func (OrganisationSet) access()   {}
func (MembershipGranted) access() {}
func (MembershipBound) access()   {}
func (MembershipEnded) access()   {}
func (AccountLinked) access()     {}
