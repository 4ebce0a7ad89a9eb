package portal

import (
	"cmp"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Schema of the browser sessions.
const Schema = "portal"

// How long somebody stays signed in where nothing else is said: at most, and without a click.
const (
	usualLongest = 10 * time.Hour
	usualIdle    = 30 * time.Minute
)

// Provision makes the table of browser sessions. What is in it may be lost: people sign in again.
func Provision(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	name := pgx.Identifier{schema}.Sanitize()
	_, err := pool.Exec(ctx, fmt.Sprintf(`create schema if not exists %[1]s;
create table if not exists %[1]s.session (token text primary key, data bytea not null, expires timestamptz not null);
create index if not exists session_expires on %[1]s.session (expires)`, name))
	if err != nil {
		return fmt.Errorf("schema of browser sessions: %w", err)
	}
	return nil
}

func newSessions(s store, secure bool, longest, idle time.Duration) *scs.SessionManager {
	gob.Register(attempt{})
	gob.Register(user{}) // in sessions of an older version, which are read and not believed
	m := scs.New()
	m.Store, m.HashTokenInStore = s, true
	m.Lifetime, m.IdleTimeout = cmp.Or(longest, usualLongest), cmp.Or(idle, usualIdle)
	m.Cookie.Name, m.Cookie.Persist, m.Cookie.Secure = "passerelle", false, secure
	if secure {
		m.Cookie.Name = "__Host-passerelle"
	}
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, _ error) {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "Passerelle ne peut pas lire votre session pour l'instant. Réessayez dans un instant.", http.StatusServiceUnavailable)
	}
	return m
}

// store keeps sessions in Postgres, under the hash of their token.
type store struct {
	pool   *pgxpool.Pool
	schema string
}

func (s store) in(sql string) string {
	return fmt.Sprintf(sql, pgx.Identifier{s.schema, "session"}.Sanitize())
}

// FindCtx reads a session that has not expired.
func (s store) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.pool.QueryRow(ctx, s.in(`select data from %s where token = $1 and expires > now()`), token).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx writes a session, and clears away what has expired.
func (s store) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	tx := func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local synchronous_commit = off`); err != nil { // a lost session is a sign-in more
			return err
		}
		_, err := tx.Exec(ctx, s.in(`insert into %s (token, data, expires) values ($1, $2, $3)
on conflict (token) do update set data = excluded.data, expires = excluded.expires`), token, data, expires)
		return err
	}
	return pgx.BeginFunc(ctx, s.pool, tx)
}

// DeleteCtx forgets a session, and those that have expired.
func (s store) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.pool.Exec(ctx, s.in(`delete from %s where token = $1 or expires < now()`), token)
	return err
}

// Find is asked by nobody: scs prefers FindCtx.
func (s store) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is asked by nobody: scs prefers CommitCtx.
func (s store) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// Delete is asked by nobody: scs prefers DeleteCtx.
func (s store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
