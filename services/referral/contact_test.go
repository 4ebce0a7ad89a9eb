package referral

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral/rest"
)

const contacts = "/api/v1/persons/p1/contacts"

func missed(w *enginetest.World, at time.Time) rest.ContactState {
	w.Clock.Set(at)
	w.Settle()
	return enginetest.Read[rest.ContactState](w, w.Ask("advisor-34", "POST", contacts, `{"direction": "out", "channel": "phone", "outcome": "not_reached"}`), 201)
}

// TestP13_NobodyIsReachedThenWrittenToThenTheDeskDecides: three half-days, a letter, thirty days.
func TestP13_NobodyIsReachedThenWrittenToThenTheDeskDecides(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if got := missed(w, noon); got.Desk != "montpellier" || got.LetterWanted {
		t.Errorf("%+v", got)
	}
	missed(w, noon.Add(5*time.Hour))
	if got := missed(w, noon.AddDate(0, 0, 1)); !got.LetterWanted {
		t.Errorf("%+v", got)
	}
	letter := enginetest.Facts[events.LetterAsked](w)[0]
	w.Ask("advisor-34", "POST", contacts, `{"direction": "out", "channel": "letter", "outcome": "sent", "about": "`+letter.LetterID+`"}`)
	w.Settle()
	asked := enginetest.Hear[events.CloseAsked](w)
	w.Clock.Set(noon.AddDate(0, 0, 32))
	if got := enginetest.Next(w, asked); got.LetterID != letter.LetterID || got.Desk != "montpellier" {
		t.Errorf("%+v", got)
	}
}

// TestAWordOfThePersonEndsTheWait: the desk is asked to close for the other one only.
func TestAWordOfThePersonEndsTheWait(t *testing.T) {
	t.Parallel()
	w := setup(t)
	own := flagged
	own.FlagID, own.PersonID = "f2", w.Mint()
	w.Tell(own)
	sent := `{"direction": "out", "channel": "letter", "outcome": "sent", "about": "l1"}`
	word := `{"direction": "in", "channel": "phone", "outcome": "reached", "note": "Testine Exemple rappelle"}`
	theirs := "/api/v1/persons/" + own.PersonID + "/contacts"
	for _, said := range []struct{ path, body string }{{theirs, sent}, {theirs, word}, {contacts, sent}} {
		if got := w.Ask("advisor-34", "POST", said.path, said.body); got.Status != 201 {
			t.Error(got.Body)
		}
	}
	w.Settle()
	asked := enginetest.Hear[events.CloseAsked](w)
	w.Clock.Set(noon.AddDate(0, 0, 60))
	if got := enginetest.Next(w, asked); got.PersonID != "p1" {
		t.Error(got)
	}
	if places := w.InClear("Testine", "rappelle"); places != nil {
		t.Error(places)
	}
}

func TestOnlyADeskOfThePersonNotesAContact(t *testing.T) {
	t.Parallel()
	w := setup(t)
	reached := `{"direction": "out", "channel": "phone", "outcome": "reached"}`
	w.Refused(w.Ask("provider-a", "POST", contacts, reached), 403, "forbidden")
	w.Refused(w.Ask("advisor-34b", "POST", contacts, reached), 404, "unknown_person")
	w.Refused(w.Ask("advisor-34", "POST", "/api/v1/persons/p0/contacts", reached), 404, "unknown_person")
	got := w.Ask("advisor-34", "POST", contacts, `{"direction": "out", "channel": "phone", "outcome": "call_back"}`)
	if w.Refused(got, 422, "required"); len(got.Problem.Errors) != 1 || w.Told(Name) != nil {
		t.Error(got.Body)
	}
}
