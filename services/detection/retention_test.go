package detection

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

func retention(w *enginetest.World, account, query string) []rest.RetentionLine {
	return enginetest.Read[rest.RetentionPage](w, w.Ask(account, "GET", persons+"retention"+query, ""), 200).Items
}

// TestWhoeverTookPartInNothingForTwoYearsIsErased, is shown a month before, and is held by what is open.
func TestWhoeverTookPartInNothingForTwoYearsIsErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	begin := w.Clock.Now()
	first := flag(w, "advisor-34", sheet())
	quiet := *first.PersonID
	lends := *flag(w, "advisor-34", sheet(of("person", "given_name", "Emprunteuse"))).PersonID
	busy := *flag(w, "advisor-34", sheet(of("person", "given_name", "Active"))).PersonID
	w.Tell(events.TabletHandedOver{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: lends, At: begin})
	w.Tell(events.SeatTaken{SessionID: "s1", ReferralID: "r2", PersonID: busy, ProviderID: "provider-a", To: "2022-06-30", At: begin})

	w.Clock.Set(begin.AddDate(2, -1, 0).Add(-time.Hour))
	if list := retention(w, "privacy-lr", ""); len(list) != 0 {
		t.Error(list)
	}
	w.Clock.Set(begin.AddDate(2, -1, 0).Add(time.Hour))
	for account, want := range map[string]int{"privacy-lr": 2, "advisor-34": 2, "advisor-34b": 0, "privacy-bfc": 0} {
		if list := retention(w, account, ""); len(list) != want {
			t.Error(account, list)
		}
	}
	for _, line := range retention(w, "privacy-lr", "") {
		if line.Held != (line.PersonID == lends) || line.Status != "upcoming" || !line.ErasedAt.Equal(begin.AddDate(2, 0, 0)) {
			t.Error(line)
		}
	}
	if one := retention(w, "privacy-lr", "?limit=1"); len(one) != 1 {
		t.Error(one)
	}
	if page := enginetest.Read[rest.RetentionPage](w, w.Ask("privacy-lr", "GET", persons+"retention", ""), 200); page.ErasureDays != 3 {
		t.Error(page.ErasureDays)
	}
	w.Tell(events.MinutesUsed{Programme: "equipement-lr", EntitlementID: "e1", PersonID: lends, Minutes: 30, Day: "2023-11-20", At: w.Clock.Now()})
	if list := retention(w, "privacy-lr", ""); len(list) != 1 || list[0].PersonID != quiet {
		t.Error(list) // who is accompanied takes part
	}
	w.Refused(w.Ask("provider-a", "GET", persons+"retention", ""), 403, "forbidden")
	w.Refused(w.Ask("advisor-34", "GET", persons+"retention?status=requested", ""), 403, "forbidden")

	told := enginetest.Hear[events.ErasureRequested](w)
	w.Clock.Set(begin.AddDate(2, 0, 1))
	if e := enginetest.Next(w, told); e.PersonID != quiet || e.Reason != "retention" || !e.EraseAt.Equal(begin.AddDate(2, 0, 4)) {
		t.Error(e)
	}
	w.Tell() // nothing
	erased := enginetest.Hear[events.PersonErased](w)
	w.Clock.Set(begin.AddDate(2, 0, 4))
	if e := enginetest.Next(w, erased); e.PersonID != quiet || e.Reason != "retention" {
		t.Error(e)
	}
	w.Tell(events.TabletReturned{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: lends, At: w.Clock.Now()})
	if facts := enginetest.Facts[events.ErasureRequested](w); len(facts) != 1 {
		t.Error(facts)
	}
	w.Clock.Set(begin.AddDate(5, 0, 0))
	if both := []string{enginetest.Next(w, told).PersonID, enginetest.Next(w, told).PersonID}; both[0] == both[1] {
		t.Error(both)
	}
}

// TestWhatWasAskedForIsShownUntilItIsDone, so that the privacy officer may undo it.
func TestWhatWasAskedForIsShownUntilItIsDone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	person := *flag(w, "advisor-34", sheet()).PersonID
	position := erase(w, "advisor-34", person).Header.Get("Passerelle-Position")
	list := enginetest.Read[rest.RetentionPage](w, w.Ask("privacy-lr", "GET", persons+"retention?status=requested", "", "Passerelle-Position", position), 200).Items
	if len(list) != 1 || list[0].PersonID != person || list[0].Reason != "request" || !list[0].ErasedAt.Equal(w.Clock.Now().AddDate(0, 0, 3)) {
		t.Error(list)
	}
	if list := retention(w, "privacy-bfc", "?status=requested"); len(list) != 0 {
		t.Error(list)
	}
}
