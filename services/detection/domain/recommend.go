package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of what is said of a recommendation.
var (
	ErrNoRecommendation = refusal.New(refusal.NotFound, "unknown_recommendation", "There is no such recommendation. Look for it again in the list.")
	ErrNotFromHere      = refusal.New(refusal.Conflict, "not_from_here", "The recommendation is not at the step before. Look at it again.")
)

// Recommendation is what should be done, and how far it is. Zero: there is none.
type Recommendation struct{ ID, Fund, Desk, Status string }

// Recommend proposes something.
type Recommend struct {
	Proposed events.RecommendationProposed
}

// Decide tells it, or every fault.
func (c Recommend) Decide(r Recommendation) ([]events.Detection, error) {
	if r.ID != "" {
		return nil, nil
	}
	s := sheet{}
	s.fault(blank(c.Proposed.Title), "title", "required", "Say in a few words what is recommended.")
	s.fault(blank(c.Proposed.Text), "text", "required", "Say what is recommended.")
	s.fault(c.Proposed.From != "" && c.Proposed.To != "" && c.Proposed.To < c.Proposed.From, "to", "before_from", "The period ends before it begins. Exchange the two days.")
	s.everyText("", asJSON(map[string]string{"title": c.Proposed.Title, "text": c.Proposed.Text}))
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(c.Proposed)
}

// steps say from where a recommendation comes to a status.
var steps = map[string][]string{
	"adopted": {"proposed"}, "in_progress": {"adopted"}, "done": {"in_progress"}, "dropped": {"proposed", "adopted", "in_progress"},
}

// MoveOn says what becomes of a recommendation.
type MoveOn struct {
	ID, Status, Note, By string
	At                   time.Time
}

// Decide tells a step that leads on from where it is.
func (c MoveOn) Decide(r Recommendation) ([]events.Detection, error) {
	switch {
	case r.ID == "":
		return nil, ErrNoRecommendation
	case r.Status == c.Status:
		return nil, nil // the button was pressed twice
	case !slices.Contains(steps[c.Status], r.Status):
		return nil, ErrNotFromHere
	}
	s := sheet{}
	s.everyText("", asJSON(map[string]string{"note": c.Note}))
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.RecommendationMoved{RecommendationID: r.ID, Status: c.Status, Note: c.Note, By: c.By, At: c.At})
}

// EvolveRecommendation is a recommendation after a fact.
func EvolveRecommendation(r Recommendation, fact events.Detection) Recommendation {
	switch e := fact.(type) { //nolint:gochecksumtype // all others are in other streams
	case events.RecommendationProposed:
		return Recommendation{ID: e.RecommendationID, Fund: e.Fund, Desk: e.Desk, Status: "proposed"}
	case events.RecommendationMoved:
		r.Status = e.Status
	}
	return r
}
