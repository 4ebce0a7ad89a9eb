package referral

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral/rest"
)

const letters = "/api/v1/letters/"

func printed(w *enginetest.World, id string) rest.LetterState {
	state := enginetest.Read[rest.LetterState](w, w.Ask("advisor-34", "POST", letters+id+"/printed", `{}`), 200)
	w.Settle()
	return state
}

// TestP31_ASeatIsWrittenAboutAndAgainWhenTheSessionMoves: the desk of the person prints, what is replaced does not leave.
func TestP31_ASeatIsWrittenAboutAndAgainWhenTheSessionMoves(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := refer(w, "f1", "s1", held("s1")).ID
	w.Tell(taken(id))
	w.Settle()
	due := enginetest.Facts[events.LetterDue](w)
	if len(due) != 1 || due[0].LetterID != id+".1" || due[0].Kind != "seat" || due[0].Desk != "montpellier" {
		t.Fatalf("%+v", due)
	}
	for account, want := range map[string]struct {
		status int
		code   string
	}{"provider-a": {403, "forbidden"}, "advisor-34b": {404, "unknown_letter"}} {
		w.Refused(w.Ask(account, "POST", letters+id+".1/printed", `{}`), want.status, want.code)
		w.Refused(w.Ask(account, "POST", letters+id+".1/returned", `{}`), want.status, want.code)
	}
	w.Refused(w.Ask("advisor-34", "POST", letters+id+".2/printed", `{}`), 404, "unknown_letter")
	if got := printed(w, id+".1"); got.Status != "printed" || got.PersonID != "p1" {
		t.Errorf("%+v", got)
	}
	w.Tell(events.SessionRescheduled{SessionID: "s1", Reason: "animator", Meetings: []events.Meeting{{StartsAt: noon.AddDate(0, 0, 28), EndsAt: noon.AddDate(0, 0, 28).Add(time.Hour)}}})
	w.HearAgain()
	due = enginetest.Facts[events.LetterDue](w)
	if len(due) != 2 || due[1].LetterID != id+".2" || due[1].Kind != "moved" {
		t.Fatalf("%+v", due)
	}
	printed(w, id+".1") // was sent before: nothing new
	printed(w, id+".2")
	printed(w, id+".2")
	if sent := enginetest.Facts[events.LetterSent](w); len(sent) != 2 {
		t.Errorf("%+v", sent)
	}
	back := enginetest.Read[rest.LetterState](w, w.Ask("advisor-34", "POST", letters+id+".2/returned", `{}`), 200)
	noted := enginetest.Facts[events.ContactNoted](w)
	if back.Status != "returned" || len(noted) != 1 || noted[0].Outcome != "returned" || noted[0].AboutID != id+".2" {
		t.Errorf("%+v %+v", back, noted)
	}
}

// TestP13_TheLetterToWhomNobodyReachesIsPrintedOnce, and the thirty days run from then.
func TestP13_TheLetterToWhomNobodyReachesIsPrintedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	missed(w, noon)
	missed(w, noon.Add(5*time.Hour))
	missed(w, noon.AddDate(0, 0, 1))
	w.Settle()
	letter := enginetest.Facts[events.LetterAsked](w)[0].LetterID
	w.Refused(w.Ask("advisor-34b", "POST", letters+letter+"/printed", `{}`), 404, "unknown_letter")
	w.Refused(w.Ask("advisor-34", "POST", letters+"nothing/printed", `{}`), 404, "unknown_letter")
	printed(w, letter)
	printed(w, letter)
	if sent := enginetest.Facts[events.ContactNoted](w); len(sent) != 4 || sent[3].Channel != "letter" || sent[3].AboutID != letter {
		t.Errorf("%+v", sent)
	}
	asked := enginetest.Hear[events.CloseAsked](w)
	w.Clock.Set(noon.AddDate(0, 0, 32))
	if got := enginetest.Next(w, asked); got.LetterID != letter {
		t.Error(got)
	}
}

// TestP16_NobodyWritesToTheDead: a letter that was due is refused from the moment the death was told.
func TestP16_NobodyWritesToTheDead(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := refer(w, "f1", "s1", held("s1")).ID
	w.Tell(taken(id))
	missed(w, noon)
	missed(w, noon.Add(5*time.Hour))
	missed(w, noon.AddDate(0, 0, 1))
	w.Settle()
	letter := enginetest.Facts[events.LetterAsked](w)[0].LetterID
	w.Tell(events.DeathTold{PersonID: "p1", By: "advisor-34", At: noon}, ended("deceased"))
	w.Settle()
	w.Refused(w.Ask("advisor-34", "POST", letters+id+".1/printed", `{}`), 409, "referral_ended")
	w.Refused(w.Ask("advisor-34", "POST", letters+letter+"/printed", `{}`), 404, "unknown_letter")
	if sent := enginetest.Facts[events.LetterSent](w); len(sent) != 0 {
		t.Error(sent)
	}
}

// TestH2_AReferralNamesTheRoomFromWhichTheSessionIsFollowed, and only one that was named for it.
func TestH2_AReferralNamesTheRoomFromWhichTheSessionIsFollowed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	there := `{"flag_id": "f1", "session_id": "s1", "relay_id": "room-exemple"}`
	if got := w.Ask("advisor-34", "POST", referrals, there); got.Status != 422 || len(got.Problem.Errors) != 1 || got.Problem.Errors[0].Field != "relay_id" {
		t.Error(got.Body)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "l1", "relay_id": "room-exemple"}`), 422, "not_with_place")
	if opened := enginetest.Facts[events.ReferralOpened](w); len(opened) != 0 {
		t.Error("what was refused is kept:", opened)
	}
	w.Tell(events.RelaySet{SessionID: "s1", PlaceID: "room-exemple", Seats: 6, By: "provider-a", At: noon})
	answers := answering(w, held("s1"))
	enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, there), 201)
	<-answers
	if opened := enginetest.Facts[events.ReferralOpened](w); len(opened) != 1 || opened[0].RelayID != "room-exemple" {
		t.Errorf("%+v", opened)
	}
}

// TestP31_ALetterAboutATabletIsNotedWithItsLoan: once it is due, by its own desk.
func TestP31_ALetterAboutATabletIsNotedWithItsLoan(t *testing.T) {
	t.Parallel()
	w := setup(t)
	late := events.LoanLate{Pool: "provider-a", LoanID: "loan-1", ItemID: "i1", ReferralID: "r1", PersonID: "p1", Kind: "call", To: "2021-11-01", At: noon}
	w.Tell(late)
	w.Refused(w.Ask("advisor-34", "POST", letters+"loan-1/printed", `{}`), 404, "unknown_letter")
	late.Kind = "letter"
	w.Tell(late)
	w.Refused(w.Ask("advisor-34b", "POST", letters+"loan-1/printed", `{}`), 404, "unknown_letter")
	enginetest.Read[rest.LetterState](w, w.Ask("advisor-34", "POST", letters+"loan-1/printed", `{}`), 200)
	if noted := enginetest.Facts[events.ContactNoted](w); len(noted) != 1 || noted[0].AboutID != "loan-1" || noted[0].Channel != "letter" || noted[0].Outcome != "sent" {
		t.Errorf("%+v", noted)
	}
}
