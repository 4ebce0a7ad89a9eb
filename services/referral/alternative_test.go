package referral

import (
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
)

// cancelledFor has somebody of Montpellier whose session does not take place, and sessions near and far, full and free.
func cancelledFor(t *testing.T) (w *enginetest.World, person string) {
	t.Helper()
	w = enginetest.Start(t, Name, Run)
	person = w.Mint()
	here := flagged
	here.PersonID, here.Deadline = person, ""
	here.Details = events.Clear(person, events.Sheet{Needs: events.Needs{Skills: []string{"internet"}}})
	w.Tell(events.PersonRegistered{PersonID: person, Fund: "carsat-lr", At: noon, Details: events.Clear(person, events.Person{
		GivenName: "Testine", FamilyName: "Exemple", BirthDate: "1950", Phone: "+33465710001", Address: &events.Address{Insee: "34172"},
	})}, here)
	for id, insee := range map[string]string{"s1": "34172", "near": "34172", "near-2": "34172", "far": "66136", "full": "34172"} {
		w.Tell(inCommune(id, insee))
	}
	w.Tell(events.SeatTaken{SessionID: "full", ReferralID: "somebody", From: "2021-12-06", To: "2021-12-06"})
	return w, person
}

func inCommune(id, insee string) events.SessionPlanned {
	s := session(id)
	s.Mode, s.Insee, s.Skills, s.Title, s.Capacity = "in_person", insee, []string{"internet"}, "Séance exemple", 1
	return s
}

func cancelled(referral, person string) events.Fact {
	return events.RequestCancelled{SessionID: "s1", ReferralID: referral, Reason: "animator", Was: "enrolled", FlagID: "f1", PersonID: person, Desk: "montpellier", At: noon}
}

// TestP15_WhoseSessionIsCancelledHasTheNextBestSought by what the sheet says, and is referred nowhere.
func TestP15_WhoseSessionIsCancelledHasTheNextBestSought(t *testing.T) {
	t.Parallel()
	w, person := cancelledFor(t)
	first := refer(w, "f1", "s1", held("s1"))
	w.Tell(events.SessionCancelled{SessionID: "s1", Reason: "animator"}, cancelled(first.ID, person))
	sought := enginetest.Facts[events.AlternativeSought](w)
	if len(sought) != 1 || len(sought[0].SessionIDs) == 0 || !slices.Contains(sought[0].SessionIDs, "near") || slices.Contains(sought[0].SessionIDs, "full") || slices.Contains(sought[0].SessionIDs, "s1") {
		t.Fatalf("%+v", sought)
	}
	if opened := enginetest.Facts[events.ReferralOpened](w); len(opened) != 1 {
		t.Error("somebody was referred without their word", opened)
	}
	kept := events.AlternativeHeld{
		SessionID: "near", ReferralID: first.ID, OfferID: "near." + first.ID + ".alternative", FlagID: "f1", PersonID: person, Desk: "montpellier",
		Until: noon.Add(7 * 24 * time.Hour), At: noon,
	}
	w.Tell(kept, events.SessionCancelled{SessionID: "near", Reason: "place"}, events.AlternativeEnded{
		SessionID: "near", ReferralID: first.ID, OfferID: kept.OfferID, FlagID: "f1", Reason: "cancelled", At: noon,
	})
	if again := enginetest.Facts[events.AlternativeSought](w); len(again) != 2 || slices.Contains(again[1].SessionIDs, "near") {
		t.Errorf("%+v", again)
	}
}

// TestTheKeptSeatIsGivenUpWhenThePersonGoesElsewhere, and stays when they go where it is kept.
func TestTheKeptSeatIsGivenUpWhenThePersonGoesElsewhere(t *testing.T) {
	t.Parallel()
	w, person := cancelledFor(t)
	first := refer(w, "f1", "s1", held("s1"))
	kept := events.AlternativeHeld{SessionID: "near", ReferralID: first.ID, OfferID: "near." + first.ID + ".alternative", FlagID: "f1", PersonID: person, Desk: "montpellier", Until: noon, At: noon}
	w.Tell(cancelled(first.ID, person), kept)
	refer(w, "f1", "near", held("near"))
	if forgone := enginetest.Facts[events.AlternativeForgone](w); len(forgone) != 0 {
		t.Error(forgone)
	}
	refer(w, "f1", "far", held("far"))
	w.Tell(session("later"))
	if forgone := enginetest.Facts[events.AlternativeForgone](w); len(forgone) != 1 || forgone[0].SessionID != "near" || forgone[0].Reason != "referred" {
		t.Error(forgone)
	}
}

func TestTheKeptSeatIsGivenUpWhenHelpEnds(t *testing.T) {
	t.Parallel()
	w, person := cancelledFor(t)
	first := refer(w, "f1", "s1", held("s1"))
	kept := events.AlternativeHeld{SessionID: "near", ReferralID: first.ID, OfferID: "near." + first.ID + ".alternative", FlagID: "f1", PersonID: person, Desk: "montpellier", Until: noon, At: noon}
	w.Tell(cancelled(first.ID, person), kept)
	w.Tell(ended("deceased"))
	if forgone := enginetest.Facts[events.AlternativeForgone](w); len(forgone) != 1 || forgone[0].Reason != "help_ended" {
		t.Error(forgone)
	}
}
