package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
)

// Account is somebody who signs in: by which identities and addresses they are known.
type Account struct {
	identities, addresses []string // keyed hashes
}

// EvolveAccount is the account after a fact of its own; the others are in other streams.
func EvolveAccount(a Account, fact events.Access) Account {
	if e, ok := fact.(events.AccountLinked); ok {
		a.identities = append(slices.Clip(a.identities), e.IdentityMark)
		if e.EmailMark != "" {
			a.addresses = append(slices.Clip(a.addresses), e.EmailMark)
		}
	}
	return a
}

// LinkIdentity makes an identity of an issuer, and an address that it has verified, those of an account.
type LinkIdentity struct {
	Account, IdentityMark string
	EmailMark             string // empty: none that was verified
	At                    time.Time
}

// Decide tells what is new about the account.
func (l LinkIdentity) Decide(a Account) ([]events.Access, error) {
	if slices.Contains(a.identities, l.IdentityMark) && (l.EmailMark == "" || slices.Contains(a.addresses, l.EmailMark)) {
		return nil, nil
	}
	return tell(events.AccountLinked{Account: l.Account, IdentityMark: l.IdentityMark, EmailMark: l.EmailMark, At: l.At})
}

const (
	accountStream = "account:"
	identityClaim = "identity:"
	addressClaim  = "address:"
)

// IdentityClaim is held by the account that an identity is.
func IdentityClaim(mark string) string { return identityClaim + mark }

// AddressClaim is held by the account that a verified address leads to.
func AddressClaim(mark string) string { return addressClaim + mark }

// AccountOf is the account whose stream holds a claim.
func AccountOf(holder string) string { return strings.TrimPrefix(holder, accountStream) }

// AccountClaims: an identity is one account, and so is an address.
func AccountClaims(_ Account, fact events.Access) (take, release []string) {
	e, ok := fact.(events.AccountLinked)
	if !ok {
		return nil, nil
	}
	take = []string{IdentityClaim(e.IdentityMark)}
	if e.EmailMark != "" {
		take = append(take, AddressClaim(e.EmailMark))
	}
	return take, nil
}
