package detection

import (
	"context"
	"errors"
	"net/http"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// ValidateFlags validates several flags, each on its own.
func (s *Service) ValidateFlags(ctx context.Context, r rest.ValidateFlagsRequestObject) (rest.ValidateFlagsResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.ReviewFlag) {
		return nil, errMayNotReview
	}
	head, err := s.Ledger.Head(ctx)
	if err != nil {
		return nil, err
	}
	last, body := head.Position, rest.ManyValidated{Validated: []rest.FlagState{}, Failed: []rest.NotValidated{}}
	for _, id := range r.Body.Ids {
		state, position, err := s.validateOne(ctx, id)
		var refused *refusal.Refusal
		switch {
		case err == nil:
			body.Validated, last = append(body.Validated, state), max(last, position)
		case errors.As(err, &refused) && !errors.Is(err, decider.ErrKeyReused):
			body.Failed = append(body.Failed, rest.NotValidated{ID: id, Status: statusOf(refused), Code: refused.Code, Detail: refused.Text})
		default:
			return nil, err // those before it are validated; the same request goes on with the others
		}
	}
	return rest.ValidateFlags200JSONResponse{Body: body, Headers: rest.ValidateFlags200ResponseHeaders{PasserellePosition: web.Position(Name, last)}}, nil
}

func (s *Service) validateOne(ctx context.Context, id string) (state rest.FlagState, position int64, err error) {
	if err := s.mayReviewFlag(ctx, policy.ReviewFlag, id); err != nil {
		return state, 0, err
	}
	key, request := web.Idempotency(ctx)
	if key != (ledger.Key{}) {
		key = keyFor(key, id)
	}
	done, err := s.flags.Handle(ctx, id, s.validation(ctx, id), decider.Call[domain.Flag]{
		Key: key, Request: request, Answer: flagState, Actor: web.Account(ctx), Correlation: web.RequestID(ctx),
	})
	if err != nil {
		return state, 0, err
	}
	state, err = engine.Answered[rest.FlagState](done)
	return state, done.Position, err
}

func statusOf(r *refusal.Refusal) int {
	switch r.Kind {
	case refusal.Forbidden:
		return http.StatusForbidden
	case refusal.NotFound:
		return http.StatusNotFound
	case refusal.Invalid:
		return http.StatusUnprocessableEntity
	default:
		return http.StatusConflict
	}
}
