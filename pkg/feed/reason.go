package feed

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
)

// Reason says why something failed in words that may be kept and shown: codes, constants of ours and names
// of types, never a value, since a value may describe a person. An error says more with a method Code() string.
func Reason(err error) string {
	var (
		answer *pgconn.PgError
		no     *refusal.Refusal
		coded  interface{ Code() string }
	)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "not done in time"
	case errors.As(err, &answer):
		return strings.TrimSpace(fmt.Sprintf("postgres %s %s %s", answer.Code, answer.TableName, answer.ConstraintName))
	case errors.As(err, &no):
		return "refused: " + no.Code
	case errors.As(err, &coded):
		return coded.Code()
	}
	for _, one := range constants {
		if errors.Is(err, one) {
			return one.Error()
		}
	}
	if kind := fmt.Sprintf("%T", innermost(err)); kind != "*errors.errorString" {
		return kind
	}
	return "error without a code" // its text may have been put together from values
}

var constants = []error{
	ErrForked, events.ErrUnknownName, events.ErrNotSealed, events.ErrErased, ledger.ErrConflict, ledger.ErrTooLarge,
	ledger.ErrNotText, ledger.ErrUnavailable, ledger.ErrRestored, context.Canceled,
}

// innermost is what an error was made of: a constant, or a type that says what it is.
func innermost(err error) error {
	for {
		switch e := err.(type) { //nolint:errorlint // this is the unwrapping itself
		case interface{ Unwrap() error }:
			if e.Unwrap() == nil {
				return err
			}
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			if len(e.Unwrap()) == 0 {
				return err
			}
			err = e.Unwrap()[0]
		default:
			return err
		}
	}
}

// Away tells whether Postgres could not be asked at all: nothing is wrong with what was asked.
func Away(err error) bool {
	if err == nil {
		return false
	}
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		var connect *pgconn.ConnectError
		return errors.As(err, &connect) || pgconn.SafeToRetry(err) || pgconn.Timeout(err) || lostConnection(err)
	}
	switch answer.Code[:2] {
	case "08", "57", "53", "40": // connection, operator, resources, repeat
		return true
	}
	return false
}

func lostConnection(err error) bool {
	text := err.Error()
	return strings.Contains(text, "conn closed") || strings.Contains(text, "unexpected EOF") || strings.Contains(text, "broken pipe") ||
		strings.Contains(text, "connection reset") || strings.Contains(text, "failed to connect")
}
