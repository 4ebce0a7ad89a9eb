// Package access looks after who may do what: it signs people in, and gives them Passerelle's own tokens.
package access

import (
	"net/http"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "access"

// Service answers for sign-ins.
type Service struct {
	*engine.Engine
	signIns
}

// Run gives what the service serves and what a request may wait for. Nobody can sign in: see SignInConfig.Run.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return SignInConfig{}.Run(e) }

// Run begins the service for people who sign in like this.
func (c SignInConfig) Run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	s := &Service{Engine: e, signIns: newSignIns(c, e)}
	return rest.Handler(rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})), nil, nil
}
