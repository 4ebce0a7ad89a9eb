package platform_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// sought is what must lie around nowhere, by what to call it.
type sought map[string]string

// in says what of it stands somewhere. Capital and small letters are the same.
func (s sought) in(where string, content []byte) (hits []string) {
	lower := bytes.ToLower(content)
	for what, secret := range s {
		if bytes.Contains(lower, bytes.ToLower([]byte(secret))) || bytes.Contains(content, []byte(secret)) {
			hits = append(hits, where+" holds the "+what)
		}
	}
	return hits
}

func (h *house) search(where string, content []byte) {
	h.Helper()
	for _, hit := range h.secret.in(where, content) {
		h.Error(hit)
	}
}

// searchFolder looks into every file of the data folder: tables and write-ahead log of Postgres, streams, secrets.
func (h *house) searchFolder(when string) {
	h.Helper()
	for _, hit := range h.find("") {
		h.Errorf("%s: %s", when, hit)
	}
}

// find gives the hits in the files of the data folder whose name holds part.
func (h *house) find(part string) (hits []string) {
	h.Helper()
	searched := 0
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.Contains(d.Name(), part) {
			return nil // files come and go while Postgres works
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil // see above
		}
		searched++
		hits = append(hits, h.secret.in(path, content)...)
		return nil
	})
	if err != nil || searched == 0 {
		h.Fatalf("searched %d files: %v", searched, err)
	}
	return hits
}

// searchTables looks into every column of every row of every table that the catalogue has: Postgres may keep on
// disk in packed form what is read here.
func (h *house) searchTables() {
	h.Helper()
	conn := h.database()
	for _, table := range tablesOf(h.T, conn) {
		for _, hit := range h.inTable(conn, table) {
			h.Error(hit)
		}
	}
}

// tablesOf are the tables of the catalogue, also those that a later version adds.
func tablesOf(t *testing.T, conn *pgx.Conn) []pgx.Identifier {
	t.Helper()
	rows, err := conn.Query(context.Background(), `select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm', 'p') and n.nspname <> 'information_schema' and n.nspname not like 'pg\_%' order by 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (pgx.Identifier, error) {
		var schema, name string
		err := row.Scan(&schema, &name)
		return pgx.Identifier{schema, name}, err
	})
	if err != nil || len(tables) < 20 {
		t.Fatalf("%d tables: %v", len(tables), err)
	}
	return tables
}

func (h *house) inTable(conn *pgx.Conn, table pgx.Identifier) (hits []string) {
	h.Helper()
	rows, err := conn.Query(context.Background(), "select * from "+table.Sanitize())
	if err != nil {
		h.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		for i, value := range rows.RawValues() {
			hits = append(hits, h.secret.in("column "+table.Sanitize()+"."+rows.FieldDescriptions()[i].Name, value)...)
		}
	}
	if err := rows.Err(); err != nil {
		h.Fatal(err)
	}
	return hits
}

// TestTheSearchFindsWhatIsPlanted in a file and in a table.
func TestTheSearchFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.secret = sought{"street": "impasse de l'Invention", "packed": packedNumber("2600734172005")}
	if err := os.WriteFile(filepath.Join(h.dir, "planted"), []byte("… IMPASSE de l'Invention …"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := h.find("planted"); len(found) != 1 {
		t.Errorf("a planted address is found %d times in a file", len(found))
	}
	conn := h.database()
	if _, err := conn.Exec(t.Context(), `create schema planted; create table planted.later as select 1 as n, repeat(' ', 9000) || 'impasse de l''invention' as street, 2600734172005::int8 as packed`); err != nil {
		t.Fatal(err)
	}
	if found := h.inTable(conn, pgx.Identifier{"planted", "later"}); len(found) != 2 {
		t.Errorf("found in the table: %v", found)
	}
	named := false
	for _, table := range tablesOf(t, conn) {
		named = named || table.Sanitize() == `"planted"."later"`
	}
	if !named {
		t.Error("a table that is new is not searched")
	}
	h.stop()
}
