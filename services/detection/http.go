package detection

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/next"
	"example.org/passerelle/services/policy"
)

var (
	errMayNotFlag = refusal.New(refusal.Forbidden, "forbidden", "Only advisors, referents, evaluators and partner organisations flag somebody.")
)

// CreateFlag flags a senior.
func (s *Service) CreateFlag(ctx context.Context, r rest.CreateFlagRequestObject) (rest.CreateFlagResponseObject, error) {
	if account := s.Account(ctx); !policy.May(account, policy.CreateFlag) {
		return nil, errMayNotFlag
	}
	f, err := s.flagging(ctx, *r.Body)
	if err != nil {
		return nil, err
	}
	done, err := s.create(ctx, f)
	f.concerns(ctx, done, err)
	if err != nil {
		return nil, err
	}
	s.doneWith(ctx, r.Body.DraftID)
	body, err := engine.Answered[rest.FlagCreated](done)
	body.ReviewHints, body.LookAlikes = append([]string{}, done.State.Hints...), []rest.LookAlike{}
	if !done.Replayed {
		body.LookAlikes = f.lookAlikes()
	}
	return rest.CreateFlag201JSONResponse{Body: body, Headers: rest.CreateFlag201ResponseHeaders{
		ETag: web.ETag("flag", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// doneWith throws the draft of a flag away. One that stays is thrown away after its seven days.
func (s *Service) doneWith(ctx context.Context, id *string) {
	if id == nil {
		return
	}
	if err := (drafts{s.Engine, web.Account(ctx)}).remove(ctx, *id); err != nil {
		s.Log.Warn("a draft stays although its flag is kept", "reason", feed.Reason(err))
	}
}

const mostReferences = 3

var errGone = errors.New("who was registered at this moment is erased, or will be")

// create takes another reference when the first is in use, and registers anew whoever is erased.
func (s *Service) create(ctx context.Context, f *flagging) (done decider.Done[domain.Flag], err error) {
	for range mostReferences {
		f.Reference, f.wished = cmp.Or(f.wished, s.reference()), ""
		done, err = engine.Command(ctx, s.flags, "flag", f.FlagID, f, f.answer)
		if err = s.refused(ctx, f, err); !errors.Is(err, domain.ErrReferenceTaken) && !errors.Is(err, errGone) {
			break
		}
	}
	return done, err
}

// answer is what is kept for a repetition. Hints and look-alikes say something of the person and are read again.
func (f *flagging) answer(flag domain.Flag, _ int) any {
	created := rest.FlagCreated{
		ID: flag.ID, Reference: flag.Reference, Desk: flag.Desk, Status: flag.Status, Help: flag.Help,
		NextStep: stepOf(flag.Next(f.Directory, f.At)),
	}
	if flag.PersonID != "" {
		created.PersonID = &flag.PersonID
	}
	return created
}

func stepOf(s next.Step) rest.NextStep {
	return rest.NextStep{What: s.What, Who: s.Who, By: known(s.By)}
}

// refused says what a claim that another flag holds means. Who may read the open flag gets its address.
func (s *Service) refused(ctx context.Context, f *flagging, err error) error {
	var claimed *ledger.Claimed
	if !errors.As(err, &claimed) {
		return err
	}
	meant := domain.RefusalOf(claimed.Claim)
	switch {
	case meant == nil:
		return err
	case errors.Is(meant, domain.ErrPersonExists):
		return s.justRegistered(ctx, f, claimed.Holder)
	case !errors.Is(meant, domain.ErrFlagOpen):
		return meant
	}
	id := strings.TrimPrefix(claimed.Holder, "flag:")
	open, _, err := s.flags.Get(ctx, id)
	if err != nil {
		return err
	}
	web.Concerns(ctx, open.PersonID)
	if policy.Can(f.account, policy.ReadFlag, policy.Resource{Fund: f.account.Fund, Desk: open.Desk, Author: open.Author}) != policy.Allowed {
		return f.openElsewhere(open)
	}
	return refusal.New(refusal.Conflict, domain.ErrFlagOpen.Code, domain.ErrFlagOpen.Text+" It is /api/v1/flags/"+id)
}

// openElsewhere says whom to ring, to those who would find the person by a search.
func (f *flagging) openElsewhere(open domain.Flag) error {
	if desk, ok := f.Directory.Desk(open.Desk); ok && f.mayFind(acquaintance{Desk: open.Desk}) {
		return refusal.New(refusal.Conflict, domain.ErrFlagOpen.Code, domain.ErrFlagOpen.Text+" "+desk.Name+" ("+desk.Phone+") looks after it.")
	}
	return domain.ErrFlagOpen
}

// justRegistered tells of somebody whom a flag of the same moment has registered.
func (s *Service) justRegistered(ctx context.Context, f *flagging, holder string) error {
	first, _, err := s.flags.Get(ctx, strings.TrimPrefix(holder, "flag:"))
	if err != nil {
		return err
	}
	person, _, err := s.persons.Get(ctx, first.PersonID)
	if err != nil {
		return err
	}
	if person.Hidden() {
		f.after = person.ID
		return errGone
	}
	web.Concerns(ctx, person.ID)
	return f.known(acquaintance{PersonID: first.PersonID, Desk: first.Desk})
}
