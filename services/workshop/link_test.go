package workshop

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/workshop/rest"
)

const (
	toR1     = sessions + "/s1/requests/r1"
	accepted = "accept"
)

// linking is a session of two seats that somebody of Montpellier has asked for.
func linking(t *testing.T) *enginetest.World {
	t.Helper()
	w := setup(t)
	w.Tell(opened("s1", 1))
	w.Settle()
	return w
}

func link(w *enginetest.World, headers ...string) rest.Link {
	return enginetest.Read[rest.Link](w, w.Ask("advisor-34", "POST", toR1+"/link", `{}`, headers...), 201)
}

// at is an operation of a link; nobody has a token.
func at(l rest.Link, operation string) string {
	return "/api/v1/links/" + strings.TrimPrefix(l.Path, "/l/") + operation
}

func stateOf(w *enginetest.World, l rest.Link) rest.LinkState {
	return enginetest.Read[rest.LinkState](w, w.Ask("", "GET", at(l, ""), ""), 200)
}

func sessionCode(w *enginetest.World) string {
	return enginetest.Read[rest.SessionCode](w, w.Ask("provider-a", "GET", sessions+"/s1/code", ""), 200).Code
}

func form(w *enginetest.World, l rest.Link) string {
	return enginetest.Read[rest.LinkForm](w, w.Ask("", "POST", at(l, "/code"), `{"code": "`+sessionCode(w)+`"}`), 200).Form
}

func decision(form, what string) string {
	return fmt.Sprintf(`{"form": %q, "decision": %q, "reason": "dates"}`, form, what)
}

func decide(w *enginetest.World, l rest.Link, form, what string, headers ...string) enginetest.Answer {
	return w.Ask("", "POST", at(l, "/decision"), decision(form, what), headers...)
}

func linkFacts(w *enginetest.World) []string {
	return slices.DeleteFunc(told(w, "s1"), func(name string) bool { return !strings.HasPrefix(name, "link-") && name != "seat-taken.v1" })
}

func TestAProviderAnswersByALinkWithTheCodeOfTheSession(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w)
	if s := stateOf(w, l); s.State != "open" || s.DeskName == "" || s.Answer != nil || !s.Until.Equal(noon.AddDate(0, 0, 8)) {
		t.Errorf("%+v", s)
	}
	f := form(w, l)
	if got := enginetest.Read[rest.RequestAnswer](w, decide(w, l, f, accepted), 200); got.Status != "enrolled" {
		t.Errorf("%+v", got)
	}
	if s := stateOf(w, l); s.State != "decided" || *s.Answer != "enrolled" || *s.Way != "link" {
		t.Errorf("%+v", s)
	}
	w.Refused(decide(w, l, f, "decline"), 409, "form_used")
	if got := linkFacts(w); !slices.Equal(got, []string{"link-issued.v1", "link-opened.v1", "seat-taken.v1", "link-used.v1"}) {
		t.Error(got)
	}
	if places := w.InClear(strings.TrimPrefix(l.Path, "/l/"), f, sessionCode(w)); places != nil {
		t.Error("a link, a form or a code is kept in clear:", places)
	}
}

// TestReadingALinkDecidesNothing: mail scanners open every link, some of them by HEAD and with every method they know.
func TestReadingALinkDecidesNothing(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w)
	before := w.Told(Name)
	for _, path := range []string{"", "/code", "/decision", "/ask"} {
		for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
			w.Ask("", method, at(l, path), "")
		}
	}
	if after := w.Told(Name); !slices.Equal(before, after) {
		t.Error(after)
	}
	if s := stateOf(w, l); s.State != "open" {
		t.Error("a look has used the link up:", s.State)
	}
}

func TestTheWrongCodeIsRefusedAndTheFifthLocks(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w)
	wrong := `{"code": "222-222"}`
	for range 4 {
		if got := w.Ask("", "POST", at(l, "/code"), wrong); got.Status != 422 || got.Problem.Errors[0].Code != "wrong_code" {
			t.Error(got.Body)
		}
	}
	w.Refused(w.Ask("", "POST", at(l, "/code"), wrong), 409, "link_locked")
	w.Refused(w.Ask("", "POST", at(l, "/code"), `{"code": "`+sessionCode(w)+`"}`), 409, "link_locked")
	if s := stateOf(w, l); s.State != "locked" || s.Asked {
		t.Errorf("%+v", s)
	}
	for range 2 { // the button was pressed twice
		if got := w.Ask("", "POST", at(l, "/ask"), `{}`); got.Status != 204 || got.Body != "" {
			t.Error("a stranger sees:", got.Body)
		}
	}
	if s := stateOf(w, l); !s.Asked {
		t.Errorf("%+v", s)
	}
	renewed := link(w)
	if s := stateOf(w, l); !renewed.Renewed || s.State != "replaced" || stateOf(w, renewed).State != "open" {
		t.Errorf("%+v", s)
	}
	w.Refused(w.Ask("", "POST", at(l, "/ask"), `{}`), 409, "link_replaced")
}

