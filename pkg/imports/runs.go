package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/refusal"
)

// Schema is where the runs are kept behind a prefix, of all services.
func Schema(prefix string) string { return prefix + "imports" }

const (
	beat     = time.Second      // a run says how far it is
	silent   = 15 * beat        // after which it is taken for cut off
	patience = 40 * time.Second // of who has sent a small file, and says nothing else
)

// ErrUnknown: there is no such run of this account.
var ErrUnknown = refusal.New(refusal.NotFound, "unknown_import", "There is no such import of yours. It may have been thrown away after thirty days.")

const cutOff = "The import was cut off: the process that worked it has stopped. Send the same file again: what was accepted is not taken twice."

// Provision makes the table. A second time, or by two at once, is harmless.
func Provision(ctx context.Context, db lease.Execer, schema string) error {
	_, err := db.Exec(ctx, in(schema, `
select pg_advisory_xact_lock(hashtext('passerelle imports'), 0);
create schema if not exists `+pgx.Identifier{schema}.Sanitize()+`;
create table if not exists model.run (
  id         text primary key,
  account    text not null,
  began_at   timestamptz not null,
  touched_at timestamptz not null,
  result     jsonb not null -- columns, codes and words of ours: no value of a line
);
create index if not exists run_began on model.run (began_at);`))
	return err
}

func in(schema, sql string) string {
	return strings.ReplaceAll(sql, "model.", pgx.Identifier{schema}.Sanitize()+".")
}

// Runs begins and follows imports. Go works in the background until the process ends.
type Runs struct {
	Pool   *pgxpool.Pool
	Schema string
	Log    *slog.Logger
	Go     func(name string, work func(context.Context) error)
}

// Job is a file and what is to be done with it. After, if there is one, comes when the last line is worked.
type Job struct {
	Account string
	DryRun  bool
	Wait    time.Duration // for the end of a small file; 0: 40 s
	Body    io.Reader
	Columns []Column
	Work    Work
	After   func(ctx context.Context) error
}

// Begin takes a file in and begins to work it. Of a small one it gives the end; of a large one, or one that takes long,
// how far it is, and Get follows it. Faults of the header, and errors of the body, come back before anything is done.
func (runs Runs) Begin(ctx context.Context, j Job) (Result, error) {
	file, err := spooled(j.Body)
	if err != nil {
		return Result{}, err
	}
	table, err := NewTable(file, j.Columns)
	if err != nil {
		file.close()
		return Result{}, err
	}
	c := &tally{Result: Result{ID: uuid.Must(uuid.NewV7()).String(), State: Running, DryRun: j.DryRun}}
	if err := runs.insert(ctx, j.Account, c.now()); err != nil {
		file.close()
		return Result{}, err
	}
	over := make(chan struct{})
	runs.Go("import", func(process context.Context) error {
		defer close(over)
		defer file.close()
		run, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
		defer cancel(nil)
		defer context.AfterFunc(process, func() { cancel(context.Cause(process)) })()
		runs.finish(run, c, runs.work(run, c, table, j))
		return nil
	})
	if !file.Large {
		timer := time.NewTimer(cmp.Or(j.Wait, patience))
		defer timer.Stop()
		select {
		case <-over:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	return c.now(), nil
}

// work tells how far it is while it goes on.
func (runs Runs) work(ctx context.Context, c *tally, t *Table, j Job) error {
	told, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(told)
		tick := time.NewTicker(beat)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if err := runs.save(ctx, c.now()); err != nil {
					runs.Log.Warn("an import cannot say how far it is", "import", c.ID, "error", err)
				}
			}
		}
	}()
	err := c.run(ctx, t, j.Work)
	if err == nil && j.After != nil {
		err = j.After(ctx)
	}
	close(stop)
	<-told
	return err
}

// finish says how it ended. Where that cannot be kept, the silence says it.
func (runs Runs) finish(ctx context.Context, c *tally, err error) {
	c.mu.Lock()
	c.State = Ended
	if err != nil {
		c.State, c.Detail = CutOff, cutOff
		runs.Log.Error("an import was cut off", "import", c.ID, "line", c.Line, "error", err)
	}
	c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*beat)
	defer cancel()
	if err := runs.save(ctx, c.now()); err != nil {
		runs.Log.Warn("the end of an import is not kept", "import", c.ID, "error", err)
	}
}

func (runs Runs) insert(ctx context.Context, account string, result Result) error {
	_, err := runs.Pool.Exec(ctx, in(runs.Schema, `with old as (delete from model.run where began_at < now() - interval '30 days')
insert into model.run values ($1, $2, now(), now(), $3)`), result.ID, account, result)
	if err != nil {
		return fmt.Errorf("begin import: %w", err)
	}
	return nil
}

func (runs Runs) save(ctx context.Context, result Result) error {
	_, err := runs.Pool.Exec(ctx, in(runs.Schema, `update model.run set touched_at = now(), result = $2 where id = $1`), result.ID, result)
	return err
}

// Begun is a run with the moment at which it began.
type Begun struct {
	At time.Time
	Result
}

// List gives the runs of an account, the newest first and a hundred at most, without what they rejected.
func (runs Runs) List(ctx context.Context, account string) ([]Begun, error) {
	rows, err := runs.Pool.Query(ctx, in(runs.Schema, `select began_at, now() - touched_at > $2, result - 'rejections' from model.run where account = $1 order by began_at desc, id desc limit 100`), account, silent)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (one Begun, err error) {
		var quiet bool
		err = row.Scan(&one.At, &quiet, &one.Result)
		one.heardOf(quiet)
		return one, err
	})
}

// heardOf: a run that fell silent was cut off.
func (r *Result) heardOf(quiet bool) {
	if r.State == Running && quiet {
		r.State, r.Detail = CutOff, cutOff
	}
}

// Get gives a run to who began it, ErrUnknown to anybody else. One that fell silent was cut off.
func (runs Runs) Get(ctx context.Context, account, id string) (result Result, err error) {
	var quiet bool
	err = runs.Pool.QueryRow(ctx, in(runs.Schema, `select now() - touched_at > $3, result from model.run where id = $1 and account = $2`), id, account, silent).Scan(&quiet, &result)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return result, ErrUnknown
	case err != nil:
		return result, fmt.Errorf("read import: %w", err)
	}
	result.heardOf(quiet)
	return result, nil
}
