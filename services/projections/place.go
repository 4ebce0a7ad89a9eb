package projections

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

var errNoPlace = refusal.New(refusal.NotFound, "unknown_place", "There is no such place. Look for it again in the list of places.")

const onePlace = `select ` + placeColumns + `, null::float8 as km from model.place p where p.id = $1`

// GetPlace gives one place, also one that is closed.
func (s *Service) GetPlace(ctx context.Context, request rest.GetPlaceRequestObject) (rest.GetPlaceResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	row, err := one[placeRow](ctx, s, errNoPlace, onePlace, request.ID)
	if err != nil {
		return nil, err
	}
	lines, err := s.placeLines(ctx, []placeRow{row})
	if err != nil {
		return nil, err
	}
	return rest.GetPlace200JSONResponse(lines[0]), nil
}

// placeReported is what somebody said of a place that is not as it stands here.
type placeReported struct {
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Subject string    `json:"subject,omitempty"`
	Box     []byte    `json:"box,omitempty"`
	Fact    string    `json:"fact"`
}

const reportsOfPlace = `select id, fund, department, provider_id, reported from model.place where id = $1`

// ListPlaceReports gives what was reported of a place since it was last amended, to those who may amend it.
func (s *Service) ListPlaceReports(ctx context.Context, request rest.ListPlaceReportsRequestObject) (rest.ListPlaceReportsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.AmendProvider)
	if err != nil {
		return nil, err
	}
	row, err := one[struct {
		ID, Fund, Department string
		ProviderID           *string
		Reported             []placeReported
	}](ctx, s, errNoPlace, reportsOfPlace, request.ID)
	if err != nil {
		return nil, err
	}
	if policy.Can(a, policy.AmendProvider, policy.Resource{Fund: row.Fund, Department: row.Department, Provider: the(row.ProviderID)}) != policy.Allowed {
		return nil, errNoPlace
	}
	subjects := make([]string, len(row.Reported))
	for i, r := range row.Reported {
		subjects[i] = r.Subject
	}
	if err := s.Vault.Prefetch(ctx, subjects); err != nil {
		return nil, engine.Away(err)
	}
	items := make([]rest.PlaceReported, len(row.Reported))
	for i, r := range row.Reported {
		note := events.Shut[events.Note](r.Subject, r.Box)
		if err := s.Vault.Unseal(ctx, "place:"+row.ID, r.Fact, &note); err != nil {
			return nil, err
		}
		said, _ := note.Value()
		items[i] = rest.PlaceReported{Reason: r.Reason, At: r.At.UTC(), By: r.By, Note: known(said.Text)}
	}
	return rest.ListPlaceReports200JSONResponse{Items: items}, nil
}
