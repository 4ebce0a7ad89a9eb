package stream

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
)

// Headers of a message. The server keeps the expected sequence beside ours, so it is part of the copy.
const (
	headerExpected      = "Nats-Expected-Last-Sequence"
	headerSpec          = "ce-specversion"
	headerID            = "ce-id"
	headerType          = "ce-type"
	headerSource        = "ce-source"
	headerSubject       = "ce-subject"
	headerTime          = "ce-time"
	headerContent       = "ce-datacontenttype"
	headerStreamVersion = "ce-streamversion"
	headerAppend        = "ce-append"
	headerLink          = "ce-link"
)

type attribute struct{ name, value string }

func attributes(e ledger.Event) [11]attribute {
	return [...]attribute{
		{headerExpected, strconv.FormatInt(e.Position-1, 10)},
		{headerSpec, "1.0"},
		{headerID, encode(e.ID)},
		{headerType, encode(e.Name)},
		{headerSource, source(e.Name)},
		{headerSubject, encode(e.Stream)},
		{headerTime, e.Recorded.UTC().Format(time.RFC3339Nano)},
		{headerContent, "application/json"},
		{headerStreamVersion, strconv.Itoa(e.Version)},
		{headerAppend, encode(string(e.Meta))},
		{headerLink, hex.EncodeToString(e.Link)},
	}
}

func source(name string) string { return "/passerelle/" + encode(events.Service(name)) }

// Message is the event as it is published and stored: CloudEvents 1.0 in binary mode, attributes
// percent-encoded. The server refuses it unless the stream ends one before the event's position.
func Message(prefix string, e ledger.Event) *nats.Msg {
	header := make(nats.Header, 11)
	for _, a := range attributes(e) {
		header[a.name] = []string{a.value}
	}
	return &nats.Msg{Subject: prefix + e.Name, Header: header, Data: e.Data}
}

// Same tells whether a message is exactly what Message makes of the event: subject, every header, every byte.
func Same(prefix string, e ledger.Event, subject string, header nats.Header, data []byte) bool {
	want := attributes(e)
	if subject != prefix+e.Name || string(data) != string(e.Data) || len(header) != len(want) {
		return false
	}
	for _, a := range want {
		if got := header[a.name]; len(got) != 1 || got[0] != a.value {
			return false
		}
	}
	return true
}

// Event reads a message back. It fails for a message that Message cannot have made: a missing, doubled,
// foreign or changed header, another subject. For every event it gives, Same holds.
func Event(prefix string, sequence int64, subject string, header nats.Header, data []byte) (ledger.Event, error) {
	r := reader{sequence: sequence, header: header}
	e := ledger.Event{
		Position: sequence, ID: r.text(headerID), Name: r.text(headerType), Stream: r.text(headerSubject),
		Data: data, Meta: []byte(r.text(headerAppend)),
		Version: r.version(), Recorded: r.time(), Link: r.link(),
	}
	r.must(headerExpected, strconv.FormatInt(sequence-1, 10))
	r.must(headerSpec, "1.0")
	r.must(headerSource, source(e.Name))
	r.must(headerContent, "application/json")
	if r.err == nil && (len(header) != 11 || subject != prefix+e.Name) {
		r.err = fmt.Errorf("message %d: a foreign header or subject", sequence)
	}
	return e, r.err
}

// reader takes headers apart and keeps the first fault.
type reader struct {
	sequence int64
	header   nats.Header
	err      error
}

func (r *reader) fault(name string) {
	if r.err == nil {
		r.err = fmt.Errorf("message %d: header %s is not as the mirror writes it", r.sequence, name)
	}
}

func (r *reader) value(name string) string {
	values := r.header[name]
	if len(values) != 1 {
		r.fault(name)
		return ""
	}
	return values[0]
}

func (r *reader) must(name, want string) {
	if r.value(name) != want {
		r.fault(name)
	}
}

func (r *reader) text(name string) string {
	value, ok := decode(r.value(name))
	if !ok {
		r.fault(name)
	}
	return value
}

func (r *reader) version() int {
	value := r.value(headerStreamVersion)
	n, err := strconv.Atoi(value)
	if err != nil || strconv.Itoa(n) != value {
		r.fault(headerStreamVersion)
	}
	return n
}

func (r *reader) time() time.Time {
	value := r.value(headerTime)
	t, err := time.Parse(time.RFC3339Nano, value)
	if t = t.UTC(); err != nil || t.Format(time.RFC3339Nano) != value {
		r.fault(headerTime)
	}
	return t
}

func (r *reader) link() []byte {
	value := r.value(headerLink)
	link, err := hex.DecodeString(value)
	if err != nil || hex.EncodeToString(link) != value {
		r.fault(headerLink)
	}
	return link
}
