package projections

import (
	"context"
	_ "embed"
	"errors"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
)

//go:embed people.sql
var peopleTables string

// People is the read model by which a person is found: keyed hashes only, see marker. Raise Version with every change of
// what a mark is made of.
func People(v *vault.Vault, secret []byte) projection.Projection {
	m := marking{v, secret}
	return projection.Projection{
		Name: "people", Services: []string{"detection"}, Tables: peopleTables, Version: 2, Ahead: m.ahead, Apply: m.apply,
	}
}

type marking struct {
	vault  *vault.Vault
	secret []byte
}

// ahead fetches the keys of a batch in one query.
func (m marking) ahead(ctx context.Context, batch []projection.Heard) error {
	var subjects []string
	for _, h := range batch {
		if _, details, ok := describing(h.Fact); ok {
			subjects = append(subjects, details.Subject())
		}
	}
	if len(subjects) == 0 {
		return nil
	}
	return m.vault.Prefetch(ctx, subjects)
}

const putMarks = `
insert into model.person (id, marks) values ($1, $2) on conflict (id) do update set marks = excluded.marks`

func (m marking) apply(b *projection.Batch, h projection.Heard) error {
	if erased, ok := h.Fact.(events.PersonErased); ok { // nobody could tell later which marks were theirs
		b.Queue(engine.In(b.Schema(), `delete from model.person where id = $1`), erased.PersonID)
	}
	fund, details, ok := describing(h.Fact)
	if !ok {
		return nil
	}
	person, ok, err := m.opened(h, details)
	if err != nil || !ok {
		return err
	}
	b.Queue(engine.In(b.Schema(), putMarks), details.Subject(), marker{m.secret, fund}.person(person))
	return nil
}

// describing gives what a fact says of somebody from now on; who is known otherwise is not found by what was wrong.
func describing(fact events.Fact) (fund string, details events.Sealed[events.Person], ok bool) {
	switch f := fact.(type) {
	case events.PersonRegistered:
		return f.Fund, f.Details, true
	case events.PersonCorrected:
		return f.Fund, f.Details, true
	case events.PersonMoved:
		return f.Fund, f.Details, true
	}
	return "", details, false
}

// opened opens the details for a moment. Who was erased, or whose key is lost (the vault has raised the alarm), is not
// found any more.
func (m marking) opened(h projection.Heard, details events.Sealed[events.Person]) (person events.Person, ok bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err = m.vault.Unseal(ctx, h.Stream, h.Name, &details)
	if errors.Is(err, vault.ErrMissing) {
		return person, false, nil
	}
	person, ok = details.Value()
	return person, ok, err
}
