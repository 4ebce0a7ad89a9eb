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

var (
	taken    = events.SeatTaken{SessionID: "s1", ReferralID: "r1"}
	joined   = events.WaitingListJoined{SessionID: "s1", ReferralID: "r1", Rank: 1}
	declined = events.RequestDeclined{SessionID: "s1", ReferralID: "r1", Reason: "level"}
	lapsed   = events.RequestLapsed{SessionID: "s1", ReferralID: "r1"}
	opened   = events.ReferralOpened{ReferralID: "r1", FlagID: "f1", PersonID: "p1", SessionID: "s1", Desk: "montpellier", Slot: 1}
)

// answers are those that were kept, in order.
func answers(w *enginetest.World) (list []string) {
	for _, e := range enginetest.Facts[events.ReferralAnswered](w) {
		list = append(list, e.Answer+e.Reason)
	}
	return list
}

func TestAReferralKeepsTheSessionsAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says []events.Fact
		want []string
	}{
		"yes":                       {[]events.Fact{taken}, []string{"enrolled"}},
		"a rank, then a seat":       {[]events.Fact{joined, taken}, []string{"waitlisted", "enrolled"}},
		"no":                        {[]events.Fact{declined}, []string{"declinedlevel"}},
		"too late":                  {[]events.Fact{lapsed}, []string{"expired"}},
		"no, after a withdrawal":    {[]events.Fact{events.ReferralWithdrawn{ReferralID: "r1"}, declined}, nil},
		"swapped":                   {[]events.Fact{taken, joined}, []string{"enrolled"}},
		"swapped, too late":         {[]events.Fact{lapsed, taken}, []string{"expired"}},
		"of an unknown referral":    {[]events.Fact{events.SeatTaken{SessionID: "s1", ReferralID: "r0"}}, nil},
		"taken back by the session": {[]events.Fact{events.RequestWithdrawn{SessionID: "s1", ReferralID: "r1"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := enginetest.Start(t, Name, Run)
			w.Tell(opened)
			w.Tell(c.says...)
			if got := answers(w); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
}

func TestAnswersHeardTwiceChangeNothing(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(opened)
	w.Tell(joined, taken)
	before := w.Told(Name)
	if len(before) != 3 {
		t.Fatal(before)
	}
	w.HearAgain()
	w.Tell(joined, taken, declined, joined, lapsed) // told twice, so under other keys, with others in between
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
		taken, opened, flagged, planned, events.SeatHeld{SessionID: "s1", ReferralID: "r2", Until: noon},
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
	if _, err := s.Pool.Exec(t.Context(), on(schema, `update knows.seat set seat = 'held'`)); err != nil {
		t.Fatal(err)
	}
	if different, err := s.knows.Verify(t.Context()); err != nil || different == nil {
		t.Error("a changed row is not found:", err)
	}
}
