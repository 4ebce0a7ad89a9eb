package domain

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/story"
)

func given(t *testing.T, facts ...events.Referral) story.Case[Referral, events.Referral] {
	return story.Given(t, Evolve, facts...)
}

var (
	noon   = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)
	opened = events.ReferralOpened{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", SessionID: "s1", ProviderID: "provider-a", Fund: "carsat-lr",
		Programme: "reperage-lr", Desk: "montpellier", Department: "34", LoanWanted: true, Language: "fr",
		Deadline: "2021-12-31", Slot: 1, By: "advisor-34", At: noon,
	}
)

func opening(change func(*Open)) Open {
	o := Open{
		ReferralID: "r1", Slot: 1, By: "advisor-34", At: noon,
		Flag: Flag{
			ID: "f1", PersonID: "p1", Fund: "carsat-lr", Programme: "reperage-lr", Desk: "montpellier", Department: "34",
			Help: "to_refer", MayRefer: true, LoanWanted: true, Language: "fr", Deadline: "2021-12-31",
		},
		Session: Session{
			ID: "s1", ProviderID: "provider-a", Status: "open",
			FirstMeeting: noon.AddDate(0, 0, 21), RegistrationClosesAt: noon.AddDate(0, 0, 17),
		},
	}
	if change != nil {
		change(&o)
	}
	return o
}

func heard(answer string) Answer {
	return Answer{ReferralID: "r1", Answer: answer, Reason: reasonOf(answer), At: noon}
}

func answered(answer string) events.ReferralAnswered {
	return events.ReferralAnswered{ReferralID: "r1", FlagID: "f1", Answer: answer, Reason: reasonOf(answer), At: noon}
}

func reasonOf(answer string) string {
	if answer == Declined {
		return "level"
	}
	return ""
}

var (
	takeBack  = Withdraw{ReferralID: "r1", Reason: "changed_mind", By: "advisor-34", At: noon}
	withdrawn = events.ReferralWithdrawn{ReferralID: "r1", FlagID: "f1", SessionID: "s1", Reason: "changed_mind", By: "advisor-34", At: noon}
)

var (
	dated = events.ReferralDated{
		ReferralID: "r1", FlagID: "f1", SessionID: "s1", StartsAt: noon.AddDate(0, 0, 21), EndsAt: noon.AddDate(0, 0, 21).Add(2 * time.Hour), At: noon,
	}
	late = Withdraw{ReferralID: "r1", Reason: "changed_mind", By: "advisor-34", At: dated.StartsAt}
)

func TestAnAdvisorAsksForASeat(t *testing.T) {
	t.Parallel()
	given(t).When(opening(nil)).Then(opened)
	given(t).When(opening(func(o *Open) { o.Flag.Help = "referred"; o.Flag.Open = []string{"s2", "s3"} })).Then(opened)
}

func TestAReferralIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Open)
		want   error
	}{
		"unknown flag":             {func(o *Open) { o.Flag = Flag{} }, ErrNoFlag},
		"unknown session":          {func(o *Open) { o.Session = Session{} }, ErrNoSession},
		"no consent":               {func(o *Open) { o.Flag.Help = "none" }, ErrConsentMissing},
		"anonymous":                {func(o *Open) { o.Flag.PersonID = "" }, ErrConsentMissing},
		"help is closed":           {func(o *Open) { o.Flag.Help = "closed" }, ErrHelpClosed},
		"before the review":        {func(o *Open) { o.Flag.MayRefer = false }, ErrNotValidated},
		"the same session again":   {func(o *Open) { o.Flag.Open = []string{"s1"} }, ErrAlreadyAsked},
		"a fourth one":             {func(o *Open) { o.Flag.Open = []string{"s2", "s3", "s4"} }, ErrTooManyOpen},
		"no place left":            {func(o *Open) { o.Slot = 4 }, ErrTooManyOpen},
		"no place chosen":          {func(o *Open) { o.Slot = 0 }, ErrTooManyOpen},
		"a draft":                  {func(o *Open) { o.Session.Status = "draft" }, ErrSessionNotOpen},
		"registration just closed": {func(o *Open) { o.At = o.Session.RegistrationClosesAt }, ErrSessionNotOpen},
		"the session runs":         {func(o *Open) { o.At = o.Session.FirstMeeting; o.Session.RegistrationClosesAt = o.At.Add(1) }, ErrSessionNotOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given(t).When(opening(c.change)).Refused(c.want)
		})
	}
	given(t, opened).When(opening(nil)).Refused(ErrExists)
}

func TestTheSessionsAnswerIsKeptOnce(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{Enrolled, Waitlisted, Declined, Expired} {
		given(t, opened).When(heard(answer)).Then(answered(answer)).When(heard(answer)).Then()
	}
	given(t).When(heard(Enrolled)).Refused(ErrNoReferral)
}

func TestSomebodyWhoWaitsMayStillGetASeatOrANo(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{Enrolled, Declined, Expired} {
		given(t, opened, answered(Waitlisted)).When(heard(answer)).Then(answered(answer))
	}
}

func TestAnAnswerAfterTheEndSaysNothingNew(t *testing.T) {
	t.Parallel()
	for _, end := range []events.Referral{withdrawn, answered(Declined), answered(Expired), answered(Enrolled)} {
		for _, answer := range []string{Enrolled, Waitlisted, Declined, Expired} {
			given(t, opened, end).When(heard(answer)).Then()
		}
	}
}

func TestAReferralIsTakenBack(t *testing.T) {
	t.Parallel()
	given(t, opened).When(takeBack).Then(withdrawn).When(takeBack).Then()
	for _, open := range []string{InStudy, Waitlisted, Offered, Enrolled} {
		given(t, opened, answered(open)).When(takeBack).Then(withdrawn)
	}
}

