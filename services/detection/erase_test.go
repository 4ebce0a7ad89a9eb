package detection

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/rest"
)

const persons = "/api/v1/persons/"

// erase asks for an erasure that is accepted.
func erase(w *enginetest.World, account, person string, headers ...string) enginetest.Answer {
	a := w.Ask(account, "DELETE", persons+person, "", headers...)
	if a.Status != http.StatusNoContent {
		w.Refused(a, http.StatusNoContent, "")
	}
	return a
}

// asked is the last request to erase a person.
func asked(w *enginetest.World, person string) (last events.ErasureRequested) {
	for _, e := range enginetest.Facts[events.ErasureRequested](w) {
		if e.PersonID == person {
			last = e
		}
	}
	return last
}

// elsewhere is something that another desk has open for a person.
func elsewhere(person string) events.Fact {
	return events.SeniorFlagged{
		FlagID: "f-elsewhere", Reference: "EEEE-EEEE", PersonID: person, Fund: "carsat-lr", Programme: "equipement-lr", Desk: "beziers", Department: "34",
		Status: "submitted", Help: "to_refer", By: "advisor-34b",
	}
}

func TestWhoMayEraseSomebody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	person := *flag(w, "advisor-34", sheet()).PersonID
	for account, code := range map[string]string{"provider-a": "forbidden", "referent-34": "forbidden", "analyst-lr": "forbidden"} {
		w.Refused(w.Ask(account, "DELETE", persons+person, ""), 403, code)
	}
	for _, account := range []string{"advisor-34b", "advisor-58", "privacy-bfc"} {
		w.Refused(w.Ask(account, "DELETE", persons+person, ""), 404, "unknown_person")
		w.Refused(w.Ask(account, "DELETE", persons+"0190a0c4", ""), 404, "unknown_person")
	}
	w.Refused(w.Ask("advisor-34", "DELETE", persons+person+"?reason=whim", ""), 422, "invalid")
	w.Refused(w.Ask("advisor-34", "POST", persons+person+"/restore", "{}"), 403, "forbidden")
	if told := w.Told(Name); len(told) != 6 {
		t.Fatal(told)
	}
	erase(w, "advisor-34", person)
	erase(w, "advisor-34", person) // nothing new
	if e := asked(w, person); e.Reason != "request" || e.By != "advisor-34" || !e.EraseAt.Equal(w.Clock.Now().AddDate(0, 0, 3)) {
		t.Error(e)
	}
	if told := w.Told(Name); len(told) != 7 {
		t.Error(told)
	}
}

// TestWhoIsToBeErasedIsNotKnownAnyMore, and is again when the privacy officer undoes it.
func TestWhoIsToBeErasedIsNotKnownAnyMore(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.Ask("advisor-34", "POST", flags, sheet())
	person := *enginetest.Read[rest.FlagCreated](w, first, 201).PersonID
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet(), "Passerelle-Position", first.Header.Get("Passerelle-Position")), 409, "person_exists")
	position := erase(w, "advisor-34", person).Header.Get("Passerelle-Position")
	w.Refused(w.Ask("advisor-34", "POST", flags, about(person), "Passerelle-Position", position), 422, "unknown_person")
	again := flag(w, "advisor-34", sheet(), "Passerelle-Position", position)
	if *again.PersonID == person || len(again.LookAlikes) > 0 {
		t.Error(again)
	}
	undone := w.Ask("privacy-lr", "POST", persons+person+"/restore", "{}")
	if undone.Status != 200 {
		t.Fatal(undone.Body)
	}
	w.Refused(w.Ask("advisor-34", "POST", flags, about(person), "Passerelle-Position", undone.Header.Get("Passerelle-Position")), 409, "flag_open")
}

func TestALoanInHandRefusesTheErasure(t *testing.T) {
	t.Parallel()
	w := setup(t)
	person := *flag(w, "advisor-34", sheet()).PersonID
	w.Tell(events.TabletHandedOver{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person})
	for _, account := range []string{"advisor-34", "privacy-lr"} {
		w.Refused(w.Ask(account, "DELETE", persons+person, ""), 409, "loan_open")
	}
	w.Tell(events.TabletReturned{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person})
	erase(w, "advisor-34", person)
}

