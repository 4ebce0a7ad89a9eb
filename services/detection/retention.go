package detection

import (
	"context"
	"errors"

	"example.org/passerelle/services/detection/rest"
)

// ListRetention is not there yet.
func (s *Service) ListRetention(context.Context, rest.ListRetentionRequestObject) (rest.ListRetentionResponseObject, error) {
	return nil, errors.New("to come")
}