func TestAReferralThatEndedOrWhoseSessionRunsIsNotTakenBack(t *testing.T) {
	t.Parallel()
	given(t).When(takeBack).Refused(ErrNoReferral)
	given(t, opened, answered(Declined)).When(takeBack).Refused(ErrEnded)
	given(t, opened, answered(Expired)).When(takeBack).Refused(ErrEnded)
	given(t, opened, answered(Enrolled), answered(InProgress)).When(takeBack).Refused(ErrRunning)
	given(t, opened, answered(Enrolled), dated).When(late).Refused(ErrRunning)
}

func TestTakingBackNeedsAReasonOfTheList(t *testing.T) {
	t.Parallel()
	unsaid := takeBack
	unsaid.Reason = "weather"
	given(t, opened).When(unsaid).Faults("reason not_in_list")
}

func TestAClaimOfAnotherReferralHasItsRefusal(t *testing.T) {
	t.Parallel()
	take, _ := Claims(Referral{}, opened)
	if fmt.Sprint(take) != "[referral:f1:s1 referral-slot:f1:1]" {
		t.Fatal(take)
	}
	for claim, want := range map[string]*refusal.Refusal{take[0]: ErrAlreadyAsked, take[1]: ErrTooManyOpen} {
		if got := RefusalOf(claim); !errors.Is(got, want) {
			t.Errorf("%s: %v", claim, got)
		}
	}
	if got := RefusalOf("asset-tag:x"); got != nil {
		t.Error(got)
	}
}

// referrals are those of one flag, with the claims as a ledger keeps them. What an advisor's service has heard may
// be old: it is not used at all here.
type referrals struct {
	all    map[string]Referral
	claims map[string]string
}

func (r *referrals) do(id string, c story.Command[Referral, events.Referral], claimsOf claimsFunc) bool {
	before := r.all[id]
	facts, err := c.Decide(before)
	if err != nil {
		return false
	}
	for _, f := range facts {
		take, release := claimsOf(before, f)
		for _, claim := range take {
			if holder, held := r.claims[claim]; held && holder != id {
				return false
			}
		}
		for _, claim := range release {
			delete(r.claims, claim)
		}
		for _, claim := range take {
			r.claims[claim] = id
		}
		before = Evolve(before, f)
	}
	r.all[id] = before
	return true
}

type claimsFunc = func(Referral, events.Referral) (take, release []string)

// checkOpen does random referrals of one flag and gives the first thing that must never be.
func checkOpen(t *rapid.T, claimsOf claimsFunc) string {
	r := referrals{map[string]Referral{}, map[string]string{}}
	for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
		who := fmt.Sprintf("r%d", rapid.IntRange(1, max(1, i)).Draw(t, "referral"))
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			session := fmt.Sprintf("s%d", rapid.IntRange(1, 6).Draw(t, "session"))
			r.openSomewhere(fmt.Sprintf("r%d", i), session, claimsOf)
		case 1:
			answer := rapid.SampledFrom([]string{Enrolled, Waitlisted, Declined, Expired}).Draw(t, "answer")
			r.do(who, Answer{ReferralID: who, Answer: answer}, claimsOf)
		case 2:
			r.do(who, Withdraw{ReferralID: who, Reason: "date"}, claimsOf)
		}
		if wrong := r.wrong(); wrong != "" {
			return wrong
		}
	}
	return ""
}

// openSomewhere tries one place after the other, as the edge does.
func (r *referrals) openSomewhere(id, session string, claimsOf claimsFunc) {
	for slot := 1; slot <= MaxOpen; slot++ {
		o := opening(func(o *Open) { o.ReferralID, o.Session.ID, o.Slot = id, session, slot })
		if r.do(id, o, claimsOf) {
			return
		}
	}
}

func (r *referrals) wrong() string {
	var open []string
	for _, one := range r.all {
		if one.Open() {
			open = append(open, one.SessionID)
		}
	}
	slices.Sort(open)
	switch {
	case len(open) > MaxOpen:
		return fmt.Sprintf("%d referrals are open", len(open))
	case len(slices.Compact(slices.Clone(open))) != len(open):
		return fmt.Sprintf("two for one session: %v", open)
	case len(r.claims) != 2*len(open):
		return fmt.Sprintf("%d claims for %d open referrals", len(r.claims), len(open))
	}
	return ""
}

func TestAtMostThreeReferralsOfAFlagAreOpenAndOnePerSession(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkOpen(t, Claims); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestClaimsThatAreForgottenAreFound(t *testing.T) {
	t.Parallel()
	for name, faulty := range map[string]claimsFunc{
		"no place is claimed": func(before Referral, f events.Referral) ([]string, []string) {
			take, release := Claims(before, f)
			return take[:min(1, len(take))], release[:min(1, len(release))]
		},
		"no session is claimed": func(before Referral, f events.Referral) ([]string, []string) {
			take, release := Claims(before, f)
			return take[min(1, len(take)):], release[min(1, len(release)):]
		},
		"a seat frees the place": func(before Referral, f events.Referral) ([]string, []string) {
			if e, ok := f.(events.ReferralAnswered); ok && e.Answer == Enrolled {
				return nil, before.claims()
			}
			return Claims(before, f)
		},
		"the end frees nothing": func(before Referral, f events.Referral) ([]string, []string) {
			take, _ := Claims(before, f)
			return take, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range 300 {
				if rapid.Custom(func(t *rapid.T) string { return checkOpen(t, faulty) }).Example(seed) != "" {
					return
				}
			}
			t.Fatal("nothing was found")
		})
	}
}
