package referral

import (
	"context"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

// What is asked by whoever has the link of a place. Nobody is asked for a token; the access log knows them by the link.

const (
	linkRole  = "signed_link"
	formLives = 30 * time.Minute
)

// knownPlace is a place to which people are sent.
type knownPlace struct {
	ID, Name      string
	ByMail        bool
	Subject, Fact string
	Box           []byte
}

func (s *Service) knownPlace(ctx context.Context, id string) (knownPlace, error) {
	return one[knownPlace](ctx, s, domain.ErrNoPlace, `select id, name, by_mail, subject, box, fact from model.place where id = $1`, id)
}

// mailOf are the addresses to which a place may be written; none where it does not say so.
func (s *Service) mailOf(ctx context.Context, p knownPlace) ([]string, error) {
	if !p.ByMail {
		return nil, nil
	}
	words := events.Shut[events.PlaceWords](p.Subject, p.Box)
	if err := s.Vault.Unseal(ctx, "place:"+p.ID, p.Fact, &words); err != nil {
		return nil, engine.Away(err)
	}
	said, _ := words.Value()
	return said.Emails, nil
}

// issuedLink is what is kept of a link that was issued: nothing by which it could be used.
type issuedLink struct {
	ID string `json:"id"`
}

// IssuePlaceLink gives the desk a link for a place whose address was given. It follows from its identifier, so a repetition
// gives the same one.
func (s *Service) IssuePlaceLink(ctx context.Context, r rest.IssuePlaceLinkRequestObject) (rest.IssuePlaceLinkResponseObject, error) {
	if !policy.May(s.Account(ctx), policy.Refer) {
		return nil, errNotYours
	}
	if err := s.mayTouch(ctx, r.ID); err != nil {
		return nil, err
	}
	referral, _, err := s.referrals.Get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if referral.PlaceID == "" {
		return nil, domain.ErrNotAddress
	}
	place, err := s.knownPlace(ctx, referral.PlaceID)
	if err != nil {
		return nil, err
	}
	mails, err := s.mailOf(ctx, place)
	if err != nil {
		return nil, err
	}
	id := engine.NewID()
	issue := domain.IssuePlaceLink{
		ReferralID: r.ID, LinkID: id, Hash: signedlink.Hash(s.links.Token(id)), ByMail: len(mails) > 0, By: web.Account(ctx), At: s.Clock.Now(),
	}
	done, err := engine.Command(ctx, s.referrals, "referral", r.ID, issue, func(domain.Referral, int) any { return issuedLink{id} })
	if err != nil {
		return nil, err
	}
	kept, err := engine.Answered[issuedLink](done)
	if err != nil {
		return nil, err
	}
	token := s.links.Token(kept.ID)
	link, _ := done.State.LinkOf(signedlink.Hash(token), s.Clock.Now())
	return rest.IssuePlaceLink201JSONResponse{
		Body: rest.PlaceLink{
			ID: kept.ID, Path: "/a/" + token, Code: s.links.Code(r.ID), Until: link.Until.UTC(), PlaceID: place.ID, PlaceName: place.Name, Emails: mails,
		},
		Headers: rest.IssuePlaceLink201ResponseHeaders{ETag: web.ETag("referral", done.Version), PasserellePosition: web.Position(Name, done.Position)},
	}, nil
}

// linkedPlace is a link, and the referral that it leads to.
type linkedPlace struct {
	domain.PlaceLink

	referral domain.Referral
}

// byPlace finds what a token leads to, and says whose it is.
func (s *Service) byPlace(ctx context.Context, token string) (l linkedPlace, err error) {
	web.ActsFor(ctx, domain.LinkActor("unknown"), linkRole, "")
	hash := signedlink.Hash(token)
	holder, held, err := s.Ledger.Holder(ctx, domain.PlaceLinkClaim(hash))
	switch {
	case err != nil:
		return l, engine.Away(err)
	case !held:
		return l, domain.ErrNoLink
	}
	if l.referral, _, err = s.referrals.Get(ctx, strings.TrimPrefix(holder, "referral:")); err != nil {
		return l, err
	}
	found, there := l.referral.LinkOf(hash, s.Clock.Now())
	if !there {
		return l, domain.ErrNoLink
	}
	l.PlaceLink = found
	desk, _ := s.Directory().Desk(l.referral.Desk)
	web.ActsFor(ctx, domain.LinkActor(l.ID), linkRole, desk.Fund)
	return l, nil
}

func (s *Service) placeLinkState(ctx context.Context, l linkedPlace) (rest.PlaceLinkState, error) {
	place, err := s.knownPlace(ctx, l.referral.PlaceID)
	if err != nil && l.State == "open" {
		return rest.PlaceLinkState{}, err // it has closed, and nobody is sent there
	}
	desk, _ := s.Directory().Desk(l.referral.Desk)
	state := rest.PlaceLinkState{State: l.State, PlaceName: place.Name, Desk: desk.ID, DeskName: desk.Name, Until: l.Until.UTC()}
	if desk.Phone != "" {
		state.DeskPhone = &desk.Phone
	}
	if l.Result != "" {
		state.Result = &l.Result
	}
	return state, nil
}

// GetPlaceLink says what a link is about. Nothing is said or used up by it.
func (s *Service) GetPlaceLink(ctx context.Context, r rest.GetPlaceLinkRequestObject) (rest.GetPlaceLinkResponseObject, error) {
	l, err := s.byPlace(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	state, err := s.placeLinkState(ctx, l)
	return rest.GetPlaceLink200JSONResponse(state), err
}

type triedCode struct {
	Right bool `json:"right"`
}

// OpenPlaceLink takes the code, and gives the value of a form. Every code is told before anybody learns whether it was right.
func (s *Service) OpenPlaceLink(ctx context.Context, r rest.OpenPlaceLinkRequestObject) (rest.OpenPlaceLinkResponseObject, error) {
	l, err := s.byPlace(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	now, id := s.Clock.Now(), l.referral.ID
	try := domain.TryPlaceCode{ReferralID: id, LinkID: l.ID, Right: signedlink.SameCode(s.links.Code(id), r.Body.Code), At: now}
	done, err := engine.Command(ctx, s.referrals, "referral", id, try, func(domain.Referral, int) any { return triedCode{try.Right} })
	if err != nil {
		return nil, err
	}
	after, _ := done.State.LinkOf(signedlink.Hash(r.Token), now)
	switch kept, err := engine.Answered[triedCode](done); {
	case err != nil:
		return nil, err
	case !kept.Right && after.State == "locked":
		return nil, domain.ErrLinkLocked
	case !kept.Right:
		return nil, domain.ErrWrongCode
	}
	reference, err := one[struct{ Reference string }](ctx, s, domain.ErrNoReferral, `select reference from model.reference where flag_id = $1`, l.referral.FlagID)
	if err != nil {
		return nil, err
	}
	form := signedlink.Form{Link: l.ID, Referral: id, Used: after.Opened, Until: now.Add(formLives)}
	return rest.OpenPlaceLink200JSONResponse{Form: s.links.Show(form), Reference: reference.Reference, Until: form.Until.UTC()}, nil
}

// AnswerByPlaceLink is what the place says.
func (s *Service) AnswerByPlaceLink(ctx context.Context, r rest.AnswerByPlaceLinkRequestObject) (rest.AnswerByPlaceLinkResponseObject, error) {
	l, err := s.byPlace(ctx, r.Token)
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, l.referral.PersonID)
	form, ok := s.links.Read(r.Body.Form, r.Token, s.Clock.Now())
	if !ok {
		return nil, errWrongForm
	}
	answer := domain.AnswerByPlaceLink{ReferralID: form.Referral, LinkID: l.ID, Form: form.Used, Result: r.Body.Result, At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.referrals, "referral", form.Referral, answer, func(r domain.Referral, _ int) any { return struct{}{} })
	if err != nil {
		return nil, err
	}
	l.PlaceLink, _ = done.State.LinkOf(signedlink.Hash(r.Token), s.Clock.Now())
	l.referral = done.State
	state, err := s.placeLinkState(ctx, l)
	return rest.AnswerByPlaceLink200JSONResponse{Body: state, Headers: rest.AnswerByPlaceLink200ResponseHeaders{PasserellePosition: web.Position(Name, done.Position)}}, err
}
