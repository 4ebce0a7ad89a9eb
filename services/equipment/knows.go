package equipment

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// Who has a pool beside those of the directory: the registered providers, and in which fund.
// And which pool answers for a loan and for a referral.
const tables = `
create table provider (id text primary key, fund text not null);
create table loan (id text primary key, pool text not null, person_id text not null);
create table seat ( -- for which a tablet was wanted
  referral_id text primary key,
  pool        text not null,
  person_id   text not null
);
create index on seat (person_id);`

func knowledge() projection.Projection {
	return projection.Projection{Name: "equipment_knows", Services: []string{"workshop", Name}, Tables: tables, Version: 2, Apply: note, Lazy: true}
}

func note(b *projection.Batch, h projection.Heard) error {
	write := func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }
	switch e := h.Fact.(type) {
	case events.ProviderRegistered:
		write(`insert into model.provider values ($1, $2) on conflict do nothing`, e.ProviderID, e.Fund)
	case events.SeatTaken:
		if e.LoanWanted {
			write(`insert into model.seat values ($1, $2, $3) on conflict do nothing`, e.ReferralID, e.ProviderID, e.PersonID)
		}
	case events.TabletKept:
		write(`insert into model.loan values ($1, $2, $3) on conflict do nothing`, e.LoanID, e.Pool, e.PersonID)
	case events.TabletLacking:
		write(`insert into model.loan values ($1, $2, $3) on conflict do nothing`, e.LoanID, e.Pool, e.PersonID)
	}
	return nil
}

var errNotRegistered = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider.")

// fundOfRegistered is the fund of a registered provider, "unknown" for none. One so new that it was not heard yet is
// waited for.
func (s *Service) fundOfRegistered(ctx context.Context, id string) (string, error) {
	type provider struct{ Fund string }
	found, err := web.Find(ctx, func(ctx context.Context) (provider, error) {
		return engine.Row[provider](ctx, s.Pool, s.knows, errNotRegistered, `select fund from model.provider where id = $1`, id)
	})
	if errors.Is(err, errNotRegistered) {
		return "unknown", nil
	}
	return found.Fund, err
}
