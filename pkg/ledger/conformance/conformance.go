// Package conformance says what every ledger does. Run it on each.
package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"example.org/passerelle/pkg/ledger"
)

// Run runs the suite; open gives an empty ledger.
func Run(t *testing.T, open func(t *testing.T) ledger.Ledger) {
	for name, test := range map[string]func(*testing.T, ledger.Ledger){
		"what is told comes back byte for byte":                      comesBack,
		"the appends of a call stand next to each other":             nextToEachOther,
		"a call is stored whole or not at all":                       wholeOrNotAtAll,
		"a version is taken once, and none is left out":              versions,
		"a key is appended once":                                     keys,
		"a call of which some keys are there is a conflict":          someKeys,
		"a claim has one holder":                                     claims,
		"a claim taken and released in one call is free":             claimsWithinACall,
		"a claim may belong to another stream than the first fact's": claimsOfAnotherStream,
		"what was decided on a stream that has moved is a conflict":  seenStreams,
		"nobody decides on a stream that ends at this moment":        seenAtOnce,
		"what cannot be mirrored cannot be appended":                 bounds,
		"what cannot be told is malformed":                           malformed,
		"reading goes on after a position":                           reading,
		"who gave up before asking stores nothing":                   givenUp,
		"writers at once leave no gap and lose nothing":              writersAtOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

const name = "library.book-lent.v1"

var ctx = context.Background()

// Fact is a fact of an invented service.
func Fact(stream string, version int) ledger.Fact {
	return ledger.Fact{Stream: stream, Version: version, Name: name, Data: fmt.Appendf(nil, `{"book":%q,"n":%d}`, stream, version)}
}

// One is an append of one fact.
func One(stream string, version int) ledger.Append {
	return ledger.Append{Facts: []ledger.Fact{Fact(stream, version)}}
}

// Key is a key that is easy to tell.
func Key(name string) (k ledger.Key) {
	copy(k[:], name)
	return k
}

func must(t *testing.T, l ledger.Ledger, appends ...ledger.Append) []ledger.Appended {
	t.Helper()
	done, err := l.Append(ctx, appends...)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func refused(t *testing.T, l ledger.Ledger, want error, appends ...ledger.Append) {
	t.Helper()
	before := head(t, l)
	if _, err := l.Append(ctx, appends...); !errors.Is(err, want) {
		t.Fatalf("answered %v, not %v", err, want)
	}
	if after := head(t, l); after.Position != before.Position {
		t.Fatalf("refused with %v, and yet the head went from %d to %d", want, before.Position, after.Position)
	}
}

func head(t *testing.T, l ledger.Ledger) ledger.Head {
	t.Helper()
	h, err := l.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func load(t *testing.T, l ledger.Ledger, stream string, after int) []ledger.Event {
	t.Helper()
	events, err := l.Load(ctx, stream, after)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func comesBack(t *testing.T, l ledger.Ledger) {
	data := []byte("{\"b\":1, \"a\":1.0,\"a\":2,\n\"é\":\"\\\\u0000 €\"}")
	told := ledger.Append{
		Facts:   []ledger.Fact{{Stream: "book:1", Version: 1, Name: name, Data: data}},
		Request: []byte{0, 1, 0xff}, Answer: []byte(`{"id": "1"}`), Actor: "account-1", Correlation: "c1", Cause: "other:7",
	}
	done := must(t, l, told)[0]
	if done.First != 1 || done.Last != 1 || done.Replayed || len(done.Events) != 1 || string(done.Answer) != `{"id":"1"}` {
		t.Fatalf("answered %+v", done)
	}
	stored := load(t, l, "book:1", 0)
	if len(stored) != 1 || !Same(stored[0], done.Events[0]) || !bytes.Equal(stored[0].Data, data) {
		t.Fatalf("answered %+v, stored %+v", done.Events, stored)
	}
	meta, err := stored[0].ReadMeta()
	if err != nil {
		t.Fatal(err)
	}
	if meta.Part != 1 || meta.Of != 1 || len(meta.Key) != 16 || !bytes.Equal(meta.Request, told.Request) ||
		meta.Actor != "account-1" || meta.Correlation != "c1" || meta.Cause != "other:7" {
		t.Fatalf("metadata %s", stored[0].Meta)
	}
}

// Same compares two events, every field.
func Same(a, b ledger.Event) bool {
	return a.Position == b.Position && a.ID == b.ID && a.Stream == b.Stream && a.Version == b.Version && a.Name == b.Name &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta) && a.Recorded.Equal(b.Recorded) && bytes.Equal(a.Link, b.Link)
}

func nextToEachOther(t *testing.T, l ledger.Ledger) {
	must(t, l, One("book:0", 1))
	done := must(t, l,
		ledger.Append{Facts: []ledger.Fact{Fact("book:1", 1), Fact("reader:1", 1), Fact("book:1", 2)}},
		ledger.Append{Facts: []ledger.Fact{Fact("book:1", 3)}})
	if done[0].First != 2 || done[0].Last != 4 || done[1].First != 5 || done[1].Last != 5 {
		t.Fatalf("answered %+v", done)
	}
	events, err := l.Read(ctx, 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"1/3", "2/3", "3/3", "1/1"} {
		meta, err := events[i].ReadMeta()
		if got := fmt.Sprintf("%d/%d", meta.Part, meta.Of); err != nil || got != want || events[i].Position != int64(i+2) {
			t.Fatalf("event %d is part %s, not %s (%v)", i, got, want, err)
		}
	}
}

func wholeOrNotAtAll(t *testing.T, l ledger.Ledger) {
	must(t, l, One("book:1", 1))
	refused(t, l, ledger.ErrConflict, One("book:2", 1), One("book:1", 1))
	refused(t, l, ledger.ErrConflict, ledger.Append{Facts: []ledger.Fact{Fact("book:1", 2), Fact("book:3", 2)}})
	if v, err := l.Version(ctx, "book:2"); v != 0 || err != nil {
		t.Fatalf("half of a call was stored: version %d, %v", v, err)
	}
}

func versions(t *testing.T, l ledger.Ledger) {
	must(t, l, One("book:1", 1))
	refused(t, l, ledger.ErrConflict, One("book:1", 1))
	refused(t, l, ledger.ErrConflict, One("book:1", 3))
	refused(t, l, ledger.ErrConflict, One("book:2", 2))
	must(t, l, One("book:1", 2))
	if v, err := l.Version(ctx, "book:1"); v != 2 || err != nil {
		t.Fatalf("version %d, %v", v, err)
	}
	if v, err := l.Version(ctx, "book:9"); v != 0 || err != nil {
		t.Fatalf("version of nothing is %d, %v", v, err)
	}
}

func keys(t *testing.T, l ledger.Ledger) {
	first := One("book:1", 1)
	first.Facts = append(first.Facts, Fact("book:1", 2))
	first.Key, first.Request, first.Answer = Key("k1"), []byte("hash"), []byte(`{"id":"1"}`)
	done := must(t, l, first)[0]
	must(t, l, One("book:1", 3))

	again := One("book:2", 1)
	again.Key, again.Request = Key("k1"), []byte("other")
	replayed := must(t, l, again)[0]
	found, there, err := l.Find(ctx, Key("k1"))
	if err != nil || !there {
		t.Fatalf("not found: %v", err)
	}
	for _, r := range []ledger.Appended{replayed, found} {
		if !r.Replayed || r.First != done.First || r.Last != done.Last || !r.Recorded.Equal(done.Recorded) ||
			string(r.Request) != "hash" || string(r.Answer) != `{"id":"1"}` || len(r.Events) != 2 || !Same(r.Events[1], done.Events[1]) {
			t.Fatalf("answered %+v, the first time %+v", r, done)
		}
	}
	if h := head(t, l); h.Position != 3 {
		t.Fatalf("a repeated key appended: head %d", h.Position)
	}
	if _, there, err := l.Find(ctx, Key("k2")); there || err != nil {
		t.Fatalf("found what was never told: %v", err)
	}
}

func someKeys(t *testing.T, l ledger.Ledger) {
	first, second := One("book:1", 1), One("book:2", 1)
	first.Key, second.Key = Key("k1"), Key("k2")
	must(t, l, first)
	refused(t, l, ledger.ErrConflict, first, second)
	refused(t, l, ledger.ErrMalformed, second, second)
}

func claimed(t *testing.T, l ledger.Ledger, holder string, a ledger.Append) {
	t.Helper()
	var claimed *ledger.Claimed
	if _, err := l.Append(ctx, a); !errors.As(err, &claimed) || claimed.Holder != holder {
		t.Fatalf("answered %v, though the claim is held by %s", err, holder)
	}
}

func holder(t *testing.T, l ledger.Ledger, claim, want string) {
	t.Helper()
	if got, held, err := l.Holder(ctx, claim); got != want || held != (want != "") || err != nil {
		t.Fatalf("%s is held by %q (%v), not by %q", claim, got, err, want)
	}
}

func taking(stream string, version int, claims ...string) ledger.Append {
	a := One(stream, version)
	a.Take = claims
	return a
}

func releasing(stream string, version int, claims ...string) ledger.Append {
	a := One(stream, version)
	a.Release = claims
	return a
}

func claims(t *testing.T, l ledger.Ledger) {
	must(t, l, taking("book:1", 1, "tag:A", "tag:B"))
	claimed(t, l, "book:1", taking("book:2", 1, "tag:C", "tag:A"))
	holder(t, l, "tag:C", "")
	must(t, l, taking("book:1", 2, "tag:A"))    // taking twice says nothing new
	must(t, l, releasing("book:2", 1, "tag:A")) // nobody releases another's
	holder(t, l, "tag:A", "book:1")
	must(t, l, releasing("book:1", 3, "tag:A"))
	holder(t, l, "tag:A", "")
	must(t, l, taking("book:2", 2, "tag:A"))
	holder(t, l, "tag:A", "book:2")
	holder(t, l, "tag:B", "book:1")
}

func claimsWithinACall(t *testing.T, l ledger.Ledger) {
	must(t, l, taking("book:1", 1, "tag:A"), releasing("book:1", 2, "tag:A"))
	holder(t, l, "tag:A", "")
	must(t, l, taking("book:2", 1, "tag:A"))
	claimed(t, l, "book:2", ledger.Append{Facts: []ledger.Fact{Fact("book:1", 3)}, Take: []string{"tag:A"}, Release: []string{"tag:A"}})
	must(t, l, releasing("book:2", 2, "tag:A"), taking("book:2", 3, "tag:A"))
	holder(t, l, "tag:A", "book:2")
	refused(t, l, ledger.ErrMalformed, releasing("book:2", 4, "tag:A"), taking("book:1", 3, "tag:A"))
}

func claimsOfAnotherStream(t *testing.T, l ledger.Ledger) {
	a := ledger.Append{Facts: []ledger.Fact{Fact("reader:1", 1), Fact("book:1", 1)}, Take: []string{"tag:A"}, Holder: "book:1"}
	must(t, l, a)
	holder(t, l, "tag:A", "book:1")
	must(t, l, releasing("book:1", 2, "tag:A"))
	holder(t, l, "tag:A", "")
}

func seeing(stream string, version int, seen ...ledger.Seen) ledger.Append {
	a := One(stream, version)
	a.Seen = seen
	return a
}

func seenStreams(t *testing.T, l ledger.Ledger) {
	must(t, l, seeing("book:1", 1, ledger.Seen{Stream: "shelf:1", Version: 0}))
	must(t, l, One("shelf:1", 1))
	for _, version := range []int{0, 2} {
		refused(t, l, ledger.ErrConflict, seeing("book:1", 2, ledger.Seen{Stream: "shelf:1", Version: version}))
	}
	must(t, l, seeing("book:1", 2, ledger.Seen{Stream: "shelf:1", Version: 1}), One("shelf:1", 2)) // as it stands before the call
	must(t, l, seeing("book:2", 1, ledger.Seen{Stream: "shelf:1", Version: 2}, ledger.Seen{Stream: "book:1", Version: 2}))
	refused(t, l, ledger.ErrMalformed, seeing("book:2", 2, ledger.Seen{}))
}

// seenAtOnce: sixteen writers put books on a shelf that they see standing, until somebody takes it away.
func seenAtOnce(t *testing.T, l ledger.Ledger) {
	must(t, l, One("shelf:1", 1))
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for n := 1; ; n++ {
				_, err := l.Append(ctx, seeing(fmt.Sprintf("book:%d", w), n, ledger.Seen{Stream: "shelf:1", Version: 1}))
				if err != nil {
					if !errors.Is(err, ledger.ErrConflict) {
						t.Error(err)
					}
					return
				}
				if n == 5 && w == 0 {
					must(t, l, One("shelf:1", 2))
				}
			}
		})
	}
	writers.Wait()
	rows, err := l.Read(ctx, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if last := rows[len(rows)-1]; last.Stream != "shelf:1" || len(rows) < 7 {
		t.Errorf("%d rows, and after the shelf was gone %s", len(rows), last.Stream)
	}
}

func bounds(t *testing.T, l ledger.Ledger) {
	with := func(data string) ledger.Append {
		return ledger.Append{Facts: []ledger.Fact{{Stream: "book:1", Version: 1, Name: name, Data: []byte(data)}}}
	}
	many := ledger.Append{}
	for i := range ledger.MaxFacts + 1 {
		many.Facts = append(many.Facts, Fact("shelf:1", i+1))
	}
	answer := One("book:1", 1)
	answer.Answer = []byte(`"` + strings.Repeat("é", 11<<10) + `"`) // three times as long in a header
	refused(t, l, ledger.ErrTooLarge, many)
	refused(t, l, ledger.ErrTooLarge, ledger.Append{Facts: many.Facts[:51]}, ledger.Append{Facts: many.Facts[51:]})
	refused(t, l, ledger.ErrTooLarge, with(`"`+strings.Repeat("x", ledger.MaxBytes)+`"`))
	refused(t, l, ledger.ErrTooLarge, with(`"`+strings.Repeat("x", ledger.MaxBytes-100)+`"`))
	refused(t, l, ledger.ErrTooLarge, answer)
	refused(t, l, ledger.ErrTooLarge, taking("book:1", 1, strings.Repeat("c", 513)))
	refused(t, l, ledger.ErrNotText, with("\"\x00\""))
	refused(t, l, ledger.ErrNotText, with(`"\u0000"`))
	refused(t, l, ledger.ErrNotText, with(`"\\\u0000"`))
	refused(t, l, ledger.ErrNotText, with("\"\xff\""))
	refused(t, l, ledger.ErrNotText, taking("book:1", 1, "tag\x00"))
	refused(t, l, ledger.ErrNotText, One("book:\xff", 1))
	refused(t, l, ledger.ErrNotText, ledger.Append{Facts: []ledger.Fact{Fact("book:1", 1)}, Actor: "\xff"})
	must(t, l, with(`"\\u0000 and `+strings.Repeat("x", ledger.MaxBytes-2000)+`"`))
	many.Facts = many.Facts[:ledger.MaxFacts]
	must(t, l, many)
}

func malformed(t *testing.T, l ledger.Ledger) {
	named := func(name string) ledger.Append {
		return ledger.Append{Facts: []ledger.Fact{{Stream: "book:1", Version: 1, Name: name, Data: []byte("{}")}}}
	}
	refused(t, l, ledger.ErrMalformed, ledger.Append{})
	for _, name := range []string{"", "library..lent", ".lent", "library.", "library.book lent", "library.*", "library.>", "Library.lent", "bakery.lent", strings.Repeat("a", 256)} {
		refused(t, l, ledger.ErrMalformed, named(name))
	}
	refused(t, l, ledger.ErrMalformed, One("", 1))
	refused(t, l, ledger.ErrMalformed, One("book:1", 0))
	refused(t, l, ledger.ErrMalformed, One("book:1", 1), One("book:1", 3))
	broken := One("book:1", 1)
	broken.Answer = []byte(`{"id":`)
	refused(t, l, ledger.ErrMalformed, broken)
}

func reading(t *testing.T, l ledger.Ledger) {
	if h := head(t, l); h.Position != 0 || h.Link != nil {
		t.Fatalf("an empty ledger's head is %+v", h)
	}
	for i := range 5 {
		must(t, l, One("book:1", i+1))
	}
	if got := load(t, l, "book:1", 3); len(got) != 2 || got[0].Version != 4 || got[1].Version != 5 {
		t.Fatalf("loaded %+v", got)
	}
	got, err := l.Read(ctx, 2, 2)
	if err != nil || len(got) != 2 || got[0].Position != 3 || got[1].Position != 4 {
		t.Fatalf("read %+v, %v", got, err)
	}
	if got, err := l.Read(ctx, 5, 10); len(got) != 0 || err != nil {
		t.Fatalf("read %+v, %v after the end", got, err)
	}
	h, last := head(t, l), load(t, l, "book:1", 4)[0]
	if h.Position != 5 || h.ID != last.ID || !bytes.Equal(h.Link, last.Link) || !h.Recorded.Equal(last.Recorded) {
		t.Fatalf("head %+v, last event %+v", h, last)
	}
}

func givenUp(t *testing.T, l ledger.Ledger) {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := l.Append(ended, One("book:1", 1))
	if !errors.Is(err, ledger.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Fatalf("answered %v", err)
	}
	must(t, l, One("book:1", 1))
}

// writersAtOnce lets sixteen writers fight for four streams, each with its own keys, some of them twice.
func writersAtOnce(t *testing.T, l ledger.Ledger) {
	var journal Journal
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for i := range 25 {
				Fight(ctx, t, l, &journal, fmt.Sprintf("shelf:%d", (w+i)%4), Key(fmt.Sprintf("w%d-%d", w/2, i)))
			}
		})
	}
	writers.Wait()
	rows, err := l.Read(ctx, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if err := journal.Check(rows); err != nil {
		t.Fatal(err)
	}
	if want := 8 * 25; len(rows) != want {
		t.Fatalf("%d rows for %d keys", len(rows), want)
	}
}
