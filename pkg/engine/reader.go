package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/projection"
)

// ReaderRole is the database role that reads for somebody. It owns nothing, nobody signs in as it, and no policy of a table
// passes it over: it sees the rows that the settings of its transaction let it see, and without settings none.
const ReaderRole = "passerelle_reader"

// ErrNoReader says that the role of readers is missing and cannot be made here.
var ErrNoReader = errors.New("the database role " + ReaderRole + " is missing, or our own role is no member of it")

// ProvisionReader makes the role of readers, lets our own role take it on, and lets it see how far the read models have
// heard. A second call changes nothing. Where our role may not make roles, the error says what to run.
func ProvisionReader(ctx context.Context, db lease.Execer, control string) error {
	if _, err := db.Exec(ctx, readerRole); err != nil {
		var answer *pgconn.PgError
		if errors.As(err, &answer) && answer.Code == "42501" {
			return fmt.Errorf("%w: run as somebody who may make roles, with our own role for OURS, and then provision again: create role %s nologin noinherit; grant %s to OURS", ErrNoReader, ReaderRole, ReaderRole)
		}
		return fmt.Errorf("role of readers: %w", err)
	}
	s := pgx.Identifier{control}.Sanitize()
	if _, err := db.Exec(ctx, `grant usage on schema `+s+` to `+ReaderRole+`; grant select on `+s+`.checkpoint to `+ReaderRole); err != nil {
		return fmt.Errorf("role of readers: %w", err)
	}
	return nil
}

// readerRole: roles are those of the whole server, so another database may be making it at the same time.
const readerRole = `
select pg_advisory_xact_lock(hashtextextended('passerelle provision', 0));
do $$ begin
  if not exists (select from pg_roles where rolname = '` + ReaderRole + `') then
    create role ` + ReaderRole + ` nologin noinherit;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute 'set local role ` + ReaderRole + `';
  execute 'reset role';
exception when insufficient_privilege then
  execute format('grant ` + ReaderRole + ` to %I', current_user);
end $$`

// Sight is what a reader may see, as the policies of the tables know it: lists of identifiers by name. The setting of a
// name is "passerelle.<name>", its identifiers are separated by the character 31.
type Sight map[string][]string

const separator = "\x1f"

// settings are set for one transaction, and gone after it.
func (s Sight) settings(also map[string]string) (sql string, args []any) {
	set := []string{`set_config('role', '` + ReaderRole + `', true)`}
	add := func(name, value string) {
		args = append(args, name, value)
		set = append(set, fmt.Sprintf("set_config($%d, $%d, true)", len(args)-1, len(args)))
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		add("passerelle."+name, strings.Join(s[name], separator))
	}
	for _, name := range slices.Sorted(maps.Keys(also)) {
		add(name, also[name])
	}
	return "select " + strings.Join(set, ", "), args
}

// ReadAs runs one statement as the role of readers, in a transaction of its own and in one round trip. also are other
// settings of that transaction.
func ReadAs[T any](ctx context.Context, pool *pgxpool.Pool, sight Sight, also map[string]string, sql string, args ...any) (list []T, err error) {
	var b pgx.Batch
	set, values := sight.settings(also)
	b.Queue(set, values...)
	b.Queue(sql, args...).Query(func(rows pgx.Rows) error {
		list, err = pgx.CollectRows(rows, pgx.RowToStructByName[T])
		return err
	})
	return list, pool.SendBatch(ctx, &b).Close()
}

// RowsAs is Rows for somebody who sees only a part.
func RowsAs[T any](ctx context.Context, pool *pgxpool.Pool, p *projection.Projector, sight Sight, sql string, args ...any) ([]T, error) {
	schema, err := p.Serving(ctx)
	if err != nil {
		return nil, Away(err)
	}
	list, err := ReadAs[T](ctx, pool, sight, nil, In(schema, sql), args...)
	return list, Away(err)
}

// RowAs reads a row, or answers missing.
func RowAs[T any](ctx context.Context, pool *pgxpool.Pool, p *projection.Projector, sight Sight, missing error, sql string, args ...any) (T, error) {
	list, err := RowsAs[T](ctx, pool, p, sight, sql, args...)
	return first(list, err, missing)
}

func first[T any](list []T, err, missing error) (T, error) {
	if err == nil && len(list) == 0 {
		err = missing
	}
	if err != nil {
		var none T
		return none, err
	}
	return list[0], nil
}
