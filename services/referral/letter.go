package referral

import (
	"context"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

// LetterPrinted notes that a letter leaves: one about a seat, or one to somebody whom nobody reaches.
func (s *Service) LetterPrinted(ctx context.Context, r rest.LetterPrintedRequestObject) (rest.LetterPrintedResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.NoteContact) {
		return nil, errNoContact
	}
	body, position, err := s.letterLeaves(ctx, r.ID)
	return rest.LetterPrinted200JSONResponse{Body: body, Headers: rest.LetterPrinted200ResponseHeaders{PasserellePosition: web.Position(Name, position)}}, err
}

func (s *Service) letterLeaves(ctx context.Context, id string) (b rest.LetterState, position int64, err error) {
	referral, about := domain.ReferralOfLetter(id)
	if !about {
		return s.noteLetter(ctx, id, "out", "sent")
	}
	if err := s.letterOfCaller(ctx, referral, id); err != nil {
		return b, 0, err
	}
	send := domain.SendLetter{ReferralID: referral, LetterID: id, By: web.Account(ctx), At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.referrals, "referral", referral, send, func(r domain.Referral, _ int) any {
		return letterState(id, r.PersonID, "printed", send.At)
	})
	if err != nil {
		return b, 0, err
	}
	b, err = engine.Answered[rest.LetterState](done)
	return b, done.Position, err
}

// LetterReturned notes that a letter has come back.
func (s *Service) LetterReturned(ctx context.Context, r rest.LetterReturnedRequestObject) (rest.LetterReturnedResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.NoteContact) {
		return nil, errNoContact
	}
	if referral, about := domain.ReferralOfLetter(r.ID); about {
		if err := s.letterOfCaller(ctx, referral, r.ID); err != nil {
			return nil, err
		}
	}
	body, position, err := s.noteLetter(ctx, r.ID, "in", "returned")
	return rest.LetterReturned200JSONResponse{Body: body, Headers: rest.LetterReturned200ResponseHeaders{PasserellePosition: web.Position(Name, position)}}, err
}

// letterOfCaller: whose letter it is not does not learn that there is one.
func (s *Service) letterOfCaller(ctx context.Context, referral, id string) error {
	r, _, err := s.referrals.Get(ctx, referral)
	web.Concerns(ctx, r.PersonID)
	if err == nil && (!s.mayRefer(ctx, r.Desk) || !r.HadLetter(id)) {
		err = domain.ErrNoLetter
	}
	return err
}

// noteLetter keeps what became of a letter as a contact with the person.
func (s *Service) noteLetter(ctx context.Context, id, direction, outcome string) (b rest.LetterState, position int64, err error) {
	person, err := web.Find(ctx, func(ctx context.Context) (string, error) { return s.writtenTo(ctx, id) })
	if err != nil {
		return b, 0, err
	}
	web.Concerns(ctx, person)
	desk, err := s.deskOfCaller(ctx, person)
	if err != nil {
		return b, 0, domain.ErrNoLetter
	}
	note := domain.NoteContact{
		ContactID: engine.NewID(), PersonID: person, Desk: desk, Direction: direction, Channel: "letter", Outcome: outcome, AboutID: id,
		LetterID: engine.NewID(), By: web.Account(ctx), At: s.Clock.Now(),
	}
	done, err := engine.Command(ctx, s.contacts, "contact", person, note, func(domain.Contacts, int) any {
		return letterState(id, person, statusOfLetter[outcome], note.At)
	})
	if err != nil {
		return b, 0, err
	}
	b, err = engine.Answered[rest.LetterState](done)
	return b, done.Position, err
}

var statusOfLetter = map[string]string{"sent": "printed", "returned": "returned"}

func letterState(id, person, status string, at time.Time) rest.LetterState {
	return rest.LetterState{ID: id, PersonID: person, Status: status, At: at.UTC()}
}

// writtenTo is who a letter goes to; nobody writes to the dead.
func (s *Service) writtenTo(ctx context.Context, id string) (string, error) {
	found, err := one[struct{ PersonID string }](ctx, s, domain.ErrNoLetter, `
select person_id from model.letter l where id = $1 and not exists (select from model.dead d where d.person_id = l.person_id)
union all select f.person_id from model.referral r join model.flag f on f.id = r.flag_id where r.id = split_part($1, '.', 1) and $1 like '%.%'`, id)
	return found.PersonID, err
}
