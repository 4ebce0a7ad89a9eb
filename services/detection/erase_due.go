package detection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/detection/domain"
)

var errStillLent = errors.New("a tablet is in the person's hands: the erasure waits until it is back")

// eraseDue carries an erasure out: first it is in the register, then it is told, then the keys are destroyed. The process
// may die between any two steps. Before the second one the deadline stands and all begins again; after it the register
// says what is left to do, see settle.
func (s *Service) eraseDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	p, _, err := s.persons.Get(ctx, due.Aggregate)
	if err != nil || p.ID == "" || p.Erased || p.EraseAt.IsZero() || s.Clock.Now().Before(p.EraseAt) {
		return err
	}
	subjects, err := s.toDestroy(ctx, p.ID)
	if err != nil {
		return err
	}
	flags, err := s.flagsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	if err := s.register(p.Why, s.Clock.Now(), subjects...); err != nil {
		return err
	}
	erase := domain.Erase{PersonID: p.ID, Reason: p.Why, At: s.Clock.Now()}
	if err := engine.React(ctx, s.persons, p.ID, erase, feed.Heard{}, key); err != nil {
		return err
	}
	s.forget(p.ID, flags)
	if err := s.destroyAll(ctx, subjects); err != nil {
		s.wake()
		return err
	}
	return nil
}

// forget drops what is in memory of somebody.
func (s *Service) forget(person string, flags []where) {
	s.persons.Forget(person)
	for _, f := range flags {
		s.flags.Forget(f.FlagID)
	}
}

// toDestroy are the keys of a person, as far as everything that was told is known.
func (s *Service) toDestroy(ctx context.Context, id string) ([]string, error) {
	head, err := s.Ledger.Head(ctx)
	if err == nil {
		err = s.knows.Hub.Wait(ctx, Name, head.Position)
	}
	if err != nil {
		return nil, err
	}
	switch lent, err := s.hasTablet(ctx, id); {
	case err != nil:
		return nil, err
	case lent:
		return nil, errStillLent
	}
	return s.keysOf(ctx, id)
}

func (s *Service) destroyAll(ctx context.Context, subjects []string) error {
	for _, subject := range subjects {
		if err := s.destroy(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// wake has the register looked at again.
func (s *Service) wake() {
	select {
	case s.unsettled <- struct{}{}:
	default:
	}
}

const settleAgain = time.Second

// settle does what the register says and is not done: at the start, and after a step that failed.
func (s *Service) settle(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := s.applyRegister(ctx); err != nil {
			s.Log.Warn("an erasure is not finished", "reason", feed.Reason(err))
			select {
			case <-ctx.Done():
			case <-time.After(settleAgain):
			}
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.unsettled:
		}
	}
	return nil
}

func (s *Service) applyRegister(ctx context.Context) error {
	_, err := applyRegister(ctx, s.Engine, s.persons, s.destroyAll)
	return err
}

// Applied is what the register of erasures had to do.
type Applied struct {
	Registered int      // subjects in the register
	Destroyed  []string // whose keys were there
	Told       []string // whose erasure the ledger did not know
}

// ApplyErasures destroys the keys of everybody in the register that are there again, and tells what the ledger lacks:
// both come from older backups. A second time does nothing. Without a ledger nothing is told.
func ApplyErasures(ctx context.Context, e *engine.Engine) (Applied, error) {
	return applyRegister(ctx, e, byPersons(e), func(ctx context.Context, subjects []string) error {
		for _, subject := range subjects {
			if err := e.Vault.Destroy(ctx, subject); err != nil {
				return err
			}
		}
		return nil
	})
}

func applyRegister(ctx context.Context, e *engine.Engine, persons *decider.Decider[domain.Person, events.Detection], destroy func(context.Context, []string) error) (a Applied, err error) {
	entries, err := e.Erasures.Entries()
	if err != nil || len(entries) == 0 {
		return a, err
	}
	subjects := make([]string, len(entries))
	for i, entry := range entries {
		subjects[i] = entry.Subject
	}
	a.Registered = len(entries)
	if e.Ledger != nil {
		for _, entry := range entries {
			told, err := tellErased(ctx, persons, domain.Erase{PersonID: entry.Subject, Reason: entry.Reason, At: e.Clock.Now()})
			if err != nil {
				return a, err
			}
			if told {
				a.Told = append(a.Told, entry.Subject)
			}
		}
	}
	if a.Destroyed, err = e.Vault.Alive(ctx, subjects); err != nil {
		return a, err
	}
	return a, destroy(ctx, a.Destroyed)
}

// tellErased says that somebody is erased whose ledger does not know it. The subject may be no person of the ledger: the
// key of a sheet, or somebody it does not know yet.
func tellErased(ctx context.Context, persons *decider.Decider[domain.Person, events.Detection], erase domain.Erase) (bool, error) {
	p, _, err := persons.Get(ctx, erase.PersonID)
	if err != nil || p.ID == "" || p.Erased {
		return false, err
	}
	if _, err = persons.Handle(ctx, p.ID, erase, decider.Call[domain.Person]{}); err != nil {
		return false, fmt.Errorf("tell the erasure of %s: %w", p.ID, err)
	}
	return true, nil
}
