package platform_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/postgres"
)

// TestWhoWasErasedIsErasedInAnOlderDumpToo: dump, erase, restore the dump elsewhere with the secrets and the register:
// before the first answer the person is erased again. Nothing of the person is left before, either.
func TestWhoWasErasedIsErasedInAnOlderDumpToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	person := h.tellOfSomebody()
	h.stop()
	h.erasesAtOnce()
	old := h.dump()

	h.start()
	advisor := h.as("advisor-34")
	if r, err := advisor.try("DELETE", "/persons/"+person, nil); err != nil || r.status != 204 {
		t.Fatal(r.status, string(r.raw), err)
	}
	advisor.do(404, "GET", "/persons/"+person, nil)
	h.untilErased(person)
	h.nothingIsLeftOf(person)
	h.mustOperate("projections", "verify")
	h.stop()
	h.searchFolder("erased")
	h.search("dump after the erasure", h.dump())

	other := newHouse(t)
	for _, name := range []string{"secrets/kek", "secrets/chain", "secrets/cursor", "secrets/match", "erasures"} {
		other.copyFrom(h, name)
	}
	other.restoreWhole(old)
	other.start()
	before := other.as("advisor-34")
	before.do(404, "GET", "/persons/"+person, nil)
	if found := before.post(200, "/persons/search", map[string]any{"name": "imaginaire"}).items(); len(found) != 1 || found[0]["person_id"] == person {
		t.Error(found)
	}
	if flags := before.get("/flags").items(); len(flags) != 1 {
		t.Error(flags)
	}
	if said := other.log.String(); !strings.Contains(said, "erased again") {
		t.Error(said)
	}
	other.nothingIsLeftOf(person)
	if out := other.mustOperate("erasures", "apply"); !strings.Contains(out, "1 in the register, 0 keys destroyed again, 0 erasures told again") {
		t.Error(out)
	}
	other.mustOperate("projections", "verify")
	other.mustOperate("ledger", "verify")
	other.stop()
}

// TestWithoutTheRegisterAnOlderDumpBringsPeopleBack: the test above would find it.
func TestWithoutTheRegisterAnOlderDumpBringsPeopleBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	person := h.tellOfSomebody()
	h.stop()
	h.erasesAtOnce()
	old := h.dump()
	h.start()
	if r, err := h.as("advisor-34").try("DELETE", "/persons/"+person, nil); err != nil || r.status != 204 {
		t.Fatal(r.status, err)
	}
	h.untilErased(person)
	h.stop()
	if err := os.Remove(filepath.Join(h.dir, "erasures")); err != nil {
		t.Fatal(err)
	}
	h.restoreWhole(old)
	h.mustOperate("ledger", "recover", "--keep", "ledger")
	h.start()
	h.as("advisor-34").get("/persons/" + person)
	h.stop()
}

// tellOfSomebody flags two people; one has a request that was declined with a message.
func (h *house) tellOfSomebody() (person string) {
	h.Helper()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	session := provider.post(201, "/sessions", workshop(3)).text("id")
	advisor.learn(provider)
	flag := advisor.post(201, "/flags", senior(77))
	advisor.post(201, "/flags", senior(3))
	referral := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session})
	provider.learn(advisor)
	provider.post(200, "/sessions/"+session+"/requests/"+referral.text("id")+"/decline",
		map[string]any{"reason": "other", "message": "Préfère garder son coffre aux licornes fermé"})
	advisor.learn(provider)
	advisor.get("/referrals/" + referral.text("id"))
	return flag.text("person_id")
}

// erasesAtOnce tells, in a house that is stopped, that the fund has no delay.
func (h *house) erasesAtOnce() {
	h.Helper()
	h.tells("access", events.FundRegistered{Fund: "carsat-lr", Name: "Carsat Languedoc-Roussillon", Departments: []string{"11", "30", "34", "48", "66"}, By: "test", At: time.Now()})
}

