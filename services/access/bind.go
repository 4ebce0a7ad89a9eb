package access

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/services/access/domain"
)

// Bind finds the account of a verified identity: known by itself, known by its address, or invited under it. What the
// address is invited to, it has from then on. no_membership for somebody without a role today. It may be called again
// after any error: nothing is done twice.
func (s *Service) Bind(ctx context.Context, who oidc.Person) (account string, err error) {
	for try := range 3 { // the same person may sign in twice at once: the other one has the marks, or took the invitation
		account, err = s.settle(ctx, who)
		if !errors.As(err, new(*ledger.Claimed)) && (try > 0 || !errors.Is(err, errNoRole)) {
			break
		}
	}
	return account, err
}

func (s *Service) settle(ctx context.Context, who oidc.Person) (string, error) {
	identity, address := s.identityMark(who.Issuer, who.Subject), ""
	if who.EmailVerified && who.Email != "" {
		address = s.emailMark(who.Email)
	}
	account, link, err := s.find(ctx, identity, address)
	if err != nil {
		return "", err
	}
	if link {
		if err := s.link(ctx, account, identity, address); err != nil {
			return "", err
		}
	}
	if err := s.accept(ctx, account, address); err != nil {
		return "", err
	}
	return account, s.works(ctx, account)
}

// find is the account, and whether something about it is new: the identity, the address, or all of it.
func (s *Service) find(ctx context.Context, identity, address string) (account string, link bool, err error) {
	holder, known, err := s.Ledger.Holder(ctx, domain.IdentityClaim(identity))
	if err != nil {
		return "", false, err
	}
	var owner string
	var taken bool
	if address != "" {
		if owner, taken, err = s.Ledger.Holder(ctx, domain.AddressClaim(address)); err != nil {
			return "", false, err
		}
	}
	switch {
	case known: // an address that is another account's stays there
		return domain.AccountOf(holder), address != "" && !taken, nil
	case taken:
		return domain.AccountOf(owner), true, nil
	}
	invited, err := s.isInvited(ctx, address)
	if err == nil && !invited {
		err = errNoRole
	}
	return "u-" + strings.ToLower(rand.Text()), true, err
}

// link makes identity and address those of the account.
func (s *Service) link(ctx context.Context, account, identity, address string) error {
	_, err := s.people.Handle(ctx, account, domain.LinkIdentity{
		Account: account, IdentityMark: identity, EmailMark: address, At: s.Clock.Now(),
	}, decider.Call[domain.Account]{Actor: account})
	return err
}

// invited tells whether an address is invited somewhere.
func (s *Service) isInvited(ctx context.Context, address string) (bool, error) {
	fund, err := s.inviting(ctx, address)
	return len(fund.Invitations(address, s.today())) > 0, err
}

// inviting is the fund that has invited an address, an empty one for none.
func (s *Service) inviting(ctx context.Context, address string) (f domain.Fund, err error) {
	if address == "" {
		return f, nil
	}
	holder, held, err := s.Ledger.Holder(ctx, domain.InvitedClaim(address))
	if err == nil && held {
		f, _, err = s.funds.Get(ctx, domain.FundOf(holder))
	}
	return f, err
}

// accept gives the account what its address is invited to. What another fund offers to somebody who has a role
// already stays an invitation.
func (s *Service) accept(ctx context.Context, account, address string) error {
	if invited, err := s.isInvited(ctx, address); err != nil || !invited {
		return err
	}
	holder, _, err := s.Ledger.Holder(ctx, domain.InvitedClaim(address))
	if err != nil {
		return err
	}
	_, err = s.funds.Handle(ctx, domain.FundOf(holder), domain.BindInvitations{
		Account: account, EmailMark: address, Today: s.today(), At: s.Clock.Now(),
	}, decider.Call[domain.Fund]{Actor: account})
	if errors.As(err, new(*ledger.Claimed)) {
		return nil
	}
	return err
}

// works refuses an account that has no role today.
func (s *Service) works(ctx context.Context, account string) error {
	holder, held, err := s.Ledger.Holder(ctx, domain.MemberClaim(account))
	if err != nil || !held {
		return errors.Join(err, errNoRole)
	}
	f, _, err := s.funds.Get(ctx, domain.FundOf(holder))
	if err == nil && !f.Works(account, s.today()) {
		err = errNoRole
	}
	return err
}
