package projections

import (
	"context"
	"time"

	"example.org/passerelle/services/projections/rest"
)

// noOffer is said where nothing else is held for somebody.
const noOffer = "none"

const alternativesOf = `
select a.referral_id, a.session_id, a.offer_id, a.until, s.first_at, s.plan->>'title' as title
from model.alternative a join model.session s on s.id = a.session_id where a.referral_id = any($1)`

// alternativeRow is a seat that is held for somebody whose session was cancelled.
type alternativeRow struct {
	ReferralID, SessionID, OfferID, Title string
	Until, FirstAt                        time.Time
}

// alternatives are held seats, by the cancelled referral.
type alternatives map[string]alternativeRow

func (d deskDay) alternatives(ctx context.Context, rows []callRow) (alternatives, error) {
	var cancelled []string
	for _, r := range rows {
		if r.Kind == "session_cancelled" {
			cancelled = append(cancelled, r.About)
		}
	}
	if len(cancelled) == 0 {
		return nil, nil
	}
	found, err := all[alternativeRow](ctx, d.Service, alternativesOf, cancelled)
	kept := alternatives{}
	for _, a := range found {
		kept[a.ReferralID] = a
	}
	return kept, err
}

// beside adds to the line of somebody whose session was cancelled what is held for them meanwhile.
func (kept alternatives) beside(line rest.TodayLine) rest.TodayLine {
	if line.Kind != "session_cancelled" {
		return line
	}
	a, ok := kept[the(line.About)]
	if !ok {
		none := noOffer
		line.Alternative = &none
		return line
	}
	until, first := a.Until.UTC(), a.FirstAt.UTC()
	line.Alternative, line.AlternativeOffer, line.AlternativeTitle, line.AlternativeUntil, line.AlternativeAt = &a.SessionID, &a.OfferID, &a.Title, &until, &first
	return line
}
