package projections

import (
	"net/http"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/pkg/web"
)

// Name of the service.
const Name = "projections"

// Run begins to keep the read models, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return RunWith(e, paper.UsualWindow) }

// RunWith is Run where envelopes have their window elsewhere.
func RunWith(e *engine.Engine, window paper.Window) (http.Handler, *web.Heard, error) {
	board, err := e.Project(Board(), nil)
	if err != nil {
		return nil, nil, err
	}
	marks, err := e.Project(People(e.Vault, e.Secret), nil)
	if err != nil {
		return nil, nil, err
	}
	dossier, err := e.Project(Dossier(), nil)
	if err != nil {
		return nil, nil, err
	}
	observatory, err := e.Project(Observatory(), nil)
	if err != nil {
		return nil, nil, err
	}
	money, err := e.Project(Money(), nil)
	if err != nil {
		return nil, nil, err
	}
	service := New(Config{Pool: e.Pool, Projector: board, People: marks, Dossier: dossier, Money: money, Observatory: observatory, Told: e.Told, Vault: e.Vault, Clock: e.Clock, Secret: e.Secret, Directory: e.Directory, Accesses: e.Accesses, Imports: imports.Runs{Pool: e.Pool, Schema: imports.Schema(e.Prefix)}, Window: window})
	service.keepCopy(e, observatory)
	return service.Handler(), engine.Together(e.Waiter(board), e.Waiter(dossier), e.Waiter(observatory), e.Waiter(money)), nil
}
