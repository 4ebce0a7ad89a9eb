package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/ledger/conformance"
)

// lived is a ledger in which something happened: streams, keys, claims taken and given back.
func lived(t *testing.T) (shelf, *ledger.Postgres) {
	t.Helper()
	s := setup(t)
	l := s.open(t)
	for i := range 10 {
		a := ledger.Append{Facts: []ledger.Fact{conformance.Fact(fmt.Sprintf("book:%d", i), 1), conformance.Fact(fmt.Sprintf("book:%d", i), 2)}}
		a.Key, a.Answer, a.Take = key(fmt.Sprintf("k%d", i)), fmt.Appendf(nil, `{"id":"%d"}`, i), []string{fmt.Sprintf("tag:%d", i)}
		must(t, l, a)
	}
	back := one("book:3", 3)
	back.Release = []string{"tag:3"}
	must(t, l, back)
	again := one("book:4", 3)
	again.Take = []string{"tag:3"}
	must(t, l, again)
	return s, l
}

func TestTheChainTellsWhereSomebodyTouchedIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		touch string
		at    int64
	}{
		"a changed byte":  {"update %s.event set data = set_byte(data, 3, 7) where position = 5", 5},
		"changed meta":    {"update %s.event set meta = meta || ' ' where position = 6", 6},
		"a changed time":  {"update %s.event set recorded = recorded + interval '1 day' where position = 20", 20},
		"a removed row":   {"delete from %s.event where position = 5", 5},
		"a swapped pair":  {"update %[1]s.event set position = 99 where position = 5; update %[1]s.event set position = 5 where position = 6; update %[1]s.event set position = 6 where position = 99", 5},
		"a row closed up": {"delete from %[1]s.event where position = 21; update %[1]s.event set position = 21 where position = 22", 21},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, l := lived(t)
			if err := l.CheckChain(ctx, 1); err != nil {
				t.Fatal(err)
			}
			if _, err := s.pool.Exec(ctx, fmt.Sprintf(c.touch, s.schema)); err != nil {
				t.Fatal(err)
			}
			var broken *ledger.Broken
			if err := l.CheckChain(ctx, 1); !errors.As(err, &broken) || broken.Position != c.at {
				t.Errorf("answered %v, touched at %d", err, c.at)
			}
		})
	}
}

func TestTheChainIsCheckedFromAnyPosition(t *testing.T) {
	t.Parallel()
	s, l := lived(t)
	if _, err := s.pool.Exec(ctx, "update "+s.schema+".event set data = '{}' where position = 5"); err != nil {
		t.Fatal(err)
	}
	if err := l.CheckChain(ctx, 6); err != nil {
		t.Error(err)
	}
	if err := l.CheckChain(ctx, 5); err == nil {
		t.Error("the changed row passed")
	}
}

func TestAnImportedLedgerAnswersLikeTheFirst(t *testing.T) {
	t.Parallel()
	_, first := lived(t)
	s := setup(t)
	second := s.open(t)
	all := rows(t, first)
	if err := second.SetState(ctx, ledger.StateRestored); err != nil {
		t.Fatal(err)
	}
	for _, half := range [][]ledger.Event{all[:7], all[7:]} {
		if err := second.Import(ctx, half); err != nil {
			t.Fatal(err)
		}
	}
	if err := second.SetState(ctx, ledger.StateOpen); err != nil {
		t.Fatal(err)
	}
	for i, e := range rows(t, second) {
		if !conformance.Same(e, all[i]) {
			t.Fatalf("event %d differs: %+v, %+v", i+1, e, all[i])
		}
	}
	again := one("book:new", 1)
	again.Key = key("k7")
	if done := must(t, second, again)[0]; !done.Replayed || string(done.Answer) != `{"id":"7"}` || done.First != 15 {
		t.Errorf("a key of the lost interval is answered %+v", done)
	}
	refusesClaims(t, second)
	must(t, second, one("book:0", 3))
	if err := second.CheckChain(ctx, 1); err != nil {
		t.Error(err)
	}
}

// refusesClaims looks at the claims that lived left behind.
func refusesClaims(t *testing.T, l *ledger.Postgres) {
	t.Helper()
	for i := range 10 {
		want := fmt.Sprintf("book:%d", i)
		if i == 3 {
			want = "book:4"
		}
		thief := one("book:thief", 1)
		thief.Take = []string{fmt.Sprintf("tag:%d", i)}
		var claimed *ledger.Claimed
		if _, err := l.Append(ctx, thief); !errors.As(err, &claimed) || claimed.Holder != want {
			t.Errorf("tag:%d is held by %s, a thief was answered %v", i, want, err)
		}
	}
}