// TestManyWrongCodesAtOnceAreNoMoreThanFive: each is counted before anybody learns whether it was right.
func TestManyWrongCodesAtOnceAreNoMoreThanFive(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w)
	answers := make(chan string, 40)
	var all sync.WaitGroup
	for i := range cap(answers) {
		all.Go(func() {
			answers <- w.Ask("", "POST", at(l, "/code"), fmt.Sprintf(`{"code": "222-2%02d"}`, i)).Problem.Code
		})
	}
	all.Wait()
	close(answers)
	looked := 0
	for code := range answers {
		if code == "invalid" || code == "wrong_code" {
			looked++
		}
	}
	if looked > 4 || len(linkFacts(w)) != 6 {
		t.Errorf("%d codes were looked at: %v", looked, linkFacts(w))
	}
}

func TestAGuessedLinkIsNotThere(t *testing.T) {
	t.Parallel()
	w := linking(t)
	sent := link(w)
	guessed := rest.Link{Path: sent.Path[:len(sent.Path)-1] + "_"}
	if guessed.Path == sent.Path {
		guessed.Path = sent.Path[:len(sent.Path)-1] + "-"
	}
	f := form(w, sent)
	for _, l := range []rest.Link{guessed, {Path: "/l/" + sent.ID}, {Path: "/l/r1"}, {Path: "/l/'%20or%20true--"}} {
		w.Refused(w.Ask("", "GET", at(l, ""), ""), 404, "unknown_link")
		w.Refused(w.Ask("", "POST", at(l, "/code"), `{"code": "`+sessionCode(w)+`"}`), 404, "unknown_link")
		w.Refused(decide(w, l, f, accepted), 404, "unknown_link")
	}
}

func TestAFormIsOfItsLinkAndOfItsTime(t *testing.T) {
	t.Parallel()
	w := linking(t)
	w.Tell(opened("s1", 2))
	w.Settle()
	one := link(w)
	two := enginetest.Read[rest.Link](w, w.Ask("advisor-34", "POST", sessions+"/s1/requests/r2/link", `{}`), 201)
	for _, wrong := range []string{form(w, two), "e30.c2ln", form(w, one) + "A", strings.ToUpper(form(w, one))} {
		if got := decide(w, one, wrong, accepted); got.Status != 422 || got.Problem.Errors[0].Code != "wrong_form" {
			t.Error(got.Status, got.Body)
		}
	}
	old := form(w, one)
	w.Clock.Set(w.Clock.Now().Add(31 * time.Minute))
	if got := decide(w, one, old, accepted); got.Status != 422 || got.Problem.Errors[0].Code != "wrong_form" {
		t.Error(got.Status, got.Body)
	}
	w.Clock.Set(w.Clock.Now().Add(8 * 24 * time.Hour))
	w.Refused(decide(w, one, old, accepted), 422, "wrong_form")
	w.Refused(w.Ask("", "POST", at(one, "/code"), `{"code": "`+sessionCode(w)+`"}`), 409, "link_expired")
	if s := stateOf(w, one); s.State != "expired" {
		t.Errorf("%+v", s)
	}
}

func TestTheSameFormSentTwiceAnswersTheSame(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w, "Idempotency-Key", "k1")
	if again := link(w, "Idempotency-Key", "k1"); again != l {
		t.Errorf("%+v %+v", l, again)
	}
	f := form(w, l)
	first, second := decide(w, l, f, accepted, "Idempotency-Key", "k2"), decide(w, l, f, accepted, "Idempotency-Key", "k2")
	if first.Status != 200 || first.Body != second.Body {
		t.Error(first.Body, second.Body)
	}
	w.Refused(decide(w, l, f, accepted), 409, "form_used") // without the key it is another decision
}

