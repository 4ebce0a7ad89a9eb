package detection

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

// CorrectPerson says what is right about somebody.
func (s *Service) CorrectPerson(ctx context.Context, r rest.CorrectPersonRequestObject) (rest.CorrectPersonResponseObject, error) {
	c := domain.Correct{PersonID: r.ID, Person: *personOf(rest.NewPerson(r.Body.Person)), By: web.Account(ctx), At: s.Clock.Now()}
	done, err := s.act(ctx, policy.CorrectPerson, r.ID, c)
	if err != nil {
		return nil, err
	}
	done.Body.ReviewHints = c.Hints()
	return rest.CorrectPerson200JSONResponse{Body: done.Body, Headers: rest.CorrectPerson200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// merging is a merge with the second record as it is when it is decided.
type merging struct {
	another
	domain.Merge
}

func (m merging) Decide(p domain.Person) ([]events.Detection, error) {
	m.Other = *m.is
	return m.Merge.Decide(p)
}

// MergePersons says that two records are one person.
func (s *Service) MergePersons(ctx context.Context, r rest.MergePersonsRequestObject) (rest.MergePersonsResponseObject, error) {
	if err := s.mayTouchBoth(ctx, policy.MergePersons, "other_id", r.ID, r.Body.OtherID); err != nil {
		return nil, err
	}
	done, err := s.do(ctx, r.ID, merging{
		another{s, r.Body.OtherID, &domain.Person{}},
		domain.Merge{PersonID: r.ID, OtherID: r.Body.OtherID, By: web.Account(ctx), At: s.Clock.Now()},
	})
	if err != nil {
		return nil, err
	}
	return rest.MergePersons200JSONResponse{Body: done.Body, Headers: rest.MergePersons200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

type parting struct {
	another
	domain.Part
}

// PartPersons says that a merge was a mistake.
func (s *Service) PartPersons(ctx context.Context, r rest.PartPersonsRequestObject) (rest.PartPersonsResponseObject, error) {
	done, err := s.act(ctx, policy.MergePersons, r.ID, parting{
		another{s, r.Body.OtherID, &domain.Person{}},
		domain.Part{PersonID: r.ID, OtherID: r.Body.OtherID, By: web.Account(ctx), At: s.Clock.Now()},
	})
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, r.Body.OtherID) // which was a part: nothing that is merely typed gets into the log
	return rest.PartPersons200JSONResponse{Body: done.Body, Headers: rest.PartPersons200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// MovePerson says that somebody lives elsewhere.
func (s *Service) MovePerson(ctx context.Context, r rest.MovePersonRequestObject) (rest.MovePersonResponseObject, error) {
	done, err := s.act(ctx, policy.MovePerson, r.ID, domain.Move{
		PersonID: r.ID, Address: addressOf(rest.Address(r.Body.Address)), From: engine.Value(r.Body.From), Directory: s.Directory(),
		By: web.Account(ctx), At: s.Clock.Now(),
	})
	if err != nil {
		return nil, err
	}
	return rest.MovePerson200JSONResponse{Body: done.Body, Headers: rest.MovePerson200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// TellDeath says that somebody has died.
func (s *Service) TellDeath(ctx context.Context, r rest.TellDeathRequestObject) (rest.TellDeathResponseObject, error) {
	done, err := s.act(ctx, policy.TellDeath, r.ID, domain.TellDeath{
		PersonID: r.ID, On: engine.Value(r.Body.On), ToldBy: engine.Value(r.Body.ToldBy), By: web.Account(ctx), At: s.Clock.Now(),
	})
	if err != nil {
		return nil, err
	}
	return rest.TellDeath200JSONResponse{Body: done.Body, Headers: rest.TellDeath200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// UndoDeath says that it was a mistake.
func (s *Service) UndoDeath(ctx context.Context, r rest.UndoDeathRequestObject) (rest.UndoDeathResponseObject, error) {
	done, err := s.act(ctx, policy.TellDeath, r.ID, domain.UndoDeath{PersonID: r.ID, By: web.Account(ctx), At: s.Clock.Now()})
	if err != nil {
		return nil, err
	}
	return rest.UndoDeath200JSONResponse{Body: done.Body, Headers: rest.UndoDeath200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// NoteConsent keeps what the person agrees to, or takes back.
func (s *Service) NoteConsent(ctx context.Context, r rest.NoteConsentRequestObject) (rest.NoteConsentResponseObject, error) {
	done, err := s.act(ctx, policy.NoteConsent, r.ID, domain.NoteConsent{
		PersonID: r.ID, Kind: r.Body.Kind, Given: r.Body.Given, TextVersion: engine.Value(r.Body.TextVersion), Channel: r.Body.Channel,
		ToldBy: engine.Value(r.Body.By), Directory: s.Directory(), By: web.Account(ctx), At: s.Clock.Now(),
	})
	if err != nil {
		return nil, err
	}
	return rest.NoteConsent200JSONResponse{Body: done.Body, Headers: rest.NoteConsent200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// ObjectPerson keeps that the person does not want to be kept here.
func (s *Service) ObjectPerson(ctx context.Context, r rest.ObjectPersonRequestObject) (rest.ObjectPersonResponseObject, error) {
	done, err := s.act(ctx, policy.ObjectPerson, r.ID, domain.Object{PersonID: r.ID, By: web.Account(ctx), At: s.Clock.Now()})
	if err != nil {
		return nil, err
	}
	return rest.ObjectPerson200JSONResponse{Body: done.Body, Headers: rest.ObjectPerson200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// linking is a link with the second person as they are when it is decided.
type linking struct {
	another
	domain.Link
}

func (l linking) Decide(p domain.Person) ([]events.Detection, error) {
	l.Other = *l.is
	return l.Link.Decide(p)
}

// LinkPersons says that two people belong together.
func (s *Service) LinkPersons(ctx context.Context, r rest.LinkPersonsRequestObject) (rest.LinkPersonsResponseObject, error) {
	if err := s.mayTouchBoth(ctx, policy.LinkPersons, "person_id", r.ID, r.Body.PersonID); err != nil {
		return nil, err
	}
	done, err := s.do(ctx, r.ID, linking{
		another{s, r.Body.PersonID, &domain.Person{}},
		domain.Link{PersonID: r.ID, OtherID: r.Body.PersonID, Kind: r.Body.Kind, Ended: engine.Value(r.Body.Ended), By: web.Account(ctx), At: s.Clock.Now()},
	})
	if err != nil {
		return nil, err
	}
	return rest.LinkPersons200JSONResponse{Body: done.Body, Headers: rest.LinkPersons200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// NoteWishes keeps how somebody wants to be met.
func (s *Service) NoteWishes(ctx context.Context, r rest.NoteWishesRequestObject) (rest.NoteWishesResponseObject, error) {
	done, err := s.act(ctx, policy.NoteWishes, r.ID, domain.Wish{PersonID: r.ID, Wishes: wishesOf(*r.Body), By: web.Account(ctx), At: s.Clock.Now()})
	if err != nil {
		return nil, err
	}
	return rest.NoteWishes200JSONResponse{Body: done.Body, Headers: rest.NoteWishes200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}
