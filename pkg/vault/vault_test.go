package vault

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/postgres"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var _ decider.Codec = (*Codec)(nil)

const secret = "Testine Exemplaire"

// bundle is a vault of its own, and what a test needs to look behind it.
type bundle struct {
	*Vault
	pool   *pgxpool.Pool
	schema string
	kek    []byte
	clock  *clock.Manual
	log    *strings.Builder
}

func setup(t testing.TB) bundle {
	t.Helper()
	kek := make([]byte, KEKSize)
	_, _ = rand.Read(kek) // never fails
	b := bundle{
		pool: testkit.Pool(t), schema: testkit.Schema(t), kek: kek, log: &strings.Builder{},
		clock: clock.At(time.Date(2021, 11, 15, 9, 0, 0, 0, time.UTC)),
	}
	if err := Provision(t.Context(), b.pool, b.schema); err != nil {
		t.Fatal(err)
	}
	b.Vault = b.open(t)
	return b
}

// open opens the same vault as another process would.
func (b bundle) open(t testing.TB) *Vault {
	t.Helper()
	v, err := Open(context.Background(), b.pool, Config{
		Schema: b.schema, KEK: b.kek, Clock: b.clock, Stock: 64, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

func (b bundle) subject(t testing.TB) string {
	t.Helper()
	subject, err := b.Mint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return subject
}

func everything(string) bool { return true }

func registered(subject string) events.PersonRegistered {
	return events.PersonRegistered{PersonID: subject, Fund: "carsat-lr", Details: events.Clear(subject, events.Person{FamilyName: secret})}
}

// sealed is a fact as it stands in a ledger.
func (b bundle) sealed(t testing.TB, f events.Fact) ledger.Event {
	t.Helper()
	data, err := b.Codec(everything).Encode(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Event{Stream: f.Stream(), Name: events.Name(f), Data: data}
}

func read(t testing.TB, v *Vault, e ledger.Event) (events.PersonRegistered, error) {
	t.Helper()
	f, err := v.Codec(everything).Decode(t.Context(), e)
	if err != nil {
		return events.PersonRegistered{}, err
	}
	return f.(events.PersonRegistered), nil
}

func TestWhatIsSealedOpensInAnotherProcess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stored := b.sealed(t, registered(b.subject(t)))
	if strings.Contains(string(stored.Data), "Testine") {
		t.Fatal("the name stands in the event")
	}
	f, err := read(t, b.open(t), stored)
	if err != nil {
		t.Fatal(err)
	}
	if person, ok := f.Details.Value(); !ok || person.FamilyName != secret {
		t.Fatal(person, ok)
	}
}

func TestAServiceOpensOnlyWhatItMay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stored := b.sealed(t, registered(b.subject(t)))
	nothing := func(string) bool { return false }
	for _, mayOpen := range []func(string) bool{nil, nothing} {
		f, err := b.Codec(mayOpen).Decode(t.Context(), stored)
		if err != nil {
			t.Fatal(err)
		}
		d := f.(events.PersonRegistered).Details
		if _, readable := d.Value(); readable || d.Erased() || d.Box() == nil {
			t.Fatal("the details are not simply sealed")
		}
	}
}

func TestABoxPastedElsewhereDoesNotOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	subject, other := b.subject(t), b.subject(t)
	fact, err := events.Decode("detection.person-registered.v1", b.sealed(t, registered(subject)).Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	box := fact.(events.PersonRegistered).Details.Box()
	const name = "detection.person-registered.v1"
	for elsewhere, c := range map[string]struct{ subject, stream, name string }{
		"another subject": {other, "person:" + subject, name},
		"another stream":  {subject, "person:" + other, name},
		"another name":    {subject, "person:" + subject, "detection.person-registered.v2"},
	} {
		d := events.Shut[events.Person](c.subject, box)
		if err := b.Unseal(t.Context(), c.stream, c.name, &d); !errors.Is(err, ErrBox) {
			t.Errorf("%s: %v", elsewhere, err)
		}
		if _, readable := d.Value(); readable {
			t.Errorf("%s: the details opened", elsewhere)
		}
	}
	changed := append([]byte(nil), box...)
	changed[len(changed)-1] ^= 1
	for _, bad := range [][]byte{changed, box[:5], {}, append([]byte{9}, box[1:]...)} {
		d := events.Shut[events.Person](subject, bad)
		if err := b.Unseal(t.Context(), "person:"+subject, name, &d); !errors.Is(err, ErrBox) {
			t.Errorf("a changed box: %v", err)
		}
	}
	d := events.Shut[events.Person](subject, box)
	if err := b.Unseal(t.Context(), "person:"+subject, name, &d); err != nil {
		t.Fatal("where it belongs it does not open either:", err)
	}
}

func TestSwappedKeysDoNotUnwrap(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.subject(t), b.subject(t)
	stored := b.sealed(t, registered(one))
	b.exec(t, `update %s.key k set wrapped = o.wrapped from %[1]s.key o where k.subject = $1 and o.subject = $2`, one, two)
	if _, err := read(t, b.open(t), stored); !errors.Is(err, ErrWrapped) {
		t.Fatal(err)
	}
}

func TestAnotherKeyEncryptionKeyStopsTheStart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := Open(t.Context(), b.pool, Config{Schema: b.schema, KEK: make([]byte, KEKSize), Clock: b.clock})
	if !errors.Is(err, ErrWrongKEK) {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), b.pool, Config{Schema: b.schema, KEK: []byte("short"), Clock: b.clock}); err == nil {
		t.Fatal("a short key was taken")
	}
}

