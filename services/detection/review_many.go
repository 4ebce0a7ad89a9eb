package detection

import (
	"context"
	"encoding/hex"
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

// ValidateFlags validates several flags, each on its own. Under a key the answer is kept: what was refused then is refused
// again, even where it would be allowed by now.
func (s *Service) ValidateFlags(ctx context.Context, r rest.ValidateFlagsRequestObject) (rest.ValidateFlagsResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.ReviewFlag) {
		return nil, errMayNotReview
	}
	validate := s.validateOnce
	if key, _ := web.Idempotency(ctx); key == (ledger.Key{}) {
		validate = s.validateEach
	}
	became, position, err := validate(ctx, r.Body.Ids)
	if err != nil {
		return nil, err
	}
	return rest.ValidateFlags200JSONResponse{Body: became.of(r.Body.Ids), Headers: rest.ValidateFlags200ResponseHeaders{PasserellePosition: web.Position(Name, position)}}, nil
}

// oneOfMany is what became of one flag. Its identifier is in the request: what is typed there is not kept.
type oneOfMany struct {
	State  *rest.FlagState `json:"state,omitempty"`
	Status int             `json:"status,omitempty"`
	Code   string          `json:"code,omitempty"`
	Detail string          `json:"detail,omitempty"`
}

type outcomes []oneOfMany

func (m outcomes) of(ids []string) rest.ManyValidated {
	body := rest.ManyValidated{Validated: []rest.FlagState{}, Failed: []rest.NotValidated{}}
	for i, one := range m {
		if one.State != nil {
			body.Validated = append(body.Validated, *one.State)
		} else {
			body.Failed = append(body.Failed, rest.NotValidated{ID: ids[i], Status: one.Status, Code: one.Code, Detail: one.Detail})
		}
	}
	return body
}

func (m outcomes) validated() (n int) {
	for _, one := range m {
		if one.State != nil {
			n++
		}
	}
	return n
}

// validateOnce takes the key first and keeps the answer last. A process that ends between the two has answered nobody:
// the same request goes on with the flags that are not validated yet.
func (s *Service) validateOnce(ctx context.Context, ids []string) (became outcomes, position int64, err error) {
	key, request := web.Idempotency(ctx)
	id, by := hex.EncodeToString(key[:]), web.Account(ctx)
	call := decider.Call[domain.Validation]{Key: key, Request: request, Actor: by, Correlation: web.RequestID(ctx)}
	begun, err := s.validations.Handle(ctx, id, domain.BeginValidation{ValidationID: id, Asked: len(ids), By: by, At: s.Clock.Now()}, call)
	if err != nil {
		return nil, 0, err
	}
	if !begun.State.Ended {
		if became, _, err = s.validateEach(ctx, ids); err != nil {
			return nil, 0, err
		}
	}
	call.Key, call.Answer = keyFor(key, ""), func(domain.Validation, int) any { return became }
	ended, err := s.validations.Handle(ctx, id, domain.EndValidation{
		ValidationID: id, Validated: became.validated(), Failed: len(became) - became.validated(), By: by, At: s.Clock.Now(),
	}, call)
	if err != nil {
		return nil, 0, err
	}
	became, err = engine.Answered[outcomes](ended)
	return became, ended.Position, errors.Join(err, s.concernsMany(ctx, became))
}

// concernsMany notes, for the access log, whose flags an answer speaks of that was kept.
func (s *Service) concernsMany(ctx context.Context, became outcomes) error {
	for _, one := range became {
		if one.State == nil {
			continue
		}
		flag, _, err := s.flags.Get(ctx, one.State.ID)
		if err != nil {
			return err
		}
		web.Concerns(ctx, flag.PersonID)
	}
	return nil
}

func (s *Service) validateEach(ctx context.Context, ids []string) (became outcomes, last int64, err error) {
	head, err := s.Ledger.Head(ctx)
	if err != nil {
		return nil, 0, err
	}
	last = head.Position
	for _, id := range ids {
		state, position, err := s.validateOne(ctx, id)
		var refused *refusal.Refusal
		switch {
		case err == nil:
			became, last = append(became, oneOfMany{State: &state}), max(last, position)
		case errors.As(err, &refused) && !errors.Is(err, decider.ErrKeyReused):
			became = append(became, oneOfMany{Status: statusOf(refused), Code: refused.Code, Detail: refused.Text})
		default:
			return nil, 0, err // those before it are validated; the same request goes on with the others
		}
	}
	return became, last, nil
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
