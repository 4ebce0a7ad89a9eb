package engine

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
)

// Account is the caller with the roles that hold now; one without grants for somebody who has none.
func (e *Engine) Account(ctx context.Context) directory.Account {
	a, _ := e.Directory().Account(web.Account(ctx), e.Clock.Now())
	return a
}
