// Package mirror keeps the stream of a service an exact copy of its ledger: it publishes, checks the whole
// claim, repairs by deleting and refilling, and leaves two different histories to a person.
package mirror

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Copies are the two copies of one service's history.
type Copies struct {
	Service  string
	Prefix   string // of streams and subjects; empty in operation
	Replicas int    // of the stream; 0: 1
	Ledger   Ledger
	JS       jetstream.JetStream
}

// Ledger is the truth. Import, Truncate and SetState are for Recover and AcceptLoss.
type Ledger interface {
	ID() string
	Head(ctx context.Context) (ledger.Head, error)
	Read(ctx context.Context, after int64, limit int) ([]ledger.Event, error)
	CheckChain(ctx context.Context, from int64) error
	Import(ctx context.Context, events []ledger.Event) error
	Truncate(ctx context.Context, after int64) error
	SetState(ctx context.Context, state string) error
}

const (
	requestTimeout = time.Second
	pageSize       = 256 // events of the ledger read at once
)

// Provision makes the stream of a service. One that is there stays as it is.
func Provision(ctx context.Context, js jetstream.JetStream, prefix, service, ledgerID string, replicas int) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_, err := js.CreateStream(ctx, stream.Config(prefix, service, ledgerID, max(replicas, 1)))
	if err != nil && !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return fmt.Errorf("make the stream of %s: %w", service, err)
	}
	return nil
}

func (c Copies) create(ctx context.Context) error {
	return Provision(ctx, c.JS, c.Prefix, c.Service, c.Ledger.ID(), c.Replicas)
}

// recreate leaves an empty stream.
func (c Copies) recreate(ctx context.Context) error {
	deadline, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := c.JS.DeleteStream(deadline, c.name()); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("delete the stream of %s: %w", c.Service, err)
	}
	return c.create(ctx)
}

func (c Copies) name() string { return stream.Name(c.Prefix, c.Service) }

// info is what the server says of the stream; nil if there is none.
func (c Copies) info(ctx context.Context) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	s, err := c.JS.Stream(ctx, c.name())
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the stream of %s: %w", c.Service, err)
	}
	return s.CachedInfo(), nil
}

// at gives the event of the ledger at a position.
func (c Copies) at(ctx context.Context, position int64) (ledger.Event, error) {
	events, err := c.Ledger.Read(ctx, position-1, 1)
	if err != nil {
		return ledger.Event{}, err
	}
	if len(events) == 0 || events[0].Position != position {
		return ledger.Event{}, fmt.Errorf("the ledger of %s has no position %d", c.Service, position)
	}
	return events[0], nil
}

// message is one message as the stream holds it.
type message struct {
	sequence int64
	subject  string
	header   nats.Header
	data     []byte
}

// id is the identifier of the event that the message claims to be; empty if it claims none.
func (m message) id() string {
	if values := m.header["ce-id"]; len(values) == 1 {
		return values[0]
	}
	return ""
}

// meant is the position that the message was published for; 0 if it does not say.
func (m message) meant() int64 {
	if values := m.header[jetstream.ExpectedLastSeqHeader]; len(values) == 1 {
		if before, err := strconv.ParseInt(values[0], 10, 64); err == nil {
			return before + 1
		}
	}
	return 0
}

func (m message) is(prefix string, e ledger.Event) bool {
	return m.sequence == e.Position && stream.Same(prefix, e, m.subject, m.header, m.data)
}

// exactly gets the message at a sequence; false if it is not there or cannot be read.
func (c Copies) exactly(ctx context.Context, sequence int64) (message, bool, error) {
	return c.get(ctx, map[string]any{"seq": sequence})
}

// next gets the first message that can be read at a sequence or after it.
func (c Copies) next(ctx context.Context, sequence int64) (message, bool, error) {
	return c.get(ctx, map[string]any{"seq": sequence, "next_by_subj": c.Prefix + c.Service + ".>"})
}

// get asks the leader. The client's own call may be answered by a replica that lags behind.
func (c Copies) get(ctx context.Context, request map[string]any) (message, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	body, err := json.Marshal(request)
	if err != nil {
		return message{}, false, err
	}
	reply, err := c.JS.Conn().RequestWithContext(ctx, c.apiPrefix()+"STREAM.MSG.GET."+c.name(), body)
	if err != nil {
		return message{}, false, fmt.Errorf("get a message of %s: %w", c.Service, err)
	}
	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Message struct {
			Subject string `json:"subject"`
			Seq     int64  `json:"seq"`
			Header  []byte `json:"hdrs"`
			Data    []byte `json:"data"`
		} `json:"message"`
	}
	if err := json.Unmarshal(reply.Data, &answer); err != nil {
		return message{}, false, fmt.Errorf("get a message of %s: %w", c.Service, err)
	}
	if answer.Error != nil {
		if answer.Error.Code == 503 {
			return message{}, false, fmt.Errorf("get a message of %s: %w", c.Service, answer.Error)
		}
		return message{}, false, nil // not found, or found and broken
	}
	m := message{sequence: answer.Message.Seq, subject: answer.Message.Subject, data: answer.Message.Data}
	if len(answer.Message.Header) > 0 {
		if m.header, err = nats.DecodeHeadersMsg(answer.Message.Header); err != nil {
			return m, true, nil //nolint:nilerr // a message without headers is no event of ours; the caller sees that
		}
	}
	return m, true, nil
}

func (c Copies) apiPrefix() string {
	switch o := c.JS.Options(); {
	case o.Domain != "":
		return "$JS." + o.Domain + ".API."
	case o.APIPrefix != "":
		return o.APIPrefix + "."
	}
	return jetstream.DefaultAPIPrefix
}
