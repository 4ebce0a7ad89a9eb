package web

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/labstack/echo/v4"
)

// errPanic is answered as a 500.
var errPanic = errors.New("handler panicked")

// recovered keeps the server alive when a handler panics. What it panicked with is not logged: it may hold
// what a person typed.
func (s *Server) recovered(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch cause := recover(); {
		case cause == nil:
		case cause == http.ErrAbortHandler: //nolint:errorlint // net/http compares it like this
			panic(cause)
		default:
			err = fmt.Errorf("%w: %T\n%s", errPanic, cause, debug.Stack())
		}
	}()
	return next(c)
}
