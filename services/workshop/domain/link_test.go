package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

var (
	eighth    = noon.AddDate(0, 0, 8)
	issued    = events.LinkIssued{SessionID: "s1", ReferralID: "r1", LinkID: "l1", Hash: "h1", Until: eighth, By: "advisor-34", At: noon}
	renewed   = events.LinkIssued{SessionID: "s1", ReferralID: "r1", LinkID: "l2", Hash: "h2", Renews: "l1", Until: eighth, By: "advisor-34", At: noon}
	sees      = events.LinkOpened{SessionID: "s1", ReferralID: "r1", LinkID: "l1", At: noon}
	wantsLink = IssueLink{SessionID: "s1", ReferralID: "r1", LinkID: "l1", Hash: "h1", By: "advisor-34", At: noon}
	rightCode = TryCode{SessionID: "s1", LinkID: "l1", Right: true, At: noon}
	wrongCode = TryCode{SessionID: "s1", LinkID: "l1", At: noon}
	asksAnew  = AskLink{SessionID: "s1", LinkID: "l1", At: noon}
)

func missed(times int) events.LinkCodeMissed {
	return events.LinkCodeMissed{SessionID: "s1", ReferralID: "r1", LinkID: "l1", Times: times, Locked: times == 5, At: noon}
}

func used(answer string) events.LinkUsed {
	return events.LinkUsed{SessionID: "s1", ReferralID: "r1", LinkID: "l1", Answer: answer, At: noon}
}

// byLink is an answer on a form that was shown when the link had been used so many times.
func byLink(answer Decision, form int) AnswerByLink {
	return AnswerByLink{SessionID: "s1", LinkID: "l1", Form: form, Answer: answer, At: noon}
}

// linked is the provider's yes by the link.
func linked() Accept {
	y := yes("r1")
	y.By = LinkActor("l1")
	return y
}

func takenBy(by string) events.SeatTaken {
	t := taken("r1")
	t.By = by
	return t
}

func TestALinkIsIssuedForEightDays(t *testing.T) {
	given(t, two, asks("r1"), held("r1")).When(wantsLink).Then(issued)
}

func TestANewLinkMakesTheOldOneVoid(t *testing.T) {
	again := wantsLink
	again.LinkID, again.Hash = "l2", "h2"
	given(t, two, asks("r1"), held("r1"), issued).When(again).Then(renewed)
	given(t, two, asks("r1"), held("r1"), issued, renewed).When(rightCode).Refused(ErrLinkReplaced)
	given(t, two, asks("r1"), held("r1"), issued, renewed).When(byLink(linked(), 0)).Refused(ErrLinkReplaced)
}

func TestNoLinkForWhatWaitsForNothing(t *testing.T) {
	given(t, two).When(wantsLink).Refused(ErrNotAsked)
	given(t, two, asks("r1"), held("r1"), withdrawn("r1")).When(wantsLink).Refused(ErrRequestEnded)
	given(t, two, asks("r1"), held("r1"), taken("r1")).When(wantsLink).Refused(ErrRequestEnded)
}

func TestTheFifthWrongCodeLocksTheLink(t *testing.T) {
	story := []events.Workshop{two, asks("r1"), held("r1"), issued}
	for times := 1; times <= 5; times++ {
		given(t, story...).When(wrongCode).Then(missed(times))
		story = append(story, missed(times))
	}
	given(t, story...).When(rightCode).Refused(ErrLinkLocked)
	given(t, story...).When(byLink(linked(), 0)).Refused(ErrLinkLocked)
}

func TestTheRightCodeForgivesTheWrongOnes(t *testing.T) {
	given(t, two, asks("r1"), held("r1"), issued, missed(1), missed(2), sees).When(wrongCode).Then(missed(1))
}

func TestAnExpiredLinkDoesNothing(t *testing.T) {
	late, answer := rightCode, byLink(linked(), 0)
	late.At, answer.At = eighth, eighth
	given(t, two, asks("r1"), held("r1"), issued).When(late).Refused(ErrLinkExpired)
	given(t, two, asks("r1"), held("r1"), issued).When(answer).Refused(ErrLinkExpired)
}

