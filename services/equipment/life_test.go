package equipment

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/equipment/rest"
)

var sixth = time.Date(2021, 12, 6, 8, 30, 0, 0, time.UTC)

// plannedOn is a session of a provider that meets on the days after the sixth of December named.
func plannedOn(pool string, days ...int) events.Fact {
	return events.SessionPlanned{SessionID: "s1", ProviderID: pool, Title: "Exemple", Meetings: meetings(days...), RegistrationClosesAt: sixth, Status: "open"}
}

func meetings(days ...int) (list []events.Meeting) {
	for _, d := range days {
		list = append(list, events.Meeting{StartsAt: sixth.AddDate(0, 0, d), EndsAt: sixth.AddDate(0, 0, d).Add(2 * time.Hour)})
	}
	return list
}

// state reads what an action on a loan answers.
func state(w *enginetest.World, account, path, body string) string {
	return enginetest.Read[rest.LoanState](w, w.Ask(account, "POST", path, body), 200).Status
}

func TestATabletComesBackIsResetAndGoesToTheNext(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), taken("provider-a", 1), taken("provider-a", 2))
	one, two := loanPath+loanOf(w, "r1"), loanPath+loanOf(w, "r2")
	state(w, "provider-a", one+"/hand-over", `{"condition": "good", "accessories": ["charger"]}`)
	w.Refused(w.Ask("provider-a", "POST", one+"/hand-over", `{"accessories": ["samovar"]}`), 422, "invalid")
	state(w, "provider-a", one+"/return", `{"condition": "worn", "complete": false}`)
	back := enginetest.Facts[events.TabletReturned](w)
	if len(back) != 1 || back[0].Condition != "worn" || !back[0].Incomplete {
		t.Error(back)
	}
	w.Refused(w.Ask("provider-a", "POST", two+"/hand-over", "{}"), 409, "item_to_reset")
	got := enginetest.Read[rest.Item](w, w.Ask("provider-a", "POST", items+"/i-provider-a/reset", "{}"), 200)
	if got.Status != "kept" {
		t.Error(got)
	}
	if said := state(w, "provider-a", two+"/hand-over", "{}"); said != "lent" {
		t.Error(said)
	}
}

func TestALoanIsSwappedExtendedLostAndWrittenOff(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), events.ItemRegistered{Pool: "provider-a", ItemID: "i2", Kind: "tablet", AssetTag: "T-2"}, taken("provider-a", 1))
	path := loanPath + loanOf(w, "r1")
	w.Refused(w.Ask("provider-a", "POST", path+"/swap", `{"asset_tag": "T-2", "condition": "broken"}`), 409, "not_handed_over")
	state(w, "provider-a", path+"/hand-over", "{}")
	swapped := enginetest.Read[rest.LoanState](w, w.Ask("provider-a", "POST", path+"/swap", `{"asset_tag": "T-2", "condition": "broken"}`), 200)
	if engine.Value(swapped.ItemID) != "i2" || swapped.Status != "lent" {
		t.Error(swapped)
	}
	longer := enginetest.Read[rest.LoanState](w, w.Ask("provider-a", "POST", path+"/extend", `{"to": "2021-12-20"}`), 200)
	if engine.Value(longer.To) != "2021-12-20" {
		t.Error(longer)
	}
	w.Refused(w.Ask("provider-a", "POST", path+"/extend", `{"to": "2021-12-19"}`), 422, "too_early")
	w.Refused(w.Ask("provider-a", "POST", path+"/lost", `{"reason": "eaten"}`), 422, "invalid")
	w.Refused(w.Ask("provider-b", "POST", path+"/lost", `{"reason": "stolen"}`), 404, "unknown_loan")
	if said := state(w, "provider-a", path+"/lost", `{"reason": "stolen"}`); said != "lost" {
		t.Error(said)
	}
	if said := state(w, "equipment-lr", path+"/written-off", `{"decision": "Direction, 2022-01-20"}`); said != "written_off" {
		t.Error(said)
	}
	w.Refused(w.Ask("provider-a", "POST", path+"/return", "{}"), 409, "loan_ended")
}

// TestF4_DueAndNotReturnedIsLateFromTheNextMorning: on day 1 a call, on day 8 a letter, on day 21 a decision, each once.
func TestF4_DueAndNotReturnedIsLateFromTheNextMorning(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), taken("provider-a", 1))
	path := loanPath + loanOf(w, "r1")
	state(w, "provider-a", path+"/hand-over", "{}")
	late := enginetest.Hear[events.LoanLate](w)
	due := time.Date(2021, 12, 13, 0, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		days int
		kind string
	}{{1, "call"}, {8, "letter"}} {
		w.Clock.Set(due.AddDate(0, 0, step.days))
		if got := enginetest.Next(w, late); got.Kind != step.kind || got.To != "2021-12-13" || got.PersonID != "p1" {
			t.Error(got)
		}
	}
	state(w, "provider-a", path+"/extend", `{"to": "2021-12-31"}`)
	w.Clock.Set(due.AddDate(0, 0, 21))
	if got := enginetest.Next(w, late); got.Kind != "call" || got.To != "2021-12-31" {
		t.Error(got) // it begins again
	}
	state(w, "provider-a", path+"/return", "{}")
	w.Clock.Set(due.AddDate(1, 0, 0))
	w.Settle()
	w.HearAgain()
	if all := enginetest.Facts[events.LoanLate](w); len(all) != 3 {
		t.Error(all)
	}
}

