package workshop

import (
	"context"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

var errNoLinkYours = refusal.New(refusal.Forbidden, "forbidden", "Only the desk that sent the person hands a link to the provider.")

// issued is what is kept of a link that was issued: nothing by which it could be used.
type issued struct {
	ID      string `json:"id"`
	Renewed bool   `json:"renewed"`
}

// IssueLink gives the desk a link for the provider. It follows from its identifier, so a repetition gives the same one.
func (s *Service) IssueLink(ctx context.Context, r rest.IssueLinkRequestObject) (rest.IssueLinkResponseObject, error) {
	provider, err := s.mayLink(ctx, r.SessionID, r.ReferralID)
	if err != nil {
		return nil, err
	}
	id := engine.NewID()
	issue := domain.IssueLink{
		SessionID: r.SessionID, ReferralID: r.ReferralID, LinkID: id, Hash: signedlink.Hash(s.links.Token(id)), By: web.Account(ctx), At: s.Clock.Now(),
	}
	done, err := engine.Command(ctx, s.sessions, "session", r.SessionID, issue, func(w domain.Workshop, _ int) any {
		return issued{id, w.Renewed(id)}
	})
	if err != nil {
		return nil, err
	}
	kept, err := engine.Answered[issued](done)
	if err != nil {
		return nil, err
	}
	token := s.links.Token(kept.ID)
	link, _ := done.State.LinkOf(signedlink.Hash(token), s.Clock.Now())
	return rest.IssueLink201JSONResponse{
		Body:    rest.Link{ID: kept.ID, Path: "/l/" + token, Until: link.Until.UTC(), Renewed: kept.Renewed, ProviderID: provider},
		Headers: rest.IssueLink201ResponseHeaders(headersOf(done)),
	}, nil
}

// mayLink: whose request it is not does not learn that there is one. A provider that is closed answers nothing.
func (s *Service) mayLink(ctx context.Context, session, referral string) (provider string, err error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return "", errNoLinkYours
	}
	w, _, err := s.sessions.Get(ctx, session)
	if err != nil {
		return "", err
	}
	s.concerns(ctx, session, referral)
	if desk := w.DeskOf(referral); desk == "" || !s.mayRefer(ctx, desk) {
		return "", domain.ErrNotAsked
	}
	return w.ProviderID, s.stillOpen(ctx, w.ProviderID)
}

// GetSessionCode gives who plans a session its short code.
func (s *Service) GetSessionCode(ctx context.Context, r rest.GetSessionCodeRequestObject) (rest.GetSessionCodeResponseObject, error) {
	if _, err := s.providerFor(ctx, policy.PlanSession, r.SessionID); err != nil {
		return nil, err
	}
	return rest.GetSessionCode200JSONResponse{Code: s.links.Code(r.SessionID)}, nil
}