func TestAYesByTheLinkIsTheYesOfTheAccount(t *testing.T) {
	given(t, two, asks("r1"), held("r1"), issued).When(byLink(linked(), 0)).Then(takenBy("link:l1"), used(Enrolled))
	full := []events.Workshop{one(), asks("r2"), held("r2"), taken("r2"), asks("r1"), queued("r1", 1), issued}
	ranked := waits("r1", 1)
	ranked.By = "link:l1"
	given(t, full...).When(byLink(linked(), 0)).Then(ranked, used(Waitlisted))
}

func TestAFormAnswersOnce(t *testing.T) {
	study := Study{SessionID: "s1", ReferralID: "r1", ProviderID: "provider-a", By: "link:l1", At: noon}
	w := two
	story := []events.Workshop{w, asks("r1"), held("r1"), issued}
	facts, err := byLink(study, 0).Decide(fold(story))
	if err != nil || len(facts) != 2 || facts[1] != events.Workshop(used("in_study")) {
		t.Fatal(facts, err)
	}
	story = append(story, facts...)
	given(t, story...).When(byLink(linked(), 0)).Refused(ErrFormUsed)
	given(t, story...).When(byLink(linked(), 1)).Then(takenBy("link:l1"), used(Enrolled))
}

func fold(facts []events.Workshop) (w Workshop) {
	for _, f := range facts {
		w = Evolve(w, f)
	}
	return w
}

// TestNothingIsDecidedTwice: the account was faster.
func TestNothingIsDecidedTwice(t *testing.T) {
	story := []events.Workshop{two, asks("r1"), held("r1"), issued, taken("r1")}
	given(t, story...).When(byLink(linked(), 0)).Then()
	n := no("r1", "dates")
	n.By = "link:l1"
	given(t, story...).When(byLink(n, 0)).Refused(ErrAnsweredYes)
	given(t, two, asks("r1"), held("r1"), issued, declined("r1", "dates")).When(byLink(linked(), 0)).Refused(ErrRequestEnded)
}

func TestALinkThatIsOverAsksForAnotherOnce(t *testing.T) {
	late := asksAnew
	late.At = eighth
	asked := events.LinkAsked{SessionID: "s1", ReferralID: "r1", LinkID: "l1", At: eighth}
	given(t, two, asks("r1"), held("r1"), issued).When(asksAnew).Refused(ErrLinkLive)
	given(t, two, asks("r1"), held("r1"), issued).When(late).Then(asked)
	given(t, two, asks("r1"), held("r1"), issued, asked).When(late).Then()
	given(t, two, asks("r1"), held("r1"), issued, renewed).When(late).Refused(ErrLinkReplaced)
	given(t, two, asks("r1"), held("r1"), issued, withdrawn("r1")).When(late).Refused(ErrRequestEnded)
}

func TestWhatALinkSaysOfItself(t *testing.T) {
	open := []events.Workshop{two, asks("r1"), held("r1"), issued}
	for _, c := range []struct {
		story []events.Workshop
		now   time.Time
		want  Link
	}{
		{nil, noon, Link{State: LinkOpen}},
		{[]events.Workshop{takenBy("link:l1"), used(Enrolled)}, eighth, Link{State: LinkDecided, Answer: Enrolled, Way: "link", At: noon, Used: 1}},
		{[]events.Workshop{taken("r1")}, noon, Link{State: LinkDecided, Answer: Enrolled, Way: "account", At: noon}},
		{[]events.Workshop{declined("r1", "dates")}, noon, Link{State: LinkDecided, Answer: Declined, Way: "account", At: noon}},
		{[]events.Workshop{taken("r1"), withdrawn("r1")}, noon, Link{State: LinkWithdrawn, Answer: Withdrawn, Way: "account", At: noon}},
		{[]events.Workshop{withdrawn("r1")}, noon, Link{State: LinkWithdrawn}},
		{[]events.Workshop{renewed}, noon, Link{State: LinkReplaced}},
		{nil, eighth, Link{State: LinkExpired}},
		{[]events.Workshop{missed(5)}, noon, Link{State: LinkLocked}},
		{nil, halfway, Link{State: LinkLapsed}},
	} {
		c.want.ID, c.want.ReferralID, c.want.Until = "l1", "r1", eighth
		if got, ok := fold(append(open[:4:4], c.story...)).LinkOf("h1", c.now); !ok || got != c.want {
			t.Errorf("%+v, want %+v", got, c.want)
		}
	}
	if _, ok := fold(open).LinkOf("guessed", noon); ok {
		t.Error("a guessed link is known")
	}
}
