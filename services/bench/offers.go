package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections"
	"example.org/passerelle/services/reference/communes"
)

const (
	offeredSessions = 20_000
	offeredPlaces   = 19_000
	askedFor        = 50 // people
	mostOffers      = 10 * time.Millisecond
	offersControl   = "offers_bench"
)

// offers measures GET /flags/{id}/offers among 20,000 sessions and 19,000 places, in turn for people who live and need
// different things: the flag, its sheet and its person are read and opened, and the answer is written.
func offers(ctx context.Context, url string, c course) ([]row, error) {
	pool, err := warmPool(ctx, url, 4)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	projector, err := filledBoard(ctx, pool)
	if err != nil {
		return nil, err
	}
	v, err := peopleInNeed(ctx, pool)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	server, err := web.New(web.Config{Document: openapi.Document(), Tokens: anybody{}, Secret: []byte("a secret of the bench"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	service := projections.New(projections.Config{Pool: pool, Projector: projector, Vault: v, Clock: clock.System{}, Directory: sample.Directory, Observatory: still{}})
	if err := server.Mount("projections", service.Handler(), nil); err != nil {
		return nil, err
	}
	began := time.Now()
	for offersTo(server)(ctx, 0, 0) != nil { // a busy machine takes longer than a request may
		if time.Since(began) > time.Minute {
			return nil, errors.New("offers: the first answer takes more than a minute")
		}
	}
	rows := []row{{"offers, 20,000 sessions and 19,000 places: first answer, all are read", "s", fmt.Sprintf("%.1f", time.Since(began).Seconds()), "", true}}
	c.writers, c.slices = 1, 1
	figures, err := race(ctx, c, contestant{"offers", offersTo(server)})
	if err != nil {
		return nil, err
	}
	return append(rows, quick("offers, 20,000 sessions and 19,000 places", figures[0], mostOffers)), nil
}

func offersTo(server http.Handler) func(context.Context, int, int) error {
	return func(ctx context.Context, _, n int) error {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("/api/v1/flags/flag-%d/offers", n%askedFor), nil)
		r.Header.Set("Authorization", "Bearer advisor-34")
		w := httptest.NewRecorder()
		if server.ServeHTTP(w, r); w.Code != http.StatusOK {
			return errors.New(w.Body.String())
		}
		return nil
	}
}

// filledBoard is a board that nobody writes to: its tables are there and it is served, as after a rebuild.
func filledBoard(ctx context.Context, pool *pgxpool.Pool) (*projection.Projector, error) {
	if err := projection.Provision(ctx, pool, offersControl); err != nil {
		return nil, err
	}
	if err := engine.ProvisionReader(ctx, pool, offersControl); err != nil {
		return nil, err
	}
	board := projections.Board()
	hash := sha256.Sum256([]byte(board.Tables))
	quoted := pgx.Identifier{board.Name + "_1"}.Sanitize()
	if _, err := pool.Exec(ctx, "create schema "+quoted+"; set search_path = "+quoted+"; "+board.Tables+"; reset search_path"); err != nil {
		return nil, err
	}
	_, err := pool.Exec(ctx, `with served as (insert into `+offersControl+`.projection values ($1, 1))
insert into `+offersControl+`.generation values ($1, 1, $2, $3, 'whole')`, board.Name, hex.EncodeToString(hash[:8]), board.Version)
	if err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx, `insert into `+offersControl+`.checkpoint (projection, generation, service, sequence, event_id) values ($1, 1, 'workshop', 39000, '')`, board.Name)
	if err != nil {
		return nil, err
	}
	if err := fillOffered(ctx, pool, board.Name+"_1"); err != nil {
		return nil, err
	}
	return projection.New(projection.Config{Projection: board, Pool: pool, Control: offersControl, Sources: make([]feed.Source, len(board.Services))})
}

func fillOffered(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	region := around("34", "30", "11", "48", "66")
	columns := []string{"id", "provider_id", "status", "mode", "insee", "skills", "languages", "capacity", "first_at", "last_at", "plan", "version", "renewed_at", "change"}
	_, err := pool.CopyFrom(ctx, pgx.Identifier{schema, "session"}, columns, pgx.CopyFromSlice(offeredSessions, func(n int) ([]any, error) {
		s := someSession(n, region[n%len(region)].Insee)
		plan, err := json.Marshal(s)
		return []any{s.SessionID, s.ProviderID, "open", s.Mode, s.Insee, s.Skills, s.Languages, s.Capacity, s.Meetings[0].StartsAt, s.Meetings[0].EndsAt, plan, 1, time.Now(), n + 1}, err
	}))
	if err != nil {
		return err
	}
	country := around("34", "30", "11", "48", "66", "12", "13", "31", "81", "84", "58", "21", "75", "69")
	columns = []string{"id", "fund", "name", "insee", "department", "lat", "lon", "services", "publics", "care", "support", "score", "missing", "sheet", "fact", "change", "version"}
	_, err = pool.CopyFrom(ctx, pgx.Identifier{schema, "place"}, columns, pgx.CopyFromSlice(offeredPlaces, func(n int) ([]any, error) {
		p := somePlace(n, country[n%len(country)])
		sheet, err := json.Marshal(p)
		none := []string{}
		return []any{
			fmt.Sprintf("place-%05d", n), "carsat-lr", p.Name, p.Insee, p.Department, p.Lat, p.Lon, p.Services, none, p.Care, p.Support, 50, none, sheet, "", offeredSessions + n + 1, 1,
		}, err
	}))
	return err
}

func around(departments ...string) (list []communes.Commune) {
	for _, d := range departments {
		list = append(list, communes.In(d)...)
	}
	return list
}

func someSession(n int, insee string) events.SessionPlanned {
	pick := func(every int, list ...string) string { return list[n/every%len(list)] }
	first := time.Now().AddDate(0, 0, 3+n%90).UTC()
	return events.SessionPlanned{
		SessionID: fmt.Sprintf("session-%05d", n), ProviderID: pick(1, "provider-a", "provider-b"), Title: "Premiers pas sur internet", Mode: pick(3, "in_person", "in_person", "hybrid", "video"),
		Skills: []string{pick(2, "internet", "email", "procedures"), "security"}, Insee: insee, Place: "Salle Exemple", Capacity: n % 9, Minimum: 1,
		Meetings: []events.Meeting{{StartsAt: first, EndsAt: first.Add(2 * time.Hour)}}, Languages: []string{"fr", pick(5, "ar", "en", "fr")}, Accessible: n%3 > 0,
		LendsEquipment: n%2 == 0, Transport: pick(7, "none", "pick_up", "public"), Level: pick(4, "beginner", "intermediate", "advanced"), Booking: "on_request",
		RegistrationClosesAt: first.AddDate(0, 0, -2), Audience: events.Audience{AgeMinimum: n % 2 * 60}, Status: "open",
	}
}

func somePlace(n int, c communes.Commune) events.PlaceSheet {
	pick := func(every int, list ...string) []string { return []string{list[n/every%len(list)]} }
	return events.PlaceSheet{
		Name: fmt.Sprintf("Lieu Exemple %d", n), Insee: c.Insee, Department: c.Department, Street: "1 rue Imaginaire", Lat: c.Lat, Lon: c.Lon, Precision: "place",
		Hours: pick(1, "Mo-Fr 09:00-12:00,14:00-17:00; PH off", "Tu,Th 14:00-18:00", "sur rendez-vous")[0], Roaming: pick(9, "Fixe", "Itinérant"),
		Services: pick(2, "Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien", "Accès internet et matériel informatique"),
		Care:     pick(4, "Illettrisme", "Handicaps moteurs", "Langues étrangères (autres)"), Costs: pick(8, "Gratuit", "Payant"),
		Support: pick(3, "Dans un atelier collectif", "Accompagnement individuel", "À distance"),
	}
}

// peopleInNeed have flags at one desk, each with a key of its own.
func peopleInNeed(ctx context.Context, pool *pgxpool.Pool) (*vault.Vault, error) {
	if err := vault.Provision(ctx, pool, "offers_vault"); err != nil {
		return nil, err
	}
	v, err := vault.Open(ctx, pool, vault.Config{Schema: "offers_vault", KEK: make([]byte, vault.KEKSize), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Stock: 10})
	if err != nil {
		return nil, err
	}
	homes := around("34", "30")
	for n := range askedFor {
		if err := putInNeed(ctx, pool, v, n, homes[n*7%len(homes)].Insee); err != nil {
			return nil, err
		}
	}
	_, err = pool.Exec(ctx, "analyze")
	return v, err
}

func putInNeed(ctx context.Context, pool *pgxpool.Pool, v *vault.Vault, n int, insee string) error {
	key, err := v.Mint(ctx)
	if err != nil {
		return err
	}
	person, err := boxOf(ctx, v, events.PersonRegistered{PersonID: key, Fund: "carsat-lr", Details: events.Clear(key, events.Person{
		GivenName: "Zélie", FamilyName: "Exemple", BirthDate: fmt.Sprint(1935 + n), Address: &events.Address{Insee: insee, Postcode: "34000"},
	})})
	if err != nil {
		return err
	}
	flag := fmt.Sprintf("flag-%d", n)
	sheet, err := boxOf(ctx, v, events.SeniorFlagged{FlagID: flag, PersonID: key, Details: events.Clear(key, someSheet(n))})
	if err != nil {
		return err
	}
	schema := projections.Board().Name + "_1"
	_, err = pool.Exec(ctx, engine.In(schema, `insert into model.person (id, fund, root, box, fact, version) values ($1, 'carsat-lr', $1, $2, $3, 1)`),
		key, person, events.Name(events.PersonRegistered{}))
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, engine.In(schema, `
insert into model.flag (id, reference, person_id, fund, programme, desk, department, channel, finding_date, status, help, may_refer, author, submitted_at, unreviewed, subject, box, fact, version)
values ($1, $1, $2, 'carsat-lr', 'reperage-lr', 'montpellier', '34', 'agency', '2026-11-15', 'validated', 'to_refer', true, 'advisor-34', now(), false, $2, $3, $4, 1)`),
		flag, key, sheet, events.Name(events.SeniorFlagged{}))
	return err
}

