package platform_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/postgres"
)

var ledgers = []string{"access", "detection", "referral", "workshop", "equipment", "funding"}

// withPostgres works on the database of a house that is stopped.
func (h *house) withPostgres(work func(*postgres.Server)) {
	h.Helper()
	s, err := postgres.Start(context.Background(), postgres.Options{Dir: filepath.Join(h.dir, "pg")})
	if err != nil {
		h.Fatal(err)
	}
	defer func() {
		if err := s.Stop(); err != nil {
			h.Error(err)
		}
	}()
	work(s)
}

func (h *house) dump(schemas ...string) []byte {
	h.Helper()
	var dump bytes.Buffer
	h.withPostgres(func(s *postgres.Server) {
		if err := s.Dump(context.Background(), &dump, schemas...); err != nil {
			h.Fatal(err)
		}
	})
	return dump.Bytes()
}

func (h *house) restore(dump []byte) {
	h.Helper()
	h.withPostgres(func(s *postgres.Server) {
		if err := s.Restore(context.Background(), bytes.NewReader(dump)); err != nil {
			h.Fatal(err)
		}
	})
}

// restoreWhole puts a dump of everything in the place of everything, as docs/operation.md has it.
func (h *house) restoreWhole(dump []byte) {
	h.Helper()
	h.withPostgres(func(s *postgres.Server) {
		conn, err := pgx.Connect(context.Background(), s.URL())
		if err != nil {
			h.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(context.Background(), emptied); err != nil {
			h.Fatal(err)
		}
		if err := s.Restore(context.Background(), bytes.NewReader(dump)); err != nil {
			h.Fatal(err)
		}
	})
}

// emptied is a database as it is before a whole dump is restored, with the role that read models are read as.
const emptied = `do $$ declare s text; begin
  for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public') loop
    execute format('drop schema %I cascade', s);
  end loop;
  if not exists (select from pg_roles where rolname = 'passerelle_reader') then create role passerelle_reader nologin; end if;
end $$`

// TestAnOlderDumpOfTheLedgersIsBroughtBackFromTheStreams: the start stops and names the difference, recover closes it.
func TestAnOlderDumpOfTheLedgersIsBroughtBackFromTheStreams(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider, equipment := h.as("advisor-34"), h.as("provider-a"), h.as("equipment-lr")
	equipment.post(201, "/equipment/items", tablet("EX-0001"))
	session := provider.post(201, "/sessions", workshop(3)).text("id")
	advisor.learn(provider)
	advisor.post(201, "/flags", senior(1))
	h.stop()
	old := h.dump(ledgers...)

	// The interval that the dump does not have.
	h.start()
	equipment.post(201, "/equipment/items", tablet("EX-0002"))
	flag := advisor.post(201, "/flags", senior(2), "Idempotency-Key", "lost-interval")
	referral := advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session})
	provider.post(200, "/sessions/"+session+"/requests/"+referral.text("id")+"/accept", map[string]any{})
	h.until(func() bool { return len(provider.get("/equipment/loans").items()) == 1 })
	before := map[string]int{}
	for _, service := range ledgers {
		before[service] = len(h.ledgerOf(service))
	}
	h.stop()
	h.restore(old)

	if err := h.tryStart(); err == nil {
		t.Fatal("starts on an older dump")
	}
	said := h.log.String()
	for _, want := range []string{"detection", "position", "ledger recover"} {
		if !strings.Contains(said, want) {
			t.Errorf("the refusal does not name %q:\n%s", want, said)
		}
	}
	out := h.mustOperate("ledger", "recover", "--keep", "stream")
	t.Log(strings.TrimSpace(out))

	h.start()
	again := advisor.post(201, "/flags", senior(2), "Idempotency-Key", "lost-interval")
	if !bytes.Equal(again.raw, flag.raw) {
		t.Errorf("a key of the lost interval answers %s, before %s", again.raw, flag.raw)
	}
	equipment.post(409, "/equipment/items", tablet("EX-0002"))
	if name := advisor.get("/persons/" + flag.text("person_id")).body["details"].(map[string]any)["family_name"]; name != "Exemple-Imaginaire-2" {
		t.Errorf("the newest name reads %v", name)
	}
	h.mustOperate("ledger", "verify")
	h.mustOperate("projections", "verify")
	for _, service := range ledgers {
		if now := len(h.ledgerOf(service)); now != before[service] {
			t.Errorf("%s has %d events, before the loss %d: something was done twice or is missing", service, now, before[service])
		}
	}
	h.stop()
}

