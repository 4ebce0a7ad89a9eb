package projections

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/policy"
)

// TestTheRoleOfReadersHasNoRightsOfItsOwn and nobody signs in as it.
func TestTheRoleOfReadersHasNoRightsOfItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var plain bool
	h.must(h.pool.QueryRow(h.ctx, `
select not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin) from pg_roles where rolname = $1`, engine.ReaderRole).Scan(&plain))
	if !plain {
		t.Error("it is more than a reader")
	}
	var owned int
	h.must(h.pool.QueryRow(h.ctx, `
select (select count(*) from pg_class where relowner = r.oid) + (select count(*) from pg_proc where proowner = r.oid) +
  (select count(*) from pg_namespace where nspowner = r.oid) from pg_roles r where rolname = $1`, engine.ReaderRole).Scan(&owned))
	if owned != 0 {
		t.Errorf("it owns %d things", owned)
	}
	for _, sql := range []string{"delete from model.flag", "update model.flag set author = 'me'", "insert into model.item values ('x', 'x', 'x', 'x')", "truncate model.person"} {
		if err := h.asReader(engine.Sight{}, sql); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// asReader runs a statement as the role of readers.
func (h *house) asReader(sight engine.Sight, sql string) error {
	schema, err := h.projector.Serving(h.ctx)
	h.must(err)
	_, err = engine.ReadAs[struct{}](h.ctx, h.pool, sight, nil, engine.In(schema, sql))
	return err
}

type counted1 struct{ N int }

// seen is how many rows of a table somebody sees by a query that somebody forgot to narrow.
func (h *house) seen(pool *pgxpool.Pool, sight engine.Sight, table, where string) int {
	h.t.Helper()
	schema, err := h.projector.Serving(h.ctx)
	h.must(err)
	rows, err := engine.ReadAs[counted1](h.ctx, pool, sight, nil, engine.In(schema, `select count(*)::int as n from model.`+table+where))
	h.must(err)
	return rows[0].N
}

// personal are the tables that tell of somebody.
var personal = []string{"flag", "referral", "person", "loan", "item", "history"}

func TestTheTablesThemselvesKeepWhatIsNotTheCallers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	flags, _, _ := h.oneOfEach()
	h.hear(h.kept(h.opened(flags[0], "referral-0", "session-a", "provider-a"), "item-0"))
	s := New(h.config())
	sight := func(account string, action policy.Action) engine.Sight {
		a, _ := sample.Find(account)
		return sightOf(s.within(h.ctx, a, action))
	}
	for _, table := range personal {
		if n := h.seen(h.pool, nil, table, ""); n != 0 {
			t.Errorf("%s: %d rows without a setting", table, n)
		}
		a, _ := sample.Find("admin-lr")
		if n := h.seen(h.pool, sightOf(s.within(h.ctx, a, policy.ReadFlag)), table, ""); n != 0 {
			t.Errorf("%s: an administrator sees %d rows", table, n)
		}
	}
	for _, c := range []struct {
		account string
		action  policy.Action
		table   string
		where   string
		want    int
	}{
		{"advisor-34", policy.ReadFlag, "flag", "", 2}, {"advisor-34", policy.ReadFlag, "flag", " where id = 'flag-0'", 1},
		{"advisor-30", policy.ReadFlag, "flag", " where id = 'flag-0'", 0}, {"advisor-34b", policy.ReadFlag, "flag", " where id = 'flag-0'", 0},
		{"advisor-30", policy.ReadFlag, "person", " where id = '" + flags[0].PersonID + "'", 0}, {"advisor-34", policy.ReadFlag, "person", "", 2},
		{"advisor-34", policy.ReadReferral, "referral", "", 2}, {"advisor-30", policy.ReadReferral, "referral", " where id = 'referral-0'", 0},
		{"evaluator-34", policy.ReadFlag, "flag", "", 1}, {"evaluator-34", policy.ReadReferral, "referral", "", 1}, {"evaluator-34", policy.ReadReferral, "person", "", 1},
		{"provider-a", policy.AnswerRequest, "referral", "", 4}, {"provider-a", policy.AnswerRequest, "flag", "", 4}, {"provider-a", policy.AnswerRequest, "person", "", 4},
		{"provider-58", policy.AnswerRequest, "referral", "", 0}, {"provider-b", policy.ReadItem, "item", "", 1}, {"equipment-lr", policy.ReadItem, "item", "", 4},
		{"provider-a", policy.ReadItem, "loan", "", 1}, {"provider-b", policy.ReadItem, "loan", "", 0}, {"advisor-34", policy.ReadReferral, "loan", "", 1},
		{"advisor-34", policy.ReadFlag, "history", " where flag_id is not null", 2}, {"advisor-30", policy.ReadFlag, "history", " where flag_id = 'flag-0'", 0},
		{"analyst-lr", policy.ReadFunnel, "flag", " where fund = 'carsat-bfc'", 0}, {"equipment-lr", policy.ReadItem, "flag", "", 0}, {"equipment-lr", policy.ReadItem, "person", " where id <> '" + flags[0].PersonID + "'", 0},
		{"equipment-lr", policy.ReadItem, "person", " where id = '" + flags[0].PersonID + "'", 1}, // who has one of the fund's tablets
		{"provider-b", policy.ReadItem, "person", "", 0},
		{"advisor-34", policy.SearchPerson, "flag", "", 6}, {"advisor-58", policy.SearchPerson, "flag", " where desk = 'cote-dor'", 0},
	} {
		if n := h.seen(h.pool, sight(c.account, c.action), c.table, c.where); n != c.want {
			t.Errorf("%s, %s: sees %d rows of %s%s, not %d", c.account, c.action, n, c.table, c.where, c.want)
		}
	}
}

