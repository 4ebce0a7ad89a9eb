package projections

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const (
	publishTables = `
insert into model.publication (campaign_id, fund, programme, months, day, threshold, tables) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
	propose = `
insert into model.recommendation (id, fund, desk, programme, from_day, to_day, title, text, status, by, at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10, $11) on conflict do nothing`
	moveOn     = `update model.recommendation set status = $2, version = $3 where id = $1`
	noteAStep  = `insert into model.recommendation_step (recommendation_id, position, status, by, at, note) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`
	newestPage = `
select r.*, (select jsonb_agg(jsonb_build_object('status', s.status, 'by', s.by, 'at', s.at, 'note', s.note) order by s.position)
  from model.recommendation_step s where s.recommendation_id = r.id) as history
from model.recommendation r where `
)

// follows is what is said of the figures.
func (e entry) follows() error {
	switch f := e.Fact.(type) {
	case events.TablesPublished:
		tables, err := json.Marshal(f.Tables)
		if err != nil {
			return fmt.Errorf("tables of campaign %s: %w", f.CampaignID, err)
		}
		e.write(publishTables, f.CampaignID, f.Fund, f.Programme, listOf(f.Months), reference.Day(f.At), f.Threshold, tables)
	case events.RecommendationProposed:
		e.write(propose, f.RecommendationID, f.Fund, known(f.Desk), known(f.Programme), known(f.From), known(f.To), f.Title, f.Text, f.By, f.At, e.Version)
		e.write(noteAStep, f.RecommendationID, e.Position, "proposed", f.By, f.At, nil)
	case events.RecommendationMoved:
		e.write(moveOn, f.RecommendationID, f.Status, e.Version)
		e.write(noteAStep, f.RecommendationID, e.Position, f.Status, f.By, f.At, known(f.Note))
	}
	return nil
}

type publicationRow struct {
	CampaignID, Fund, Programme, Day string
	Months                           []string
	Threshold                        int
	Tables                           []events.PublishedTable
}

// ListPublishedTables gives the tables of closed campaigns.
func (s *Service) ListPublishedTables(ctx context.Context, r rest.ListPublishedTablesRequestObject) (rest.ListPublishedTablesResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadPublished)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.same("fund", r.Params.Fund)
	if r.Params.Month != nil {
		f.and("? = any (months)", *r.Params.Month)
	}
	rows, err := observatoryRows[publicationRow](ctx, s, `select * from model.publication where `+f.String()+` order by months[array_upper(months, 1)] desc, campaign_id`, f.args)
	if err != nil {
		return nil, err
	}
	answer := rest.ListPublishedTables200JSONResponse{Items: []rest.Publication{}, Caveat: observatoryCaveat + observatoryStates["anonymous"]}
	for _, row := range rows {
		answer.Items = append(answer.Items, row.publication())
	}
	return answer, nil
}

// observatoryRows reads tables of the observatory that tell of nobody.
func observatoryRows[T any](ctx context.Context, s *Service, sql string, args []any) ([]T, error) {
	schema, err := s.Observatory.Serving(ctx)
	if err != nil {
		return nil, engine.Away(err)
	}
	rows, err := engine.ReadAs[T](ctx, s.Pool, sightOf(ctx), nil, engine.In(schema, sql), args...)
	return rows, engine.Away(err)
}

func (p publicationRow) publication() rest.Publication {
	shown := rest.Publication{
		Campaign: p.CampaignID, Fund: p.Fund, Programme: p.Programme, Months: p.Months, Published: p.Day, Threshold: p.Threshold, Withheld: len(p.Tables) == 0,
		Tables: []rest.PublishedTable{},
	}
	for _, t := range p.Tables {
		table := rest.PublishedTable{
			Name: t.Table, Rows: rest.TableHead{Name: t.RowsBy, Keys: t.Rows}, Columns: rest.TableHead{Name: t.ColumnsBy, Keys: t.Columns},
			Cells: [][]*int{}, RowTotals: numbers(t.RowTotals), ColumnTotals: numbers(t.ColumnTotals), Total: numbers([]int{t.Total})[0],
		}
		for r := range t.Rows {
			table.Cells = append(table.Cells, numbers(t.Cells[r*len(t.Columns):(r+1)*len(t.Columns)]))
		}
		shown.Tables = append(shown.Tables, table)
	}
	return shown
}

// numbers are null where they are hidden.
func numbers(list []int) []*int {
	shown := make([]*int, len(list))
	for i, n := range list {
		if n != events.NotShown {
			shown[i] = &n
		}
	}
	return shown
}

type recommendationRow struct {
	ID, Fund                        string
	Desk, Programme, FromDay, ToDay *string
	Title, Text, Status, By         string
	At                              time.Time
	Version                         int
	History                         []rest.RecommendationStep
}

// ListRecommendations gives what was recommended in the funds of the caller, newest first.
func (s *Service) ListRecommendations(ctx context.Context, r rest.ListRecommendationsRequestObject) (rest.ListRecommendationsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadRecommendation)
	if err != nil {
		return nil, err
	}
	after := ""
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.and("r.fund = any(?::text[])", s.fundsOf(policy.ReachOf(a, policy.ReadRecommendation)))
	f.same("r.status", r.Params.Status)
	f.same("r.desk", r.Params.Unit)
	if after != "" {
		f.and("r.id < ?", after)
	}
	rows, err := observatoryRows[recommendationRow](ctx, s, newestPage+f.String()+` order by r.id desc limit `+f.arg(page.Limit+1), f.args)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r recommendationRow) any { return r.ID })
	answer := rest.ListRecommendations200JSONResponse{Items: []rest.Recommendation{}, Next: next}
	for _, row := range rows {
		answer.Items = append(answer.Items, rest.Recommendation{
			ID: row.ID, Fund: row.Fund, Unit: row.Desk, Programme: row.Programme, From: row.FromDay, To: row.ToDay, Title: row.Title, Text: row.Text,
			Status: row.Status, By: row.By, At: row.At, Version: row.Version, History: row.History,
		})
	}
	return answer, nil
}
