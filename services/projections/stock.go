package projections

import (
	"context"
	"time"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const (
	calendarDays = 28 // unless somebody asks for others
	mostDays     = 92
)

// calendarPlace is where a page of tablets ended.
type calendarPlace struct {
	Tag string `json:"tag"`
	ID  string `json:"id"`
}

type tabletRow struct{ ID, AssetTag, Status string }

type calendarRow struct {
	ItemID                 string
	ID, SessionID          string
	Own                    int
	FromDay, ToDay, Status string
}

// GetCalendar gives the tablets of a pool with the days on which they are not free.
func (s *Service) GetCalendar(ctx context.Context, request rest.GetCalendarRequestObject) (rest.GetCalendarResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	var after calendarPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	from, to, err := s.calendarOf(request.Params)
	if err != nil {
		return nil, err
	}
	f, today := &filter{}, reference.Day(s.Clock.Now())
	f.and("i.kind = 'tablet' and i.pool = ?", request.Params.Pool)
	if !page.First {
		f.and("(i.asset_tag, i.id) > (?, ?)", after.Tag, after.ID)
	}
	l := listing{table: "model.item i", name: "i", order: "i.asset_tag, i.id", columns: "i.id, i.asset_tag, " + f.put(itemStatus, today) + " as status"}
	rows, err := all[tabletRow](ctx, s, l.sql(s.poolReach(a, "i.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(i tabletRow) any { return calendarPlace{i.AssetTag, i.ID} })
	items := make([]rest.CalendarItem, len(rows))
	for i, r := range rows {
		items[i] = rest.CalendarItem{ID: r.ID, AssetTag: r.AssetTag, Status: r.Status, Loans: []rest.CalendarLoan{}}
	}
	return rest.GetCalendar200JSONResponse{From: from, To: to, Items: items, Next: next}, s.booked(ctx, items, from, to, today)
}

// calendarOf are the days that were asked for.
func (s *Service) calendarOf(p rest.GetCalendarParams) (from, to string, err error) {
	from = reference.Day(s.Clock.Now())
	if p.From != nil {
		from = *p.From
	}
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return "", "", err // the edge has read it
	}
	to = first.AddDate(0, 0, calendarDays).Format(time.DateOnly)
	if p.To != nil {
		to = *p.To
	}
	if last := first.AddDate(0, 0, mostDays-1).Format(time.DateOnly); to < from || to > last {
		return "", "", refusal.Faults{{Field: "to", Code: "out_of_range", Detail: "From the first day on, and 92 days at most."}}
	}
	return from, to, nil
}

// booked adds to tablets the loans that touch the days. Who is late has the tablet today.
func (s *Service) booked(ctx context.Context, items []rest.CalendarItem, from, to, today string) error {
	at := map[string]int{}
	for i := range items {
		at[items[i].ID] = i
	}
	f := &filter{}
	columns := f.put("l.item_id, l.id, l.session_id, l.own, l.from_day, case when l.lent_at is not null and l.returned_at is null and not l.lost then greatest(l.to_day, ?) else l.to_day end as to_day, ", today) +
		f.put(loanStatus, today) + " as status"
	f.and("l.item_id = any(?) and l.from_day <= ? and (l.to_day >= ? or l.lent_at is not null and l.returned_at is null and ? >= ?)",
		keep(items, func(i rest.CalendarItem) (string, bool) { return i.ID, true }), to, from, today, from)
	rows, err := all[calendarRow](ctx, s, `select `+columns+` from model.loan l where `+f.String()+` order by l.from_day, l.id`, f.args...)
	for _, r := range rows {
		one := &items[at[r.ItemID]]
		one.Loans = append(one.Loans, rest.CalendarLoan{ID: r.ID, SessionID: r.SessionID, OwnParticipant: ownNumber(r.Own), From: r.FromDay, To: r.ToDay, Status: r.Status})
	}
	return err
}

type stocktakeRow struct {
	ID, Pool                            string
	At                                  time.Time
	Found, Missing, Unexpected, Unknown []string
}

// ListStocktakes gives what was found, the newest first.
func (s *Service) ListStocktakes(ctx context.Context, request rest.ListStocktakesRequestObject) (rest.ListStocktakesResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadItem)
	if err != nil {
		return nil, err
	}
	var after equipmentPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	f := &filter{}
	f.same("t.pool", request.Params.Pool)
	if !page.First {
		f.and("t.id < ?", after.ID)
	}
	l := listing{table: "model.stocktake t", name: "t", order: "t.id desc", columns: "t.*"}
	rows, err := all[stocktakeRow](ctx, s, l.sql(s.poolReach(a, "t.pool = reach.value"), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(t stocktakeRow) any { return equipmentPlace{t.ID} })
	items, err := s.stocktakes(ctx, rows)
	return rest.ListStocktakes200JSONResponse{Items: items, Next: next}, err
}

// stocktakes name the items by their tags.
func (s *Service) stocktakes(ctx context.Context, rows []stocktakeRow) ([]rest.Stocktake, error) {
	var ids []string
	for _, t := range rows {
		ids = append(append(append(ids, t.Found...), t.Missing...), t.Unexpected...)
	}
	tags, err := all[rest.Tagged](ctx, s, `select id, asset_tag from model.item where id = any($1)`, ids)
	byID := map[string]rest.Tagged{}
	for _, t := range tags {
		byID[t.ID] = t
	}
	named := func(ids []string) []rest.Tagged {
		list := make([]rest.Tagged, len(ids))
		for i, id := range ids {
			list[i] = byID[id]
		}
		return list
	}
	items := make([]rest.Stocktake, len(rows))
	for i, t := range rows {
		items[i] = rest.Stocktake{
			ID: t.ID, Pool: t.Pool, At: t.At.UTC(), Found: named(t.Found), Missing: named(t.Missing), Unexpected: named(t.Unexpected), UnknownTags: t.Unknown,
		}
	}
	return items, err
}
