package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

var (
	asked          = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)
	registeredAnna = events.PersonRegistered{PersonID: "anna", Fund: "carsat-lr", At: asked, Details: events.Clear("anna", events.Person{GivenName: "Testine"})}
	inThreeDays    = asked.AddDate(0, 0, 3)
	askToErase     = RequestErasure{PersonID: "anna", Reason: "request", EraseAt: inThreeDays, By: "advisor-34", At: asked}
	erasureAsked   = events.ErasureRequested{PersonID: "anna", Reason: "request", EraseAt: inThreeDays, By: "advisor-34", At: asked}
	undo           = UndoErasure{PersonID: "anna", By: "privacy-lr", At: inThreeDays.Add(-time.Second)}
	undone         = events.ErasureUndone{PersonID: "anna", By: "privacy-lr", At: undo.At}
	erase          = Erase{PersonID: "anna", Reason: "request", At: inThreeDays}
	erased         = events.PersonErased{PersonID: "anna", Reason: "request", At: inThreeDays}
)

func person(t *testing.T, facts ...events.Detection) story.Case[Person, events.Detection] {
	return story.Given(t, EvolvePerson, facts...)
}

func TestWhoIsToBeErasedIsHiddenOnce(t *testing.T) {
	t.Parallel()
	c := person(t, registeredAnna).When(askToErase).Then(erasureAsked)
	if !c.State.Hidden() || c.State.There() {
		t.Error(c.State)
	}
	c.When(askToErase).Then()
	person(t).When(askToErase).Refused(ErrNoPerson)
	person(t, registeredAnna, erasureAsked, erased).When(askToErase).Refused(ErrNoPerson)
}

func TestWhatHoldsAnErasure(t *testing.T) {
	t.Parallel()
	lent, followed := askToErase, askToErase
	lent.LoanOpen, followed.FollowedElsewhere = true, true
	person(t, registeredAnna).When(lent).Refused(ErrLoanOpen)
	person(t, registeredAnna).When(followed).Refused(ErrFollowedElsewhere)
}

func TestAnErasureIsUndoneWithinItsDelay(t *testing.T) {
	t.Parallel()
	c := person(t, registeredAnna, erasureAsked).When(undo).Then(undone)
	if !c.State.There() {
		t.Error(c.State)
	}
	c.When(undo).Then()
	late := undo
	late.At = inThreeDays
	person(t, registeredAnna, erasureAsked).When(late).Refused(ErrErasureBegun)
	person(t, registeredAnna, erasureAsked, erased).When(undo).Refused(ErrNoPerson)
	person(t).When(undo).Refused(ErrNoPerson)
}

func TestNothingIsKeptInMemoryOfSomebodyErased(t *testing.T) {
	t.Parallel()
	c := person(t, registeredAnna, erasureAsked).When(erase).Then(erased)
	if _, readable := c.State.Details.Value(); readable || !c.State.Hidden() || c.State.Why != "request" {
		t.Error(c.State)
	}
	c.When(erase).Then()
	person(t).When(erase).Refused(ErrNoPerson)
	person(t, registeredAnna).When(erase).Then(erased) // an older dump knows nothing of the request
}
