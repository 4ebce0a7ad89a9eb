package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// format is the version of the tables below; an older program stops at a newer one.
const format = 1

const tables = `
create schema if not exists {schema};
create table if not exists {schema}.info (
	id      uuid primary key,
	service text not null,
	state   text not null default 'open' check (state in ('open', 'restored')),
	format  int  not null
);
create table if not exists {schema}.event (
	position bigint primary key,
	id       uuid not null,
	stream   text collate "C" not null,
	version  int  not null,
	name     text collate "C" not null,
	data     bytea not null,
	meta     bytea not null,
	key      bytea,
	recorded timestamptz not null,
	link     bytea not null,
	constraint event_stream_version unique (stream, version)
);
create unique index if not exists event_key on {schema}.event (key) where key is not null;
create table if not exists {schema}.claim (
	value    text collate "C" primary key,
	stream   text collate "C" not null,
	position bigint not null
);`

// Beginner is a connection or a pool.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Provision makes the tables of a service's ledger and gives it its identity. A second call changes nothing.
func Provision(ctx context.Context, db Beginner, schema, service string) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return fmt.Errorf("provision %s: %w", schema, err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", number("provision", schema)); err != nil {
		return fmt.Errorf("provision %s: %w", schema, err)
	}
	if _, err := tx.Exec(ctx, inSchema(schema, tables)); err != nil {
		return fmt.Errorf("provision %s: %w", schema, err)
	}
	_, err = tx.Exec(ctx, inSchema(schema, `insert into {schema}.info (id, service, format)
		select $1::uuid, $2, $3 where not exists (select from {schema}.info)`), uuid.Must(uuid.NewV7()).String(), service, format)
	if err != nil {
		return fmt.Errorf("provision %s: %w", schema, err)
	}
	return tx.Commit(ctx)
}

func inSchema(schema, sql string) string {
	return strings.ReplaceAll(sql, "{schema}", pgx.Identifier{schema}.Sanitize())
}
