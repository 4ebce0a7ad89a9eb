package projections

import (
	"cmp"
	"context"
	"slices"
	"time"

	"example.org/passerelle/services/projections/rest"
)

type historyRow struct {
	Service   string
	Position  int64
	At        time.Time
	What      string
	By, About *string
}

const (
	historyOfFlag     = `select h.service, h.position, h.at, h.what, h.by, h.about from model.history h where h.flag_id = $1`
	historyOfReferral = `select h.service, h.position, h.at, h.what, h.by, h.about from model.history h where h.referral_id = $1`
)

// history is what happened, oldest first. At one moment services come in the order in which they hear each other.
func (s *Service) history(ctx context.Context, sql, id string) ([]rest.HistoryLine, error) {
	rows, err := all[historyRow](ctx, s, sql, id)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b historyRow) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(services, a.Service), slices.Index(services, b.Service)), cmp.Compare(a.Position, b.Position))
	})
	lines := make([]rest.HistoryLine, len(rows))
	for i, h := range rows {
		lines[i] = rest.HistoryLine{At: h.At.UTC(), What: h.What, By: h.By, About: h.About}
	}
	return lines, nil
}