// TestAForkAtTheSameLengthIsNamedAndNothingIsSent: two histories of equal length are told apart by their events.
func TestAForkAtTheSameLengthIsNamedAndNothingIsSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	equipment := h.as("equipment-lr")
	for i := range 3 {
		equipment.post(201, "/equipment/items", tablet(fmt.Sprintf("EX-%04d", i)))
	}
	h.stop()
	short := h.dump("equipment")
	h.start()
	equipment.post(201, "/equipment/items", tablet("EX-STREAM"))
	h.stop()
	h.restore(short)
	out, err := h.operator("ledger", "recover", "--keep", "ledger")
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	h.start()
	equipment = h.as("equipment-lr") // the position it brought is of the history that was given up
	equipment.post(201, "/equipment/items", tablet("EX-LEDGER"))
	h.mustOperate("ledger", "verify")
	h.stop()
	other := h.dump("equipment") // ends at the same position as the one below, with another event
	h.restore(short)
	if out, err := h.operator("ledger", "recover", "--keep", "ledger"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	h.start()
	equipment = h.as("equipment-lr")
	equipment.post(201, "/equipment/items", tablet("EX-OTHER"))
	h.stop()
	h.restore(other)
	if err := h.tryStart(); err == nil {
		t.Fatal("starts on two histories of the same length")
	}
	if said := h.log.String(); !strings.Contains(said, "position 4") {
		t.Errorf("the first different position is not named:\n%s", said)
	}
	if out, err := h.operator("ledger", "verify"); err == nil || !strings.Contains(out, "4") {
		t.Errorf("verify finds no difference: %v\n%s", err, out)
	}
	h.mustOperate("ledger", "recover", "--keep", "stream")
	h.start()
	if items := equipment.get("/equipment/items").items(); len(items) != 4 {
		t.Errorf("%d items", len(items))
	}
	equipment.post(409, "/equipment/items", tablet("EX-OTHER"))
	equipment.post(201, "/equipment/items", tablet("EX-LEDGER")) // given up with its history
	h.mustOperate("ledger", "verify")
	h.mustOperate("projections", "verify")
	h.stop()
}

// TestAReactionIsDoneForTheEventThatTookThePlaceOfALostOne: a yes is given up with its history, another yes
// takes its position, and has its own tablet.
func TestAReactionIsDoneForTheEventThatTookThePlaceOfALostOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider, equipment := h.as("advisor-34"), h.as("provider-a"), h.as("equipment-lr")
	equipment.post(201, "/equipment/items", tablet("EX-0001"))
	equipment.post(201, "/equipment/items", tablet("EX-0002"))
	session := provider.post(201, "/sessions", workshop(2)).text("id")
	advisor.learn(provider)
	var referrals []string
	for i := range 2 {
		flag := advisor.post(201, "/flags", senior(i))
		referrals = append(referrals, advisor.post(201, "/referrals", map[string]any{"flag_id": flag.text("id"), "session_id": session}).text("id"))
	}
	accept := func(referral string) reply {
		return provider.post(200, "/sessions/"+session+"/requests/"+referral+"/accept", map[string]any{})
	}
	h.stop()
	before := h.dump("workshop")
	h.start()
	lost := accept(referrals[0]).header.Get("Passerelle-Position")
	h.until(func() bool { return len(provider.get("/equipment/loans").items()) == 1 })
	h.stop()
	h.restore(before)
	h.mustOperate("ledger", "recover", "--keep", "ledger")
	h.start()
	provider.positions = map[string]string{} // of the history that was given up
	if again := accept(referrals[1]).header.Get("Passerelle-Position"); again != lost {
		t.Fatalf("the second yes is at %s, the lost one was at %s: the test shows nothing", again, lost)
	}
	h.until(func() bool {
		for _, loan := range provider.get("/equipment/loans").items() {
			if loan["referral_id"] == referrals[1] {
				return true
			}
		}
		return false
	})
	h.mustOperate("ledger", "verify")
	h.mustOperate("projections", "verify")
	h.stop()
}
