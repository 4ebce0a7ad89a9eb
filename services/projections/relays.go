package projections

import (
	"context"

	"example.org/passerelle/services/projections/rest"
)

// relaysOf names the relays of sessions and counts their seats.
const relaysOf = `
select s.id as session_id, k.key as place_id, k.value::int as seats, p.name, p.insee, c.taken, c.waiting
from model.session s cross join lateral jsonb_each_text(s.relays) k left join model.place p on p.id = k.key
cross join lateral (
  select count(*) filter (where seat in ('taken', 'held') or offered)::int as taken, count(*) filter (where seat = 'waiting')::int as waiting
  from model.seat where seat_session = s.id and relay_id = k.key) c
where s.id = any($1) order by p.name, k.key`

type relayRow struct {
	SessionID, PlaceID    string
	Name, Insee           *string
	Seats, Taken, Waiting int
}

// withRelays adds a session to those that are followed from relays, if it is.
func withRelays(session *rest.Session, row sessionRow, list []*rest.Session) []*rest.Session {
	if len(row.Relays) == 0 {
		return list
	}
	return append(list, session)
}

// putRelays names the relays of these sessions. Most have none, and cost nothing.
func (s *Service) putRelays(ctx context.Context, sessions []*rest.Session) error {
	if len(sessions) == 0 {
		return nil
	}
	ids := make([]string, len(sessions))
	for i, session := range sessions {
		ids[i] = session.ID
	}
	rows, err := all[relayRow](ctx, s, relaysOf, ids)
	of := map[string][]rest.SessionRelay{}
	for _, r := range rows {
		of[r.SessionID] = append(of[r.SessionID], rest.SessionRelay{
			PlaceID: r.PlaceID, Name: r.Name, Insee: r.Insee, Seats: r.Seats, Taken: r.Taken, Free: max(0, r.Seats-r.Taken), Waiting: r.Waiting,
		})
	}
	for _, session := range sessions {
		session.Relays = of[session.ID]
	}
	return err
}
