package main

import (
	"context"
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
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections"
	"example.org/passerelle/services/reference"
)

const (
	situations    = 100_000
	mostNow       = 20 * time.Millisecond // at the 99th percentile
	mostAsOf      = 200 * time.Millisecond
	observedIn    = "observatory_bench"
	benchCampaign = "accompagnement-bfc.2021-11"
)

// observatory measures GET /observatory on 100,000 observations that are still sealed, with filters and groups of every kind;
// and, beside it, the same counts in SQL on a table where the answers would lie in clear.
func observatory(ctx context.Context, url string, c course) ([]row, error) {
	pool, err := warmPool(ctx, url, 4)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	v, err := filledObservatory(ctx, pool)
	if err != nil {
		return nil, err
	}
	defer v.Close()
	server, err := web.New(web.Config{Document: openapi.Document(), Tokens: anybody{}, Secret: []byte("a secret of the bench"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	service := projections.New(projections.Config{Pool: pool, Vault: v, Clock: clock.System{}, Directory: sample.Directory, Observatory: still{}})
	if err := server.Mount("projections", service.Handler(), nil); err != nil {
		return nil, err
	}
	rows, err := afterStart(ctx, service, figuresOf(server, ""))
	if err != nil {
		return nil, err
	}
	c.writers, c.slices = 1, 1
	figures, err := race(ctx, c, contestant{"now", figuresOf(server, "")}, contestant{"as of", figuresOf(server, "as_of=2021-12-20&")}, contestant{"sql", inSQL(pool)})
	if err != nil {
		return nil, err
	}
	return append(rows, quick("observatory, 100,000 situations", figures[0], mostNow), quick("observatory, 100,000 situations, as of a day", figures[1], mostAsOf),
		quick("the same counts in SQL, in clear", figures[2], 0)), nil
}

// afterStart is what a process does before it says that it is ready, and the first answer that anybody gets.
func afterStart(ctx context.Context, service *projections.Service, ask func(context.Context, int, int) error) ([]row, error) {
	began := time.Now()
	if err := service.Warm(ctx); err != nil {
		return nil, err
	}
	ready := time.Now()
	if err := ask(ctx, 0, 0); err != nil {
		return nil, err
	}
	first := time.Since(ready)
	return []row{
		{"observatory, 100,000 situations: all are opened before a process is ready", "s", fmt.Sprintf("%.1f", ready.Sub(began).Seconds()), "", true},
		{"observatory, 100,000 situations: first answer after a start", "ms", fmt.Sprintf("%.1f", first.Seconds()*1000), fmt.Sprintf("≤ %d", mostNow.Milliseconds()), first <= mostNow},
	}, nil
}

func quick(name string, f figures, most time.Duration) row {
	r := row{name + ": p99", "ms", fmt.Sprintf("%.1f", f.p99.Seconds()*1000), "", true}
	if most > 0 {
		r.target, r.ok = fmt.Sprintf("≤ %d", most.Milliseconds()), f.p99 <= most
	}
	return r
}

// still are tables that nobody writes to.
type still struct{}

func (still) Serving(context.Context) (string, error) { return observedIn, nil }

func (still) At(string) string { return `'{"detection": 100000}'::jsonb` }

var benchFilters = []string{
	"", "by=unit", "by=month&from=2021-01-01&to=2021-12-31", "by=institution&department=58", "by=age_band&channel=social_service", "unit=nievre",
	"context=lockdown", "programme=accompagnement-bfc&by=department", "department=58&unit=nievre&channel=social_service&context=confinement&from=2021-03-01&to=2021-10-15&by=age_band",
}

func figuresOf(server http.Handler, more string) func(context.Context, int, int) error {
	return func(ctx context.Context, _, n int) error {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/observatory?"+more+benchFilters[n%len(benchFilters)], nil)
		r.Header.Set("Authorization", "Bearer analyst-bfc")
		w := httptest.NewRecorder()
		if server.ServeHTTP(w, r); w.Code != http.StatusOK {
			return errors.New(w.Body.String())
		}
		return nil
	}
}

// filledObservatory has twenty units, and each observation sealed as a projector would keep it.
func filledObservatory(ctx context.Context, pool *pgxpool.Pool) (*vault.Vault, error) {
	const control = "observatory_control" // of the role that the tables are granted to
	if err := errors.Join(projection.Provision(ctx, pool, control), engine.ProvisionReader(ctx, pool, control)); err != nil {
		return nil, err
	}
	quoted := pgx.Identifier{observedIn}.Sanitize()
	setUp := "create schema " + quoted + "; set search_path = " + quoted + "; " + projections.Observatory().Tables + "; create table clear (is_ jsonb not null, day text not null); reset search_path"
	if _, err := pool.Exec(ctx, setUp); err != nil {
		return nil, err
	}
	if err := vault.Provision(ctx, pool, "observatory_vault"); err != nil {
		return nil, err
	}
	v, err := vault.Open(ctx, pool, vault.Config{Schema: "observatory_vault", KEK: make([]byte, vault.KEKSize), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Stock: 10})
	if err != nil {
		return nil, err
	}
	key, err := v.Mint(ctx)
	if err != nil {
		return nil, err
	}
	_, err = pool.CopyFrom(ctx, pgx.Identifier{observedIn, "observation"}, []string{"id", "told", "campaign_id", "fund", "known_from", "subject", "fact", "box", "change"},
		pgx.CopyFromSlice(situations, func(n int) ([]any, error) {
			o := someSituation(n)
			told := events.ObservationTold{ObservationID: fmt.Sprintf("%032x", n), CampaignID: benchCampaign, Fund: "carsat-bfc", Details: events.Clear(key, o)}
			data, err := v.Codec(nil).Encode(ctx, told)
			if err != nil {
				return nil, err
			}
			shut, err := events.Decode(events.Name(told), data, nil)
			if err != nil {
				return nil, err
			}
			box := shut.(events.ObservationTold).Details.Box()
			return []any{told.ObservationID, n + 1, told.CampaignID, told.Fund, fmt.Sprintf("2021-12-%02d", 1+n%28), key, events.Name(told), box, n + 1}, nil
		}))
	if err != nil {
		return nil, err
	}
	_, err = pool.CopyFrom(ctx, pgx.Identifier{observedIn, "clear"}, []string{"is_", "day"}, pgx.CopyFromSlice(situations, func(n int) ([]any, error) {
		o := someSituation(n)
		data, err := json.Marshal(o.Observation)
		return []any{data, o.Day}, err
	}))
	if err == nil {
		_, err = pool.Exec(ctx, "analyze")
	}
	return v, err
}

// someSituation answers everything, so that there is something to count.
func someSituation(n int) events.Observed {
	age, yes, no := 40+n%50, true, false
	answer := func(every int) *bool {
		if n%every == 0 {
			return &yes
		}
		return &no
	}
	pick := func(list ...string) string { return list[n/7%len(list)] }
	o := events.Observation{
		Programme: "accompagnement-bfc", Month: fmt.Sprintf("2021-%02d", 1+n%12), Desk: fmt.Sprintf("unit-%02d", n%20), Department: pick("21", "25", "39", "58", "70", "71", "89", "90"),
		Channel: pick("social_service", "agency"), Age: &age, Sex: pick("F", "M"), Institution: pick("caf", "cpam", "mdph", "impots", "multiple"), First: pick("", "caf"),
		NetworkCoverage: answer(2), Equipment: answer(3), Difficulty: answer(1), TrainingNeed: answer(4), SickLeave: answer(5), RightsAtRisk: answer(6), HelpPlace: []string{pick("yes", "no")},
		DifficultyReason: pick("health", "appropriation"), FamilySituation: pick("single", "couple"), Occupation: pick("employed", "retired"), Keywords: []string{"difficulté", pick("service", "langue")},
		WordList: reference.WordListVersion,
	}
	if n%10 == 0 {
		o.Desk, o.Context = "nievre", []string{"confinement"}
	}
	if n%3 == 0 {
		o.EquipmentKinds = []string{"computer", "mobile"}
	} else {
		o.FinancialProblem = answer(2)
	}
	return events.Observed{Day: fmt.Sprintf("%s-%02d", o.Month, 1+n%28), Observation: o}
}

// inSQL counts a dozen of the seventy measures, with the same filters in turn.
func inSQL(pool *pgxpool.Pool) func(context.Context, int, int) error {
	keys := []string{"''", "is_->>'desk'", "is_->>'month'", "is_->>'institution'", "is_->>'channel'"}
	return func(ctx context.Context, _, n int) error {
		rows, err := pool.Query(ctx, engine.In(observedIn, `
select `+keys[n%len(keys)]+` as key, count(*), count(*) filter (where is_->>'sex' = 'F'), count(*) filter (where is_->>'sex' = 'M'), count(is_->'age'),
  count(*) filter (where (is_->>'age')::int < 46), count(*) filter (where is_->>'institution' = 'caf'), count(*) filter (where is_->>'institution' = 'cpam'),
  count(*) filter (where is_->>'network_coverage' = 'false'), count(*) filter (where is_->>'equipment' = 'true'), count(*) filter (where is_->'equipment_kinds' ? 'computer'),
  count(*) filter (where is_->>'difficulty' = 'true'), count(*) filter (where is_->>'training_need' = 'true')
from model.clear group by 1`))
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		return rows.Err()
	}
}
