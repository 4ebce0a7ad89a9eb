package workshop

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference/mediation"
	"example.org/passerelle/services/workshop/rest"
)

// ImportPlaces takes a file of places in, one a line.
func (s *Service) ImportPlaces(ctx context.Context, r rest.ImportPlacesRequestObject) (rest.ImportPlacesResponseObject, error) {
	account := s.Account(ctx)
	if policy.Can(account, policy.RegisterProvider, policy.Resource{Fund: account.Fund}) != policy.Allowed {
		return nil, errMayNotRegister
	}
	l := lines{s, account.Fund, engine.Value(r.Params.Source), engine.Value(r.Params.DryRun)}
	if l.source == "" {
		l.source = "lieux-mediation-numerique"
	}
	runs := imports.Runs{Pool: s.Pool, Schema: imports.Schema(s.Prefix), Log: s.Log, Go: s.Go}
	result, err := runs.Begin(ctx, imports.Job{Account: account.ID, DryRun: l.dry, Body: r.Body, Columns: placeColumns(), Work: l.take})
	if err != nil {
		return nil, err
	}
	head, err := s.Ledger.Head(ctx)
	if err != nil {
		return nil, err
	}
	body, position := importOf(result), web.Position(Name, head.Position)
	if result.State == imports.Running {
		return rest.ImportPlaces202JSONResponse{Body: body, Headers: rest.ImportPlaces202ResponseHeaders{PasserellePosition: position}}, nil
	}
	return rest.ImportPlaces200JSONResponse{Body: body, Headers: rest.ImportPlaces200ResponseHeaders{PasserellePosition: position}}, nil
}

// placeColumns may all be left out: which of them a line needs depends on the others.
func placeColumns() (list []imports.Column) {
	for _, name := range mediation.Known() {
		list = append(list, imports.Column{Name: name, Optional: true})
	}
	return list
}

func importOf(r imports.Result) rest.Import {
	body := rest.Import{
		ID: r.ID, State: r.State, DryRun: r.DryRun, Line: r.Line, Accepted: r.Accepted, Already: r.Already, Rejected: r.Rejected,
		Rejections: []rest.Rejection{}, More: r.More, Detail: r.Detail,
	}
	for _, one := range r.Rejections {
		body.Rejections = append(body.Rejections, rest.Rejection{Line: one.Line, Field: one.Field, Code: one.Code, Detail: one.Detail})
	}
	return body
}