func TestAVaultThatIsNotProvisionedDoesNotOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := Open(t.Context(), b.pool, Config{Schema: testkit.Schema(t), KEK: b.kek, Clock: b.clock})
	if !errors.Is(err, ErrNotProvisioned) {
		t.Fatal(err)
	}
	b.exec(t, `update %s.info set version = 99`)
	_, err = Open(t.Context(), b.pool, Config{Schema: b.schema, KEK: b.kek, Clock: b.clock})
	if !errors.Is(err, ErrNotProvisioned) {
		t.Fatal("a newer vault opened:", err)
	}
}

func TestProvisionTwiceAndAtOnceIsHarmless(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stored := b.sealed(t, registered(b.subject(t)))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := Provision(t.Context(), b.pool, b.schema); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if _, err := read(t, b.open(t), stored); err != nil {
		t.Fatal(err)
	}
}

func TestThePageOfAReadModelTakesOneQuery(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var stored []ledger.Event
	var subjects []string
	for range 50 {
		subjects = append(subjects, b.subject(t))
		stored = append(stored, b.sealed(t, registered(subjects[len(subjects)-1])))
	}
	if err := b.Destroy(t.Context(), subjects[0]); err != nil {
		t.Fatal(err)
	}
	page := b.open(t)
	if err := page.Prefetch(t.Context(), append(subjects, "", "nobody")); err != nil {
		t.Fatal(err)
	}
	b.exec(t, `drop table %s.key`) // a further query would fail
	wantErased(t, page, stored[0])
	for _, e := range stored[1:] {
		if f, err := read(t, page, e); err != nil || f.Details.Erased() {
			t.Fatal(err)
		}
	}
	if err := page.Prefetch(t.Context(), subjects); err != nil {
		t.Fatal("what is there was asked for again:", err)
	}
}

func TestANameIsInNoTableAndNoDump(t *testing.T) {
	t.Parallel()
	b := setup(t)
	subject := b.subject(t)
	stored := b.sealed(t, registered(subject))
	b.exec(t, `create table %s.event (data bytea)`)
	b.exec(t, `insert into %s.event values ($1)`, stored.Data)
	if _, err := read(t, b.Vault, stored); err != nil {
		t.Fatal(err)
	}
	bin, err := postgres.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	dump, err := exec.CommandContext(t.Context(), filepath.Join(bin, "pg_dump"), "--inserts", "--schema", b.schema, testkit.Postgres(t).URL()).Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(dump), subject) {
		t.Fatal("the dump is not the one of this vault")
	}
	for _, form := range []string{secret, "Testine", fmt.Sprintf("%x", "Testine")} {
		if strings.Contains(string(dump), form) {
			t.Fatalf("the dump holds %q", form)
		}
		if strings.Contains(b.log.String(), form) {
			t.Fatalf("the log holds %q", form)
		}
	}
}

func TestErrorsNameTheSubjectAndNeverTheDetails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.open(t).Codec(everything).Encode(cancelled, registered("nobody"))
	if err == nil || strings.Contains(err.Error(), "Testine") || !strings.Contains(err.Error(), "nobody") {
		t.Fatal(err)
	}
}

func (b bundle) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := b.pool.Exec(t.Context(), fmt.Sprintf(sql, pgx.Identifier{b.schema}.Sanitize()), args...); err != nil {
		t.Fatal(err)
	}
}