// TestALostTabletRefusesTheErasureUntilItIsWrittenOff: so does one that was handed over; one of a provider's own
// participants is nobody's here.
func TestALostTabletRefusesTheErasureUntilItIsWrittenOff(t *testing.T) {
	t.Parallel()
	w := setup(t)
	person := *flag(w, "advisor-34", sheet()).PersonID
	w.Tell(events.TabletHandedOver{Pool: "provider-a", LoanID: "l2", ItemID: "i2"},
		events.TabletHandedOver{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person},
		events.LoanLost{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person, Reason: "stolen"})
	w.Refused(w.Ask("privacy-lr", "DELETE", persons+person, ""), 409, "loan_open")
	w.Tell(events.LoanWrittenOff{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person, Decision: "Exemple"})
	erase(w, "advisor-34", person)
}

func TestWhatAnotherDeskHasOpenIsForThePrivacyOfficer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	person := *flag(w, "advisor-34", sheet()).PersonID
	w.Tell(elsewhere(person))
	w.Refused(w.Ask("advisor-34b", "DELETE", persons+person, ""), 409, "followed_elsewhere") // Béziers is in charge by now
	w.Refused(w.Ask("advisor-34", "DELETE", persons+person, ""), 404, "unknown_person")
	erase(w, "privacy-lr", person)
}

// TestMergedRecordsGoTogether: both are hidden, both come back, both are erased.
func TestMergedRecordsGoTogether(t *testing.T) {
	t.Parallel()
	w := setup(t)
	one, other := *flag(w, "advisor-34", sheet()).PersonID, *flag(w, "advisor-34", sheet(of("person", "given_name", "Testina"))).PersonID
	w.Tell(events.RecordJoined{PersonID: other, WithID: one}, events.PersonMerged{PersonID: one, OtherID: other})
	hidden := func() (list []bool) {
		for _, person := range []string{one, other} {
			list = append(list, w.Ask("advisor-34", "POST", flags, about(person)).Problem.Code == "unknown_person")
		}
		return list
	}
	erase(w, "advisor-34", other)
	if got := hidden(); !slices.Equal(got, []bool{true, true}) {
		t.Error(got)
	}
	if a := w.Ask("privacy-lr", "POST", persons+one+"/restore", "{}"); a.Status != 200 {
		t.Error(a.Body)
	}
	if got := hidden(); !slices.Equal(got, []bool{false, false}) {
		t.Error(got)
	}
	erase(w, "advisor-34", one)
	told := enginetest.Hear[events.PersonErased](w)
	w.Clock.Set(asked(w, one).EraseAt)
	both := []string{enginetest.Next(w, told).PersonID, enginetest.Next(w, told).PersonID}
	slices.Sort(both)
	if want := slices.Sorted(slices.Values([]string{one, other})); !slices.Equal(both, want) {
		t.Error(both, want)
	}
}

var errPlanted = errors.New("planted")

// faults make the steps of an erasure fail, as if the process had died there.
type faults struct {
	register, registered, destroy, destroyed bool // before, or after it was done
	died                                     chan struct{}
	done                                     chan string
}

// run is the service with the faults that stand at its start.
func (f *faults) run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	s, now := newService(e), *f
	register, destroy := s.register, s.destroy
	s.register = func(reason string, at time.Time, subjects ...string) error {
		return step(f, now.register, now.registered, func() error { return register(reason, at, subjects...) })
	}
	s.destroy = func(ctx context.Context, subject string) error {
		err := step(f, now.destroy, now.destroyed, func() error { return destroy(ctx, subject) })
		if err == nil {
			f.done <- subject
		}
		return err
	}
	return s.run()
}

func step(f *faults, before, after bool, do func() error) error {
	if before {
		f.tell()
		return errPlanted
	}
	if err := do(); err != nil {
		return err
	}
	if after {
		f.tell()
		return errPlanted
	}
	return nil
}

func (f *faults) tell() {
	select {
	case f.died <- struct{}{}:
	default:
	}
}

// TestAnErasureEndsTheSameWhereverItWasInterrupted: the process dies before or after each step, and another one ends it.
func TestAnErasureEndsTheSameWhereverItWasInterrupted(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*faults{
		"never":                    {},
		"before it was registered": {register: true}, "after it was registered, before it was told": {registered: true},
		"after it was told, before the key was destroyed": {destroy: true}, "after the key was destroyed": {destroyed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f.died, f.done = make(chan struct{}, 1), make(chan string, 10)
			w := start(t, f.run)
			person := *flag(w, "advisor-34", sheet()).PersonID
			erase(w, "advisor-34", person)
			told := enginetest.Hear[events.PersonErased](w)
			w.Clock.Set(asked(w, person).EraseAt)
			if name != "never" {
				<-f.died
				f.register, f.registered, f.destroy, f.destroyed = false, false, false, false
				w.HearAgain() // it begins again, and nothing fails any more
			}
			if e := enginetest.Next(w, told); e.PersonID != person || e.Reason != "request" {
				t.Error(e)
			}
			isErased(t, w, f, person)
		})
	}
}

