package detection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
)

// Drafts are sheets that are not finished: no facts, so they stand in a table, each sealed with a key of its own that is
// destroyed with it.
const (
	draftsKept   = 7 * 24 * time.Hour
	longestDraft = 64 << 10
	mostDrafts   = 50 // of one account
)

// DraftSchema is the schema of the drafts behind a prefix.
func DraftSchema(prefix string) string { return prefix + Name + "_draft" }

// ProvisionDrafts makes the table. A second time, or by two at once, is harmless.
func ProvisionDrafts(ctx context.Context, db Execer, schema string) error {
	_, err := db.Exec(ctx, engine.In(schema, `
select pg_advisory_xact_lock(hashtext('passerelle drafts'), 0);
create schema if not exists `+pgx.Identifier{schema}.Sanitize()+`;
create table if not exists model.draft (
  account    text not null,
  id         text not null,
  subject    text not null, -- of its own key
  box        bytea not null,
  version    int not null,
  saved_at   timestamptz not null,
  expires_at timestamptz not null,
  primary key (account, id)
);
create index if not exists draft_expires on model.draft (expires_at);`))
	return err
}

// Refusals of a draft.
var (
	errNoDraft       = refusal.New(refusal.NotFound, "unknown_draft", "There is no such draft of yours. It may have been thrown away after seven days.")
	errTooManyDrafts = refusal.New(refusal.Conflict, "too_many_drafts", "You have 50 drafts. Finish one, or throw one away.")
)

// draft is one as it is kept.
type draft struct {
	ID, Subject        string
	Box                []byte
	Version            int
	SavedAt, ExpiresAt time.Time
}

// drafts keeps those of one account.
type drafts struct {
	*engine.Engine
	account string
}

func (d drafts) sql(text string) string { return engine.In(DraftSchema(d.Prefix), text) }

// place is where the box of a draft belongs: to this account, under this identifier.
func (d drafts) place(id string) string {
	sum := sha256.Sum256([]byte(d.account + "\x00" + id))
	return "draft:" + hex.EncodeToString(sum[:])
}

const draftColumns = `select id, subject, box, version, saved_at, expires_at from model.draft where account = $1 and expires_at > $2`

// list gives all drafts, the one saved last first.
func (d drafts) list(ctx context.Context) ([]draft, error) {
	rows, err := d.Pool.Query(ctx, d.sql(draftColumns+` order by saved_at desc, id`), d.account, d.Clock.Now())
	if err != nil {
		return nil, engine.Away(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[draft])
	return list, engine.Away(err)
}

// get gives a draft, opened.
func (d drafts) get(ctx context.Context, id string) (one draft, sheet map[string]any, err error) {
	rows, err := d.Pool.Query(ctx, d.sql(draftColumns+` and id = $3`), d.account, d.Clock.Now(), id)
	if err != nil {
		return one, nil, engine.Away(err)
	}
	one, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[draft])
	if errors.Is(err, pgx.ErrNoRows) {
		return one, nil, errNoDraft
	} else if err != nil {
		return one, nil, engine.Away(err)
	}
	plain, err := d.Vault.Open(ctx, one.Subject, d.place(id), one.Box)
	if errors.Is(err, events.ErrErased) {
		err = errNoDraft
	}
	if err != nil {
		return one, nil, err
	}
	return one, sheet, json.Unmarshal(plain, &sheet)
}

// save keeps a sheet. seen is the version the caller has seen, 0 for any: another window's is not written over.
func (d drafts) save(ctx context.Context, id string, sheet []byte, seen int) (one draft, err error) {
	err = pgx.BeginFunc(ctx, d.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('passerelle draft'), hashtext($1))`, d.account); err != nil {
			return err
		}
		if one, err = d.before(ctx, tx, id, seen); err != nil {
			return err
		}
		if one.Box, err = d.Vault.Seal(ctx, one.Subject, d.place(id), sheet); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, d.sql(`
insert into model.draft values ($1, $2, $3, $4, $5, $6, $7)
on conflict (account, id) do update set subject = excluded.subject, box = excluded.box, version = excluded.version, saved_at = excluded.saved_at, expires_at = excluded.expires_at`),
			d.account, id, one.Subject, one.Box, one.Version, one.SavedAt, one.ExpiresAt)
		return err
	})
	var refused *refusal.Refusal
	if errors.As(err, &refused) {
		return one, err
	}
	return one, engine.Away(err)
}

// before is the next version of a draft, with its key: a fresh one for a new draft.
func (d drafts) before(ctx context.Context, tx pgx.Tx, id string, seen int) (one draft, err error) {
	now, count := d.Clock.Now(), 0
	err = tx.QueryRow(ctx, d.sql(`
select coalesce(max(subject) filter (where id = $2), ''), coalesce(max(version) filter (where id = $2), 0), count(*) filter (where id <> $2)
from model.draft where account = $1 and expires_at > $3`), d.account, id, now).Scan(&one.Subject, &one.Version, &count)
	switch {
	case err != nil:
		return one, err
	case seen != 0 && seen != one.Version:
		return one, decider.ErrStale
	case one.Subject == "" && count >= mostDrafts:
		return one, errTooManyDrafts
	case one.Subject == "":
		one.Subject, err = d.Vault.Mint(ctx)
	}
	one.ID, one.SavedAt, one.ExpiresAt = id, now, now.Add(draftsKept)
	one.Version++
	return one, err
}

// remove destroys the key of a draft, then takes the row away. One that is not there is no fault.
func (d drafts) remove(ctx context.Context, id string) error {
	var subject string
	err := d.Pool.QueryRow(ctx, d.sql(`select subject from model.draft where account = $1 and id = $2`), d.account, id).Scan(&subject)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err == nil {
		err = d.Vault.Destroy(ctx, subject)
	}
	if err == nil {
		_, err = d.Pool.Exec(ctx, d.sql(`delete from model.draft where account = $1 and id = $2 and subject = $3`), d.account, id, subject)
	}
	return engine.Away(err)
}
