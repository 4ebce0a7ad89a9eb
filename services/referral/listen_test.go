package referral

import (
	"net/http"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/web"
)

func opened(r string) events.Fact {
	return events.ReferralOpened{ReferralID: r, FlagID: "f-" + r, PersonID: "p1", SessionID: "s1", Desk: "montpellier", Slot: 1}
}
func taken(r string) events.Fact { return events.SeatTaken{SessionID: "s1", ReferralID: r} }
func joined(r string) events.Fact {
	return events.WaitingListJoined{SessionID: "s1", ReferralID: r, Rank: 1}
}
func declined(r string) events.Fact {
	return events.RequestDeclined{SessionID: "s1", ReferralID: r, Reason: "level"}
}
func lapsed(r string) events.Fact { return events.RequestLapsed{SessionID: "s1", ReferralID: r} }
func withdrawn(r string) events.Fact {
	return events.ReferralWithdrawn{ReferralID: r, FlagID: "f-" + r}
}
func takenBack(r string) events.Fact {
	return events.RequestWithdrawn{SessionID: "s1", ReferralID: r}
}

type says = func(referral string) events.Fact

// answers are those that a referral has kept, in order.
func answers(w *enginetest.World, referral string) (list []string) {
	for _, e := range enginetest.Facts[events.ReferralAnswered](w) {
		if e.ReferralID == referral {
			list = append(list, e.Answer+e.Reason)
		}
	}
	return list
}

func TestAReferralKeepsTheSessionsAnswer(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	for name, c := range map[string]struct {
		says []says
		want []string
	}{
		"yes":                       {[]says{opened, taken}, []string{"enrolled"}},
		"a rank, then a seat":       {[]says{opened, joined, taken}, []string{"waitlisted", "enrolled"}},
		"no":                        {[]says{opened, declined}, []string{"declinedlevel"}},
		"too late":                  {[]says{opened, lapsed}, []string{"expired"}},
		"no, after a withdrawal":    {[]says{opened, withdrawn, declined}, nil},
		"swapped":                   {[]says{opened, taken, joined}, []string{"enrolled"}},
		"swapped, too late":         {[]says{opened, lapsed, taken}, []string{"expired"}},
		"of an unknown referral":    {[]says{taken}, nil},
		"taken back by the session": {[]says{opened, takenBack}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, say := range c.says {
				w.Append(say(name))
			}
			w.Tell(takenBack("the last one"))
			if got := answers(w, name); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
}

func TestAnswersHeardTwiceChangeNothing(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(opened("r1"), joined("r1"), taken("r1"))
	before := w.Told(Name)
	if len(before) != 3 {
		t.Fatal(before)
	}
	w.HearAgain()
	w.Tell(joined("r1"), taken("r1"), declined("r1"), joined("r1"), lapsed("r1")) // told twice, so under other keys, with others in between
	if after := w.Told(Name); !slices.Equal(after, before) {
		t.Error(after)
	}
}

// TestWhatIsKnownDoesNotDependOnTheOrderOfServices compares the tables with those of new generations, which hear the
// three streams as they come.
func TestWhatIsKnownDoesNotDependOnTheOrderOfServices(t *testing.T) {
	t.Parallel()
	var s *Service
	w := enginetest.Start(t, Name, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		s = newService(e)
		return s.run()
	})
	said := []events.Fact{
		taken("r1"), opened("r1"), flagged, planned, events.SeatHeld{SessionID: "s1", ReferralID: "r2", Until: noon},
		events.ReferralOpened{ReferralID: "r2", FlagID: "f2", SessionID: "s1"}, events.ReferralWithdrawn{ReferralID: "r2"},
		events.HelpReferred{FlagID: "f1", ReferralID: "r1"}, events.FlagValidated{FlagID: "f1"},
	}
	w.Tell(said...)
	for range 3 {
		if different, err := s.knows.Verify(t.Context()); err != nil || different != nil {
			t.Error(different, err)
		}
	}
	schema, err := s.knows.Serving(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pool.Exec(t.Context(), engine.In(schema, `update model.seat set seat = 'held'`)); err != nil {
		t.Fatal(err)
	}
	if different, err := s.knows.Verify(t.Context()); err != nil || different == nil {
		t.Error("a changed row is not found:", err)
	}
}
