package projections

import (
	"context"
	"time"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// offerRow is a seat that is offered to somebody.
type offerRow struct {
	sealedPerson

	ID, ReferralID, FlagID, SessionID string
	SessionTitle                      *string
	FirstAt                           *time.Time
	OfferedAt, Until                  time.Time
	NotReached                        int
	TogetherWith                      *string
}

var seatOffers = `
select r.offer_id as id, r.id as referral_id, r.flag_id, r.session_id, s.plan->>'title' as session_title, s.first_at, r.offered_at, r.offer_until as until,
  r.not_reached, case when not r.may_be_parted then r.together_with end as together_with, ` + referralPerson + `
from model.referral r` + referralJoins + `
where r.desk = $1 and r.offer_id is not null and r.withdrawn_at is null and ` + opened + ` and ` + seenReferral + `
order by r.offer_until, r.id limit $2`

// ListSeatOffers gives the open offers of a desk, the one that ends first before the others.
func (s *Service) ListSeatOffers(ctx context.Context, request rest.ListSeatOffersRequestObject) (rest.ListSeatOffersResponseObject, error) {
	ctx, _, err := s.atDesk(ctx, policy.Refer, request.ID)
	if err != nil {
		return nil, err
	}
	rows, err := all[offerRow](ctx, s, seatOffers, request.ID, mostToday+1)
	if err != nil {
		return nil, err
	}
	answer := rest.SeatOffers{Truncated: len(rows) > mostToday, Items: []rest.SeatOffer{}}
	rows = rows[:min(len(rows), mostToday)]
	persons, err := open(ctx, s, rows)
	for _, r := range rows {
		web.Concerns(ctx, the(r.PersonID))
		answer.Items = append(answer.Items, rest.SeatOffer{
			ID: r.ID, ReferralID: r.ReferralID, FlagID: r.FlagID, SessionID: r.SessionID, SessionTitle: r.SessionTitle, StartsAt: inUTC(r.FirstAt),
			PersonID: r.PersonID, Person: persons.name(r.PersonID), OfferedAt: r.OfferedAt.UTC(), Until: r.Until.UTC(), NotReached: r.NotReached,
			TogetherWith: r.TogetherWith,
		})
	}
	return rest.ListSeatOffers200JSONResponse(answer), err
}
