package projections

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

var errWrongForm = refusal.Faults{{Field: "form", Code: "wrong_form", Detail: "This form is not of this link, or is too old. Open the link again."}}

// linkedRequest is one that waits for its provider's answer. Rank is as in the inbox.
var linkedRequest = `
select ` + seatColumns + `, (select 1 + count(*) from model.seat o where r.seat = 'queued' and o.seat_session = r.seat_session
    and o.seat in ('waiting', 'queued') and (o.seat = 'waiting' or o.place < r.place))::int as rank
from model.referral r` + seatJoins + `
where r.id = $1 and r.seat_session = $2 and r.seat_provider = $3 and r.seat in ('held', 'queued') and ` + seenSeat

// ReadRequestByLink gives who has a link and its code what the provider's account would see of the request, and no more.
func (s *Service) ReadRequestByLink(ctx context.Context, r rest.ReadRequestByLinkRequestObject) (rest.ReadRequestByLinkResponseObject, error) {
	form, ok := signedlink.KeyOf(s.Secret).Read(r.Body.Form, r.Token, s.Clock.Now())
	if !ok {
		web.ActsFor(ctx, "link:unknown", "signed_link", "")
		return nil, errWrongForm
	}
	web.ActsFor(ctx, "link:"+form.Link, "signed_link", form.Fund)
	ctx = s.within(ctx, directory.Account{}) // nothing but the requests of its provider
	sightOf(ctx)["providers"] = []string{form.Provider}
	row, err := web.Find(ctx, func(ctx context.Context) (seatRow, error) {
		return one[seatRow](ctx, s, ErrNoReferral, linkedRequest, form.Referral, form.Session, form.Provider)
	})
	if err != nil {
		return nil, err
	}
	persons, err := open(ctx, s, []seatRow{row})
	if err != nil {
		return nil, err
	}
	line := inboxLine(row, persons)
	contact, err := s.contact(ctx, row, persons)
	return rest.ReadRequestByLink200JSONResponse{
		Person: line.Person, Contact: contact, Status: line.Status, Seat: line.Seat, HeldUntil: line.HeldUntil, WouldBeRank: line.WouldBeRank, AnswerBy: line.AnswerBy,
	}, err
}
