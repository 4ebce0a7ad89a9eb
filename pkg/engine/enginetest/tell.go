package enginetest

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Tell appends facts to the ledgers of the services that tell them, each on its own, and returns when the
// service under test has heard them.
func (w *World) Tell(facts ...events.Fact) {
	w.t.Helper()
	for service, position := range w.Append(facts...) {
		w.wait(service, position)
	}
}

// Settle returns when the service has heard all that was told so far, its own facts too.
func (w *World) Settle() {
	w.t.Helper()
	for service, one := range w.tellers {
		head, err := one.ledger.Head(w.ctx())
		w.must(err)
		w.wait(service, head.Position)
	}
}

// Append is Tell without the waiting. It gives the last position of each service that told something.
func (w *World) Append(facts ...events.Fact) map[string]int64 {
	w.t.Helper()
	last := map[string]int64{}
	for _, f := range facts {
		service := events.Service(events.Name(f))
		last[service] = w.append(w.teller(service).ledger, f)
	}
	return last
}

// teller is a service that tells something; that of the directory is opened when it first does.
func (w *World) teller(service string) *teller {
	w.t.Helper()
	one, ok := w.tellers[service]
	if !ok {
		one = &teller{}
		w.must(w.open(service, one))
		w.tellers[service] = one
	}
	return one
}

func (w *World) append(l ledger.Ledger, f events.Fact) int64 {
	w.t.Helper()
	data, err := w.codec.Encode(w.ctx(), f)
	w.must(err)
	version, err := l.Version(w.ctx(), f.Stream())
	w.must(err)
	stored, err := l.Append(w.ctx(), ledger.Append{
		Facts: []ledger.Fact{{Stream: f.Stream(), Version: version + 1, Name: events.Name(f), Data: data}},
	})
	w.must(err)
	return stored[0].Last
}

// wait returns when the service under test has heard a position, at once for a service it does not hear.
func (w *World) wait(service string, position int64) {
	w.t.Helper()
	if slices.Contains(w.Heard.Services, service) {
		w.must(w.Heard.Waiter.Wait(w.ctx(), service, position))
	}
}

// Mint is a fresh subject: a person, or the key of an anonymous sheet.
func (w *World) Mint() string {
	w.t.Helper()
	subject, err := w.Vault.Mint(w.ctx())
	w.must(err)
	return subject
}

// Told is what a service has told so far, as "<name> <stream>".
func (w *World) Told(service string) []string {
	w.t.Helper()
	var told []string
	for _, e := range w.events(service) {
		told = append(told, e.Name+" "+e.Stream)
	}
	return told
}

// Facts are those of one type that the service of that type has told. Details stay sealed.
func Facts[F events.Fact](w *World) []F {
	w.t.Helper()
	var fact F
	name := events.Name(fact)
	var facts []F
	for _, e := range w.events(events.Service(name)) {
		if e.Name == name {
			read, err := events.Decode(e.Name, e.Data, nil)
			w.must(err)
			facts = append(facts, read.(F)) // the name says the type
		}
	}
	return facts
}

func (w *World) events(service string) []ledger.Event {
	w.t.Helper()
	var list []ledger.Event
	for {
		page, err := w.tellers[service].ledger.Read(w.ctx(), int64(len(list)), 1000)
		w.must(err)
		if list = append(list, page...); len(page) < 1000 {
			return list
		}
	}
}

// Hear gives the facts of one type as they are published from now on.
func Hear[F events.Fact](w *World) <-chan F {
	w.t.Helper()
	var fact F
	heard := make(chan F, 100)
	sub, err := w.Engine.Conn.Subscribe(w.prefix+events.Name(fact), func(m *nats.Msg) {
		if read, err := events.Decode(events.Name(fact), m.Data, nil); err == nil {
			heard <- read.(F) // the name says the type
		}
	})
	w.must(err)
	w.must(w.Engine.Conn.Flush())
	w.t.Cleanup(func() { _ = sub.Unsubscribe() })
	return heard
}

// Next is the next fact of a channel from Hear; the test ends when none comes.
func Next[F events.Fact](w *World, heard <-chan F) (f F) {
	w.t.Helper()
	select {
	case f = <-heard:
	case <-w.ctx().Done():
		w.t.Fatalf("no %s was told", events.Name(f))
	}
	return f
}

// InClear gives every place where one of the texts stands in clear, whatever its case: the tables of this test and the
// messages of its streams.
func (w *World) InClear(texts ...string) []string {
	w.t.Helper()
	var places []string
	look := func(place string, data []byte) {
		for _, text := range texts {
			if bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(text))) {
				places = append(places, place+": "+text)
			}
		}
	}
	w.eachValue(look)
	for service := range w.tellers {
		w.eachMessage(service, look)
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func (w *World) eachValue(look func(place string, data []byte)) {
	w.t.Helper()
	tables, err := w.Pool.Query(w.ctx(), `select schemaname, tablename from pg_tables where starts_with(schemaname, $1)`, w.prefix)
	w.must(err)
	names, err := pgx.CollectRows(tables, func(row pgx.CollectableRow) (name [2]string, err error) {
		return name, row.Scan(&name[0], &name[1])
	})
	w.must(err)
	for _, name := range names {
		rows, err := w.Pool.Query(w.ctx(), `select * from `+pgx.Identifier(name[:]).Sanitize())
		w.must(err)
		for rows.Next() {
			for _, value := range rows.RawValues() {
				look(name[0]+"."+name[1], value)
			}
		}
		w.must(rows.Err())
	}
}

func (w *World) eachMessage(service string, look func(place string, data []byte)) {
	w.t.Helper()
	head, err := w.tellers[service].ledger.Head(w.ctx())
	w.must(err)
	w.must(w.tellers[service].mirror.Flush(w.ctx(), head.Position))
	s, err := w.Engine.JS.Stream(w.ctx(), stream.Name(w.prefix, service))
	w.must(err)
	for n := range head.Position {
		m, err := s.GetMsg(w.ctx(), uint64(n+1)) // not negative
		w.must(err)
		look("stream of "+service, fmt.Append(nil, m.Subject, m.Header, string(m.Data)))
	}
}
