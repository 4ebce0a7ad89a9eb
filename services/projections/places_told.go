package projections

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"

	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
	"example.org/passerelle/services/reference/communes"
	"example.org/passerelle/services/reference/mediation"
)

// territories of which the completeness of places is told.
var territories = map[string]string{"department": "p.department", "insee": "p.insee", "fund": "p.fund"}

type territoryRow struct {
	Territory       string
	N, Score, Wrong int
}

type missingRow struct {
	Territory, Lacks string
	N                int
}

// GetPlaceCompleteness says how much is known of the places of each territory.
func (s *Service) GetPlaceCompleteness(ctx context.Context, request rest.GetPlaceCompletenessRequestObject) (rest.GetPlaceCompletenessResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	by, ok := territories[the(request.Params.By)]
	if !ok {
		by = "p.department"
	}
	f := &filter{}
	f.and("not p.closed")
	f.same("p.department", request.Params.Department)
	rows, err := all[territoryRow](ctx, s, `select `+by+` as territory, count(*)::int as n, round(avg(p.score))::int as score,
  (count(*) filter (where p.reports > 0))::int as wrong from model.place p where `+f.String()+` group by 1 order by 1`, f.args...)
	if err != nil {
		return nil, err
	}
	lacking, err := all[missingRow](ctx, s, `select `+by+` as territory, m.lacks, count(*)::int as n from model.place p cross join lateral unnest(p.missing) as m(lacks)
where `+f.String()+` group by 1, 2`, f.args...)
	if err != nil {
		return nil, err
	}
	items := make([]rest.TerritoryPlaces, len(rows))
	for i, r := range rows {
		items[i] = rest.TerritoryPlaces{Territory: r.Territory, Name: s.territoryName(r.Territory), Places: r.N, Completeness: r.Score, Reported: r.Wrong, Missing: map[string]int{}}
		for _, m := range lacking {
			if m.Territory == r.Territory {
				items[i].Missing[m.Lacks] = m.N
			}
		}
	}
	return rest.GetPlaceCompleteness200JSONResponse{Items: items}, nil
}

func (s *Service) territoryName(code string) string {
	if fund, ok := s.Directory().Fund(code); ok {
		return fund.Name
	}
	if c, ok := communes.Find(code); ok {
		return c.Name
	}
	i := slices.IndexFunc(reference.Departments(), func(d reference.Department) bool { return d.Code == code })
	if i < 0 {
		return code
	}
	return reference.Departments()[i].Name
}

// ExportPlaces writes the places of the caller's fund as the schema has them.
func (s *Service) ExportPlaces(ctx context.Context, request rest.ExportPlacesRequestObject) (rest.ExportPlacesResponseObject, error) {
	ctx, account, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.and("not p.closed and p.fund = ?", account.Fund)
	f.same("p.department", request.Params.Department)
	rows, err := all[placeRow](ctx, s, `select `+placeColumns+`, null::float8 as km from model.place p where `+f.String()+` order by p.id`, f.args...)
	if err != nil {
		return nil, err
	}
	places, err := s.readPlaces(ctx, rows)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	table := csv.NewWriter(&file)
	_ = table.Write(mediation.Columns()) // into memory
	for _, p := range places {
		_ = table.Write(mediation.Write(p))
	}
	table.Flush()
	return rest.ExportPlaces200TextCsvResponse{Body: &file, ContentLength: int64(file.Len())}, nil
}