func TestOnlyAnUnbrokenChainIsImported(t *testing.T) {
	t.Parallel()
	_, first := lived(t)
	second := setup(t).open(t)
	all := rows(t, first)
	foreign := rows(t, first)
	foreign[2].Data = []byte(`{}`)
	var broken *ledger.Broken
	for name, c := range map[string]struct {
		events []ledger.Event
		at     int64
	}{"a gap": {all[1:], 1}, "a foreign event": {foreign, 3}} {
		if err := second.Import(ctx, c.events); !errors.As(err, &broken) || broken.Position != c.at {
			t.Errorf("%s: %v", name, err)
		}
	}
	if h, err := second.Head(ctx); h.Position != 0 || err != nil {
		t.Errorf("head %d, %v", h.Position, err)
	}
}

func TestATruncatedLedgerGoesOnAsIfItHadNeverGoneFurther(t *testing.T) {
	t.Parallel()
	_, l := lived(t)
	all := rows(t, l)
	if err := l.Truncate(ctx, 20); err != nil { // before tag:3 was given back
		t.Fatal(err)
	}
	if holder, _, err := l.Holder(ctx, "tag:3"); holder != "book:3" || err != nil {
		t.Errorf("tag:3 is held by %q, %v", holder, err)
	}
	if err := l.Import(ctx, all[20:]); err != nil {
		t.Fatal(err)
	}
	refusesClaims(t, l)
	if err := l.Truncate(ctx, 10); err != nil {
		t.Fatal(err)
	}
	if done := must(t, l, one("book:5", 1))[0]; done.First != 11 {
		t.Errorf("appended at %d", done.First)
	}
	if err := l.CheckChain(ctx, 1); err != nil {
		t.Error(err)
	}
}

func TestARestoredLedgerTakesNoAppendOfAnyProcess(t *testing.T) {
	t.Parallel()
	s := setup(t)
	running, other := s.open(t), s.open(t)
	must(t, running, one("book:1", 1))
	if err := other.SetState(ctx, ledger.StateRestored); err != nil {
		t.Fatal(err)
	}
	if _, err := running.Append(ctx, one("book:1", 2)); !errors.Is(err, ledger.ErrRestored) {
		t.Errorf("answered %v", err)
	}
	if err := other.SetState(ctx, ledger.StateOpen); err != nil {
		t.Fatal(err)
	}
	must(t, running, one("book:1", 2))
}

func TestProvisioningTwiceKeepsTheIdentity(t *testing.T) {
	t.Parallel()
	s := setup(t)
	first := s.open(t)
	together(4, func(int) {
		if err := ledger.Provision(ctx, s.pool, s.schema, "library"); err != nil {
			t.Error(err)
		}
	})
	if second := s.open(t); second.ID() != first.ID() || first.ID() == "" {
		t.Errorf("identity %q became %q", first.ID(), second.ID())
	}
}

func TestOpeningWhatIsNoLedgerSaysSo(t *testing.T) {
	t.Parallel()
	s := setup(t)
	for name, c := range map[string]ledger.Config{
		"no schema":       {Schema: "nowhere", Service: "library"},
		"another service": {Schema: s.schema, Service: "museum"},
	} {
		if _, err := ledger.Open(ctx, s.pool, c); !errors.Is(err, ledger.ErrNotProvisioned) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.pool.Exec(ctx, "update "+s.schema+".info set format = 99"); err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Open(ctx, s.pool, ledger.Config{Schema: s.schema, Service: "library"}); !errors.Is(err, ledger.ErrNewer) {
		t.Errorf("a newer ledger: %v", err)
	}
}

func TestALinkDependsOnTheKeyAndOnWhereEachFieldEnds(t *testing.T) {
	t.Parallel()
	e := ledger.Event{Position: 1, ID: newID(), Stream: "book:1", Version: 1, Name: "library.book-lent.v1", Data: []byte("ab"), Meta: []byte("c")}
	moved := e
	moved.Data, moved.Meta = []byte("a"), []byte("bc")
	link := ledger.ChainLink([]byte("key"), nil, e)
	for name, other := range map[string][]byte{
		"another key":    ledger.ChainLink([]byte("other"), nil, e),
		"another past":   ledger.ChainLink([]byte("key"), []byte("x"), e),
		"a moved border": ledger.ChainLink([]byte("key"), nil, moved),
	} {
		if bytes.Equal(link, other) {
			t.Errorf("%s gives the same link", name)
		}
	}
}