// isErased waits until nothing is left of somebody, and looks whether everything was done once.
func isErased(t *testing.T, w *enginetest.World, f *faults, person string) {
	t.Helper()
	for {
		alive, err := w.Vault.Alive(t.Context(), []string{person})
		if err != nil {
			t.Fatal(err)
		}
		if len(alive) == 0 {
			break
		}
		<-f.done
	}
	entries, err := w.Engine.Erasures.Entries()
	if err != nil || len(entries) != 1 || entries[0].Subject != person || entries[0].Reason != "request" {
		t.Error(entries, err)
	}
	if facts := enginetest.Facts[events.PersonErased](w); len(facts) != 1 {
		t.Error(facts)
	}
}

// TestAStepThatFailsIsTriedAgain without anybody who starts the process again.
func TestAStepThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	var failed atomic.Int32
	f := &faults{done: make(chan string, 10)}
	w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		s := newService(e)
		destroy := s.destroy
		s.destroy = func(ctx context.Context, subject string) error {
			if failed.Add(1) <= 2 {
				return errPlanted
			}
			defer func() { f.done <- subject }()
			return destroy(ctx, subject)
		}
		return s.run()
	})
	person := *flag(w, "advisor-34", sheet()).PersonID
	erase(w, "advisor-34", person)
	w.Clock.Set(asked(w, person).EraseAt)
	isErased(t, w, f, person)
}

// TestATabletHandedOverMeanwhileHoldsTheErasure until it is back.
func TestATabletHandedOverMeanwhileHoldsTheErasure(t *testing.T) {
	t.Parallel()
	f := &faults{done: make(chan string, 10)}
	w := start(t, f.run)
	person := *flag(w, "advisor-34", sheet()).PersonID
	erase(w, "advisor-34", person)
	w.Tell(events.TabletHandedOver{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person})
	w.Clock.Set(asked(w, person).EraseAt)
	w.Refused(w.Ask("privacy-lr", "POST", persons+person+"/restore", "{}"), 409, "erasure_begun")
	if facts := enginetest.Facts[events.PersonErased](w); len(facts) != 0 {
		t.Error(facts)
	}
	w.Tell(events.TabletReturned{Pool: "provider-a", LoanID: "l1", ItemID: "i1", ReferralID: "r1", PersonID: person})
	isErased(t, w, f, person)
}

// TestWhatAnOlderBackupBringsBackIsErasedAgain: keys that are there again, and a ledger that knows nothing of it.
func TestWhatAnOlderBackupBringsBackIsErasedAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	person, other := *flag(w, "advisor-34", sheet()).PersonID, *flag(w, "advisor-34", sheet(of("person", "given_name", "Autre"))).PersonID
	if err := w.Engine.Erasures.Add("request", w.Clock.Now(), person, "somebody this ledger does not know"); err != nil {
		t.Fatal(err)
	}
	applied, err := ApplyErasures(t.Context(), w.Engine)
	if err != nil || applied.Registered != 2 || !slices.Equal(applied.Destroyed, []string{person}) || !slices.Equal(applied.Told, []string{person}) {
		t.Fatal(applied, err)
	}
	if applied, err = ApplyErasures(t.Context(), w.Engine); err != nil || len(applied.Destroyed)+len(applied.Told) > 0 {
		t.Error(applied, err)
	}
	if alive, err := w.Vault.Alive(t.Context(), []string{person, other}); err != nil || !slices.Equal(alive, []string{other}) {
		t.Error(alive, err)
	}
}

// TestAfterAnErasureWhatIsKnownIsTheSameAfterARebuild, though nobody can make the marks again.
func TestAfterAnErasureWhatIsKnownIsTheSameAfterARebuild(t *testing.T) {
	t.Parallel()
	var s *Service
	f := &faults{done: make(chan string, 10)}
	w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		s = newService(e)
		destroy := s.destroy
		s.destroy = func(ctx context.Context, subject string) error {
			defer func() { f.done <- subject }()
			return destroy(ctx, subject)
		}
		return s.run()
	})
	person := *flag(w, "advisor-34", sheet()).PersonID
	flag(w, "advisor-34", sheet(of("person", "given_name", "Autre")))
	erase(w, "advisor-34", person)
	w.Clock.Set(asked(w, person).EraseAt)
	isErased(t, w, f, person)
	if different, err := s.knows.Verify(t.Context()); err != nil || different != nil {
		t.Error(different, err)
	}
}
