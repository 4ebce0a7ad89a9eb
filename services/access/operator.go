package access

import (
	"context"
	"strconv"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/access/domain"
)

// operator is who runs the installation.
var operator = domain.Granter{Account: "operator", Operator: true}

// RegisterFund lets a fund work with Passerelle. Only the operator calls it.
func (s *Service) RegisterFund(ctx context.Context, id, name string, departments []string, erasureDays int) error {
	return s.operate(ctx, id, domain.RegisterFund{
		Fund: id, Name: name, Departments: departments, ErasureDays: erasureDays, By: operator, At: s.Clock.Now(),
	})
}

// InviteFirst invites an administrator of a fund, or an analyst of all funds. Only the operator calls it.
func (s *Service) InviteFirst(ctx context.Context, fund, email, name string) error {
	g, err := s.addressed(ctx, domain.Grant{
		Fund: fund, Member: domain.Trimmed(events.Member{Name: name, Email: email}), Role: directory.Administrator,
		Scope: directory.Scope{Kind: directory.ScopeFund, ID: fund}, By: operator, Today: s.today(),
	})
	if err != nil {
		return err
	}
	if fund == directory.Network {
		g.Role, g.Scope = directory.Analyst, directory.Scope{Kind: directory.ScopeNetwork}
	}
	return s.operate(ctx, fund, g)
}

func (s *Service) operate(ctx context.Context, fund string, command fundCommand) error {
	_, err := s.funds.Handle(ctx, fund, command, decider.Call[domain.Fund]{Actor: operator.Account})
	return refused(err)
}

// Administrators says who administers a fund, in words for its operator: nobody by name.
func (s *Service) Administrators(ctx context.Context, fund string) (string, error) {
	f, _, err := s.funds.Get(ctx, fund)
	active, invited := 0, 0
	for _, m := range f.Memberships() {
		switch state := m.State(s.today()); {
		case m.Role != directory.Administrator:
		case state == domain.Active:
			active++
		case state == domain.Invited:
			invited++
		}
	}
	return strconv.Itoa(active) + " active, " + strconv.Itoa(invited) + " invited", err
}
