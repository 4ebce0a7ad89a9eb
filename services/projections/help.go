package projections

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// helped fills in what was done for the person, and what would suit them. What was erased stays null.
func (s *Service) helped(ctx context.Context, row flagSheet, flag *rest.Flag) (err error) {
	stream := "flag:" + row.ID
	if flag.ClosingNote, err = s.text(ctx, stream, flagClosed, row.Subject, row.NoteBox); err != nil {
		return err
	}
	if flag.Wish, err = s.wish(ctx, stream, row); err != nil {
		return err
	}
	signals, err := all[signalRow](ctx, s, signalsOfFlag, row.ID)
	if err != nil {
		return err
	}
	flag.Signals, err = s.signalLines(ctx, signals)
	return err
}

// text opens a note; nil for none, for an empty one, and for one that nobody can open any more.
func (s *Service) text(ctx context.Context, stream, name string, subject *string, box []byte) (*string, error) {
	if box == nil {
		return nil, nil
	}
	note := events.Shut[events.Note](the(subject), box)
	if err := s.Vault.Unseal(ctx, stream, name, &note); err != nil {
		return nil, err
	}
	said, _ := note.Value()
	return known(said.Text), nil
}

// wish is shown as long as it is wished.
func (s *Service) wish(ctx context.Context, stream string, row flagSheet) (*rest.Wish, error) {
	if row.Help != "wished" || row.WishBox == nil {
		return nil, nil
	}
	details := events.Shut[events.Wish](the(row.Subject), row.WishBox)
	err := s.Vault.Unseal(ctx, stream, helpWished, &details)
	w, ok := details.Value()
	if err != nil || !ok {
		return nil, err
	}
	return &rest.Wish{
		Skills: listOf(w.Skills), Modes: listOf(w.Modes), WithinKm: given(w.WithinKm), Availability: listOf(w.Availability), At: row.HelpAt.UTC(),
	}, nil
}

// act is help that was given on the spot.
func (s *Service) act(ctx context.Context, subject *string, r saidRow) (act rest.HelpActed, err error) {
	act = rest.HelpActed{ID: r.ID, Kind: r.Kind, Mode: r.Mode, Minutes: r.Minutes, By: r.By, At: r.At.UTC()}
	act.Topic, err = s.text(ctx, "flag:"+r.FlagID, helpActed, subject, r.Box)
	return act, err
}
