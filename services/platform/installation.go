package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/bus"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/erasure"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/listen"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/postgres"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/services/detection"
	"example.org/passerelle/services/portal"
)

// tellers are the services that have a ledger, in the order of the story.
var tellers = []string{live.Service, "detection", "referral", "workshop", "equipment", "funding"}

// installation is a data folder, or a place in a house whose Postgres and NATS are elsewhere, with everything
// opened that the services here run on.
type installation struct {
	config    Config
	folder    *folder   // nil: Postgres and NATS are elsewhere, and other processes may be at work
	hosted    []service // that run here
	tellers   []string  // of those, or of all for an operator: whose ledgers are open here
	name      string    // of this process in leases
	idle      bool      // an operator's command: it seldom writes
	secrets   *secrets
	clock     *clock.Led
	log       *slog.Logger
	level     slog.LevelVar    // of the log
	postgres  *postgres.Server // nil: one elsewhere
	nats      *bus.Embedded    // nil: one elsewhere
	pool      *pgxpool.Pool
	conn      *nats.Conn
	js        jetstream.JetStream
	vault     *vault.Vault
	ledgers   map[string]*ledger.Postgres
	mirrors   map[string]*mirror.Mirror
	serving   *serving // nil: no service was begun here
	directory *live.Directory
	erasures  *erasure.Register // nil: none is needed here
	address   string            // at which this process answers
	known     atomic.Bool       // the directory is there
	accesses  accesses          // empty: no service answers here
	progress  func(string)

	demoUntil time.Time // the year ends then; zero: none is filled in
	told      told      // by this process
}

// dataFolder is where the data goes. As root, Postgres runs as somebody else: when that user cannot enter
// a folder above, the data goes to /var/lib/passerelle, and notice says so.
func dataFolder(c Config, notice io.Writer) (string, error) {
	path, err := filepath.Abs(c.DataDir)
	if err != nil || c.DatabaseURL != "" {
		return path, err
	}
	closed := postgres.Reachable(path)
	if closed == nil {
		return path, nil
	}
	if !errors.Is(closed, postgres.ErrClosedParent) {
		return "", closed
	}
	const instead = "/var/lib/passerelle"
	fmt.Fprintf(notice, "%v: the data goes to %s\n", closed, instead)
	return instead, nil
}

// step is one part of opening an installation.
type step func(*installation, context.Context) error

// open takes the folder, does what comes first there, starts what is private, connects to what is not, and
// makes what is missing. Whatever it opened before an error is closed again.
func open(ctx context.Context, c Config, progress func(string), first ...step) (_ *installation, err error) {
	i := &installation{config: c, clock: c.clock(), progress: progress,
		ledgers: map[string]*ledger.Postgres{}, mirrors: map[string]*mirror.Mirror{}, hosted: services, tellers: tellers}
	i.log = c.logger(os.Stderr, &i.level)
	defer func() {
		if err != nil {
			i.close()
		}
	}()
	path, err := dataFolder(c, os.Stderr)
	if err != nil {
		return nil, err
	}
	if i.folder, err = holdFolder(path); err != nil {
		return nil, err
	}
	i.name = owner(i.folder.path)
	for _, step := range append(first, (*installation).openPostgres, (*installation).openNATS, (*installation).provision,
		(*installation).openVault, (*installation).openLedgers, func(i *installation, _ context.Context) error { return i.openRegister(true) }) {
		if err := step(i, ctx); err != nil {
			return nil, err
		}
	}
	return i, nil
}

