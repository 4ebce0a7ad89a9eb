package detection

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

var errNotYourPersons = refusal.New(refusal.Forbidden, "forbidden", "Your role does not look after people. Ask a colleague of the desk in charge.")

type deciding = decider.Command[domain.Person, events.Detection]

// stood is a person after an action.
type stood struct {
	Body           rest.PersonState
	ETag, Position string
}

// act gives a command to somebody of the caller's.
func (s *Service) act(ctx context.Context, action policy.Action, id string, c deciding) (stood, error) {
	if err := s.mayTouch(ctx, action, id); err != nil {
		return stood{}, err
	}
	return s.do(ctx, id, c)
}

func (s *Service) do(ctx context.Context, id string, c deciding) (stood, error) {
	done, err := engine.Command(ctx, s.persons, "person", id, c, func(p domain.Person, _ int) any { return stateOf(p) })
	if err != nil {
		return stood{}, err
	}
	body, err := engine.Answered[rest.PersonState](done)
	return stood{body, web.ETag("person", done.Version), web.Position(Name, done.Position)}, err
}

// stateOf is what is kept for a repetition: identifiers and codes only.
func stateOf(p domain.Person) rest.PersonState {
	state := rest.PersonState{ID: p.ID, Deceased: p.Dead, Objected: p.Objected, Merged: []string{}, ReviewHints: []string{}}
	for _, m := range p.Merged {
		state.Merged = append(state.Merged, m.OtherID)
	}
	return state
}

// mayTouch: whose person it is not does not learn that there is one.
func (s *Service) mayTouch(ctx context.Context, action policy.Action, id string) error {
	if !policy.May(s.Account(ctx), action) {
		return errNotYourPersons
	}
	_, err := web.Find(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, s.touches(ctx, action, id) })
	if err == nil {
		web.Concerns(ctx, id)
	}
	return err
}

// touches looks whether one of the person's flags is within the caller's reach.
func (s *Service) touches(ctx context.Context, action policy.Action, id string) error {
	flags, err := s.flagsOf(ctx, id)
	if err != nil {
		return err
	}
	account := s.Account(ctx)
	for _, f := range flags {
		desk, _ := s.Directory().Desk(f.Desk)
		on := policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.Author, Unit: desk.Unit()}
		if policy.Can(account, action, on) == policy.Allowed {
			return nil
		}
	}
	return domain.ErrNoPerson
}

// root is somebody as told so far, with the version; for a record that is shown with another one, that one. It is read
// anew each time: what was erased meanwhile is not kept in memory.
func (s *Service) root(ctx context.Context, id string) (domain.Person, int, error) {
	s.persons.Forget(id)
	person, version, err := s.persons.Get(ctx, id)
	for err == nil && person.With != "" {
		s.persons.Forget(person.With)
		person, version, err = s.persons.Get(ctx, person.With)
	}
	return person, version, err
}

// another is a second person, beside the one that is commanded: looked at when the command is decided.
type another struct {
	service *Service
	id      string
	is      *domain.Person
}

// Look is described at decider.Beside.
func (a another) Look(ctx context.Context) (map[string]int, error) {
	person, version, err := a.service.persons.Get(ctx, a.id)
	*a.is = person
	return map[string]int{"person:" + a.id: version}, err
}

// mayTouchBoth: the second person has to be the caller's too.
func (s *Service) mayTouchBoth(ctx context.Context, action policy.Action, field, id, other string) error {
	if err := s.mayTouch(ctx, action, id); err != nil {
		return err
	}
	var refused *refusal.Refusal
	if err := s.mayTouch(ctx, action, other); !errors.As(err, &refused) {
		return err
	}
	return domain.UnknownOther(field)
}
