package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/web"
)

// accesses measures what it costs that every look at somebody is logged before the answer leaves.
func accesses(ctx context.Context, url string, c course) ([]row, error) {
	pool, err := warmPool(ctx, url, 16)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	config := accesslog.Config{Schema: "accesses", Key: []byte("a key of the bench")}
	if err := accesslog.Provision(ctx, pool, config.Schema); err != nil {
		return nil, err
	}
	log := accesslog.Open(pool, config, "projections")
	defer func() { _ = log.Close(ctx) }()
	rows, err := logAlone(ctx, log, c)
	if err != nil {
		return nil, err
	}
	for _, clients := range []int{1, 16} {
		more, err := looks(ctx, pool, log, clients, c)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	_, err = accesslog.NewArchive(pool, config).Verify(ctx)
	return rows, err
}

// logAlone is the log without anything around it.
func logAlone(ctx context.Context, log *accesslog.Log, c course) (rows []row, err error) {
	for _, writers := range []int{1, 64} {
		c.writers, c.slices = writers, 1
		figures, err := race(ctx, c, contestant{"log", func(ctx context.Context, _, _ int) error {
			return log.Write(ctx, accesslog.Entry{
				Actor: "advisor-34", Role: "advisor", Fund: "carsat-lr", Purpose: "follow-up", Action: accesslog.Read, What: "getFlag",
				Resource: "flag:" + uuid.NewString(), Subjects: []string{uuid.NewString()}, RequestID: uuid.NewString(),
			})
		}})
		if err != nil {
			return nil, err
		}
		rows = append(rows, shown(fmt.Sprintf("access log, %d writers", writers), figures[0]))
	}
	return rows, nil
}

// looks is the way of one GET through the edge to a row and back, with the log and without.
func looks(ctx context.Context, pool *pgxpool.Pool, log *accesslog.Log, clients int, c course) ([]row, error) {
	with, err := looking(pool, log.Write)
	if err != nil {
		return nil, err
	}
	without, err := looking(pool, nil)
	if err != nil {
		return nil, err
	}
	c.writers, c.slices = clients, slicesFor(clients)
	figures, err := race(ctx, c, contestant{"with", with}, contestant{"without", without})
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("GET of a flag, %d clients", clients)
	return []row{shown(name+": not logged", figures[1]), shown(name+": logged", figures[0])}, nil
}

func looking(pool *pgxpool.Pool, access func(context.Context, ...accesslog.Entry) error) (func(context.Context, int, int) error, error) {
	server, err := web.New(web.Config{
		Document: openapi.Document(), Tokens: anybody{}, Secret: []byte("a secret of the bench"), Access: access, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, err
	}
	if err := server.Mount("projections", oneRow(pool), nil); err != nil {
		return nil, err
	}
	return func(ctx context.Context, _, _ int) error {
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/flags/"+uuid.NewString(), nil)
		r.Header.Set("Authorization", "Bearer advisor-34")
		w := httptest.NewRecorder()
		if server.ServeHTTP(w, r); w.Code != http.StatusOK {
			return errors.New(w.Body.String())
		}
		return nil
	}, nil
}

type anybody struct{}

func (anybody) Verify(_ context.Context, token string) (string, error) { return token, nil }

// oneRow answers with something from the database, as every page does.
func oneRow(pool *pgxpool.Pool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var text string
		if err := pool.QueryRow(r.Context(), "select repeat('x', 2000)").Scan(&text); err != nil {
			web.WriteError(w, r, err)
			return
		}
		web.Concerns(r.Context(), uuid.NewString())
		_, _ = io.WriteString(w, text)
	})
}
