package detection

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/detection/domain"
)

// noteErasure keeps what an erasure looks at. Whose key is gone is forgotten by the fact, since nobody can tell
// afterwards which marks were theirs.
func noteErasure(write writing, fact events.Fact) {
	switch e := fact.(type) {
	case events.ErasureRequested:
		write(`update model.person set hidden = true where person_id = $1`, e.PersonID)
	case events.ErasureUndone:
		write(`update model.person set hidden = false where person_id = $1`, e.PersonID)
	case events.PersonErased:
		write(`delete from model.mark where person_id = $1`, e.PersonID)
		write(`delete from model.flag where person_id = $1`, e.PersonID)
		write(`delete from model.person where person_id = $1`, e.PersonID)
	case events.TabletHandedOver:
		if e.PersonID != "" { // one of the provider's own participants is nobody we know
			write(`insert into model.lent values ($1, $2) on conflict do nothing`, e.LoanID, e.PersonID)
		}
	case events.TabletReturned:
		write(`delete from model.lent where loan_id = $1`, e.LoanID)
	case events.LoanWrittenOff:
		write(`delete from model.lent where loan_id = $1`, e.LoanID)
	}
}

// record is one of those that are one person.
type record struct {
	PersonID, Fund, Desk string
	Hidden               bool
}

const recordsOf = `
select r.person_id, r.fund, r.desk, r.hidden from model.person p join model.person r on r.root = p.root
where p.person_id = $1 order by r.person_id <> r.root, r.person_id`

// records are all those of a person, the one that goes on first; domain.ErrNoPerson for somebody unknown.
func (s *Service) records(ctx context.Context, id string) ([]record, error) {
	list, err := engine.Rows[record](ctx, s.Pool, s.knows, recordsOf, id)
	if err == nil && len(list) == 0 {
		err = domain.ErrNoPerson
	}
	return list, err
}

func idsOf(records []record) []string {
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.PersonID
	}
	return ids
}

// following are the desks that have something open for a person.
func (s *Service) following(ctx context.Context, records []record) ([]string, error) {
	type desk struct{ Desk string }
	rows, err := engine.Rows[desk](ctx, s.Pool, s.knows,
		`select distinct desk from model.flag where person_id = any($1) and help in ('to_refer', 'wished', 'referred') order by desk`, idsOf(records))
	desks := make([]string, len(rows))
	for i, r := range rows {
		desks[i] = r.Desk
	}
	return desks, err
}

// hasTablet tells whether somebody has a tablet of ours in hand.
func (s *Service) hasTablet(ctx context.Context, ids ...string) (bool, error) {
	type loan struct{ LoanID string }
	rows, err := engine.Rows[loan](ctx, s.Pool, s.knows, `select loan_id from model.lent where person_id = any($1) limit 1`, ids)
	return len(rows) > 0, err
}

// keysOf are the subjects whose keys open something of a person: their own, and those of sheets that have one.
func (s *Service) keysOf(ctx context.Context, id string) ([]string, error) {
	type key struct{ Subject string }
	rows, err := engine.Rows[key](ctx, s.Pool, s.knows, `select distinct subject from model.flag where person_id = $1 and subject not in ('', $1) order by subject`, id)
	keys := []string{id}
	for _, r := range rows {
		keys = append(keys, r.Subject)
	}
	return keys, err
}
