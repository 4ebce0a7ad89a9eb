package projections

import (
	"context"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

var errNoItem = refusal.New(refusal.NotFound, "unknown_item", "There is no such item. Look for it again in the list of items.")

// GetItem gives an item of a pool that the caller may see, with what happened to it.
func (s *Service) GetItem(ctx context.Context, request rest.GetItemRequestObject) (rest.GetItemResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	rows, err := web.Find(ctx, func(ctx context.Context) ([]rest.Item, error) {
		f := &filter{}
		f.and("i.id = ?", request.ID)
		l := listing{table: "model.item i", name: "i", order: "i.id", columns: itemColumns(f, s)}
		rows, err := all[rest.Item](ctx, s, l.sql(s.poolReach(a, "i.pool = reach.value"), f, 1), f.args...)
		if err == nil && len(rows) == 0 {
			err = errNoItem
		}
		return rows, err
	})
	if err != nil {
		return nil, err
	}
	history, err := all[rest.ItemLine](ctx, s, `select at, what, by, about, loan_id from model.item_line where item_id = $1 order by position desc, what limit 200`, request.ID)
	for i := range history {
		history[i].At = history[i].At.UTC()
	}
	one := rows[0]
	return rest.GetItem200JSONResponse{ID: one.ID, Pool: one.Pool, Kind: one.Kind, AssetTag: one.AssetTag, Serial: one.Serial, Status: one.Status, History: history}, err
}

func itemColumns(f *filter, s *Service) string {
	return "i.id, i.pool, i.kind, i.asset_tag, i.serial, " + f.put(itemStatus, reference.Day(s.Clock.Now())) + " as status"
}
