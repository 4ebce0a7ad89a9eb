package workshop

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// What is asked by whoever has a link. Nobody is asked for a token; the access log knows them by the link.

const (
	linkRole  = "signed_link"
	formLives = 30 * time.Minute
)

var errWrongForm = refusal.Faults{{Field: "form", Code: "wrong_form", Detail: "This form is not of this link, or is too old. Open the link again."}}

// linked is a link, and the session that it leads to.
type linked struct {
	domain.Link

	session  string
	workshop domain.Workshop
	fund     string
	closed   bool // the provider is
}

// linked finds what a token leads to, and says whose it is.
func (s *Service) linked(ctx context.Context, token string) (l linked, err error) {
	web.ActsFor(ctx, domain.LinkActor("unknown"), linkRole, "")
	hash := signedlink.Hash(token)
	holder, held, err := s.Ledger.Holder(ctx, domain.LinkClaim(hash))
	switch {
	case err != nil:
		return l, engine.Away(err)
	case !held:
		return l, domain.ErrNoLink
	}
	l.session = domain.SessionOfClaim(holder)
	if l.workshop, _, err = s.sessions.Get(ctx, l.session); err != nil {
		return l, err
	}
	found, there := l.workshop.LinkOf(hash, s.Clock.Now())
	if !there {
		return l, domain.ErrNoLink
	}
	l.Link = found
	provider, err := s.provider(ctx, l.workshop.ProviderID)
	if err != nil {
		return l, err
	}
	l.fund = provider.Fund
	web.ActsFor(ctx, domain.LinkActor(l.ID), linkRole, l.fund)
	err = s.stillOpen(ctx, l.workshop.ProviderID)
	l.closed = errors.Is(err, domain.ErrProviderClosed)
	if l.closed {
		err = nil
	}
	return l, err
}

// working is a link by which something may be done.
func (s *Service) working(ctx context.Context, token string) (linked, error) {
	l, err := s.linked(ctx, token)
	if err == nil && l.closed {
		err = domain.ErrProviderClosed
	}
	return l, err
}

// GetLink says what a link is about. Nothing is decided, used up or told by it.
func (s *Service) GetLink(ctx context.Context, r rest.GetLinkRequestObject) (rest.GetLinkResponseObject, error) {
	l, err := s.linked(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	return rest.GetLink200JSONResponse(s.linkState(l)), nil
}

func (s *Service) linkState(l linked) rest.LinkState {
	session := s.describe(l.session, l.workshop)
	desk, _ := s.Directory().Desk(l.workshop.DeskOf(l.ReferralID))
	state := rest.LinkState{
		State: l.State, SessionTitle: session.Title, Place: session.Place, Meetings: session.Meetings, Desk: desk.ID, DeskName: desk.Name,
		DeskPhone: optional(desk.Phone), Until: l.Until.UTC(), AnswerBy: l.workshop.AnswerTo(l.ReferralID).AnswerBy.UTC(), Asked: l.Asked,
		Answer: optional(l.Answer), Way: optional(l.Way),
	}
	if l.closed && l.waits() {
		state.State = "closed"
	}
	if l.Answer != "" {
		at := l.At.UTC()
		state.AnsweredAt = &at
	}
	return state
}

// waits: the request does, whatever has become of the link.
func (l linked) waits() bool {
	switch l.State {
	case domain.LinkOpen, domain.LinkExpired, domain.LinkLocked, domain.LinkReplaced:
		return true
	}
	return false
}

// tried is what is kept of a code that was given.
type tried struct {
	Right bool `json:"right"`
}

// OpenLink takes the code of the session, and gives the value of a form. Every code is told before anybody learns whether it
// was right.
func (s *Service) OpenLink(ctx context.Context, r rest.OpenLinkRequestObject) (rest.OpenLinkResponseObject, error) {
	l, err := s.working(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	try := domain.TryCode{SessionID: l.session, LinkID: l.ID, Right: signedlink.SameCode(s.links.Code(l.session), r.Body.Code), At: now}
	done, err := engine.Command(ctx, s.sessions, "session", l.session, try, func(domain.Workshop, int) any { return tried{try.Right} })
	if err != nil {
		return nil, err
	}
	after, _ := done.State.LinkOf(signedlink.Hash(r.Token), now)
	switch kept, err := engine.Answered[tried](done); {
	case err != nil:
		return nil, err
	case !kept.Right && after.State == domain.LinkLocked:
		return nil, domain.ErrLinkLocked
	case !kept.Right:
		return nil, domain.ErrWrongCode
	}
	form := signedlink.Form{
		Link: l.ID, Session: l.session, Referral: l.ReferralID, Provider: l.workshop.ProviderID, Fund: l.fund, Used: after.Used, Until: now.Add(formLives),
	}
	return rest.OpenLink200JSONResponse{Form: s.links.Show(form), Until: form.Until.UTC()}, nil
}

// DecideByLink is the provider's answer.
func (s *Service) DecideByLink(ctx context.Context, r rest.DecideByLinkRequestObject) (rest.DecideByLinkResponseObject, error) {
	l, err := s.working(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	s.concerns(ctx, l.session, l.ReferralID)
	form, ok := s.links.Read(r.Body.Form, r.Token, s.Clock.Now())
	if !ok {
		return nil, errWrongForm
	}
	answer := domain.AnswerByLink{SessionID: l.session, LinkID: l.ID, Form: form.Used, Answer: l.answer(*r.Body, s.Clock.Now()), At: s.Clock.Now()}
	b, h, err := s.answered(ctx, l.session, l.ReferralID, answer)
	return rest.DecideByLink200JSONResponse{Body: b, Headers: rest.DecideByLink200ResponseHeaders(h)}, err
}

// answer is the very command that an account would give.
func (l linked) answer(b rest.LinkDecision, at time.Time) domain.Decision {
	provider, by := l.workshop.ProviderID, domain.LinkActor(l.ID)
	switch b.Decision {
	case "accept":
		return domain.Accept{SessionID: l.session, ReferralID: l.ReferralID, ProviderID: provider, By: by, At: at}
	case "study":
		return domain.Study{SessionID: l.session, ReferralID: l.ReferralID, ProviderID: provider, By: by, At: at}
	}
	return domain.Decline{
		SessionID: l.session, ReferralID: l.ReferralID, ProviderID: provider, Reason: engine.Value(b.Reason), Message: engine.Value(b.Message), By: by, At: at,
	}
}

// AskLink asks the desk for another link.
func (s *Service) AskLink(ctx context.Context, r rest.AskLinkRequestObject) (rest.AskLinkResponseObject, error) {
	l, err := s.working(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	ask := domain.AskLink{SessionID: l.session, LinkID: l.ID, At: s.Clock.Now()}
	_, err = engine.Command(ctx, s.sessions, "session", l.session, ask, func(domain.Workshop, int) any { return created{l.ID} })
	return rest.AskLink204Response{}, err
}
