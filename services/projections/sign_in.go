package projections

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const (
	blankLines   = 4 // for those who come without having been sent
	meetingsWide = 4 // on one table
	roomToSign   = 13.0
	mostSeats    = 1000
)

// GetSignInSheet is the sheet on which everybody signs at each meeting: who has a seat by name, and blank lines for the rest.
func (s *Service) GetSignInSheet(ctx context.Context, request rest.GetSignInSheetRequestObject) (rest.GetSignInSheetResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadSeats)
	if err != nil {
		return nil, err
	}
	session, err := s.findSession(ctx, a, request.ID)
	if err == nil {
		err = s.forProvider(ctx, a, policy.ReadSeats, session.ProviderID, ErrNoSession)
	}
	if err != nil {
		return nil, err
	}
	rows, err := all[seatRow](ctx, s, participants, request.ID, "", 0, mostSeats, []string{"taken"})
	if err != nil {
		return nil, err
	}
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range rows {
		web.Concerns(ctx, the(r.PersonID))
		if name := persons.name(r.PersonID); name != nil {
			names = append(names, strings.TrimSpace(strings.ToUpper(name.FamilyName)+" "+name.GivenName))
		}
	}
	slices.Sort(names)
	sheets, err := signInSheets(session, names)
	return rest.GetSignInSheet200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
}

func signInSheets(session sessionRow, names []string) ([]byte, error) {
	var plan events.SessionPlanned
	if err := json.Unmarshal(session.Plan, &plan); err != nil {
		return nil, fmt.Errorf("plan of session %s: %w", session.ID, err)
	}
	var meetings []string
	for i, m := range plan.Meetings {
		if !slices.Contains(session.Cancelled, i+1) {
			at := m.StartsAt.In(reference.Paris)
			meetings = append(meetings, fmt.Sprintf("Séance %d, %s, %s à %s", i+1, at.Format("02/01/2006"), clockInFrench(m.StartsAt), clockInFrench(m.EndsAt)))
		}
	}
	names = append(names, make([]string, max(session.Own, blankLines))...)
	sheets := paper.New("Feuille d’émargement")
	sheets.Sheet()
	sheets.Heading("Feuille d’émargement : " + plan.Title)
	sheets.Say(heldAt(plan))
	sheets.Say("Chaque personne signe à chaque séance.")
	for part := range slices.Chunk(meetings, meetingsWide) {
		head, widths := append([]string{"Nom et prénom"}, part...), []float64{3}
		rows := make([][]string, len(names))
		for range part {
			widths = append(widths, 2)
		}
		for i, name := range names {
			rows[i] = []string{name}
		}
		sheets.Table(head, widths, rows, roomToSign)
	}
	return sheets.Bytes()
}