func TestAnOwnParticipantOfTheProviderBorrowsToo(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), plannedOn("provider-a", 0, 7), events.OwnSeatsSet{SessionID: "s1", Seats: 2})
	loans := "/api/v1/equipment/loans"
	got := enginetest.Read[rest.LoanState](w, w.Ask("provider-a", "POST", loans, `{"session_id": "s1", "own_participant": 2}`), 201)
	if got.Status != "kept" || engine.Value(got.From) != "2021-12-06" || engine.Value(got.To) != "2021-12-13" || engine.Value(got.OwnParticipant) != 2 {
		t.Error(got)
	}
	for body, want := range map[string]string{
		`{"session_id": "s1", "own_participant": 3}`: "422 unknown_participant", `{"session_id": "s9", "own_participant": 1}`: "422 unknown_session",
		`{"session_id": "s1"}`: "422 required", `{"referral_id": "r1"}`: "422 not_seated", `{"session_id": "s1", "own_participant": 2}`: "409 loan_exists",
	} {
		var status int
		var code string
		_, _ = fmt.Sscan(want, &status, &code)
		w.Refused(w.Ask("provider-a", "POST", loans, body), status, code)
	}
	w.Refused(w.Ask("provider-b", "POST", loans, `{"session_id": "s1", "own_participant": 1}`), 422, "unknown_session")
	second := enginetest.Read[rest.LoanState](w, w.Ask("provider-a", "POST", loans, `{"session_id": "s1", "own_participant": 1}`), 201)
	if second.Status != "lacking" {
		t.Error(second)
	}
	if said := state(w, "provider-a", loanPath+got.ID+"/release", "{}"); said != "released" {
		t.Error(said)
	}
	w.Tell(events.SessionCancelled{SessionID: "s1", Reason: "place"})
	if gone := enginetest.Facts[events.TabletReleased](w); len(gone) != 2 || gone[1].LoanID != second.ID {
		t.Error(gone)
	}
}

func TestSomebodyWithASeatAsksForATabletLater(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), takenOwn("provider-a", 1))
	got := enginetest.Read[rest.LoanState](w, w.Ask("provider-a", "POST", "/api/v1/equipment/loans", `{"referral_id": "r1"}`), 201)
	if got.Status != "kept" || engine.Value(got.ReferralID) != "r1" {
		t.Error(got)
	}
	w.Tell(withdrawn(1))
	if gone := enginetest.Facts[events.TabletReleased](w); len(gone) != 1 {
		t.Error(gone)
	}
	w.Refused(w.Ask("provider-a", "POST", "/api/v1/equipment/loans", `{"referral_id": "r1"}`), 422, "not_seated")
}

func TestTabletsMoveWithTheirSession(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), plannedOn("provider-a", 0, 7), taken("provider-a", 1))
	w.Tell(events.SessionRescheduled{SessionID: "s1", Meetings: meetings(14, 21), Reason: "place"})
	w.Tell(events.MeetingCancelled{SessionID: "s1", Meeting: 2, StartsAt: sixth.AddDate(0, 0, 14), EndsAt: sixth.AddDate(0, 0, 14)})
	var got []string
	for _, e := range enginetest.Facts[events.TabletKept](w) {
		got = append(got, e.From+" "+e.To)
	}
	if want := []string{"2021-12-06 2021-12-13", "2021-12-20 2021-12-27", "2021-12-20 2021-12-20"}; !slices.Equal(got, want) {
		t.Error(got)
	}
	before := w.Told(Name)
	w.HearAgain()
	if after := w.Told(Name); !slices.Equal(after, before) {
		t.Error(after)
	}
}

func TestWantOfMoneyRanksWhenTabletsAreShort(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	poor := taken("provider-a", 2).(events.SeatTaken)
	poor.FlagID = "f2"
	w.Tell(events.SeniorFlagged{FlagID: "f2", LoanWanted: true, LoanFirst: true})
	w.Tell(taken("provider-a", 1))
	w.Tell(poor)
	enginetest.Read[rest.Item](w, w.Ask("provider-a", "POST", items, item("provider-a", "T-1")), 201)
	if got := enginetest.Facts[events.TabletKept](w); len(got) != 1 || got[0].ReferralID != "r2" || !got[0].First {
		t.Error(got)
	}
}

func TestATabletNobodyCameForIsFreeWhenItsDaysAreOver(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), taken("provider-a", 1), taken("provider-a", 2))
	kept, waits := loanOf(w, "r1"), loanOf(w, "r2")
	over := enginetest.Hear[events.TabletReleased](w)
	w.Clock.Set(time.Date(2021, 12, 14, 0, 0, 0, 0, time.UTC))
	ended := []string{enginetest.Next(w, over).LoanID, enginetest.Next(w, over).LoanID}
	slices.Sort(ended)
	if want := slices.Sorted(slices.Values([]string{kept, waits})); !slices.Equal(ended, want) {
		t.Error(ended, want)
	}
	w.Refused(w.Ask("provider-a", "POST", loanPath+kept+"/hand-over", "{}"), 409, "loan_released")
	w.HearAgain()
	if all := enginetest.Facts[events.TabletReleased](w); len(all) != 2 {
		t.Error(all)
	}
}
