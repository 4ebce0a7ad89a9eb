package projections

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
	"example.org/passerelle/services/reference/mediation"
)

type placeRow struct {
	ID, Fund                     string
	Source, SourceID, ProviderID *string
	Sheet                        []byte
	Reports                      int
	Closed                       bool
	Subject                      *string
	Box                          []byte
	Fact                         string
	Km                           *float64
}

const placeColumns = `p.id, p.fund, p.source, p.source_id, p.provider_id, p.sheet, p.reports, p.closed, p.subject, p.box, p.fact`

// placePlace is where a page of places ended.
type placePlace struct {
	ID string  `json:"id"`
	Km float64 `json:"km,omitempty"`
}

// ListPlaces gives places, the nearest first where a distance is asked for.
func (s *Service) ListPlaces(ctx context.Context, request rest.ListPlacesRequestObject) (rest.ListPlacesResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	var after placePlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f := placeFilter(request.Params)
	order, km, err := f.around(request.Params)
	if err != nil {
		return nil, err
	}
	if !page.First && km == "" {
		f.and("p.id > ?", after.ID)
	} else if !page.First {
		f.and("("+km+", p.id) > (?::float8, ?)", after.Km, after.ID)
	}
	rows, err := all[placeRow](ctx, s, `select `+placeColumns+`, `+orNull(km)+` as km from model.place p where `+f.String()+` order by `+order+` limit `+f.arg(page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r placeRow) any { return placePlace{r.ID, value(r.Km)} })
	items, err := s.placeLines(ctx, rows)
	return rest.ListPlaces200JSONResponse{Items: items, Next: next}, err
}

func placeFilter(p rest.ListPlacesParams) *filter {
	f := &filter{}
	f.and("p.closed = ?", p.Closed != nil && *p.Closed)
	f.same("p.department", p.Department)
	f.same("p.provider_id", p.ProviderID)
	for column, word := range map[string]*string{"p.services": p.Service, "p.care": p.Care, "p.support": p.Support} {
		if word != nil {
			f.and(column+" @> array[?::text]", *word)
		}
	}
	if p.Public != nil { // a place that names nobody is for everybody
		f.and("(p.publics = '{}' or p.publics @> array[?::text])", *p.Public)
	}
	if p.Reported != nil && *p.Reported {
		f.and("p.reports > 0")
	}
	return f
}

// around adds where places are: in a commune, or so far from it. km is the distance in SQL, empty when none is asked.
func (f *filter) around(p rest.ListPlacesParams) (order, km string, err error) {
	switch {
	case p.WithinKm == nil && p.Insee == nil:
		return "p.id", "", nil
	case p.WithinKm == nil:
		c, _ := communes.Find(*p.Insee)
		f.and("p.insee = ?", orSelf(c.Insee, *p.Insee))
		return "p.id", "", nil
	case p.Insee == nil:
		return "", "", refusal.Faults{{Field: "insee", Code: "required", Detail: "Say around which commune."}}
	}
	center, ok := communes.Find(*p.Insee)
	if !ok || center.Precision == communes.Nowhere {
		return "", "", refusal.Faults{{Field: "insee", Code: "unknown_commune", Detail: "No commune has this code. Look for it by name."}}
	}
	within := float64(*p.WithinKm)
	north := within/111 + 0.01
	f.and("p.lat between ?::float8 and ?::float8", center.Lat-north, center.Lat+north)
	km = fmt.Sprintf(`(12742.0176 * asin(least(1, sqrt(power(sin(radians(p.lat - (%[1]s)) / 2), 2) + cos(radians(%[1]s)) * cos(radians(p.lat)) * power(sin(radians(p.lon - (%[2]s)) / 2), 2)))))`,
		strconv.FormatFloat(center.Lat, 'f', -1, 64), strconv.FormatFloat(center.Lon, 'f', -1, 64))
	f.and("("+km+" <= ? or p.insee = ?)", within, center.Insee)
	return km + ", p.id", km, nil
}

func orSelf(found, asked string) string {
	if found == "" {
		return asked
	}
	return found
}

func orNull(sql string) string {
	if sql == "" {
		return "null::float8"
	}
	return sql
}

func value(n *float64) float64 {
	if n == nil {
		return 0
	}
	return *n
}

// placeLines opens the words of a page. Their keys come in one query.
func (s *Service) placeLines(ctx context.Context, rows []placeRow) ([]rest.Place, error) {
	read, err := s.readPlaces(ctx, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]rest.Place, len(rows))
	for i, r := range rows {
		line := rest.Place(mediation.Show(read[i].Sheet, read[i].Words))
		line.ID, line.Fund, line.ProviderID, line.Source, line.SourceID, line.Reports = r.ID, r.Fund, r.ProviderID, r.Source, r.SourceID, r.Reports
		if r.Closed {
			line.Status = "closed"
		}
		if r.Km != nil {
			km := math.Round(*r.Km*10) / 10
			line.DistanceKm = &km
		}
		lines[i] = line
	}
	return lines, nil
}

func (s *Service) readPlaces(ctx context.Context, rows []placeRow) ([]mediation.Place, error) {
	places, subjects := make([]mediation.Place, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		subjects[i] = the(r.Subject)
	}
	if err := s.Vault.Prefetch(ctx, subjects); err != nil {
		return nil, engine.Away(err)
	}
	for i, r := range rows {
		words := events.Shut[events.PlaceWords](the(r.Subject), r.Box)
		if err := s.Vault.Unseal(ctx, "place:"+r.ID, r.Fact, &words); err != nil {
			return nil, err
		}
		places[i].ID = orSelf(the(r.SourceID), r.ID)
		places[i].Words, _ = words.Value()
		if err := json.Unmarshal(r.Sheet, &places[i].Sheet); err != nil {
			return nil, fmt.Errorf("sheet of place %s: %w", r.ID, err)
		}
	}
	return places, nil
}
