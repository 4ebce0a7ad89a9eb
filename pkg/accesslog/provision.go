package accesslog

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// format is the version of the tables below; an older program stops at a newer one.
const format = 1

const tables = `
create schema if not exists {schema};
create table if not exists {schema}.info (one bool primary key default true check (one), format int not null);
create table if not exists {schema}.chain (
	service  text collate "C" not null,
	month    text collate "C" not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
	before   bytea not null,
	position bigint not null,
	recorded timestamptz not null,
	link     bytea not null,
	closed   timestamptz,
	by_hand  bool not null default false,
	purged   timestamptz,
	seal     bytea not null,
	primary key (service, month)
) with (fillfactor = 50);
create table if not exists {schema}.entry (
	month    text collate "C" not null,
	service  text collate "C" not null,
	position bigint not null,
	recorded timestamptz not null,
	actor    text collate "C" not null,
	role     text collate "C" not null,
	fund     text collate "C" not null,
	purpose  text collate "C" not null,
	action   text collate "C" not null,
	what     text collate "C" not null,
	resource text collate "C" not null,
	subjects text[] collate "C" not null,
	fields   text[] collate "C" not null,
	request  text collate "C" not null,
	link     bytea not null,
	primary key (month, service, position)
) partition by list (month);
create index if not exists entry_subjects on {schema}.entry using gin (subjects) with (gin_pending_list_limit = 256);
create index if not exists entry_resource on {schema}.entry (resource) where resource <> '';
create index if not exists entry_actor on {schema}.entry (actor, recorded);
create index if not exists entry_fund on {schema}.entry (fund, recorded);

create or replace function {schema}.refuse() returns trigger language plpgsql as $$
begin
	raise exception 'the access log is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create or replace function {schema}.onwards() returns trigger language plpgsql as $$
begin
	if (new.service, new.month, new.before) is distinct from (old.service, old.month, old.before)
		or new.position < old.position or old.purged is not null
		or old.closed is not null and (new.closed, new.position, new.link) is distinct from (old.closed, old.position, old.link) then
		raise exception 'a chain of the access log only ever grows' using errcode = 'insufficient_privilege';
	end if;
	return new;
end $$;
create or replace trigger kept before update or delete on {schema}.entry for each row execute function {schema}.refuse();
create or replace trigger kept_whole before truncate on {schema}.entry for each statement execute function {schema}.refuse();
create or replace trigger kept before delete on {schema}.chain for each row execute function {schema}.refuse();
create or replace trigger kept_whole before truncate on {schema}.chain for each statement execute function {schema}.refuse();
create or replace trigger onwards before update on {schema}.chain for each row execute function {schema}.onwards();
insert into {schema}.info (format) values (%d) on conflict do nothing;`

// Beginner is a connection or a pool.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Provision makes the tables. A second call changes nothing.
func Provision(ctx context.Context, db Beginner, schema string) error {
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", number("provision", schema)); err != nil {
			return err
		}
		made, err := formatOf(ctx, tx, schema)
		if err != nil || made == format {
			return err
		}
		if made > format {
			return ErrNewer
		}
		_, err = tx.Exec(ctx, inSchema(schema, fmt.Sprintf(tables, format)))
		return err
	})
	if err != nil {
		return fmt.Errorf("provision %s: %w", schema, err)
	}
	return nil
}

// formatOf is 0 where nothing was provisioned.
func formatOf(ctx context.Context, tx pgx.Tx, schema string) (made int, err error) {
	var there bool
	if err := tx.QueryRow(ctx, "select to_regclass($1) is not null", inSchema(schema, "{schema}.info")).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = tx.QueryRow(ctx, inSchema(schema, "select format from {schema}.info")).Scan(&made)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return made, err
}

// makeMonth makes the table of a month where it is missing. Rows are written to the others meanwhile.
func makeMonth(ctx context.Context, tx pgx.Tx, schema, month string) error {
	var there bool
	table := inSchema(schema, "{schema}."+tableOf(month))
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", number("month", schema)); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "select to_regclass($1) is not null", table).Scan(&there); err != nil || there {
		return err
	}
	_, err := tx.Exec(ctx, inSchema(schema, `create table `+table+` (like {schema}.entry including defaults including constraints);
create trigger kept_whole before truncate on `+table+` for each statement execute function {schema}.refuse();
alter table {schema}.entry attach partition `+table+` for values in ('`+month+`')`))
	return err
}

func inSchema(schema, sql string) string {
	return strings.ReplaceAll(sql, "{schema}", pgx.Identifier{schema}.Sanitize())
}

// number makes a lock's number from names.
func number(names ...string) int64 {
	h := sha256.New()
	_, _ = h.Write(field(nil, "access log"))
	for _, name := range names {
		_, _ = h.Write(field(nil, name))
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)))
}
