package projection

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/pkg/feed"
)

// The states of a service's reading.
const (
	OK     = "ok"
	Away   = "away"   // Postgres cannot be asked
	Failed = "failed" // an event cannot be applied: reading of this service stands there and tries again, until somebody mends it
)

// Status is how a projection does, as its process knows.
type Status struct {
	Active     bool // this process writes; the others only follow
	Generation int  // read from; 0: none yet
	Build      string
	Services   []ServiceStatus
}

// ServiceStatus is how the reading of one service does.
type ServiceStatus struct {
	Service  string
	Position int64
	State    string
	Reason   string // why it does not go on after Position, without personal data
	Since    time.Time
}

// Status tells how the projection does. It asks nobody.
func (p *Projector) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Status{Active: p.active, Build: feed.Reason(p.building)}
	if g := p.serving.Load(); g != nil {
		s.Generation = g.number
	}
	for _, name := range p.Services {
		one := ServiceStatus{Service: name, State: OK}
		if known, ok := p.services[name]; ok {
			one = known
		}
		one.Position = p.Hub.Position(name)
		s.Services = append(s.Services, one)
	}
	slices.SortFunc(s.Services, func(a, b ServiceStatus) int { return strings.Compare(a.Service, b.Service) })
	return s
}

func (p *Projector) setActive(active bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.active = active
	clear(p.services)
}

func (p *Projector) note(service string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.services[service]
	after := ServiceStatus{Service: service, State: OK, Since: before.Since}
	if err != nil {
		after.State, after.Reason = Failed, feed.Reason(err)
		if feed.Away(err) {
			after.State = Away
		}
	}
	if after.State == before.State && after.Reason == before.Reason {
		return
	}
	after.Since = time.Now()
	p.services[service] = after
	if err != nil {
		p.Log.Error("projection stands still", "projection", p.Name, "service", service, "state", after.State, "reason", reasonIn(err))
	}
}

func (p *Projector) noteAll(err error) {
	for _, service := range p.Services {
		p.note(service, err)
	}
}

// poison says which event could not be applied.
type poison struct {
	cause string // "<service>:<position>"
	name  string
	error
}

func (e *poison) Unwrap() error { return e.error }

func reasonIn(err error) string {
	var p *poison
	if errors.As(err, &p) {
		return p.cause + " " + p.name + ": " + feed.Reason(p.error)
	}
	return feed.Reason(err)
}

func pauseFor(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
