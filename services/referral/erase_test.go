package referral

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
)

// withdrawals are the referrals that were withdrawn, with their reasons.
func withdrawals(w *enginetest.World) (list []string) {
	for _, e := range enginetest.Facts[events.ReferralWithdrawn](w) {
		list = append(list, e.SessionID+" "+e.Reason)
	}
	slices.Sort(list)
	return list
}

// TestWhatIsOpenForSomebodyErasedIsTakenBack: a request, a seat of a session to come; not one of a session that has begun.
func TestWhatIsOpenForSomebodyErasedIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fact events.Fact
		want []string
	}{
		"asked for":            {events.ErasureRequested{PersonID: "p1", Reason: "request", By: "advisor-34"}, []string{"s1 consent_withdrawn", "s2 consent_withdrawn"}},
		"entered in error":     {events.ErasureRequested{PersonID: "p1", Reason: "error", By: "advisor-34"}, []string{"s1 entered_in_error", "s2 entered_in_error"}},
		"told by the register": {events.PersonErased{PersonID: "p1", Reason: "request"}, []string{"s1 consent_withdrawn", "s2 consent_withdrawn"}},
		"somebody else":        {events.ErasureRequested{PersonID: "p2", Reason: "request"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			soon := session("soon")
			soon.Meetings[0].StartsAt, soon.RegistrationClosesAt = noon.AddDate(0, 0, 1), noon.AddDate(0, 0, 1)
			w.Tell(soon)
			for _, one := range []string{"s1", "s2", "soon"} {
				r := refer(w, "f1", one, held(one))
				if one != "s1" {
					w.Tell(events.SeatTaken{SessionID: one, ReferralID: r.ID})
				}
			}
			w.Clock.Set(noon.AddDate(0, 0, 2))
			w.Tell(c.fact)
			if got := withdrawals(w); !slices.Equal(got, c.want) {
				t.Error(got)
			}
			before := w.Told(Name)
			w.HearAgain()
			w.Tell(c.fact)
			if after := w.Told(Name); !slices.Equal(after, before) {
				t.Error(after)
			}
		})
	}
}

func TestNobodyIsSentAnywhereWhoIsToBeErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(events.ErasureRequested{PersonID: "p1", Reason: "request"})
	w.Refused(w.Ask("advisor-34", "POST", referrals, ask("f1", "s1")), 404, "unknown_flag")
	w.Tell(events.ErasureUndone{PersonID: "p1"})
	refer(w, "f1", "s1", held("s1"))
}
