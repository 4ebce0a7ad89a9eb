package mirror_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"

	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

// finds verifies copies that are not the same.
func finds(t testing.TB, c mirror.Copies, count int64, words ...string) {
	t.Helper()
	report, err := mirror.Verify(soon(t), c, 5)
	if err != nil {
		t.Fatal(err)
	}
	if report.Equal() || report.Count != count || len(report.Differences) > 5 {
		t.Fatalf("%d differences, want %d: %s", report.Count, count, report)
	}
	for _, word := range words {
		if !strings.Contains(report.String(), word) {
			t.Fatalf("%q is not in: %s", word, report)
		}
	}
}

func TestVerifyFindsEverySingleChangeOfAMessage(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	b.write(5, 50)
	for what, change := range map[string]func(*nats.Msg){
		"data differs":                      func(m *nats.Msg) { m.Data[len(m.Data)/2] ^= 1 },
		"subject differs":                   func(m *nats.Msg) { m.Subject = strings.Replace(m.Subject, "page-", "pages-", 1) },
		"header ce-type differs":            func(m *nats.Msg) { m.Header["ce-type"] = []string{"library.page-torn.v1"} },
		"header ce-subject differs":         func(m *nats.Msg) { m.Header["ce-subject"] = []string{"book:other"} },
		"header ce-time differs":            func(m *nats.Msg) { m.Header["ce-time"] = []string{"2026-01-01T00:00:00Z"} },
		"header ce-append differs":          func(m *nats.Msg) { m.Header["ce-append"] = append(m.Header["ce-append"], "x") },
		"header ce-link differs":            func(m *nats.Msg) { m.Header["ce-link"] = []string{"00"} },
		"header ce-streamversion differs":   func(m *nats.Msg) { delete(m.Header, "ce-streamversion") },
		"header ce-specversion differs":     func(m *nats.Msg) { m.Header["ce-specversion"] = []string{"1.1"} },
		"header ce-source differs":          func(m *nats.Msg) { m.Header["ce-source"] = []string{"/elsewhere"} },
		"header ce-datacontenttype differs": func(m *nats.Msg) { m.Header["ce-datacontenttype"] = []string{"text/plain"} },
		"header X-More is not ours":         func(m *nats.Msg) { m.Header["X-More"] = []string{"1"} },
		"position 3: event":                 func(m *nats.Msg) { m.Header["ce-id"] = []string{"0192d3a0-0000-7000-8000-00000000f00d"} },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c := shared(t, b)
			if err := mirror.Provision(t.Context(), c.JS, c.Prefix, service, b.ID(), 1); err != nil {
				t.Fatal(err)
			}
			for p := range int64(5) {
				m := stream.Message(c.Prefix, b.event(p+1))
				if p == 2 {
					m.Data = append([]byte(nil), m.Data...)
					change(m)
				}
				foreign(t, c, m)
			}
			finds(t, c, 1, "position 3", what)
		})
	}
}

func TestVerifyFindsWhatOneCopyLacks(t *testing.T) {
	t.Parallel()
	b, c := mirrored(t, 40)
	forged := b.event(40)
	forged.Position = 41
	foreign(t, c, stream.Message(c.Prefix, forged))
	finds(t, c, 1, "position 41: missing in the ledger")

	b, c = mirrored(t, 40)
	b.write(7, 50)
	finds(t, c, 7, "positions 41 to 47: missing in the stream", "47 events in the ledger, 40 in the stream")

	c.Prefix = testkit.Prefix(t)
	finds(t, c, 47, "there is no stream", "positions 1 to 47: missing in the stream")
}

func TestVerifyFindsChangesOfTheLedger(t *testing.T) {
	t.Parallel()
	for _, change := range []struct {
		sql   string
		count int64
		words []string
	}{
		{"update %s.event set data = data || ' '::bytea where position = 17", 1, []string{"position 17, event", "data differs", "chain is broken at position 17"}},
		{"update %s.event set link = 'x'::bytea where position = 17", 1, []string{"header ce-link differs", "chain is broken at position 17"}},
		{"update %s.event set meta = replace(convert_from(meta, 'UTF8'), '1', '2')::bytea where position = 17", 1, []string{"header ce-append differs", "chain"}},
		{"update %s.event set recorded = recorded + interval '1 microsecond' where position = 17", 1, []string{"header ce-time differs", "chain"}},
		{"delete from %s.event where position between 17 and 19", 3, []string{"positions 17 to 19: missing in the ledger", "chain is broken at position 17"}},
		{"delete from %s.event where position > 39", 1, []string{"position 40: missing in the ledger"}},
		{"delete from %s.event", 40, []string{"positions 1 to 40: missing in the ledger"}},
	} {
		t.Run(change.sql, func(t *testing.T) {
			t.Parallel()
			b, c := mirrored(t, 40)
			if _, err := testkit.Pool(t).Exec(t.Context(), fmt.Sprintf(change.sql, pgx.Identifier{b.schema}.Sanitize())); err != nil {
				t.Fatal(err)
			}
			finds(t, c, change.count, change.words...)
		})
	}
}

func TestVerifyBesideTrafficIsQuiet(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	m := run(t, b, c)
	m.flush(b.write(100, 100))
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				b.write(10, 100)
			}
		}
	}()
	for range 10 {
		equal(t, c)
	}
	close(stop)
	<-done
}
