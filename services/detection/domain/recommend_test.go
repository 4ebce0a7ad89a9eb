package domain

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

var proposed = events.RecommendationProposed{
	RecommendationID: "r1", Fund: "carsat-bfc", Desk: "nievre", Title: "Un atelier par mois", Text: "À l'accueil.", By: "referent-58", At: noon,
}

func recommendation(t *testing.T, facts ...events.Detection) story.Case[Recommendation, events.Detection] {
	return story.Given(t, EvolveRecommendation, facts...)
}

func moved(status string) events.RecommendationMoved {
	return events.RecommendationMoved{RecommendationID: "r1", Status: status, By: "analyst-bfc", At: noon}
}

func move(status string) MoveOn {
	return MoveOn{ID: "r1", Status: status, By: "analyst-bfc", At: noon}
}

func TestC8_ARecommendationGoesStepByStep(t *testing.T) {
	recommendation(t).When(Recommend{proposed}).Then(proposed)
	recommendation(t, proposed).When(move("adopted")).Then(moved("adopted"))
	recommendation(t, proposed, moved("adopted")).When(move("in_progress")).Then(moved("in_progress"))
	recommendation(t, proposed, moved("adopted"), moved("in_progress")).When(move("done")).Then(moved("done"))
	recommendation(t, proposed, moved("adopted")).When(move("dropped")).Then(moved("dropped"))
}

func TestARecommendationLeavesNoStepOut(t *testing.T) {
	recommendation(t, proposed).When(move("done")).Refused(ErrNotFromHere)
	recommendation(t, proposed, moved("dropped")).When(move("adopted")).Refused(ErrNotFromHere)
	recommendation(t).When(move("adopted")).Refused(ErrNoRecommendation)
}

func TestMovingTwiceSaysNothingNew(t *testing.T) {
	recommendation(t, proposed, moved("adopted")).When(move("adopted")).Then()
}
