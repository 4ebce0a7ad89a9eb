package projections

import (
	"context"
	"errors"

	"example.org/passerelle/services/projections/rest"
)

func (s *Service) GetFunnel(ctx context.Context, request rest.GetFunnelRequestObject) (rest.GetFunnelResponseObject, error) {
	return nil, errors.New("not yet")
}
func (s *Service) GetCapacity(ctx context.Context, request rest.GetCapacityRequestObject) (rest.GetCapacityResponseObject, error) {
	return nil, errors.New("not yet")
}
