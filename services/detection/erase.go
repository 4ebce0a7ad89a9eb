package detection

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

var (
	errMayNotErase = refusal.New(refusal.Forbidden, "forbidden", "Only the desk in charge and the privacy officer erase somebody.")
	errMayNotUndo  = refusal.New(refusal.Forbidden, "forbidden", "Only the privacy officer may do this.")
)

// byPersons are the aggregates of people, whose facts are told beside those of flags.
func byPersons(e *engine.Engine) *decider.Decider[domain.Person, events.Detection] {
	return decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Person, events.Detection]{Kind: "person", Evolve: domain.EvolvePerson})
}

// ErasePerson hides somebody, and has the key destroyed after the delay of the fund.
func (s *Service) ErasePerson(ctx context.Context, r rest.ErasePersonRequestObject) (rest.ErasePersonResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.ErasePerson) {
		return nil, errMayNotErase
	}
	records, err := web.Find(ctx, func(ctx context.Context) ([]record, error) { return s.recordsFor(ctx, policy.ErasePerson, r.ID) })
	if err != nil {
		return nil, err
	}
	erasure, err := s.erasure(ctx, records, reasonOf(r.Params.Reason))
	if err != nil {
		return nil, err
	}
	done, err := s.request(ctx, erasure, records)
	return rest.ErasePerson204Response{Headers: rest.ErasePerson204ResponseHeaders{PasserellePosition: web.Position(Name, done.Position)}}, err
}

func reasonOf(given *string) string {
	if given == nil {
		return "request"
	}
	return *given
}

// recordsFor are the records of a person for whom the caller may do something; else nobody learns that they exist.
func (s *Service) recordsFor(ctx context.Context, action policy.Action, id string) ([]record, error) {
	list, err := s.records(ctx, id)
	if err != nil {
		return nil, err
	}
	if policy.Can(s.Account(ctx), action, policy.Resource{Fund: list[0].Fund, Desk: list[0].Desk}) != policy.Allowed {
		return nil, domain.ErrNoPerson
	}
	web.Concerns(ctx, idsOf(list)...)
	return list, nil
}

// erasure is the command with what the rule has to know.
func (s *Service) erasure(ctx context.Context, records []record, reason string) (domain.RequestErasure, error) {
	now := s.Clock.Now()
	fund, _ := s.Directory().Fund(records[0].Fund)
	e := domain.RequestErasure{Reason: reason, EraseAt: now.AddDate(0, 0, fund.ErasureDays), By: web.Account(ctx), At: now}
	desks, err := s.following(ctx, records)
	if err != nil {
		return e, err
	}
	for _, desk := range desks {
		if policy.Can(s.Account(ctx), policy.ErasePerson, policy.Resource{Fund: records[0].Fund, Desk: desk}) != policy.Allowed {
			e.FollowedElsewhere = true
		}
	}
	e.LoanOpen, err = s.hasTablet(ctx, idsOf(records)...)
	return e, err
}

// request hides every record of a person. The one that goes on comes last: until it is hidden, the caller can ask again.
func (s *Service) request(ctx context.Context, e domain.RequestErasure, records []record) (done decider.Done[domain.Person], err error) {
	for _, r := range records[1:] {
		e.PersonID = r.PersonID
		if _, err := s.persons.Handle(ctx, r.PersonID, e, decider.Call[domain.Person]{Actor: e.By, Correlation: web.RequestID(ctx)}); err != nil {
			return done, err
		}
	}
	e.PersonID = records[0].PersonID
	return engine.Command(ctx, s.persons, "person", e.PersonID, e, nil)
}

// RestorePerson undoes an erasure within its delay.
func (s *Service) RestorePerson(ctx context.Context, r rest.RestorePersonRequestObject) (rest.RestorePersonResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.UndoErasure) {
		return nil, errMayNotUndo
	}
	records, err := web.Find(ctx, func(ctx context.Context) ([]record, error) { return s.recordsFor(ctx, policy.UndoErasure, r.ID) })
	if err != nil {
		return nil, err
	}
	done, err := s.undo(ctx, records, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.Restored](done)
	return rest.RestorePerson200JSONResponse{Body: body, Headers: rest.RestorePerson200ResponseHeaders{
		ETag: web.ETag("person", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func (s *Service) undo(ctx context.Context, records []record, at time.Time) (done decider.Done[domain.Person], err error) {
	undo := domain.UndoErasure{By: web.Account(ctx), At: at}
	for _, r := range records[1:] {
		undo.PersonID = r.PersonID
		if _, err := s.persons.Handle(ctx, r.PersonID, undo, decider.Call[domain.Person]{Actor: undo.By, Correlation: web.RequestID(ctx)}); err != nil {
			return done, err
		}
	}
	undo.PersonID = records[0].PersonID
	return engine.Command(ctx, s.persons, "person", undo.PersonID, undo, func(p domain.Person, _ int) any {
		return rest.Restored{ID: p.ID, Hidden: p.Hidden()}
	})
}
