package detection

import (
	"context"

	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
)

// ProposeRecommendation recommends something.
func (s *Service) ProposeRecommendation(context.Context, rest.ProposeRecommendationRequestObject) (rest.ProposeRecommendationResponseObject, error) {
	return nil, errMayNotReview
}

// MoveRecommendation says what becomes of a recommendation.
func (s *Service) MoveRecommendation(context.Context, rest.MoveRecommendationRequestObject) (rest.MoveRecommendationResponseObject, error) {
	return nil, domain.ErrNoFlag
}
