package detection

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

var errNotYourFlags = refusal.New(refusal.Forbidden, "forbidden", "Your role does not look after people. Ask a colleague of the desk in charge.")

// mayTouchFlag gives a flag for whose desk the caller may do something; another one is unknown. So is that of somebody
// who is to be erased.
func (s *Service) mayTouchFlag(ctx context.Context, action policy.Action, id string) (domain.Flag, error) {
	account := s.Account(ctx)
	if !policy.May(account, action) {
		return domain.Flag{}, errNotYourFlags
	}
	flag, err := s.shownFlag(ctx, id)
	if err != nil {
		return flag, err
	}
	on := policy.Resource{Fund: flag.Fund, Department: flag.Department, Desk: flag.Desk, Author: flag.Author}
	if policy.Can(account, action, on) != policy.Allowed {
		return domain.Flag{}, domain.ErrNoFlag
	}
	return flag, nil
}

// shownFlag is a flag of somebody who is not hidden.
func (s *Service) shownFlag(ctx context.Context, id string) (domain.Flag, error) {
	flag, _, err := s.flags.Get(ctx, id)
	if err != nil || flag.ID == "" {
		return flag, errors.Join(err, noFlag(flag))
	}
	web.Concerns(ctx, flag.PersonID)
	if flag.PersonID == "" {
		return flag, nil
	}
	person, _, err := s.persons.Get(ctx, flag.PersonID)
	if err == nil && person.Hidden() {
		err = domain.ErrNoFlag
	}
	return flag, err
}

func noFlag(f domain.Flag) error {
	if f.ID == "" {
		return domain.ErrNoFlag
	}
	return nil
}

// helped is a flag after an action on it.
type helped struct {
	Body           rest.FlagHelp
	ETag, Position string
}

// help gives a command to a flag of the caller's desk.
func (s *Service) help(ctx context.Context, action policy.Action, id string, c flagCommand) (helped, error) {
	if _, err := s.mayTouchFlag(ctx, action, id); err != nil {
		return helped{}, err
	}
	done, err := engine.Command(ctx, s.flags, "flag", id, c, helpOf)
	if err != nil {
		return helped{}, claimed(err)
	}
	body, err := engine.Answered[rest.FlagHelp](done)
	return helped{body, web.ETag("flag", done.Version), web.Position(Name, done.Position)}, err
}

// helpOf is what is kept for a repetition.
func helpOf(f domain.Flag, _ int) any {
	return rest.FlagHelp{ID: f.ID, Status: f.Status, Help: f.Help, Outcome: known(f.Outcome), Desk: f.Desk, AssignedTo: known(f.AssignedTo)}
}

// known is nil for what is not said.
func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// claimed says what it means that another flag holds a claim.
func claimed(err error) error {
	var held *ledger.Claimed
	if errors.As(err, &held) {
		if meant := domain.RefusalOf(held.Claim); meant != nil {
			return meant
		}
	}
	return err
}

