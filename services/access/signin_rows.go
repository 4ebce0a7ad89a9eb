package access

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/engine"
)

// ProvisionSignIns makes the table of sign-ins. Nothing about a person is in it; when an account was last used is.
func ProvisionSignIns(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	_, err := pool.Exec(ctx, signInRows{pool, schema}.in(`create table if not exists %s (
	id      text primary key,
	secret  bytea not null, -- SHA-256 of it
	account text not null,
	issuer  text not null,
	begun   timestamptz not null,
	used    timestamptz not null,
	ended   timestamptz
)`))
	if err != nil {
		return fmt.Errorf("table of sign-ins: %w", err)
	}
	return nil
}

// signInRows are the sign-ins in Postgres.
type signInRows struct {
	pool   *pgxpool.Pool
	schema string
}

// signInsKept is for how long one can see when an account was used.
const signInsKept = 400 * 24 * time.Hour

func (r signInRows) in(sql string) string {
	return fmt.Sprintf(sql, pgx.Identifier{r.schema, "sign_in"}.Sanitize())
}

func (r signInRows) begin(ctx context.Context, in signedIn, now time.Time) error {
	_, err := r.pool.Exec(ctx, r.in(`with old as (delete from %[1]s where begun < $6)
insert into %[1]s (id, secret, account, issuer, begun, used) values ($1, $2, $3, $4, $5, $5)`),
		in.id, digest(in.secret), in.account, in.person.Issuer, now, now.Add(-signInsKept))
	return engine.Away(err)
}

// use notes that a sign-in is used, if it was used since idle and begun since oldest, and was not ended.
func (r signInRows) use(ctx context.Context, id, secret string, now, idle, oldest time.Time) (account string, begun time.Time, err error) {
	err = r.pool.QueryRow(ctx, r.in(`update %s set used = $3
where id = $1 and secret = $2 and ended is null and used > $4 and begun > $5 returning account, begun`),
		id, digest(secret), now, idle, oldest).Scan(&account, &begun)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", begun, errEnded
	}
	return account, begun, engine.Away(err)
}

func (r signInRows) end(ctx context.Context, id, secret string, now time.Time) error {
	_, err := r.pool.Exec(ctx, r.in(`update %s set ended = $3 where id = $1 and secret = $2 and ended is null`), id, digest(secret), now)
	return engine.Away(err)
}

// LastSeen tells when accounts were signed in last, as far as it is kept; who never was is not in the answer.
func (r signInRows) LastSeen(ctx context.Context, accounts []string) (map[string]time.Time, error) {
	rows, err := r.pool.Query(ctx, r.in(`select account, max(used) from %s where account = any($1) group by account`), accounts)
	if err != nil {
		return nil, engine.Away(err)
	}
	seen, account, at := map[string]time.Time{}, "", time.Time{}
	_, err = pgx.ForEachRow(rows, []any{&account, &at}, func() error {
		seen[account] = at
		return nil
	})
	return seen, engine.Away(err)
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
