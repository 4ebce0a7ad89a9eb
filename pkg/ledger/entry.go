package ledger

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// entry is one call of Append on its way to the ledger: checked, with everything but its place.
type entry struct {
	ctx    context.Context
	drafts []Event // without position, time and link
	parts  []part
	claims []claim
	seen   []Seen
	size   int

	done     chan struct{} // closed when answered
	answered bool
	found    bool // its keys are there already
	stored   []Event
	err      error
}

// part is one Append of a call.
type part struct {
	from, to        int // in drafts
	key             Key
	request, answer []byte
}

// claim is what a call does to one claim, from its first touch to its last.
type claim struct {
	value, stream string
	takes         bool // nobody else may hold it
	holds         bool // in the end
	draft         int  // first fact of the append that took it
}

const (
	maxHeader   = 60 << 10 // NATS refuses headers over 64 KiB
	fixedHeader = 512      // names of our headers, line ends, time and link: more than they ever take
	maxName     = 255
	maxID       = 512 // of a stream or a claim: they are indexed
)

// newEntry checks what is asked and gives each fact an identifier.
func newEntry(ctx context.Context, service string, appends []Append) (*entry, error) {
	facts := 0
	for _, a := range appends {
		facts += len(a.Facts)
	}
	if facts > MaxFacts {
		return nil, fmt.Errorf("%w: %d facts", ErrTooLarge, facts)
	}
	e := &entry{ctx: ctx, done: make(chan struct{}), drafts: make([]Event, 0, facts), parts: make([]part, 0, len(appends))}
	for _, a := range appends {
		if err := e.add(a); err != nil {
			return nil, err
		}
	}
	for _, d := range e.drafts { // the stream of a service takes no other subjects: such an event would block its mirror for ever
		if !strings.HasPrefix(d.Name, service+".") {
			return nil, fmt.Errorf("%w: %q is no event of %s", ErrMalformed, d.Name, service)
		}
	}
	return e, e.checkVersions()
}

func (e *entry) add(a Append) error {
	if err := checkAppend(a); err != nil {
		return err
	}
	if a.Key == (Key{}) {
		a.Key = Key(uuid.Must(uuid.NewV7()))
	}
	for _, p := range e.parts {
		if p.key == a.Key {
			return fmt.Errorf("%w: one key twice", ErrMalformed)
		}
	}
	if len(a.Answer) > 0 {
		compact, err := json.Marshal(json.RawMessage(a.Answer)) // as it will stand in the metadata
		if err != nil {
			return fmt.Errorf("%w: answer: %w", ErrMalformed, err)
		}
		a.Answer = compact
	}
	from := len(e.drafts)
	for i, f := range a.Facts {
		draft, err := newDraft(f, metaOf(a, i))
		if err != nil {
			return err
		}
		e.drafts = append(e.drafts, draft)
		e.size += len(draft.Data) + len(draft.Meta)
	}
	e.parts = append(e.parts, part{from, len(e.drafts), a.Key, a.Request, a.Answer})
	e.seen = append(e.seen, a.Seen...)
	return e.addClaims(a, from)
}

func metaOf(a Append, i int) Meta {
	m := Meta{Part: i + 1, Of: len(a.Facts), Actor: a.Actor, Correlation: a.Correlation, Cause: a.Cause}
	if i > 0 {
		return m
	}
	m.Key, m.Request, m.Answer, m.Take, m.Release = a.Key[:], a.Request, a.Answer, a.Take, a.Release
	if a.Holder != a.Facts[0].Stream {
		m.Holder = a.Holder
	}
	return m
}

