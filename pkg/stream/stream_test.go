package stream_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"pgregory.net/rapid"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var seatTaken = ledger.Event{
	Position: 42, ID: "0192d3a0-0000-7000-8000-000000000042", Stream: "session:s 1", Version: 7,
	Name: "workshop.seat-taken.v1", Data: []byte(`{"session_id":"s 1"}`), Meta: []byte(`{"part":1,"of":1,"answer":{"n":"50 %é"}}`),
	Recorded: time.Date(2026, 11, 22, 9, 0, 0, 120000, time.UTC), Link: []byte{0x00, 0xAB},
}

func TestAMessageIsWrittenLikeThis(t *testing.T) {
	t.Parallel()
	m := stream.Message("", seatTaken)
	want := map[string]string{
		"Nats-Expected-Last-Sequence": "41",
		"ce-specversion":              "1.0",
		"ce-id":                       "0192d3a0-0000-7000-8000-000000000042",
		"ce-type":                     "workshop.seat-taken.v1",
		"ce-source":                   "/passerelle/workshop",
		"ce-subject":                  "session:s%201",
		"ce-time":                     "2026-11-22T09:00:00.00012Z",
		"ce-datacontenttype":          "application/json",
		"ce-streamversion":            "7",
		"ce-append":                   "{%22part%22:1,%22of%22:1,%22answer%22:{%22n%22:%2250%20%25%C3%A9%22}}",
		"ce-link":                     "00ab",
	}
	got := map[string]string{}
	for name, values := range m.Header {
		got[name] = strings.Join(values, "|")
	}
	if !maps.Equal(got, want) || m.Subject != "workshop.seat-taken.v1" || !bytes.Equal(m.Data, seatTaken.Data) {
		t.Fatalf("written as %s %v", m.Subject, got)
	}
}

func TestAnyEventComesBackFromTheWireAsItWas(t *testing.T) {
	t.Parallel()
	conn, _ := testkit.NATS(t)
	prefix := testkit.Prefix(t)
	sub, err := conn.SubscribeSync(prefix + "detection.>")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		if err := conn.PublishMsg(stream.Message(prefix, e)); err != nil {
			t.Fatal(err)
		}
		m, err := sub.NextMsg(5 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		back, err := stream.Event(prefix, e.Position, m.Subject, m.Header, m.Data)
		if err != nil {
			t.Fatal(err)
		}
		if !equal(e, back) || !stream.Same(prefix, e, m.Subject, m.Header, m.Data) {
			t.Fatalf("%+v\ncame back as\n%+v", e, back)
		}
	})
}

func TestAChangedMessageIsNeitherReadNorTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		m := stream.Message("x-", e)
		change(t, m)
		if stream.Same("x-", e, m.Subject, m.Header, m.Data) {
			t.Fatal("taken for the same")
		}
		back, err := stream.Event("x-", e.Position, m.Subject, m.Header, m.Data)
		if err == nil && !stream.Same("x-", back, m.Subject, m.Header, m.Data) {
			t.Fatalf("read as %+v, which is written otherwise", back)
		}
	})
}

func TestWhatTheMirrorDoesNotWriteIsNotRead(t *testing.T) {
	t.Parallel()
	spoil := map[string]func(*nats.Msg){
		"no header":            func(m *nats.Msg) { delete(m.Header, "ce-link") },
		"a header twice":       func(m *nats.Msg) { m.Header.Add("ce-id", "again") },
		"a foreign header":     func(m *nats.Msg) { m.Header.Set("Nats-Msg-Id", "1") },
		"another spelling":     func(m *nats.Msg) { m.Header["Ce-Id"] = m.Header["ce-id"]; delete(m.Header, "ce-id") },
		"clear space":          func(m *nats.Msg) { m.Header["ce-subject"] = []string{"session:s 1"} },
		"needless escape":      func(m *nats.Msg) { m.Header["ce-subject"] = []string{"%41"} },
		"small escape":         func(m *nats.Msg) { m.Header["ce-subject"] = []string{"%c3%a9"} },
		"half an escape":       func(m *nats.Msg) { m.Header["ce-subject"] = []string{"%4"} },
		"large link":           func(m *nats.Msg) { m.Header["ce-link"] = []string{"00AB"} },
		"version with a plus":  func(m *nats.Msg) { m.Header["ce-streamversion"] = []string{"+7"} },
		"time with an offset":  func(m *nats.Msg) { m.Header["ce-time"] = []string{"2026-11-22T10:00:00.00012+01:00"} },
		"time with zeros":      func(m *nats.Msg) { m.Header["ce-time"] = []string{"2026-11-22T09:00:00.000120Z"} },
		"another service":      func(m *nats.Msg) { m.Header["ce-source"] = []string{"/passerelle/referral"} },
		"another content":      func(m *nats.Msg) { m.Header["ce-datacontenttype"] = []string{"text/plain"} },
		"another place":        func(m *nats.Msg) { m.Header["Nats-Expected-Last-Sequence"] = []string{"40"} },
		"another subject":      func(m *nats.Msg) { m.Subject = "workshop.seat-held.v1" },
		"nothing but the data": func(m *nats.Msg) { m.Header = nil },
	}
	for name, spoil := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := stream.Message("", seatTaken)
			spoil(m)
			if _, err := stream.Event("", 42, m.Subject, m.Header, m.Data); err == nil {
				t.Fatal("was read")
			}
			if stream.Same("", seatTaken, m.Subject, m.Header, m.Data) {
				t.Fatal("was taken for the same")
			}
		})
	}
}

func anyEvent(t *rapid.T) ledger.Event {
	odd := rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte(" \t\r\n\"%:~\x00\x7f\xff"))), 0, 40).Draw(t, "bytes"))
	})
	return ledger.Event{
		Position: rapid.Int64Min(1).Draw(t, "position"), ID: odd.Draw(t, "id"), Stream: odd.Draw(t, "stream"),
		Version: rapid.Int().Draw(t, "version"), Name: "detection." + rapid.StringMatching(`[a-z-]{1,20}\.v[1-9]`).Draw(t, "name"),
		Data: []byte(odd.Draw(t, "data")), Meta: []byte(odd.Draw(t, "meta")), Link: []byte(odd.Draw(t, "link")),
		Recorded: time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "recorded")).UTC(),
	}
}

func change(t *rapid.T, m *nats.Msg) {
	names := append(slices.Sorted(maps.Keys(m.Header)), "subject", "data")
	name := rapid.SampledFrom(names).Draw(t, "what")
	more := rapid.SampledFrom([]string{"x", "%20", "%", " ", "0", "\xff"}).Draw(t, "more")
	switch name {
	case "subject":
		m.Subject += more
	case "data":
		m.Data = append(bytes.Clone(m.Data), more...)
	default:
		m.Header[name] = []string{m.Header[name][0] + more}
	}
}

func equal(a, b ledger.Event) bool {
	return a.Position == b.Position && a.ID == b.ID && a.Stream == b.Stream && a.Version == b.Version && a.Name == b.Name &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta) && bytes.Equal(a.Link, b.Link) && a.Recorded.Equal(b.Recorded)
}