// TestOneDecisionOfManyAtOnce: the provider's account, its link in two windows, and the desk that takes the request back.
func TestOneDecisionOfManyAtOnce(t *testing.T) {
	t.Parallel()
	for range 5 {
		w := linking(t)
		l := link(w)
		one, other := form(w, l), form(w, l)
		var all sync.WaitGroup
		for _, act := range []func(){
			func() { decide(w, l, one, accepted) }, func() { decide(w, l, other, "decline") },
			func() { w.Ask("provider-a", "POST", toR1+"/accept", `{}`) }, func() { w.Ask("provider-a", "POST", toR1+"/decline", `{"reason": "level"}`) },
		} {
			all.Go(act)
		}
		all.Wait()
		answers := 0
		for _, name := range told(w, "s1") {
			if name == "seat-taken.v1" || name == "request-declined.v1" {
				answers++
			}
		}
		if s := stateOf(w, l); answers != 1 || s.State != "decided" {
			t.Errorf("%d answers, %+v: %v", answers, s, told(w, "s1"))
		}
	}
}

func TestAStudyByTheLinkIsAnsweredByItLater(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w)
	if got := enginetest.Read[rest.RequestAnswer](w, decide(w, l, form(w, l), "study"), 200); got.Status != "in_study" {
		t.Errorf("%+v", got)
	}
	if s := stateOf(w, l); s.State != "open" || *s.Answer != "in_study" {
		t.Errorf("%+v", s)
	}
	if got := enginetest.Read[rest.RequestAnswer](w, decide(w, l, form(w, l), "decline"), 200); got.Status != "declined" {
		t.Errorf("%+v", got)
	}
}

func TestALinkAfterTheRequestWasTakenBack(t *testing.T) {
	t.Parallel()
	w := linking(t)
	l := link(w)
	f := form(w, l)
	w.Tell(withdrawn("s1", 1)) // by the desk, or because the person is to be erased
	w.Settle()
	if s := stateOf(w, l); s.State != "withdrawn" {
		t.Errorf("%+v", s)
	}
	w.Refused(decide(w, l, f, accepted), 409, "request_ended")
	w.Refused(w.Ask("", "POST", at(l, "/code"), `{"code": "`+sessionCode(w)+`"}`), 409, "request_ended")
	w.Refused(w.Ask("advisor-34", "POST", toR1+"/link", `{}`), 409, "request_ended")
}

func TestTheLinkOfAProviderThatIsClosed(t *testing.T) {
	t.Parallel()
	w := begin(t)
	provider := register(w, "partnership-lr", thirdPlace).ID
	session := enginetest.Read[rest.Session](w, w.Ask("partnership-lr", "POST", sessions, planFor(provider)), 201).ID
	w.Tell(events.ReferralOpened{ReferralID: "r1", FlagID: "f1", PersonID: "p1", SessionID: session, Desk: "montpellier"})
	w.Settle()
	request := sessions + "/" + session + "/requests/r1/link"
	l := enginetest.Read[rest.Link](w, w.Ask("advisor-34", "POST", request, `{}`), 201)
	code := enginetest.Read[rest.SessionCode](w, w.Ask("partnership-lr", "GET", sessions+"/"+session+"/code", ""), 200)
	f := enginetest.Read[rest.LinkForm](w, w.Ask("", "POST", at(l, "/code"), `{"code": "`+code.Code+`"}`), 200)
	enginetest.Read[rest.ProviderState](w, w.Ask("partnership-lr", "POST", providers+"/"+provider+"/close", `{"reason": "stopped"}`), 200)
	if s := stateOf(w, l); s.State != "closed" {
		t.Errorf("%+v", s)
	}
	w.Refused(decide(w, l, f.Form, accepted), 409, "provider_closed")
	w.Refused(w.Ask("advisor-34", "POST", request, `{}`), 409, "provider_closed")
}

func TestWhoHasNoLinkAndNoCode(t *testing.T) {
	t.Parallel()
	w := linking(t)
	for account, status := range map[string]int{"provider-a": 403, "partnership-lr": 403, "advisor-30": 404, "analyst-lr": 403} {
		if got := w.Ask(account, "POST", toR1+"/link", `{}`); got.Status != status {
			t.Error(account, got.Body)
		}
	}
	for account, status := range map[string]int{"advisor-34": 403, "provider-b": 404, "partnership-bfc": 404, "partnership-lr": 200} {
		if got := w.Ask(account, "GET", sessions+"/s1/code", ""); got.Status != status {
			t.Error(account, got.Body)
		}
	}
}
