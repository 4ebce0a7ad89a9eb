package access

import (
	"context"
	"strings"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/access/rest"
)

// ListSignInIssuers says where people sign in.
func (s signIns) ListSignInIssuers(context.Context, rest.ListSignInIssuersRequestObject) (rest.ListSignInIssuersResponseObject, error) {
	items := []rest.SignInIssuer{}
	for _, i := range s.Issuers {
		items = append(items, rest.SignInIssuer{Issuer: i.Issuer, Demo: i.Demo})
	}
	return rest.ListSignInIssuers200JSONResponse{Items: items}, nil
}

// GetSignInDoor says where to send a browser.
func (s signIns) GetSignInDoor(ctx context.Context, r rest.GetSignInDoorRequestObject) (rest.GetSignInDoorResponseObject, error) {
	issuer, err := s.issuer(engine.Value(r.Params.Issuer))
	if err != nil {
		return nil, err
	}
	door, err := issuer.Door(ctx)
	if err != nil {
		return nil, s.refused(ctx, err)
	}
	body := rest.SignInDoor{
		Issuer: door.Issuer, AuthorizationEndpoint: door.Authorization, ClientID: door.ClientID, Scopes: door.Scopes, Pkce: door.PKCE,
	}
	if door.EndSession != "" {
		body.EndSessionEndpoint = &door.EndSession
	}
	return rest.GetSignInDoor200JSONResponse(body), nil
}

// CreateSignIn signs somebody in.
func (s signIns) CreateSignIn(ctx context.Context, r rest.CreateSignInRequestObject) (rest.CreateSignInResponseObject, error) {
	b := r.Body
	issuer, err := s.issuer(engine.Value(b.Issuer))
	if err != nil {
		return nil, err
	}
	if issuer.PKCE && engine.Value(b.CodeVerifier) == "" {
		return nil, refusal.Faults{{Field: "code_verifier", Code: "required", Detail: "This issuer asks for it."}}
	}
	in, err := s.begin(ctx, issuer.Issuer, oidc.Return{Code: b.Code, RedirectURI: b.RedirectURI, Nonce: b.Nonce, Verifier: engine.Value(b.CodeVerifier)})
	if err != nil {
		return nil, err
	}
	return rest.CreateSignIn201JSONResponse{
		ID: in.id, Secret: in.secret, Account: in.account, AccessToken: in.token, ExpiresIn: int(in.lives.Seconds()),
		Name: strings.TrimSpace(in.person.GivenName + " " + in.person.UsualName), IDToken: in.person.IDToken,
	}, nil
}

// RenewSignIn gives the next token.
func (s signIns) RenewSignIn(ctx context.Context, r rest.RenewSignInRequestObject) (rest.RenewSignInResponseObject, error) {
	in, err := s.renew(ctx, r.Body.SignIn, r.Body.Secret)
	if err != nil {
		return nil, err
	}
	return rest.RenewSignIn200JSONResponse{Account: in.account, AccessToken: in.token, ExpiresIn: int(in.lives.Seconds())}, nil
}

// EndSignIn signs somebody out.
func (s signIns) EndSignIn(ctx context.Context, r rest.EndSignInRequestObject) (rest.EndSignInResponseObject, error) {
	if err := s.rows.end(ctx, r.Body.SignIn, r.Body.Secret, s.now()); err != nil {
		return nil, err
	}
	return rest.EndSignIn204Response{}, nil
}