func newDraft(f Fact, meta Meta) (Event, error) {
	data, err := json.Marshal(meta)
	if err != nil {
		return Event{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	draft := Event{ID: uuid.Must(uuid.NewV7()).String(), Stream: f.Stream, Version: f.Version, Name: f.Name, Data: f.Data, Meta: data}
	header := fixedHeader + len(draft.ID) + 2*len(f.Name) + encodedLen(f.Stream) + encodedLen(data)
	if header > maxHeader || header+len(f.Data) > MaxBytes {
		return Event{}, fmt.Errorf("%w: %d bytes, %d of them metadata", ErrTooLarge, header+len(f.Data), header)
	}
	return draft, nil
}

// encodedLen is the length after the percent-encoding of message headers.
func encodedLen[T string | []byte](s T) int {
	n := len(s)
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '"' || c == '%' {
			n += 2
		}
	}
	return n
}

func checkAppend(a Append) error {
	if len(a.Facts) == 0 {
		return fmt.Errorf("%w: no facts", ErrMalformed)
	}
	for _, f := range a.Facts {
		if err := checkFact(f); err != nil {
			return err
		}
	}
	for _, s := range a.Seen {
		if err := checkID(s.Stream); err != nil {
			return fmt.Errorf("stream: %w", err)
		}
	}
	for _, values := range [][]string{a.Take, a.Release} {
		for _, value := range values {
			if err := checkID(value); err != nil {
				return fmt.Errorf("claim: %w", err)
			}
		}
	}
	if !isText(a.Actor) || !isText(a.Correlation) || !isText(a.Cause) || !isText(a.Holder) || !isJSONText(a.Answer) {
		return fmt.Errorf("%w: metadata", ErrNotText)
	}
	return nil
}

func checkFact(f Fact) error {
	if err := checkID(f.Stream); err != nil {
		return fmt.Errorf("stream: %w", err)
	}
	if f.Version < 1 || !isSubject(f.Name) {
		return fmt.Errorf("%w: version %d, name %q", ErrMalformed, f.Version, f.Name)
	}
	if len(f.Data) > MaxBytes {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(f.Data))
	}
	if !isJSONText(f.Data) {
		return fmt.Errorf("%w: data", ErrNotText)
	}
	return nil
}

func checkID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("%w: empty", ErrMalformed)
	case len(id) > maxID:
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(id))
	case !isText(id):
		return ErrNotText
	}
	return nil
}

func isText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// isJSONText also looks for NUL as JSON writes it: an odd number of backslashes before u0000.
func isJSONText(data []byte) bool {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return false
	}
	for rest := data; ; {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return true
		}
		slashes := 1
		for i-slashes >= 0 && rest[i-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 1 {
			return false
		}
		rest = rest[i+1:]
	}
}

// isSubject tells whether a name can be a message's subject: tokens of a-z, 0-9 and - between dots.
func isSubject(name string) bool {
	if len(name) > maxName {
		return false
	}
	last := byte('.')
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '.' && last != '.', c == '-', c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			last = c
		default:
			return false
		}
	}
	return last != '.'
}

// checkVersions wants the versions of each stream to follow each other.
func (e *entry) checkVersions() error {
	if len(e.drafts) == 1 {
		return nil
	}
	last := map[string]int{}
	for _, d := range e.drafts {
		if before, there := last[d.Stream]; there && d.Version != before+1 {
			return fmt.Errorf("%w: %s has version %d after %d", ErrMalformed, d.Stream, d.Version, before)
		}
		last[d.Stream] = d.Version
	}
	return nil
}

func (e *entry) addClaims(a Append, draft int) error {
	stream := a.Holder
	if stream == "" {
		stream = a.Facts[0].Stream
	}
	for _, value := range a.Take {
		c, err := e.claim(value, stream)
		if err != nil {
			return err
		}
		c.takes, c.holds, c.draft = true, true, draft
	}
	for _, value := range a.Release {
		c, err := e.claim(value, stream)
		if err != nil {
			return err
		}
		c.holds = false
	}
	return nil
}

func (e *entry) claim(value, stream string) (*claim, error) {
	for i := range e.claims {
		if c := &e.claims[i]; c.value == value {
			if c.stream != stream {
				return nil, fmt.Errorf("%w: one claim, two streams", ErrMalformed)
			}
			return c, nil
		}
	}
	e.claims = append(e.claims, claim{value: value, stream: stream})
	return &e.claims[len(e.claims)-1], nil
}

// firsts gives the first fact of each stream of the call.
func (e *entry) firsts(each func(stream string, version int)) {
	for i, d := range e.drafts {
		begins := true
		for _, before := range e.drafts[:i] {
			if before.Stream == d.Stream {
				begins = false
				break
			}
		}
		if begins {
			each(d.Stream, d.Version)
		}
	}
}

// answer ends the wait. What comes after the first answer is ignored.
func (e *entry) answer(stored []Event, err error) {
	if e.answered {
		return
	}
	e.answered, e.stored, e.err = true, stored, err
	close(e.done)
}

// appended is the answer for a call that was stored.
func (e *entry) appended() []Appended {
	out := make([]Appended, len(e.parts))
	for i, p := range e.parts {
		events := e.stored[p.from:p.to:p.to]
		out[i] = Appended{
			First: events[0].Position, Last: events[len(events)-1].Position, Recorded: events[0].Recorded,
			Events: events, Request: p.request, Answer: p.answer,
		}
	}
	return out
}