func (i *installation) openPostgres(ctx context.Context) error {
	url := i.config.DatabaseURL
	if url == "" {
		server, err := postgres.Start(ctx, postgres.Options{Dir: i.folder.join("pg"), Progress: i.progress})
		if err != nil {
			return err
		}
		i.postgres, url = server, server.URL()
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return errors.New("PASSERELLE_DATABASE_URL cannot be read: give postgres://user@host/database") // it may hold a password
	}
	config.MaxConns = i.config.connections(i.folder != nil)
	config.ConnConfig.RuntimeParams["application_name"] = "passerelle"
	// Row policies make every plan look dear to Postgres, which would then compile statements that take a
	// millisecond: hundreds of milliseconds each time.
	config.ConnConfig.RuntimeParams["jit"] = "off"
	if i.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err = i.pool.Ping(ctx)
	switch {
	case err != nil && i.config.DatabaseURL != "":
		return fmt.Errorf("PASSERELLE_DATABASE_URL: Postgres does not answer there, start it or correct the address: %s", oneLine(err))
	case err != nil:
		return fmt.Errorf("the private Postgres does not answer: %s", oneLine(err))
	}
	return nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func (i *installation) openNATS(ctx context.Context) (err error) {
	if i.config.NATSURL != "" {
		return i.joinNATS(ctx)
	} else {
		if i.nats, err = bus.Start(i.folder.join("nats")); err != nil {
			return err
		}
		i.conn, err = i.nats.Connect("passerelle")
	}
	if err != nil {
		return fmt.Errorf("NATS does not answer: %w", err)
	}
	i.js, err = bus.JetStream(i.conn)
	return err
}

// provision makes the schemas. Streams are made by the mirrors, which know whether one is missing or new.
func (i *installation) provision(ctx context.Context) error {
	if err := i.claimSchemas(ctx); err != nil {
		return err
	}
	for _, service := range tellers {
		if err := ledger.Provision(ctx, i.pool, service, service); err != nil {
			return err
		}
		if err := listen.Provision(ctx, i.pool, heardSchema(service)); err != nil {
			return err
		}
	}
	if err := detection.ProvisionDrafts(ctx, i.pool, detection.DraftSchema("")); err != nil {
		return err
	}
	if err := imports.Provision(ctx, i.pool, imports.Schema("")); err != nil {
		return err
	}
	if err := i.provisionSignIns(ctx); err != nil {
		return err
	}
	if err := projection.Provision(ctx, i.pool, engine.Control); err != nil {
		return err
	}
	if err := engine.ProvisionReader(ctx, i.pool, engine.Control); err != nil {
		return err
	}
	if err := portal.Provision(ctx, i.pool, portal.Schema); err != nil {
		return err
	}
	if err := accesslog.Provision(ctx, i.pool, accessSchema); err != nil {
		return err
	}
	return vault.Provision(ctx, i.pool, "vault")
}

func heardSchema(service string) string { return service + "_heard" }

func (i *installation) openVault(ctx context.Context) error {
	var keysExist bool
	if err := i.pool.QueryRow(ctx, "select exists (select from vault.key)").Scan(&keysExist); err != nil {
		return err
	}
	var err error
	if i.secrets, err = loadSecrets(i.secretsDir(), keysExist); err != nil {
		return err
	}
	return i.unlockVault(ctx, usualStock)
}

// unlockVault opens the vault, with so many keys minted ahead.
func (i *installation) unlockVault(ctx context.Context, stock int) (err error) {
	i.vault, err = vault.Open(ctx, i.pool, vault.Config{Schema: "vault", KEK: i.secrets.kek, Clock: i.clock, Log: i.log, Stock: stock})
	if errors.Is(err, vault.ErrWrongKEK) {
		return fmt.Errorf("PASSERELLE_SECRETS_DIR: the file %s is not the key of this database: put the right folder there", i.secrets.file("kek"))
	}
	return err
}

func (i *installation) secretsDir() string {
	if i.config.SecretsDir != "" {
		return i.config.SecretsDir
	}
	return i.folder.join("secrets")
}

func (i *installation) openLedgers(ctx context.Context) error {
	for _, service := range i.tellers {
		l, err := ledger.Open(ctx, i.pool, ledger.Config{Schema: service, Service: service, ChainKey: i.secrets.chain, Clock: i.clock, Idle: i.idle,
			OnCommit: func(events []ledger.Event) {
				i.told.note(service, events)
				i.mirrors[service].Committed(events)
			}})
		if err != nil {
			return err
		}
		i.ledgers[service] = l
		if i.mirrors[service], err = mirror.New(mirror.Config{
			Copies: i.copies(service), Log: i.log,
			Lease: lease.New(lease.Config{Pool: i.pool, Schema: heardSchema(service), Name: "mirror", Owner: i.name}).Hold,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (i *installation) copies(service string) mirror.Copies {
	return mirror.Copies{Service: service, Ledger: i.ledgers[service], JS: i.js}
}

// close ends everything in reverse: pending appends are committed first.
func (i *installation) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	for _, l := range i.ledgers {
		_ = l.Close(ctx)
	}
	i.accesses.close(ctx)
	if i.vault != nil {
		i.vault.Close()
	}
	if i.conn != nil {
		i.conn.Close()
	}
	if i.nats != nil {
		i.nats.Stop()
	}
	if i.pool != nil {
		hangUp(i.pool)
	}
	if i.postgres != nil {
		if err := i.postgres.Stop(); err != nil {
			i.log.Error(err.Error())
		}
	}
	if i.folder != nil {
		i.folder.release()
	}
}

// hangUp closes a pool when nothing that matters runs on it any more. A query that was cut off may keep its
// connection for 15 s (pgx waits until the server hangs up); the end of the process does it at once.
func hangUp(pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(2 * time.Second):
	}
}
