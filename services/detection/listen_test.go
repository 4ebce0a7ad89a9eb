package detection

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
)

// flagged is a flag, and what a referral of it may tell.
type flagged struct {
	*enginetest.World
	id string
}

func setupFlag(w *enginetest.World, name string) flagged {
	return flagged{w, flag(w, "advisor-34", sheet(of("person", "given_name", name))).ID}
}

func (f flagged) opened(referral string) events.Fact {
	return events.ReferralOpened{ReferralID: referral, FlagID: f.id, SessionID: "s1"}
}

func (f flagged) answered(referral, answer string) events.Fact {
	return events.ReferralAnswered{ReferralID: referral, FlagID: f.id, Answer: answer}
}

func (f flagged) withdrawn(referral string) events.Fact {
	return events.ReferralWithdrawn{ReferralID: referral, FlagID: f.id, SessionID: "s1"}
}

// help is what was told of the help, in order: referred, or what it returned to.
func (f flagged) help() (list []string) {
	var returned []string
	for _, e := range enginetest.Facts[events.HelpReturned](f.World) {
		if e.FlagID == f.id {
			returned = append(returned, "returned "+e.Help)
		}
	}
	for _, told := range f.Told(Name) {
		switch told {
		case "detection.help-referred.v1 flag:" + f.id:
			list = append(list, "referred")
		case "detection.help-returned.v1 flag:" + f.id:
			list, returned = append(list, returned[0]), returned[1:]
		}
	}
	return list
}

func TestHelpFollowsTheReferrals(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, c := range map[string]struct {
		facts func(flagged) []events.Fact
		want  []string
	}{
		"opened":    {func(f flagged) []events.Fact { return []events.Fact{f.opened("r1")} }, []string{"referred"}},
		"enrolled":  {func(f flagged) []events.Fact { return []events.Fact{f.opened("r1"), f.answered("r1", "enrolled")} }, []string{"referred"}},
		"waitlist":  {func(f flagged) []events.Fact { return []events.Fact{f.opened("r1"), f.answered("r1", "waitlisted")} }, []string{"referred"}},
		"declined":  {func(f flagged) []events.Fact { return []events.Fact{f.opened("r1"), f.answered("r1", "declined")} }, []string{"referred", "returned to_refer"}},
		"expired":   {func(f flagged) []events.Fact { return []events.Fact{f.opened("r1"), f.answered("r1", "expired")} }, []string{"referred", "returned to_refer"}},
		"withdrawn": {func(f flagged) []events.Fact { return []events.Fact{f.opened("r1"), f.withdrawn("r1")} }, []string{"referred", "returned to_refer"}},
		"one of two ends": {func(f flagged) []events.Fact {
			return []events.Fact{f.opened("r1"), f.opened("r2"), f.withdrawn("r1")}
		}, []string{"referred", "referred", "returned referred"}},
		"swapped":     {func(f flagged) []events.Fact { return []events.Fact{f.withdrawn("r1"), f.opened("r1")} }, []string{"returned to_refer"}},
		"swapped, no": {func(f flagged) []events.Fact { return []events.Fact{f.answered("r1", "declined"), f.opened("r1")} }, []string{"returned to_refer"}},
		"an unknown flag": {func(flagged) []events.Fact {
			return []events.Fact{events.ReferralOpened{ReferralID: "r1", FlagID: "f0"}}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := setupFlag(w, name)
			f.Tell(c.facts(f)...)
			if got := f.help(); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
}

func TestReferralsHeardTwiceChangeNothing(t *testing.T) {
	t.Parallel()
	f := setupFlag(setup(t), "Testine")
	all := []events.Fact{f.opened("r1"), f.opened("r2"), f.answered("r1", "declined"), f.withdrawn("r2")}
	f.Tell(all...)
	before := f.Told(Name)
	if len(before) != 10 {
		t.Fatal(before)
	}
	f.HearAgain()
	f.Tell(all...) // told twice, so under other keys, with the others in between
	f.Tell(f.opened("r1"), f.opened("r1"))
	if after := f.Told(Name); !slices.Equal(after, before) {
		t.Error(after)
	}
}
