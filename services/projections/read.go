package projections

import (
	"context"
	"strconv"
	"strings"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
)

// all reads rows of the generation that is served now. The fields of T are named like the columns.
func all[T any](ctx context.Context, s *Service, sql string, args ...any) ([]T, error) {
	return engine.Rows[T](ctx, s.Pool, s.Projector, sql, args...)
}

// one reads a row, or refuses with missing.
func one[T any](ctx context.Context, s *Service, missing error, sql string, args ...any) (T, error) {
	return engine.Row[T](ctx, s.Pool, s.Projector, missing, sql, args...)
}

// filter is the conditions of a list with their arguments.
type filter struct {
	conditions []string
	args       []any
}

// arg adds an argument and gives its place.
func (f *filter) arg(value any) string {
	f.args = append(f.args, value)
	return "$" + strconv.Itoa(len(f.args))
}

// put gives an expression its values, one for each question mark.
func (f *filter) put(expression string, values ...any) string {
	for _, v := range values {
		expression = strings.Replace(expression, "?", f.arg(v), 1)
	}
	return expression
}

// and adds a condition, with a question mark for each value.
func (f *filter) and(condition string, values ...any) {
	f.conditions = append(f.conditions, f.put(condition, values...))
}

// same adds a condition for a filter that was given.
func (f *filter) same(column string, value *string) {
	if value != nil {
		f.and(column+" = ?", *value)
	}
}

func (f *filter) String() string {
	if len(f.conditions) == 0 {
		return "true"
	}
	return strings.Join(f.conditions, " and ")
}

// listing is the statement of a page: of each value that the caller reaches the first rows in order, by the
// index that begins with it, and of these the first. So a page costs the same however many rows there are, and
// however many roles the caller has.
type listing struct {
	table   string // "model.flag f"
	name    string // "f"
	order   string // "f.id desc"
	columns string
	joins   string
}

func (l listing) sql(reaches []reach, f *filter, limit int) string {
	most, where := f.arg(limit), f.String()
	parts := make([]string, len(reaches))
	for i, r := range reaches {
		parts[i] = `select ` + l.name + `.* from ` + r.from(f) + ` as reach(value) cross join lateral (
  select ` + l.name + `.* from ` + l.table + ` where ` + r.column + ` and ` + where + ` order by ` + l.order + ` limit ` + most + `) ` + l.name
	}
	return `select ` + l.columns + ` from (` + l.together(parts) + `) ` + l.name + l.joins + ` order by ` + l.order + ` limit ` + most
}

// together has each row once: a flag may be of the caller's desk and the caller's own. Each part has its first rows already.
func (l listing) together(parts []string) string {
	switch len(parts) {
	case 0:
		return `select ` + l.name + `.* from ` + l.table + ` where false`
	case 1:
		return parts[0]
	}
	return `select distinct on (` + l.name + `.id) ` + l.name + `.* from (` + strings.Join(parts, "\n union all ") + `) ` + l.name
}

// cut takes the row that only shows that there is a next page.
func cut[T any](list []T, page web.Page, place func(T) any) ([]T, *string) {
	if len(list) <= page.Limit {
		return list, nil
	}
	list = list[:page.Limit]
	return list, page.Next(place(list[page.Limit-1]))
}

func the(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
