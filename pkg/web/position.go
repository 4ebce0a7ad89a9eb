package web

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/pkg/refusal"
)

// Waiter knows how far a service has heard others.
type Waiter interface {
	// Wait returns when the position was heard, or with the context's error. What was heard already is nil at
	// once, whatever the context.
	Wait(ctx context.Context, service string, position int64) error
	// End is the last position known of a stream, heard or not. It may ask the stream.
	End(service string) int64
}

// Heard is what a service listens to. Positions of other services are ignored.
type Heard struct {
	Services []string
	Waiter   Waiter
}

const (
	longestWait   = 2 * time.Second // for a position that was sent
	longestSearch = time.Second     // before an unknown id is a 404
)

type position struct {
	service string
	at      int64
}

// Position writes the header of a write's answer: "detection:12".
func Position(service string, at int64) string { return service + ":" + strconv.FormatInt(at, 10) }

func readPositions(headers []string) ([]position, error) {
	var list []position
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			p, ok := readPosition(strings.TrimSpace(part))
			if !ok || len(list) >= 100 {
				return nil, badHeader("Passerelle-Position", "Send it as it came: <service>:<position>, several separated by commas.")
			}
			list = append(list, p)
		}
	}
	return list, nil
}

func readPosition(text string) (position, bool) {
	service, digits, _ := strings.Cut(text, ":")
	letters := func(c rune) bool { return c != '-' && c != '_' && (c < 'a' || c > 'z') }
	figures := func(c rune) bool { return c < '0' || c > '9' }
	at, err := strconv.ParseInt(digits, 10, 64)
	if service == "" || strings.ContainsFunc(service, letters) || err != nil || strings.ContainsFunc(digits, figures) {
		return position{}, false
	}
	return position{service, at}, true
}

func (h *Heard) follows(service string) bool { return h != nil && slices.Contains(h.Services, service) }

// wait returns when every position of a followed service was heard.
func (h *Heard) wait(ctx context.Context, list []position) error {
	asking, cancel := context.WithCancel(ctx)
	cancel()
	var waiting []position
	for _, p := range list {
		if !h.follows(p.service) || h.Waiter.Wait(asking, p.service, p.at) == nil {
			continue
		}
		if p.at > h.Waiter.End(p.service)+MaxAhead {
			return notYetHeard()
		}
		waiting = append(waiting, p)
	}
	if len(waiting) == 0 {
		return nil
	}
	return h.waitFor(ctx, waiting, longestWait)
}

func (h *Heard) waitFor(ctx context.Context, list []position, longest time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for _, p := range list {
		if err := h.Waiter.Wait(ctx, p.service, p.at); errors.Is(err, context.DeadlineExceeded) {
			return notYetHeard()
		} else if err != nil {
			return err
		}
	}
	return nil
}

func notYetHeard() *Problem {
	return unavailable("not_yet_heard", "This service has not heard that far yet. Please try again.")
}

// Find looks for something. When look refuses with refusal.NotFound, it looks once more as soon as the service
// has heard everything that was known when the first look failed, 1 s later at most: only then is it a 404.
func Find[T any](ctx context.Context, look func(context.Context) (T, error)) (T, error) {
	found, err := look(ctx)
	h := exchangeOf(ctx).heard
	var refused *refusal.Refusal
	if h == nil || !errors.As(err, &refused) || refused.Kind != refusal.NotFound {
		return found, err
	}
	ends := make([]position, len(h.Services))
	for i, service := range h.Services {
		ends[i] = position{service, h.Waiter.End(service)}
	}
	if waited := h.waitFor(ctx, ends, longestSearch); waited != nil {
		return found, err
	}
	return look(ctx)
}
