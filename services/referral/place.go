package referral

import (
	"context"
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/referral/domain"
)

// place is one that may be named to people: it is known, and has not closed.
func (s *Service) place(ctx context.Context, id string) (string, error) {
	found, err := one[struct{ ID string }](ctx, s, domain.ErrNoPlace, `select id from model.place where id = $1`, id)
	return found.ID, err
}

func (n noting) places(fact events.Places, name string) {
	put := func(id string, sheet events.PlaceSheet, words events.Sealed[events.PlaceWords]) {
		n.write(`insert into model.place values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set
  name = excluded.name, by_mail = excluded.by_mail, subject = excluded.subject, box = excluded.box, fact = excluded.fact`,
			id, sheet.Name, slices.ContainsFunc(sheet.Access, byMail), words.Subject(), words.Box(), name)
	}
	switch e := fact.(type) {
	case events.PlaceRegistered:
		put(e.PlaceID, e.Sheet, e.Words)
	case events.PlaceAmended:
		put(e.PlaceID, e.Sheet, e.Words)
	case events.PlaceClosed:
		n.write(`delete from model.place where id = $1`, e.PlaceID)
	case events.PlaceReported: // people are sent there as before, until somebody has looked
	}
}

// byMail: an access of the schema "lieux de médiation numérique" by which the place may be written to.
func byMail(access string) bool { return strings.Contains(strings.ToLower(access), "mail") }