func someSheet(n int) events.Sheet {
	yes, no := true, false
	s := events.Sheet{Answers: events.Answers{Institution: "caf", NetworkCoverage: &yes, Equipment: &no}, Needs: events.Needs{Availability: []string{"tue_am"}}}
	switch n % 5 {
	case 0:
		s.Answers.NetworkCoverage, s.Needs.Deadline = &no, inDays(30)
	case 1:
		s.Answers.TrainingNeed, s.Needs.Skills = &yes, []string{"internet", "email"}
	case 2:
		s.Answers.Difficulty, s.Answers.DifficultyReason = &yes, "language"
	case 3:
		s.Needs.Access, s.Needs.Travel = []string{"wheelchair"}, "near"
	}
	return s
}

func inDays(days int) string { return time.Now().AddDate(0, 0, days).Format(time.DateOnly) }

// boxOf is what a fact seals, as a projector would keep it.
func boxOf(ctx context.Context, v *vault.Vault, fact events.Fact) ([]byte, error) {
	data, err := v.Codec(nil).Encode(ctx, fact)
	if err != nil {
		return nil, err
	}
	shut, err := events.Decode(events.Name(fact), data, nil)
	if err != nil {
		return nil, err
	}
	switch f := shut.(type) {
	case events.PersonRegistered:
		return f.Details.Box(), nil
	case events.SeniorFlagged:
		return f.Details.Box(), nil
	}
	return nil, fmt.Errorf("%T seals nothing", fact)
}
