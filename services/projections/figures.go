package projections

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// cohort is what was found in the period, and what has become of it.
const cohort = "cohort"

// period is from one day to another, both in it.
type period struct{ from, to string }

const longestPeriod = 10 // years

// periodOf completes a period: a year, if nothing is said.
func periodOf(from, to *string, now time.Time) (period, error) {
	year := now.In(reference.Paris).Format("2006")
	p := period{the(from), the(to)}
	if p.to == "" {
		p.to = max(year, p.from[:min(4, len(p.from))]) + "-12-31"
	}
	if p.from == "" {
		p.from = p.to[:4] + "-01-01"
	}
	var faults refusal.Faults
	if p.to < p.from {
		faults = append(faults, refusal.Fault{Field: "to", Code: "before_from", Detail: "The period ends before it begins. Exchange the two days."})
	} else if p.day(p.to).After(p.day(p.from).AddDate(longestPeriod, 0, 0)) {
		faults = append(faults, refusal.Fault{Field: "from", Code: "period_too_long", Detail: "Ask for ten years at most."})
	}
	return p, faults.OrNil()
}

// day begins in Paris. The edge has seen that it is one.
func (p period) day(text string) time.Time {
	day, _ := time.ParseInLocation(time.DateOnly, text, reference.Paris)
	return day
}

// months are those the period touches.
func (p period) months() []string {
	list := []string{}
	for month := p.from[:7]; month <= p.to[:7]; {
		list = append(list, month)
		month = p.day(month+"-01").AddDate(0, 1, 0).Format("2006-01")
	}
	return list
}

// tally is rows of counts, and how far the services were heard that they come from.
type tally[T any] struct {
	Rows []T            `json:"rows"`
	At   rest.Positions `json:"at"`
}

// counting runs a statement: count, or what a test puts in its place.
type counting[T any] func(ctx context.Context, s *Service, sql string, args []any) (tally[T], error)

// count runs a statement on the served tables.
func count[T any](ctx context.Context, s *Service, sql string, args []any) (c tally[T], err error) {
	schema, err := s.Projector.Serving(ctx)
	if err != nil {
		return c, engine.Away(err)
	}
	c, err = countIn[T](ctx, s.Pool, schema, s.Projector.At(schema), sql, args)
	return c, engine.Away(err)
}

// countIn sorts and hashes in more memory than a page may take: a year of a fund fits.
func countIn[T any](ctx context.Context, pool *pgxpool.Pool, schema, at, sql string, args []any) (c tally[T], err error) {
	list, err := engine.ReadAs[tally[T]](ctx, pool, sightOf(ctx), map[string]string{"work_mem": "32MB"},
		engine.In(schema, `select `+at+` as at, (select coalesce(jsonb_agg(tally), '[]') from (`+sql+`) tally) as rows`), args...)
	if err != nil {
		return c, err
	}
	return list[0], nil // an aggregate is one row
}

// entitled is which rows may be counted for the caller: what one of the roles gives is enough. It is empty where none does.
func (s *Service) entitled(f *filter, a directory.Account, action policy.Action, c columns) string {
	var any []string
	for _, r := range s.reachesOf(c, a, action) {
		any = append(any, f.put(r.column, r.values))
	}
	return either(any)
}

// either is that one of the conditions holds; empty where there are none.
func either(conditions []string) string {
	if len(conditions) < 2 {
		return strings.Join(conditions, "")
	}
	return "(" + strings.Join(conditions, " or ") + ")"
}

// orNothing is no row where there is no condition.
func orNothing(condition string) string {
	if condition == "" {
		return "false"
	}
	return condition
}
