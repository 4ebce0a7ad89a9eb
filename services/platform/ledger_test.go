package platform_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/jackc/pgx/v5"
)

// stored is an event as the ledger has it.
type stored struct {
	Position int64
	Stream   string
	Name     string
	Data     map[string]any
}

// ledgerOf reads a whole ledger.
func (h *house) ledgerOf(service string) []stored {
	h.Helper()
	conn := h.database()
	rows, err := conn.Query(context.Background(), "select position, stream, name, data from "+service+".event order by position")
	if err != nil {
		h.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s stored, err error) {
		var data []byte
		if err := row.Scan(&s.Position, &s.Stream, &s.Name, &data); err != nil {
			return s, err
		}
		return s, json.Unmarshal(data, &s.Data)
	})
	if err != nil {
		h.Fatal(err)
	}
	return list
}

// seatsInTheLedger follows a session position by position: never more seats than it has.
func seatsInTheLedger(t *testing.T, h *house, session string) (taken int, joined []string) {
	t.Helper()
	capacity, held := 0, map[any]bool{}
	for _, e := range h.ledgerOf("workshop") {
		if e.Stream != "session:"+session {
			continue
		}
		referral := e.Data["referral_id"]
		switch e.Name {
		case "workshop.session-planned.v1":
			capacity = int(e.Data["capacity"].(float64))
		case "workshop.seat-held.v1":
			held[referral] = true
		case "workshop.seat-taken.v1":
			delete(held, referral)
			taken++
		case "workshop.waiting-list-joined.v1":
			delete(held, referral)
			joined = append(joined, referral.(string))
		}
		if taken+len(held) > capacity {
			t.Fatalf("position %d: %d taken and %d held of %d", e.Position, taken, len(held), capacity)
		}
	}
	return taken, joined
}
