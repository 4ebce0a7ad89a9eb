package feed

import (
	"fmt"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
)

// Heard is an event as a reader sees it. Details stay sealed.
type Heard struct {
	ledger.Event
	Fact    events.Fact
	Service string
}

// Hear decodes an event. It answers events.ErrUnknownName for a name of a later version.
func Hear(service string, e ledger.Event) (Heard, error) {
	fact, err := events.Decode(e.Name, e.Data, nil)
	return Heard{Event: e, Fact: fact, Service: service}, err
}

// Cause is what an append that reacts to this event gives as its cause: "<service>:<position>".
func (h Heard) Cause() string { return fmt.Sprintf("%s:%d", h.Service, h.Position) }

// Correlation is the identifier of the request that began it all, empty if there is none.
func (h Heard) Correlation() string {
	meta, err := h.ReadMeta()
	if err != nil {
		return ""
	}
	return meta.Correlation
}

// Whole makes a handler that sees whole appends only: the facts of an append whose end has not come yet
// are kept for the next batch. Use a new one for each Read.
func Whole(handle func([]ledger.Event) error) func([]ledger.Event) error {
	var rest []ledger.Event
	return func(batch []ledger.Event) error {
		batch = append(rest, batch...)
		end, err := lastEnd(batch)
		if err != nil {
			return err
		}
		rest = slices.Clone(batch[end:])
		if end == 0 {
			return nil
		}
		return handle(batch[:end:end])
	}
}

// lastEnd is the number of events up to the end of the last whole append.
func lastEnd(batch []ledger.Event) (int, error) {
	for end := len(batch); end > 0; end-- {
		meta, err := batch[end-1].ReadMeta()
		if err != nil {
			return 0, err
		}
		if meta.Part == meta.Of {
			return end, nil
		}
	}
	return 0, nil
}