// TestNobodySeesWhatTheReaderBeforeSaw on the same connection.
func TestNobodySeesWhatTheReaderBeforeSaw(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	config, err := pgxpool.ParseConfig(testkit.Postgres(t).URL())
	h.must(err)
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(h.ctx, config)
	h.must(err)
	defer pool.Close()
	own := engine.Sight{"desks": {"montpellier"}}
	var before, after string
	h.must(pool.QueryRow(h.ctx, "select current_user").Scan(&before))
	for range 10 { // the statement is prepared from the first time on, and planned once and for all after some more
		if n := h.seen(pool, own, "flag", ""); n != 1 {
			t.Fatalf("the desk sees %d flags", n)
		}
		if n := h.seen(pool, engine.Sight{}, "flag", ""); n != 0 {
			t.Fatalf("the next reader sees %d flags", n)
		}
	}
	var desks *string
	h.must(pool.QueryRow(h.ctx, "select current_user, current_setting('passerelle.desks', true)").Scan(&after, &desks))
	if after != before || the(desks) != "" {
		t.Errorf("left behind: %s, desks %q", after, the(desks))
	}
	t.Run("a planted setting of the session is found", func(t *testing.T) {
		_, err := pool.Exec(h.ctx, "select set_config('passerelle.desks', 'montpellier', false)")
		h.must(err)
		if n := h.seen(pool, engine.Sight{}, "flag", ""); n != 1 {
			t.Errorf("this test would not see it: %d", n)
		}
	})
}

// TestNoTableIsForgotten: what names a person, a flag or a referral is fenced, and no view goes around the fence but the
// ones that only count seats, grants and tablets, and the one that tells by which rule a seat was offered, not to whom.
func TestNoTableIsForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	schema, err := h.projector.Serving(h.ctx)
	h.must(err)
	rows, err := h.pool.Query(h.ctx, `
select distinct c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = $1::regnamespace and c.relkind = 'r' and not c.relrowsecurity
  and (a.attname ~ '(person|flag|referral|author)' or c.relname ~ '(person|flag|referral|loan)')`, pgx.Identifier{schema}.Sanitize())
	h.must(err)
	open, err := pgx.CollectRows(rows, pgx.RowTo[string])
	h.must(err)
	if len(open) > 0 {
		t.Errorf("without a fence: %v", open)
	}
	rows, err = h.pool.Query(h.ctx, `
select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
where c.relnamespace = $1::regnamespace and c.relkind in ('v', 'm') and not coalesce('security_invoker=true' = any (c.reloptions), false) order by a.attnum`, pgx.Identifier{schema}.Sanitize())
	h.must(err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	h.must(err)
	slices.Sort(columns)
	if !slices.Equal(columns, []string{
		"granted.completed", "granted.counted", "granted.equipped", "granted.minutes_due", "granted.minutes_used", "granted.programme",
		"lending.lent", "lending.lost", "lending.pool", "lending.session_id", "lending.to_day",
		"seat.offered", "seat.place", "seat.relay_id", "seat.seat", "seat.seat_session",
		"turn.accepted_at", "turn.at", "turn.position", "turn.priority", "turn.programme", "turn.seat_session", "turn.what",
	}) {
		t.Errorf("read with the owner's right: %v", columns)
	}
}

// TestAReadingIsOneRoundTrip with its settings.
func TestAReadingIsOneRoundTrip(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	pool := counted(t)
	if n := h.queries(func() { h.seen(pool, engine.Sight{"desks": {"montpellier"}}, "flag", "") }); n != 1 {
		t.Errorf("%d round trips", n)
	}
}

// TestWithoutTheRightToMakeRolesTheErrorSaysWhatToRun.
func TestWithoutTheRightToMakeRolesTheErrorSaysWhatToRun(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	const poor = "passerelle_poor"
	if _, err := testkit.Pool(t).Exec(ctx, "create role "+poor+" login password 'invented'"); err != nil {
		t.Fatal(err)
	}
	config, err := pgx.ParseConfig(testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	config.User, config.Password = poor, "invented"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	err = engine.ProvisionReader(ctx, conn, "nowhere")
	if !errors.Is(err, engine.ErrNoReader) || !strings.Contains(err.Error(), "create role passerelle_reader nologin noinherit") {
		t.Error(err)
	}
}