// CloseFlag says that nothing more is done under a flag.
func (s *Service) CloseFlag(ctx context.Context, r rest.CloseFlagRequestObject) (rest.CloseFlagResponseObject, error) {
	done, err := s.help(ctx, policy.CloseFlag, r.ID, domain.Close{
		FlagID: r.ID, Outcome: r.Body.Outcome, Note: engine.Value(r.Body.Note), By: web.Account(ctx), At: s.Clock.Now(),
	})
	if err != nil {
		return nil, err
	}
	return rest.CloseFlag200JSONResponse{Body: done.Body, Headers: rest.CloseFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// reopening is a flag that is opened again, with the person as they are when it is decided.
type reopening struct {
	service *Service
	person  string // empty: anonymous
	is      *domain.Person
	domain.Reopen
}

// Look is described at decider.Beside. A record that is shown with another one stands for that one.
func (r reopening) Look(ctx context.Context) (map[string]int, error) {
	if r.person == "" {
		return nil, nil
	}
	person, version, err := r.service.root(ctx, r.person)
	*r.is = person
	return map[string]int{"person:" + person.ID: version}, err
}

func (r reopening) Decide(f domain.Flag) ([]events.Detection, error) {
	r.Is = *r.is
	return r.Reopen.Decide(f)
}

// ReopenFlag says that a closing was too early.
func (s *Service) ReopenFlag(ctx context.Context, r rest.ReopenFlagRequestObject) (rest.ReopenFlagResponseObject, error) {
	flag, err := s.mayTouchFlag(ctx, policy.CloseFlag, r.ID)
	if err != nil {
		return nil, err
	}
	done, err := s.help(ctx, policy.CloseFlag, r.ID, reopening{s, flag.PersonID, &domain.Person{}, domain.Reopen{
		FlagID: r.ID, Reason: r.Body.Reason, By: web.Account(ctx), At: s.Clock.Now(),
	}})
	if err != nil {
		return nil, err
	}
	return rest.ReopenFlag200JSONResponse{Body: done.Body, Headers: rest.ReopenFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// WishHelp keeps what would suit somebody.
func (s *Service) WishHelp(ctx context.Context, r rest.WishHelpRequestObject) (rest.WishHelpResponseObject, error) {
	wish := events.Wish{Skills: r.Body.Skills, Modes: r.Body.Modes, WithinKm: engine.Value(r.Body.WithinKm), Availability: r.Body.Availability}
	done, err := s.help(ctx, policy.WishHelp, r.ID, domain.WishHelp{FlagID: r.ID, Wish: wish, By: web.Account(ctx), At: s.Clock.Now()})
	if err != nil {
		return nil, err
	}
	return rest.WishHelp200JSONResponse{Body: done.Body, Headers: rest.WishHelp200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// TransferFlag gives a flag to another desk.
func (s *Service) TransferFlag(ctx context.Context, r rest.TransferFlagRequestObject) (rest.TransferFlagResponseObject, error) {
	done, err := s.help(ctx, policy.TransferFlag, r.ID, domain.Transfer{
		FlagID: r.ID, Desk: r.Body.Desk, Reason: r.Body.Reason, Directory: s.Directory(), By: web.Account(ctx), At: s.Clock.Now(),
	})
	if err != nil {
		return nil, err
	}
	return rest.TransferFlag200JSONResponse{Body: done.Body, Headers: rest.TransferFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// TakeUpFlag says that the caller looks after a flag, or gives it back to the desk.
func (s *Service) TakeUpFlag(ctx context.Context, r rest.TakeUpFlagRequestObject) (rest.TakeUpFlagResponseObject, error) {
	take := domain.TakeUp{FlagID: r.ID, By: web.Account(ctx), At: s.Clock.Now()}
	if r.Body != nil {
		take.GiveBack = engine.Value(r.Body.GiveBack)
	}
	done, err := s.help(ctx, policy.TakeUpFlag, r.ID, take)
	if err != nil {
		return nil, err
	}
	return rest.TakeUpFlag200JSONResponse{Body: done.Body, Headers: rest.TakeUpFlag200ResponseHeaders{ETag: done.ETag, PasserellePosition: done.Position}}, nil
}

// NoteHelpAct keeps what was done for somebody on the spot.
func (s *Service) NoteHelpAct(ctx context.Context, r rest.NoteHelpActRequestObject) (rest.NoteHelpActResponseObject, error) {
	if _, err := s.mayTouchFlag(ctx, policy.HelpOnTheSpot, r.ID); err != nil {
		return nil, err
	}
	act := domain.HelpOnTheSpot{
		FlagID: r.ID, ActID: engine.NewID(), Kind: r.Body.Kind, Mode: r.Body.Mode, Topic: engine.Value(r.Body.Topic), Minutes: engine.Value(r.Body.Minutes),
		By: web.Account(ctx), At: s.Clock.Now(),
	}
	done, err := engine.Command(ctx, s.flags, "flag", r.ID, act, func(domain.Flag, int) any {
		return rest.HelpAct{ID: act.ActID, FlagID: r.ID, Kind: act.Kind, Mode: act.Mode, Minutes: r.Body.Minutes}
	})
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.HelpAct](done)
	return rest.NoteHelpAct201JSONResponse{Body: body, Headers: rest.NoteHelpAct201ResponseHeaders{
		ETag: web.ETag("flag", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}
