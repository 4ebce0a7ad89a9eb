package feed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
)

func TestAReasonHoldsNoValue(t *testing.T) {
	t.Parallel()
	const secret = "Fictive"
	wrong := json.Unmarshal([]byte(`{"name":"Fictive"`), &struct{}{})
	for want, err := range map[string]error{
		"error without a code":     fmt.Errorf("load %s: %w", secret, errors.New("no session of Fictive")),
		"ledger is out of reach":   fmt.Errorf("load %s: %w", secret, ledger.ErrUnavailable),
		"postgres 23505 seat pkey": fmt.Errorf("x: %w", &pgconn.PgError{Code: "23505", TableName: "seat", ConstraintName: "pkey", Detail: secret, Message: secret}),
		"refused: full":            fmt.Errorf("%s: %w", secret, refusal.New(refusal.Conflict, "full", "Full.")),
		"not done in time":         fmt.Errorf("%s: %w", secret, context.DeadlineExceeded),
		"*json.SyntaxError":        fmt.Errorf("%s: %w", secret, wrong),
	} {
		if got := feed.Reason(err); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	if got := feed.Reason(fmt.Errorf("name %s", secret)); strings.Contains(got, secret) {
		t.Error(got)
	}
}
