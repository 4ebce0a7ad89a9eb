package projections

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	openapi "example.org/passerelle/api/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/pkg/web"
)

// house is the service behind the real edge, on real streams and tables.
type house struct {
	*world

	t           testing.TB
	ctx         context.Context
	tellers     map[string]*feedtest.Teller
	projector   *projection.Projector
	people      *projection.Projector
	dossier     *projection.Projector
	money       *projection.Projector
	observatory *projection.Projector
	told        Told
	vault       *vault.Vault
	codec       *vault.Codec
	clock       *clock.Manual
	pool        *pgxpool.Pool
	keys        string // schema of the vault
	server      *web.Server
	access      func(context.Context, ...accesslog.Entry) error // nil: nothing is logged
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, ctx: feedtest.Context(t), world: newWorld(), tellers: map[string]*feedtest.Teller{}, clock: clock.At(noon)}
	prefix := testkit.Prefix(t)
	for _, service := range append(Services(), "funding") {
		h.tellers[service] = feedtest.With(t, prefix, service)
	}
	h.provision(prefix)
	h.mount(h.config())
	return h
}

// config is that of the service on the house's read models.
func (h *house) config() Config {
	return Config{Pool: counted(h.t), Projector: h.projector, People: h.people, Dossier: h.dossier, Money: h.money, Observatory: h.observatory, Told: h.told, Vault: h.vault, Clock: h.clock, Secret: []byte("published test secret"), Directory: sample.Directory}
}

// mount serves behind the real edge, which compares every answer with the document.
func (h *house) mount(c Config) {
	h.t.Helper()
	_, measured := h.t.(*testing.B)
	server, err := web.New(web.Config{
		Document: openapi.Document(), Tokens: tokens{}, Secret: []byte("a secret of this test"), Log: slog.New(slog.DiscardHandler), CheckAnswers: !measured,
		Access: h.access, Actor: roleAndFund,
	})
	h.must(err)
	h.must(server.Mount("projections", New(c).Handler(), &web.Heard{Services: Services(), Waiter: h}))
	h.server = server
}

// forgetKey loses a key, as no one should.
func (h *house) forgetKey(subject string) {
	h.t.Helper()
	tag, err := h.pool.Exec(h.ctx, `delete from `+h.keys+`.key where subject = $1`, subject)
	h.must(err)
	if tag.RowsAffected() != 1 {
		h.t.Fatal("no such key")
	}
	h.clock.Set(h.clock.Now().Add(time.Minute)) // longer than keys are remembered
}

func (h *house) provision(prefix string) {
	h.t.Helper()
	control := testkit.Schema(h.t)
	h.pool, h.keys = testkit.Pool(h.t), control+"_vault"
	pool := h.pool
	h.must(projection.Provision(h.ctx, pool, control))
	h.must(engine.ProvisionReader(h.ctx, pool, control))
	h.must(vault.Provision(h.ctx, pool, h.keys))
	kek := make([]byte, vault.KEKSize)
	_, _ = rand.Read(kek)
	var err error
	h.vault, err = vault.Open(h.ctx, counted(h.t), vault.Config{Schema: h.keys, KEK: kek, Clock: h.clock, Log: slog.New(slog.DiscardHandler), Stock: 100})
	h.must(err)
	h.t.Cleanup(h.vault.Close)
	h.codec = h.vault.Codec(nil)
	h.projector = h.project(prefix, control, Board())
	h.people = h.project(prefix, control, People(h.vault, h.config().Secret))
	h.dossier = h.project(prefix, control, Dossier())
	h.money = h.project(prefix, control, Money())
	h.observatory = h.project(prefix, control, Observatory())
	h.told = (&engine.Engine{JS: h.tellers["detection"].Source.JS, Prefix: prefix}).Told
}

// project keeps a read model until the test ends.
func (h *house) project(prefix, control string, p projection.Projection) *projection.Projector {
	h.t.Helper()
	p.Name = prefix + p.Name
	var sources []feed.Source
	for _, service := range p.Services {
		sources = append(sources, h.tellers[service].Source)
	}
	projector, err := projection.New(projection.Config{
		Projection: p, Pool: h.pool, Control: control, Sources: sources, Owner: "test", Hub: feed.NewHub(), Log: slog.New(slog.DiscardHandler),
	})
	h.must(err)
	ctx, cancel := context.WithCancel(h.ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = projector.Run(ctx) }()
	h.t.Cleanup(func() { cancel(); <-ended })
	h.until("served", func() bool { // the first generation tells nobody that it is there
		_, err := projector.Serving(h.ctx)
		return err == nil
	})
	return projector
}

