package accesslog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Archive reads what all logs of a schema wrote.
type Archive struct {
	pool   *pgxpool.Pool
	config Config
}

// NewArchive reads a provisioned schema.
func NewArchive(pool *pgxpool.Pool, c Config) *Archive { return &Archive{pool, c} }

// Filter says which rows. The zero value of a field asks for nothing.
type Filter struct {
	Person string // rows that name a person, refused ones too
	Actor  string
	Fund   string // of the actor
	From   time.Time
	To     time.Time // rows before it
}

// Place is where a page ended.
type Place struct {
	At       time.Time `json:"at"`
	Service  string    `json:"service"`
	Month    string    `json:"month"`
	Position int64     `json:"position"`
}

// Place is where the row stands.
func (r Row) Place() Place { return Place{r.At, r.Service, r.Month, r.Position} }

const columnsOfRow = `month, service, position, recorded, actor, role, fund, purpose, action, what, resource, subjects, fields, request, link`

// Read gives at most limit rows, the newest first, those after a place if one is given.
func (a *Archive) Read(ctx context.Context, f Filter, after *Place, limit int) ([]Row, error) {
	conditions, args := f.conditions()
	if after != nil {
		conditions = append(conditions, fmt.Sprintf("(recorded, service, month, position) < ($%d, $%d, $%d, $%d)", len(args)+1, len(args)+2, len(args)+3, len(args)+4))
		args = append(args, after.At, after.Service, after.Month, after.Position)
	}
	sql := `select ` + columnsOfRow + ` from {schema}.entry where ` + strings.Join(append(conditions, "true"), " and ") +
		fmt.Sprintf(` order by recorded desc, service desc, month desc, position desc limit %d`, limit)
	rows, err := a.pool.Query(ctx, inSchema(a.config.Schema, sql), args...)
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanRow)
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	return list, nil
}

func (f Filter) conditions() (conditions []string, args []any) {
	add := func(condition string, value any) {
		args = append(args, value)
		conditions = append(conditions, strings.ReplaceAll(condition, "$", fmt.Sprintf("$%d", len(args))))
	}
	if f.Person != "" {
		add("(subjects @> array[$] or resource = 'person:' || $)", f.Person)
	}
	if f.Actor != "" {
		add("actor = $", f.Actor)
	}
	if f.Fund != "" {
		add("fund = $", f.Fund)
	}
	if !f.From.IsZero() {
		add("recorded >= $", f.From)
	}
	if !f.To.IsZero() {
		add("recorded < $", f.To)
	}
	return conditions, args
}

func scanRow(row pgx.CollectableRow) (r Row, err error) {
	err = row.Scan(&r.Month, &r.Service, &r.Position, &r.At, &r.Actor, &r.Role, &r.Fund, &r.Purpose, &r.Action, &r.What,
		&r.Resource, &r.Subjects, &r.Fields, &r.RequestID, &r.Link)
	r.At = r.At.UTC()
	return r, err
}

// LastSeen is when accounts last read or wrote personal data; who never did, or only in purged months, is not in it.
func (a *Archive) LastSeen(ctx context.Context, actors []string) (map[string]time.Time, error) {
	rows, err := a.pool.Query(ctx, inSchema(a.config.Schema, `select a.actor, e.recorded from unnest($1::text[]) a (actor), lateral (
		select recorded from {schema}.entry e where e.actor = a.actor order by recorded desc limit 1) e`), actors)
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	seen := map[string]time.Time{}
	var actor string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&actor, &at}, func() error {
		seen[actor] = at.UTC()
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	return seen, nil
}

// Busy is an account that opened many persons.
type Busy struct {
	Actor, Role string
	Opened      int // persons
}

// BusyLookups are the accounts of a fund ("": of all) that opened no fewer than least persons, one by one, from a
// moment to another and wrote about nobody, the busiest first, at most 100.
func (a *Archive) BusyLookups(ctx context.Context, fund string, from, to time.Time, least int) ([]Busy, error) {
	rows, err := a.pool.Query(ctx, inSchema(a.config.Schema, `
		select actor, max(role), (count(distinct subjects[1]) filter (where action <> 'write' and cardinality(subjects) = 1))::int opened
		from {schema}.entry
		where ($1 = '' or fund = $1) and recorded >= $2 and recorded < $3 and action <> 'refused'
		group by actor having count(*) filter (where action = 'write') = 0
			and count(distinct subjects[1]) filter (where action <> 'write' and cardinality(subjects) = 1) >= $4
		order by opened desc, actor limit 100`), fund, from, to, least)
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Busy])
	if err != nil {
		return nil, fmt.Errorf("read access log: %w", err)
	}
	return list, nil
}
