package projections

import (
	"bytes"
	"context"

	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const mostLabels = 2400 // a hundred sheets

var errManyLabels = refusal.Faults{{Field: "pool", Code: "too_many", Detail: "These are more labels than are printed at once. Name a pool, a state or the items."}}

type labelRow struct{ Pool, AssetTag, PoolName string }

// ListItemLabels are labels of the items that the caller may see.
func (s *Service) ListItemLabels(ctx context.Context, request rest.ListItemLabelsRequestObject) (rest.ListItemLabelsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.same("i.pool", request.Params.Pool)
	if request.Params.Status != nil {
		f.and(itemStatus+" = ?", reference.Day(s.Clock.Now()), *request.Params.Status)
	}
	if request.Params.Item != nil {
		f.and("i.id = any(?)", request.Params.Item)
	}
	l := listing{
		table: "model.item i", name: "i", order: "i.asset_tag, i.id",
		columns: "i.pool, i.asset_tag, coalesce((select p.name from model.provider p where p.id = i.pool), '') as pool_name",
	}
	rows, err := all[labelRow](ctx, s, l.sql(s.poolReach(a, "i.pool = reach.value"), f, mostLabels+1), f.args...)
	switch {
	case err != nil:
		return nil, err
	case len(rows) > mostLabels:
		return nil, errManyLabels
	case len(rows) == 0 && (request.Params.Pool != nil || request.Params.Item != nil):
		return nil, errNoItem
	}
	sheets, err := s.labels(rows)
	return rest.ListItemLabels200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
}

func (s *Service) labels(rows []labelRow) ([]byte, error) {
	sheets, list := paper.New("Étiquettes"), make([]paper.Label, len(rows))
	for i, r := range rows {
		list[i] = paper.Label{Code: r.AssetTag, Name: s.poolName(r)}
	}
	sheets.Labels(list)
	if len(rows) == 0 {
		sheets.Sheet()
		sheets.Say("Aucun appareil n’est à étiqueter.")
	}
	return sheets.Bytes()
}

// poolName is the name of a provider, desk or fund.
func (s *Service) poolName(r labelRow) string {
	if desk, ok := s.Directory().Desk(r.Pool); ok {
		return desk.Name
	}
	if fund, ok := s.Directory().Fund(r.Pool); ok {
		return fund.Name
	}
	if r.PoolName != "" {
		return r.PoolName
	}
	return r.Pool
}
