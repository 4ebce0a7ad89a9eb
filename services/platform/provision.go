package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
)

// schemaVersion is raised when a table changes that provision makes. Read models are no part of it: they know
// their tables themselves.
const schemaVersion = 5

var (
	errNotProvisioned = errors.New("run `passerelle provision` first")
	errNewerSchema    = errors.New("it was provisioned by a newer version: install that version")
)

// Provision makes the secrets, schemas and streams that processes of their own need, and says what it made. It
// may be run again, and by two at once.
func Provision(ctx context.Context, c Config, out io.Writer) error {
	for _, check := range []func() error{c.Check, c.checkApart} {
		if err := check(); err != nil {
			return err
		}
	}
	i := &installation{config: c, clock: &clock.Led{}, log: c.logger(os.Stderr, nil), progress: func(string) {}, name: "provision",
		ledgers: map[string]*ledger.Postgres{}, mirrors: map[string]*mirror.Mirror{}, tellers: tellers}
	defer i.close()
	for _, step := range []func(context.Context) error{
		i.openPostgres, i.joinNATS,
		func(ctx context.Context) error { return i.provisionSchemas(ctx, out) },
		func(ctx context.Context) error { return i.provisionSecrets(ctx, out) },
		i.openLedgers,
		func(ctx context.Context) error { return i.provisionStreams(ctx, out) },
		i.provisionDirectory,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (i *installation) provisionSchemas(ctx context.Context, out io.Writer) error {
	before, err := i.schemas(ctx)
	if err != nil {
		return err
	}
	if err := i.provision(ctx); err != nil {
		return err
	}
	after, err := i.schemas(ctx)
	if err != nil {
		return err
	}
	tell(out, fmt.Sprintf("schemas (version %d)", schemaVersion), without(after, before))
	return nil
}

func (i *installation) schemas(ctx context.Context) ([]string, error) {
	rows, err := i.pool.Query(ctx, "select nspname::text from pg_namespace order by nspname")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func without(all, some []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

func tell(out io.Writer, what string, made []string) {
	text := "all there"
	if len(made) > 0 {
		text = "made " + strings.Join(made, ", ")
	}
	fmt.Fprintf(out, "%s: %s\n", what, text)
}

// provisionSecrets makes what is missing, and binds the vault to its key: another folder of secrets is refused
// from then on.
func (i *installation) provisionSecrets(ctx context.Context, out io.Writer) error {
	var bound bool
	if err := i.pool.QueryRow(ctx, "select exists (select from vault.info where kek is not null)").Scan(&bound); err != nil {
		return err
	}
	before := filesIn(i.config.SecretsDir)
	var err error
	if i.secrets, err = loadSecrets(i.config.SecretsDir, bound); err != nil {
		return err
	}
	for _, key := range []string{"issuer", ownKey} {
		if _, err := readKey(i.secrets.file(key)); err != nil {
			return err
		}
	}
	if err := i.unlockVault(ctx, noStock); err != nil {
		return err
	}
	tell(out, "secrets in "+i.config.SecretsDir, without(filesIn(i.config.SecretsDir), before))
	return nil
}

func filesIn(dir string) []string {
	entries, _ := os.ReadDir(dir) // what cannot be read is found out at the secret itself
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func (i *installation) provisionStreams(ctx context.Context, out io.Writer) error {
	var made []string
	for _, service := range tellers {
		_, err := i.js.Stream(ctx, stream.Name("", service))
		if err == nil {
			continue
		}
		if !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("NATS does not answer: stream of %s: %w", service, err)
		}
		if err := mirror.Provision(ctx, i.js, "", service, i.ledgers[service].ID(), 1); err != nil {
			return err
		}
		made = append(made, service)
	}
	tell(out, "streams", made)
	return nil
}

// claimSchemas notes that this version's tables are in the database, and refuses one that holds a newer version's.
func (i *installation) claimSchemas(ctx context.Context) error {
	switch found, err := i.foundVersion(ctx); {
	case err != nil && !errors.Is(err, errNotProvisioned):
		return err
	case found > schemaVersion:
		return fmt.Errorf("the database is of version %d, this program of %d: %w", found, schemaVersion, errNewerSchema)
	}
	_, err := i.pool.Exec(ctx, fmt.Sprintf(`
select pg_advisory_xact_lock(hashtextextended('passerelle provision', 0));
create schema if not exists passerelle;
create table if not exists passerelle.provisioned (
  one     bool primary key default true check (one),
  version int not null,
  at      timestamptz not null default now()
);
insert into passerelle.provisioned (version) values (%[1]d)
on conflict (one) do update set version = excluded.version, at = now() where passerelle.provisioned.version < excluded.version;`, schemaVersion))
	if err != nil {
		return fmt.Errorf("provision: %w", err)
	}
	return nil
}

// checkProvisioned wants the database to be of this very version: only provision changes it.
func (i *installation) checkProvisioned(ctx context.Context) error {
	switch found, err := i.foundVersion(ctx); {
	case errors.Is(err, errNotProvisioned):
		return fmt.Errorf("the database of PASSERELLE_DATABASE_URL holds no Passerelle: %w", err)
	case err != nil:
		return err
	case found > schemaVersion:
		return fmt.Errorf("the database is of version %d, this program of %d: %w", found, schemaVersion, errNewerSchema)
	case found < schemaVersion:
		return fmt.Errorf("the database is of version %d, this program of %d: %w", found, schemaVersion, errNotProvisioned)
	}
	return nil
}

func (i *installation) foundVersion(ctx context.Context) (version int, err error) {
	err = i.pool.QueryRow(ctx, "select version from passerelle.provisioned").Scan(&version)
	var answer *pgconn.PgError
	if errors.Is(err, pgx.ErrNoRows) || errors.As(err, &answer) && (answer.Code == "42P01" || answer.Code == "3F000") {
		return 0, errNotProvisioned
	}
	if err != nil {
		return 0, fmt.Errorf("version of the database: %w", err)
	}
	return version, nil
}