// tells appends facts of a service in a house that is stopped.
func (h *house) tells(service string, facts ...events.Fact) {
	h.Helper()
	chain, err := os.ReadFile(filepath.Join(h.dir, "secrets", "chain"))
	if err != nil {
		h.Fatal(err)
	}
	h.withPostgres(func(s *postgres.Server) {
		pool, err := pgxpool.New(h.Context(), s.URL())
		if err != nil {
			h.Fatal(err)
		}
		defer pool.Close()
		l, err := ledger.Open(h.Context(), pool, ledger.Config{Schema: service, Service: service, ChainKey: chain, Clock: clock.System{}, OnCommit: func([]ledger.Event) {}})
		if err != nil {
			h.Fatal(err)
		}
		defer func() { _ = l.Close(context.Background()) }()
		for _, fact := range facts {
			data, err := events.Encode(fact, func(events.Details) error { return nil }) // without details, or sealed
			if err != nil {
				h.Fatal(err)
			}
			version, err := l.Version(h.Context(), fact.Stream())
			if err != nil {
				h.Fatal(err)
			}
			if _, err := l.Append(h.Context(), ledger.Append{Facts: []ledger.Fact{{Stream: fact.Stream(), Version: version + 1, Name: events.Name(fact), Data: data}}}); err != nil {
				h.Fatal(err)
			}
		}
	})
}

// untilErased waits until the key is destroyed.
func (h *house) untilErased(person string) {
	h.Helper()
	db := h.database()
	h.until(func() bool {
		var gone bool
		err := db.QueryRow(h.Context(), "select wrapped is null from vault.key where subject = $1", person).Scan(&gone)
		return err == nil && gone
	})
}

func (h *house) copyFrom(other *house, name string) {
	h.Helper()
	content, err := os.ReadFile(filepath.Join(other.dir, name))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(filepath.Join(h.dir, name)), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(h.dir, name), content, 0o600)
	}
	if err != nil {
		h.Fatal(err)
	}
}

// nothingIsLeftOf looks through every table that the catalogue names: no secret is in clear, and outside the ledgers,
// where nobody can open it any more, nothing sealed of the person is kept.
func (h *house) nothingIsLeftOf(person string) {
	h.Helper()
	db := h.database()
	boxes := h.boxesOf(db, person)
	if len(boxes) < 3 {
		h.Fatalf("the ledgers hold %d sealed details of the person: the search shows nothing", len(boxes))
	}
	for _, table := range h.tables(db) {
		rows, err := db.Query(h.Context(), "select t::text from "+table.Sanitize()+" t")
		if err != nil {
			h.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			h.Fatal(err)
		}
		text := strings.Join(lines, "\n")
		h.search("table "+table.Sanitize(), []byte(text))
		for what, box := range boxes {
			if strings.Contains(text, box) {
				h.Errorf("%s keeps what %s has sealed", table.Sanitize(), what)
			}
		}
	}
}

func (h *house) tables(db *pgx.Conn) []pgx.Identifier {
	h.Helper()
	rows, err := db.Query(h.Context(), `select array[schemaname::text, tablename::text] from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
	if err != nil {
		h.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
	if err != nil || len(list) < 20 {
		h.Fatal(len(list), err)
	}
	tables := make([]pgx.Identifier, len(list))
	for i, names := range list {
		tables[i] = names
	}
	return tables
}

// boxesOf are the sealed details of a person in the ledgers, as Postgres writes bytes.
func (h *house) boxesOf(db *pgx.Conn, person string) map[string]string {
	h.Helper()
	boxes := map[string]string{}
	for _, service := range ledgers {
		rows, err := db.Query(h.Context(), `select position, name, data from `+service+`.event`)
		if err != nil {
			h.Fatal(err)
		}
		var (
			position int64
			name     string
			data     []byte
		)
		_, err = pgx.ForEachRow(rows, []any{&position, &name, &data}, func() error {
			if !bytes.Contains(data, []byte(person)) {
				return nil
			}
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(data, &fields); err != nil {
				return err
			}
			for _, field := range fields {
				var sealed struct {
					Subject string `json:"subject"`
					Box     []byte `json:"box"`
				}
				if json.Unmarshal(field, &sealed) == nil && sealed.Subject == person {
					boxes[fmt.Sprint(name, " ", position)] = hex.EncodeToString(sealed.Box)
				}
			}
			return nil
		})
		if err != nil {
			h.Fatal(err)
		}
	}
	return boxes
}
