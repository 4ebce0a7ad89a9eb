package referral

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

var errNoContact = refusal.New(refusal.Forbidden, "forbidden", "Only the desks speak with the people they look after.")

// NoteContact keeps what was said with somebody.
func (s *Service) NoteContact(ctx context.Context, r rest.NoteContactRequestObject) (rest.NoteContactResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.NoteContact) {
		return nil, errNoContact
	}
	desk, err := web.Find(ctx, func(ctx context.Context) (string, error) { return s.deskOfCaller(ctx, r.ID) })
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, r.ID)
	note := domain.NoteContact{
		ContactID: engine.NewID(), PersonID: r.ID, Desk: desk, Direction: r.Body.Direction, Channel: r.Body.Channel, Outcome: r.Body.Outcome,
		AboutID: engine.Value(r.Body.About), Note: engine.Value(r.Body.Note), LetterID: engine.NewID(), By: web.Account(ctx), At: s.Clock.Now(),
	}
	if r.Body.NextAt != nil {
		next := r.Body.NextAt.UTC()
		note.NextAt = &next
	}
	done, err := engine.Command(ctx, s.contacts, "contact", r.ID, note, func(c domain.Contacts, _ int) any {
		return rest.ContactState{
			ID: note.ContactID, PersonID: note.PersonID, Desk: desk, Direction: note.Direction, Channel: note.Channel, Outcome: note.Outcome,
			About: r.Body.About, NextAt: note.NextAt, LetterWanted: c.LetterWanted(), At: note.At.UTC(),
		}
	})
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ContactState](done)
	return rest.NoteContact201JSONResponse{Body: body, Headers: rest.NoteContact201ResponseHeaders{PasserellePosition: web.Position(Name, done.Position)}}, err
}

// deskOfCaller is the desk in charge of somebody, if the caller may speak for one that is.
func (s *Service) deskOfCaller(ctx context.Context, person string) (string, error) {
	desks, err := s.desksOf(ctx, person)
	account := s.Account(ctx)
	for _, desk := range desks {
		if policy.Can(account, policy.NoteContact, policy.Resource{Fund: account.Fund, Desk: desk}) == policy.Allowed {
			return desk, err
		}
	}
	if err == nil {
		err = domain.ErrNoPerson
	}
	return "", err
}