// until looks again and again for what nothing tells.
func (h *house) until(what string, is func() bool) {
	h.t.Helper()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !is() {
		select {
		case <-again.C:
		case <-h.ctx.Done():
			h.t.Fatal("never ", what)
		}
	}
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// hear tells facts, each service its own as one append, and waits until the board has heard them.
func (h *house) hear(facts ...events.Fact) {
	h.t.Helper()
	appends, order := map[string][]events.Fact{}, []string{}
	for _, f := range facts {
		service := events.Service(events.Name(f))
		if appends[service] == nil {
			order = append(order, service)
		}
		appends[service] = append(appends[service], h.sealed(f))
	}
	for _, service := range order {
		for part := appends[service]; len(part) > 0; part = part[min(100, len(part)):] {
			h.tellers[service].Tell(part[:min(100, len(part))]...)
		}
		h.must(h.hub(service).Wait(h.ctx, service, h.End(service)))
	}
	h.now = h.now.Add(1e9)
}

// hub says how far the read model has heard that a service is for.
func (h *house) hub(service string) *feed.Hub {
	if service == "funding" {
		return h.money.Hub
	}
	return h.projector.Hub
}

// sealed is the fact as the ledger keeps it.
func (h *house) sealed(f events.Fact) events.Fact {
	h.t.Helper()
	data, err := h.codec.Encode(h.ctx, f)
	h.must(err)
	shut, err := events.Decode(events.Name(f), data, nil)
	h.must(err)
	return shut
}

// person is somebody new with a key, and what they are called.
func (h *house) person(family string) (id string, details events.Sealed[events.Person]) {
	h.t.Helper()
	id, err := h.vault.Mint(h.ctx)
	h.must(err)
	return id, events.Clear(id, events.Person{
		GivenName: "Zélie", FamilyName: family, BirthDate: "1950-02", Sex: "F", Phone: "+33465713400",
		Address: &events.Address{Street: "1 rue Exemple", Postcode: "34000", Insee: "34172"},
	})
}

// senior is a flag of a new person, told.
func (h *house) senior(id, family, desk, author string) events.SeniorFlagged {
	h.t.Helper()
	person, details := h.person(family)
	r := h.registered(person)
	r.Details = details
	yes, no := true, false
	f := h.flagged(id, person, desk, author)
	f.Details = events.Clear(person, events.Sheet{
		Helper: &events.Helper{Name: "Anselme Exemplaire", Relation: "child"}, Consents: events.Consents{Study: &yes, Referral: &yes, Given: "oral"},
		Answers: events.Answers{Institution: "carsat_retraite", Equipment: &no, Description: "N'a jamais ouvert sa messagerie inventée"},
		Needs:   events.Needs{Availability: []string{"tue_am"}}, Hints: []string{"help_place"},
	})
	h.hear(r, f)
	return f
}

// Wait and End are what the edge knows of the streams.
func (h *house) Wait(ctx context.Context, service string, position int64) error {
	return h.projector.Hub.Wait(ctx, service, position)
}

func (h *house) End(service string) int64 { return int64(len(h.tellers[service].Told())) }

// get asks as an account and gives status and headers. A body that the document does not describe is a 500.
func (h *house) get(account, path string, into any) *http.Response {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.ctx, http.MethodGet, "/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+account)
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	if into != nil && w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			h.t.Fatalf("%s: %v", path, err)
		}
	}
	if w.Code == http.StatusInternalServerError {
		h.t.Logf("%s as %s: %s", path, account, w.Body)
	}
	return w.Result()
}

// see is get where the answer has to be 200.
func see[T any](h *house, account, path string) (body T) {
	h.t.Helper()
	if answer := h.get(account, path, &body); answer.StatusCode != http.StatusOK {
		h.t.Fatalf("GET %s as %s: %d", path, account, answer.StatusCode)
	}
	return body
}

// tokens are the names of accounts.
type tokens struct{}

func (tokens) Verify(_ context.Context, token string) (string, error) {
	if _, ok := sample.Find(token); !ok && token != "nobody" && !strings.HasPrefix(token, "drawn-") {
		return "", errors.New("unknown")
	}
	return token, nil
}

// counted is a pool that counts the queries of each request in the counter of its context.
func counted(t testing.TB) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.Tracer = tracer{}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

type tracer struct{}

func (tracer) TraceBatchStart(ctx context.Context, c *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return tracer{}.TraceQueryStart(ctx, c, pgx.TraceQueryStartData{}) // one round trip
}

func (tracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (tracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

type counterKey struct{}

func (tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	return ctx
}

func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// queries is how many queries asking takes.
func (h *house) queries(ask func()) int64 {
	var n atomic.Int64
	before := h.ctx
	h.ctx = context.WithValue(before, counterKey{}, &n)
	ask()
	h.ctx = before
	return n.Load()
}

// accounts are those of the demonstration.
func accounts() []directory.Account { return sample.Directory().Accounts(sample.Day) }
