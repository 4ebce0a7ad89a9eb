package projection

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Difference is the first row in which two generations differ: its table, its key, and the columns.
// It holds no value of any other column, and no key that is bytes.
type Difference struct {
	Table   string
	Key     string
	Columns []string // that differ; none when the row is on one side only
	Only    string   // the schema that alone has the row
}

func (d *Difference) String() string {
	if d.Only != "" {
		return fmt.Sprintf("table %s, row %s: only in %s", d.Table, d.Key, d.Only)
	}
	return fmt.Sprintf("table %s, row %s: differs in %s", d.Table, d.Key, strings.Join(d.Columns, ", "))
}

// Compare compares every row of every table of two schemas, byte for byte, whatever their order on disk.
// nil: equal. Tables or columns that differ are an error.
func Compare(ctx context.Context, pool *pgxpool.Pool, a, b string) (*Difference, error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, fmt.Errorf("compare %s with %s: %w", a, b, err)
	}
	defer func() { _ = tx.Rollback(ctx) }()
	left, err := tables(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	right, err := tables(ctx, tx, b)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(left, right, func(x, y table) bool { return fmt.Sprint(x) == fmt.Sprint(y) }) {
		return nil, fmt.Errorf("compare %s with %s: their tables are not the same", a, b)
	}
	for _, t := range left {
		if d, err := t.compare(ctx, tx, a, b); d != nil || err != nil {
			return d, err
		}
	}
	return nil, nil //nolint:nilnil // documented
}

type table struct {
	Name    string
	Columns []string
	Types   []string
	Key     []string // columns of the primary key that may be shown
}

func tables(ctx context.Context, tx pgx.Tx, schema string) ([]table, error) {
	rows, err := tx.Query(ctx, `
select c.relname,
       array_agg(a.attname::text order by a.attnum),
       array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum),
       coalesce(array_agg(a.attname::text order by a.attnum) filter (where a.attnum = any(i.indkey) and a.atttypid <> 'bytea'::regtype), '{}')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_index i on i.indrelid = c.oid and i.indisprimary
where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname order by c.relname`, schema)
	if err != nil {
		return nil, fmt.Errorf("tables of %s: %w", schema, err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[table])
}

func (t table) compare(ctx context.Context, tx pgx.Tx, a, b string) (*Difference, error) {
	for _, side := range [][2]string{{a, b}, {b, a}} {
		here, there := pgx.Identifier{side[0], t.Name}.Sanitize(), pgx.Identifier{side[1], t.Name}.Sanitize()
		var row string
		err := tx.QueryRow(ctx, `
select r from (select t::text as r from `+here+` t except all select t::text from `+there+` t) d order by r collate "C" limit 1`).Scan(&row)
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("compare table %s: %w", t.Name, err)
		}
		return t.explain(ctx, tx, row, side[0], here, there)
	}
	return nil, nil //nolint:nilnil // equal
}

// explain looks for the row of the same key on the other side.
func (t table) explain(ctx context.Context, tx pgx.Tx, row, schema, here, there string) (*Difference, error) {
	d := &Difference{Table: t.Name, Key: "without a key", Only: schema}
	if len(t.Key) == 0 {
		return d, nil
	}
	var show, same, differ []string
	for _, c := range t.Key {
		c = pgx.Identifier{c}.Sanitize()
		show, same = append(show, "h."+c+"::text"), append(same, "h."+c+" = o."+c)
	}
	for _, c := range t.Columns {
		id := pgx.Identifier{c}.Sanitize()
		differ = append(differ, "case when h."+id+"::text is distinct from o."+id+"::text then '"+strings.ReplaceAll(c, "'", "''")+"' end")
	}
	var found bool
	err := tx.QueryRow(ctx, `
select concat_ws(', ', `+strings.Join(show, ", ")+`), o is distinct from null, array_remove(array[`+strings.Join(differ, ", ")+`], null)
from `+here+` h left join lateral (select o.* from `+there+` o where `+strings.Join(same, " and ")+` limit 1) o on true
where h::text = $1 limit 1`, row).Scan(&d.Key, &found, &d.Columns)
	if err != nil {
		return nil, fmt.Errorf("compare table %s: %w", t.Name, err)
	}
	if found {
		d.Only = ""
	} else {
		d.Columns = nil
	}
	return d, nil
}
