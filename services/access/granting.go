package access

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

// created is what is kept of a new thing's answer.
type created struct {
	ID string `json:"id"`
}

// CreateMembership gives an account a role, or whoever has an e-mail address.
func (s *Service) CreateMembership(ctx context.Context, r rest.CreateMembershipRequestObject) (rest.CreateMembershipResponseObject, error) {
	b := r.Body
	done, m, err := s.grant(ctx, domain.Grant{
		Account: engine.Value(b.Account), Member: domain.Trimmed(events.Member{Name: engine.Value(b.Name), Email: engine.Value(b.Email)}),
		Role: directory.Role(b.Role), Scope: scopeOf(b.Scope), Organisation: engine.Value(b.Organisation),
		From: engine.Value(b.From), To: engine.Value(b.To),
	})
	return rest.CreateMembership201JSONResponse{Body: m, Headers: rest.CreateMembership201ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// CreateInvitation gives a role to whoever signs in with an e-mail address.
func (s *Service) CreateInvitation(ctx context.Context, r rest.CreateInvitationRequestObject) (rest.CreateInvitationResponseObject, error) {
	b := r.Body
	done, m, err := s.grant(ctx, domain.Grant{
		Member: domain.Trimmed(events.Member{Name: b.Name, Email: b.Email}),
		Role:   directory.Role(b.Role), Scope: scopeOf(b.Scope), Organisation: engine.Value(b.Organisation),
		From: engine.Value(b.From), To: engine.Value(b.To),
	})
	return rest.CreateInvitation201JSONResponse{Body: m, Headers: rest.CreateInvitation201ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func scopeOf(s rest.MembershipScope) directory.Scope {
	return directory.Scope{Kind: s.Kind, ID: engine.Value(s.ID)}
}

// grant gives the caller's role to somebody, and shows it.
func (s *Service) grant(ctx context.Context, g domain.Grant) (done decided, m rest.Membership, err error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.ManageMembership) {
		return done, m, errNotYours
	}
	g.Fund, g.By, g.Today = account.Fund, domain.Granter{Account: account.ID}, s.today()
	if g, err = s.addressed(ctx, g); err != nil {
		return done, m, err
	}
	done, err = engine.Command(ctx, s.funds, "fund", g.Fund, g, func(domain.Fund, int) any { return created{g.MembershipID} })
	if err != nil {
		return done, m, refused(err)
	}
	first, err := engine.Answered[created](done)
	if err != nil {
		return done, m, err
	}
	m, err = s.shown(ctx, done.State, first.ID)
	return done, m, err
}

// addressed prepares a grant: its identifier and key, the mark of the address, and whose address it is known to be.
func (s *Service) addressed(ctx context.Context, g domain.Grant) (_ domain.Grant, err error) {
	g.MembershipID, g.At = engine.NewID(), s.Clock.Now()
	if g.Member == (events.Member{}) {
		return g, nil
	}
	if g.DetailsKey, err = s.Vault.Mint(ctx); err != nil || g.Member.Email == "" {
		return g, err
	}
	g.EmailMark = s.emailMark(g.Member.Email)
	holder, known, err := s.Ledger.Holder(ctx, domain.AddressClaim(g.EmailMark))
	if known && g.Account == "" {
		g.Account = domain.AccountOf(holder)
	}
	return g, err
}

// refused says what it means that somebody else holds a claim.
func refused(err error) error {
	var claimed *ledger.Claimed
	if errors.As(err, &claimed) {
		return domain.ErrOtherFund
	}
	return err
}

// EndMembership takes a role back.
func (s *Service) EndMembership(ctx context.Context, r rest.EndMembershipRequestObject) (rest.EndMembershipResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.ManageMembership) {
		return nil, errNotYours
	}
	done, err := engine.Command(ctx, s.funds, "fund", account.Fund, domain.EndMembership{
		MembershipID: r.ID, Reason: r.Body.Reason, By: domain.Granter{Account: account.ID}, Today: s.today(), At: s.Clock.Now(),
	}, func(domain.Fund, int) any { return created{r.ID} })
	if err != nil {
		return nil, err
	}
	m, err := s.shown(ctx, done.State, r.ID)
	return rest.EndMembership200JSONResponse{Body: m, Headers: rest.EndMembership200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// shown is a membership with its name and address.
func (s *Service) shown(ctx context.Context, f domain.Fund, id string) (rest.Membership, error) {
	m, ok := f.Membership(id)
	if !ok {
		return rest.Membership{}, domain.ErrNoMembership
	}
	lines, err := s.lines(ctx, []domain.Membership{m})
	if err != nil {
		return rest.Membership{}, err
	}
	return lines[0], nil
}
