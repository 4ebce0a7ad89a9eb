package equipment

import (
	"fmt"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/equipment/rest"
)

const loanPath = "/api/v1/equipment/loans/"

// loanOf is the loan that a referral has.
func loanOf(w *enginetest.World, referral string) string {
	for _, e := range enginetest.Facts[events.TabletKept](w) {
		if e.ReferralID == referral {
			return e.LoanID
		}
	}
	for _, e := range enginetest.Facts[events.TabletLacking](w) {
		if e.ReferralID == referral {
			return e.LoanID
		}
	}
	return ""
}

func withdrawn(n int) events.Fact {
	return events.RequestWithdrawn{SessionID: "s1", ReferralID: fmt.Sprintf("r%d", n)}
}

func TestAProviderTicksWhatIsHandedOverAndWhatComesBack(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("provider-a"), taken("provider-a", 1), taken("provider-a", 2))
	path := loanPath + loanOf(w, "r1")
	for _, account := range []string{"provider-b", "advisor-34"} {
		w.Refused(w.Ask(account, "POST", path+"/hand-over", "{}"), 404, "unknown_loan")
	}
	w.Refused(w.Ask("partnership-lr", "POST", path+"/hand-over", "{}"), 403, "forbidden")
	w.Refused(w.Ask("provider-a", "POST", loanPath+"0190a0c4/hand-over", "{}"), 404, "unknown_loan")
	w.Refused(w.Ask("provider-a", "POST", path+"/return", "{}"), 409, "not_handed_over")
	w.Refused(w.Ask("provider-a", "POST", loanPath+loanOf(w, "r2")+"/hand-over", "{}"), 409, "tablet_lacking")
	w.Refused(w.Ask("provider-a", "POST", path+"/hand-over", `{"asset_tag": "T-nothing"}`), 422, "unknown_item")
	given := enginetest.Read[rest.LoanState](w, w.Ask("provider-a", "POST", path+"/hand-over", `{"asset_tag": "t-PROVIDER-a"}`), 200)
	if given.Status != "lent" || engine.Value(given.ItemID) != "i-provider-a" || engine.Value(given.ReferralID) != "r1" {
		t.Error(given)
	}
	back := enginetest.Read[rest.LoanState](w, w.Ask("equipment-lr", "POST", path+"/return", "{}"), 200)
	if back.Status != "returned" {
		t.Error(back)
	}
	if got := loans(w, "provider-a"); !slices.Equal(got, []string{"kept r1", "kept r2", "lacking r2"}) { // it went on
		t.Error(got)
	}
}

func TestWhatIsOnlyKeptIsReleased(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts []events.Fact
		want  []string
	}{
		"the seat was given back":           {[]events.Fact{taken("p", 1), taken("p", 2), withdrawn(1)}, []string{"kept r1", "kept r2", "lacking r2"}},
		"the person is to be erased":        {[]events.Fact{taken("p", 1), events.ErasureRequested{PersonID: "p1"}}, []string{"kept r1"}},
		"the person was erased":             {[]events.Fact{taken("p", 1), events.PersonErased{PersonID: "p1"}}, []string{"kept r1"}},
		"a request that never had a tablet": {[]events.Fact{takenOwn("p", 1), withdrawn(1)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := enginetest.Start(t, Name, Run)
			w.Tell(registered("p"))
			for _, f := range c.facts {
				w.Tell(f)
			}
			if got := loans(w, "p"); !slices.Equal(got, c.want) {
				t.Error(got)
			}
			released := enginetest.Facts[events.TabletReleased](w)
			if len(released) != min(1, len(c.want)) || len(c.want) > 0 && (released[0].ReferralID != "r1" || released[0].ItemID != "i-p") {
				t.Error(released)
			}
			before := w.Told(Name)
			w.HearAgain()
			if after := w.Told(Name); !slices.Equal(after, before) {
				t.Error(after)
			}
		})
	}
}
