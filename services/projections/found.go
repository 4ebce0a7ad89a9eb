package projections

import (
	"context"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

var referralsOfFlags = `select ` + referralColumns + ` from model.referral r` + referralJoins + ` where r.flag_id = any($1)`

// found shows who fits. Whose key was destroyed is not among them, whatever the marks say.
func (s *Service) found(ctx context.Context, rows []foundRow) ([]rest.PersonFound, error) {
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	kept := []foundRow{}
	for _, r := range rows {
		if !persons[the(r.PersonID)].Erased() && len(kept) < mostFound {
			kept = append(kept, r)
		}
	}
	referrals, err := s.referralsByFlag(ctx, kept)
	if err != nil {
		return nil, err
	}
	items := make([]rest.PersonFound, len(kept))
	for i, r := range kept {
		web.Concerns(ctx, the(r.PersonID)) // a card says something of the person too
		items[i] = s.card(r, referrals[r.ID])
		if r.Own {
			items[i] = r.inFull(items[i], persons)
		}
	}
	return items, nil
}

func (s *Service) referralsByFlag(ctx context.Context, rows []foundRow) (map[string][]referralRow, error) {
	if len(rows) == 0 {
		return map[string][]referralRow{}, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	referrals, err := all[referralRow](ctx, s, referralsOfFlags, ids)
	byFlag := map[string][]referralRow{}
	for _, r := range referrals {
		byFlag[r.FlagID] = append(byFlag[r.FlagID], r)
	}
	return byFlag, err
}

// card is what everybody in the fund may know: whom to ring, and how far things are.
func (s *Service) card(r foundRow, referrals []referralRow) rest.PersonFound {
	desk, _ := s.Directory().Desk(r.Desk)
	if !r.Own {
		r.AssignedTo = nil // outside the desk, the desk does it
	}
	return rest.PersonFound{Reference: r.Reference, Desk: r.Desk, DeskPhone: desk.Phone, Help: r.Help, NextStep: s.step(r.flagRow, nexts(referrals)), Deceased: r.dead()}
}

func (r foundRow) inFull(card rest.PersonFound, persons people) rest.PersonFound {
	card.PersonID, card.FlagID, card.Person = r.PersonID, &r.ID, persons.name(r.PersonID)
	if person, ok := persons[the(r.PersonID)].Value(); ok {
		card.BirthDate = known(person.BirthDate)
	}
	return card
}
