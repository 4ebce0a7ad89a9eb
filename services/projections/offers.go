package projections

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// ListOffers says what suits the person of a flag, in order and why, and what does not.
func (s *Service) ListOffers(ctx context.Context, request rest.ListOffersRequestObject) (rest.ListOffersResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadOffers)
	if err != nil {
		return nil, err
	}
	row, err := web.Find(ctx, func(ctx context.Context) (flagSheet, error) {
		row, err := one[flagSheet](ctx, s, ErrNoFlag, oneFlag, request.ID)
		web.Concerns(ctx, the(row.PersonID))
		if errors.Is(err, ErrNoFlag) {
			return row, s.refusedFlag(ctx, request.ID, err)
		}
		if err == nil && policy.Can(a, policy.ReadOffers, row.resource()) != policy.Allowed {
			err = ErrNoFlag
		}
		return row, err
	})
	if err != nil {
		return nil, err
	}
	if code := nothingFor(row.flagRow); code != "" {
		return rest.ListOffers200JSONResponse{
			FlagID: row.ID, Blocked: &code, Advice: []rest.OfferReason{}, Items: []rest.Offer{}, Excluded: []rest.ExcludedOffer{},
		}, nil
	}
	person, err := s.inNeed(ctx, row)
	if err == nil {
		err = s.offered.catchUp(ctx)
	}
	if err != nil {
		return nil, err
	}
	found, shown := s.offered.asked(person)
	answer, err := s.offers(found, shown)
	answer.FlagID = row.ID
	if err == nil {
		err = s.putPhones(ctx, answer.Items)
	}
	if err == nil {
		err = s.putRelays(ctx, shown.relayed(answer.Items))
	}
	return rest.ListOffers200JSONResponse(answer), err
}

// nothingFor says why nothing is offered under a flag.
func nothingFor(f flagRow) string {
	switch f.Help {
	case "none":
		return "consent_missing"
	case "closed":
		return "help_closed"
	}
	return ""
}

const openRequests = `select coalesce(session_id, '') as id from model.referral r where r.flag_id = $1 and r.status in ('requested', 'in_study', 'waitlisted', 'offered', 'enrolled', 'in_progress')`

// inNeed is what is known of the person of a flag. A wish that is open counts instead of what the sheet says.
func (s *Service) inNeed(ctx context.Context, row flagSheet) (p matching.Person, err error) {
	if row.Subject != nil {
		if err := s.Vault.Prefetch(ctx, []string{*row.Subject, the(row.PersonID)}); err != nil {
			return p, engine.Away(err)
		}
	}
	persons, err := open(ctx, s, []flagSheet{row})
	if err != nil {
		return p, err
	}
	sheet, _, err := s.openSheet(ctx, sealedSheet{SheetFlag: &row.ID, SheetSubject: row.Subject, SheetBox: row.Box, SheetFact: &row.Fact})
	if err != nil {
		return p, err
	}
	person, _ := persons[the(row.PersonID)].Value()
	wish, err := s.wish(ctx, "flag:"+row.ID, row)
	if err != nil {
		return p, err
	}
	p = matching.PersonOn(sheet, person, matching.Flag{Fund: row.Fund, Programme: row.Programme, Department: row.Department, Channel: row.Channel}, s.Clock.Now())
	wishing(&p, wish)
	asked, err := s.ids(ctx, openRequests, row.ID)
	p.Asked = map[string]bool{}
	for _, id := range asked {
		p.Asked[id] = true
	}
	return p, err
}

func wishing(p *matching.Person, wish *rest.Wish) {
	if wish == nil {
		return
	}
	p.Needs.Skills, p.Needs.Modes, p.Needs.Availability = wish.Skills, wish.Modes, wish.Availability
	if wish.WithinKm != nil {
		p.WithinKm = *wish.WithinKm
	}
}

func (s *Service) offers(r matching.Result, n shownThere) (rest.Offers, error) {
	answer := rest.Offers{
		Advice: offerReasons(r.Advice), Items: make([]rest.Offer, len(r.Offers)), More: r.More, Excluded: make([]rest.ExcludedOffer, len(r.Excluded)), ExcludedMore: r.Out,
	}
	for i, o := range r.Offers {
		item, err := s.offer(o, n)
		if err != nil {
			return answer, err
		}
		answer.Items[i] = item
	}
	for i, e := range r.Excluded {
		answer.Excluded[i] = excludedOffer(e)
	}
	return answer, nil
}

func (s *Service) offer(o matching.Offer, n shownThere) (rest.Offer, error) {
	id := o.ID()
	item := rest.Offer{
		Kind: "place", DistanceKm: o.Km, DistancePrecision: known(o.Precision), Reasons: offerReasons(o.Reasons), Checks: offerReasons(o.Checks),
	}
	item.Promise.Code, item.Promise.Text = o.Promise.Code, o.Promise.Text
	if o.Session == nil {
		item.PlaceID, item.Place = &id, offeredPlace(*o.Place, n.addresses[id])
		return item, nil
	}
	session, err := n.sessions[id].session(s.Clock.Now())
	session.DistanceKm = o.Km
	item.Kind, item.SessionID, item.Session = "session", &id, &session
	return item, err
}

func offeredPlace(p matching.Place, address string) *rest.OfferedPlace {
	place := &rest.OfferedPlace{ID: p.ID, Name: p.Name, Insee: known(p.Where.Insee), Address: known(address), Hours: known(p.Hours), Services: listOf(p.Services), Itinerant: p.Itinerant}
	if p.Where.Precision != matching.Nowhere {
		place.Latitude, place.Longitude = &p.Where.Lat, &p.Where.Lon
	}
	return place
}

func excludedOffer(e matching.Excluded) rest.ExcludedOffer {
	out := rest.ExcludedOffer{Kind: "place", DistanceKm: e.Km, DistancePrecision: known(e.Precision), Why: offerReasons(e.Reasons)}
	if e.Session == nil {
		out.PlaceID, out.Title, out.Insee = &e.Place.ID, e.Place.Name, known(e.Place.Where.Insee)
		return out
	}
	out.Kind, out.SessionID, out.Title, out.Insee = "session", &e.Session.SessionID, e.Session.Title, known(e.Session.Insee)
	if len(e.Session.Meetings) > 0 {
		starts := e.Session.Meetings[0].StartsAt.UTC()
		out.StartsAt = &starts
	}
	return out
}

func offerReasons(list []matching.Reason) []rest.OfferReason {
	reasons := make([]rest.OfferReason, len(list))
	for i, r := range list {
		reasons[i] = rest.OfferReason{Code: r.Code, Answer: r.Answer, Text: r.Text}
	}
	return reasons
}
