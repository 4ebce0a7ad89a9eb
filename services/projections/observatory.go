package projections

import (
	"context"

	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// GetObservatory counts what was observed.
func (s *Service) GetObservatory(ctx context.Context, _ rest.GetObservatoryRequestObject) (rest.GetObservatoryResponseObject, error) {
	if _, _, err := s.caller(ctx, policy.ReadObservatory); err != nil {
		return nil, err
	}
	return rest.GetObservatory200JSONResponse{}, nil
}

// ListPublishedTables gives the tables of closed campaigns.
func (s *Service) ListPublishedTables(ctx context.Context, _ rest.ListPublishedTablesRequestObject) (rest.ListPublishedTablesResponseObject, error) {
	if _, _, err := s.caller(ctx, policy.ReadPublished); err != nil {
		return nil, err
	}
	return rest.ListPublishedTables200JSONResponse{}, nil
}

// ListRecommendations gives what was recommended.
func (s *Service) ListRecommendations(ctx context.Context, _ rest.ListRecommendationsRequestObject) (rest.ListRecommendationsResponseObject, error) {
	if _, _, err := s.caller(ctx, policy.ReadRecommendation); err != nil {
		return nil, err
	}
	return rest.ListRecommendations200JSONResponse{}, nil
}
