package domain

import (
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrOtherFund says that the person works for another fund.
var ErrOtherFund = refusal.New(refusal.Conflict, "other_fund", "This person works for another fund, or is invited there. That fund's administrator ends it first.")

const (
	fundStream   = "fund:"
	memberClaim  = "member:"
	invitedClaim = "invited:"
)

// MemberClaim is held by the fund that an account works for.
func MemberClaim(account string) string { return memberClaim + account }

// InvitedClaim is held by the fund that has invited an address.
func InvitedClaim(mark string) string { return invitedClaim + mark }

// FundOf is the fund whose stream holds a claim.
func FundOf(holder string) string { return strings.TrimPrefix(holder, fundStream) }

// Claims: nobody works for two funds.
func Claims(before Fund, fact events.Access) (take, release []string) {
	switch e := fact.(type) {
	case events.MembershipGranted:
		return claimsOf(e.Account, e.EmailMark), nil
	case events.MembershipBound:
		return claimsOf(e.Account, ""), nil
	case events.MembershipEnded:
		m, _ := before.Membership(e.MembershipID)
		return nil, slices.DeleteFunc(claimsOf(m.Account, m.EmailMark), func(claim string) bool { return before.needs(claim, m.ID) })
	case events.FundRegistered, events.DeskSet, events.OrganisationSet, events.ProgrammeSet, events.AccountLinked: // nobody's
	}
	return nil, nil
}

func claimsOf(account, mark string) (claims []string) {
	if account != "" {
		claims = append(claims, MemberClaim(account))
	}
	if mark != "" {
		claims = append(claims, InvitedClaim(mark))
	}
	return claims
}

// needs tells whether a membership that was not ended, other than one, holds a claim.
func (f Fund) needs(claim, except string) bool {
	return slices.ContainsFunc(f.memberships, func(m Membership) bool {
		return m.ID != except && m.EndedAt.IsZero() && slices.Contains(claimsOf(m.Account, m.EmailMark), claim)
	})
}
