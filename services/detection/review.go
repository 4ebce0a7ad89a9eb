package detection

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

var (
	errMayNotReview = refusal.New(refusal.Forbidden, "forbidden", "Only a referent may do this.")
	errMayNotAmend  = refusal.New(refusal.Forbidden, "forbidden", "Only the author and the desk in charge may do this.")
)

// reviewed is a flag after an action.
type reviewed struct {
	Body           rest.FlagState
	Flag           domain.Flag
	ETag, Position string
}

// review gives a command to a flag for which the caller may do it.
func (s *Service) review(ctx context.Context, action policy.Action, id string, c flagCommand) (reviewed, error) {
	if err := s.mayReviewFlag(ctx, action, id); err != nil {
		return reviewed{}, err
	}
	done, err := engine.Command(ctx, s.flags, "flag", id, c, flagState)
	if err != nil {
		return reviewed{}, claimed(err)
	}
	body, err := engine.Answered[rest.FlagState](done)
	return reviewed{body, done.State, web.ETag("flag", done.Version), web.Position(Name, done.Position)}, err
}

func flagState(f domain.Flag, _ int) any {
	return rest.FlagState{ID: f.ID, Status: f.Status, Help: f.Help}
}

// mayReviewFlag: whose desk it is not does not learn that the flag exists, nor does anybody of somebody who is hidden.
func (s *Service) mayReviewFlag(ctx context.Context, action policy.Action, id string) error {
	account := s.Account(ctx)
	if !policy.May(account, action) {
		if action == policy.ReviewFlag {
			return errMayNotReview
		}
		return errMayNotAmend
	}
	flag, err := s.shownFlag(ctx, id)
	if err != nil {
		return err
	}
	switch policy.Can(account, action, policy.Resource{Fund: account.Fund, Desk: flag.Desk, Author: flag.Author}) {
	case policy.Allowed:
		return nil
	case policy.Own:
		return domain.ErrOwnFlag
	default:
		return domain.ErrNoFlag
	}
}

// validating is a referent's yes, with what must be known at the moment of the decision.
type validating struct {
	domain.Validate
	service *Service
}

// Look is described at decider.Beside.
func (v *validating) Look(ctx context.Context) (seen map[string]int, err error) {
	seen = map[string]int{}
	flag, _, err := v.service.flags.Get(ctx, v.FlagID)
	if err == nil {
		v.Observing, err = v.service.observingFlag(ctx, flag, seen)
	}
	return seen, err
}

func (s *Service) validation(ctx context.Context, id string) *validating {
	return &validating{domain.Validate{FlagID: id, By: web.Account(ctx), At: s.Clock.Now()}, s}
}

// ValidateFlag is the referent's yes to an observation.
func (s *Service) ValidateFlag(ctx context.Context, r rest.ValidateFlagRequestObject) (rest.ValidateFlagResponseObject, error) {
	done, err := s.review(ctx, policy.ReviewFlag, r.ID, s.validation(ctx, r.ID))
	return rest.ValidateFlag200JSONResponse{Body: done.Body, Headers: rest.ValidateFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, err
}

// ReturnFlag asks the author again.
func (s *Service) ReturnFlag(ctx context.Context, r rest.ReturnFlagRequestObject) (rest.ReturnFlagResponseObject, error) {
	done, err := s.review(ctx, policy.ReviewFlag, r.ID, domain.Return{
		FlagID: r.ID, Reason: r.Body.Reason, Fields: r.Body.Fields, By: web.Account(ctx), At: s.Clock.Now(),
	})
	return rest.ReturnFlag200JSONResponse{Body: done.Body, Headers: rest.ReturnFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, err
}

// ReclassifyFlag puts a flag under another institution.
func (s *Service) ReclassifyFlag(ctx context.Context, r rest.ReclassifyFlagRequestObject) (rest.ReclassifyFlagResponseObject, error) {
	if err := s.mayReviewFlag(ctx, policy.ReviewFlag, r.ID); err != nil {
		return nil, err
	}
	oneOpen, err := s.oneOpen(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	done, err := s.review(ctx, policy.ReviewFlag, r.ID, domain.Reclassify{
		FlagID: r.ID, Institution: r.Body.Institution, OneOpen: oneOpen, By: web.Account(ctx), At: s.Clock.Now(),
	})
	return rest.ReclassifyFlag200JSONResponse{Body: done.Body, Headers: rest.ReclassifyFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, err
}

// oneOpen is what an open flag holds under the programme of a flag.
func (s *Service) oneOpen(ctx context.Context, id string) (domain.OneOpen, error) {
	flag, _, err := s.flags.Get(ctx, id)
	p := s.programme(flag.Programme)
	return domain.OneOpen{Programme: p.ID, PerInstitution: p.OneOpenPerInstitution, Mark: s.markOf(flag.Fund)}, err
}

// DismissFlag sets a flag aside.
func (s *Service) DismissFlag(ctx context.Context, r rest.DismissFlagRequestObject) (rest.DismissFlagResponseObject, error) {
	done, err := s.review(ctx, policy.ReviewFlag, r.ID, domain.Dismiss{
		FlagID: r.ID, Reason: r.Body.Reason, Note: engine.Value(r.Body.Note), By: web.Account(ctx), At: s.Clock.Now(),
	})
	return rest.DismissFlag200JSONResponse{Body: done.Body, Headers: rest.DismissFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, err
}

// WithdrawFlag takes an observation back.
func (s *Service) WithdrawFlag(ctx context.Context, r rest.WithdrawFlagRequestObject) (rest.WithdrawFlagResponseObject, error) {
	done, err := s.review(ctx, policy.WithdrawFlag, r.ID, domain.Withdraw{FlagID: r.ID, By: web.Account(ctx), At: s.Clock.Now()})
	return rest.WithdrawFlag200JSONResponse{Body: done.Body, Headers: rest.WithdrawFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, err
}
