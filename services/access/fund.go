package access

import (
	"context"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

// AmendFund changes what the caller's fund is called and covers.
func (s *Service) AmendFund(ctx context.Context, r rest.AmendFundRequestObject) (rest.AmendFundResponseObject, error) {
	account := s.Account(ctx)
	switch policy.Can(account, policy.ManageDirectory, policy.Resource{Fund: r.ID}) {
	case policy.Never:
		return nil, errNotTheDirectory
	case policy.Elsewhere:
		return nil, domain.ErrNoFund
	case policy.Allowed:
	}
	done, _, err := s.change(ctx, r.ID, func(by domain.Granter) fundCommand {
		return domain.AmendFund{
			Name: r.Body.Name, Departments: r.Body.Departments, ErasureDays: r.Body.ErasureDays, By: by, Today: s.today(), At: s.Clock.Now(),
		}
	})
	f := done.State.Fund
	return rest.AmendFund200JSONResponse{
		Body: rest.FundState{ID: f.ID, Name: f.Name, Departments: f.Departments, ErasureDays: f.ErasureDays},
		Headers: rest.AmendFund200ResponseHeaders{
			ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
		},
	}, err
}
