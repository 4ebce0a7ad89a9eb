package projections

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// ListImports tells whoever began imports, in whatever service, of them.
func (s *Service) ListImports(ctx context.Context, _ rest.ListImportsRequestObject) (rest.ListImportsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadCommon)
	if err != nil {
		return nil, err
	}
	runs, err := s.Imports.List(ctx, a.ID)
	if err != nil {
		return nil, engine.Away(err)
	}
	body := rest.ListImports200JSONResponse{Items: []rest.ImportLine{}}
	for _, r := range runs {
		body.Items = append(body.Items, rest.ImportLine{ID: r.ID, BeganAt: r.At, State: r.State, DryRun: r.DryRun, Accepted: r.Accepted, Already: r.Already, Rejected: r.Rejected})
	}
	return body, nil
}

// GetImport tells whoever began an import, in whatever service, how far it is.
func (s *Service) GetImport(ctx context.Context, request rest.GetImportRequestObject) (rest.GetImportResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadCommon)
	if err != nil {
		return nil, err
	}
	r, err := s.Imports.Get(ctx, a.ID, request.ID)
	if err != nil {
		return nil, engine.Away(err)
	}
	body := rest.GetImport200JSONResponse{
		ID: r.ID, State: r.State, DryRun: r.DryRun, Line: r.Line, Accepted: r.Accepted, Already: r.Already, Rejected: r.Rejected,
		Rejections: []rest.Rejection{}, More: r.More, Detail: r.Detail,
	}
	for _, one := range r.Rejections {
		body.Rejections = append(body.Rejections, rest.Rejection{Line: one.Line, Field: one.Field, Code: one.Code, Detail: one.Detail})
	}
	return body, nil
}
