package projections

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

const mostLabels = 480 // twenty sheets

var errNoPool = refusal.New(refusal.NotFound, "unknown_pool", "There is no such pool, or its items are not for you to see. Look at the list of items.")

// onShelf are items that somebody may still take off a shelf.
const onShelf = `i.state not in ('retired', 'lost', 'granted')`

type labelRow struct{ AssetTag, Name string }

// GetItemLabels gives labels for the items of a pool, in the order of their tags.
func (s *Service) GetItemLabels(ctx context.Context, request rest.GetItemLabelsRequestObject) (rest.GetItemLabelsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	f, wanted := &filter{}, request.Params.Tags
	f.and("i.pool = ?", request.Params.Pool)
	if wanted != nil {
		f.and("i.asset_tag = any(?)", wanted)
	} else {
		f.and(onShelf)
	}
	l := listing{table: "model.item i", name: "i", order: "i.asset_tag, i.id",
		columns: "i.asset_tag, coalesce((select p.name from model.provider p where p.id = i.pool), '') as name"}
	rows, err := all[labelRow](ctx, s, l.sql(s.poolReach(a, "i.pool = reach.value"), f, mostLabels), f.args...)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 && wanted == nil {
		return nil, errNoPool
	}
	labels, tags := make([]paper.Label, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		labels[i], tags[i] = paper.Label{Code: r.AssetTag, Name: cmp.Or(r.Name, s.poolName(request.Params.Pool))}, r.AssetTag
	}
	if faults := notThere(wanted, tags); len(faults) > 0 {
		return nil, faults
	}
	p := paper.New("Étiquettes")
	if err := p.Labels(labels); err != nil {
		return nil, err
	}
	file, err := p.Bytes()
	return rest.GetItemLabels200ApplicationPdfResponse{Body: bytes.NewReader(file), ContentLength: int64(len(file))}, err
}

func notThere(wanted, found []string) (faults refusal.Faults) {
	for i, tag := range wanted {
		if !slices.Contains(found, tag) {
			faults = append(faults, refusal.Fault{Field: fmt.Sprintf("tags.%d", i), Code: "unknown_tag", Detail: "The pool has no item of this tag."})
		}
	}
	return faults
}

// poolName is that of a provider, desk or fund of the directory.
func (s *Service) poolName(pool string) string {
	d := s.Directory()
	provider, _ := d.Provider(pool)
	desk, _ := d.Desk(pool)
	fund, _ := d.Fund(pool)
	return cmp.Or(provider.Name, desk.Name, fund.Name)
}
