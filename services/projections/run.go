package projections

import (
	"net/http"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
)

// Name of the service.
const Name = "projections"

// Run begins to keep the board, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	board, err := e.Project(Board(), nil)
	if err != nil {
		return nil, nil, err
	}
	return New(Config{Pool: e.Pool, Projector: board, Vault: e.Vault, Clock: e.Clock}).Handler(), e.Waiter(board), nil
}
