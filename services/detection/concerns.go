package detection

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
)

// concerns notes, for the access log, who is flagged, and the look-alikes where the answer speaks of them.
func (f *flagging) concerns(ctx context.Context, done decider.Done[domain.Flag], err error) {
	var refused *refusal.Refusal
	known := errors.As(err, &refused) && refused.Code == domain.ErrPersonExists.Code
	if err == nil {
		web.Concerns(ctx, done.State.PersonID)
	}
	if known || err == nil && !done.Replayed {
		for _, a := range f.alike {
			web.Concerns(ctx, a.PersonID)
		}
	}
}
