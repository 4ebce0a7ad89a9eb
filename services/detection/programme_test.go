package detection

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/web"
)

// changing is the service on a directory that changes while it runs.
type changing struct {
	*enginetest.World
	service *Service
	now     atomic.Pointer[directory.Directory]
	facts   []events.Access
}

func startChanging(t *testing.T, more ...events.Access) *changing {
	t.Helper()
	c := &changing{facts: sample.Facts(sample.Day)}
	c.tell(more...)
	c.World = start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		e.Directory = c.now.Load
		c.service = newService(e)
		return c.service.run()
	})
	return c
}

func (c *changing) tell(more ...events.Access) {
	c.facts = append(c.facts, more...)
	c.now.Store(directory.Of(c.facts...))
}

// amended is the next version of a programme of the demonstration.
func amended(id string, change func(*events.ProgrammeSet)) events.ProgrammeSet {
	for _, p := range sample.Programmes(enginetest.Noon) {
		if p.Programme == id {
			p.Version++
			change(&p)
			return p
		}
	}
	panic(id)
}

func worksAt(account, desk string) events.MembershipGranted {
	return events.MembershipGranted{
		MembershipID: "m-" + account, Fund: "carsat-bfc", Account: account, Role: string(directory.Advisor),
		Scope: events.Scope{Kind: directory.ScopeDesk, ID: desk}, From: sample.Since,
	}
}

func TestA2_AUnitWithoutAReferentFlagsAllTheSame(t *testing.T) {
	t.Parallel()
	w := startChanging(t, worksAt("advisor-39", "jura")) // see /units/without-referent
	anonymous := []func(object){observed, with("person", nil), with("profile", object{"age": 51, "sex": "F", "department": "39"})}
	if got := flag(w.World, "advisor-39", sheet(anonymous...)); got.Desk != "jura" || got.Status != "submitted" {
		t.Errorf("%+v", got)
	}
	w.Refused(w.Ask("advisor-39", "POST", flags, sheet(append(anonymous, with("desk", "nowhere"))...)), 422, "desk_not_yours")
}

func TestA17_OneOpenFlagPerPersonOrPerPersonAndInstitution(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	inside := w.Ask("advisor-34", "POST", flags, about(*first.PersonID, of("answers", "institution", "caf")))
	w.Refused(inside, 409, "flag_open")
	if !strings.Contains(inside.Problem.Detail, first.ID) {
		t.Error("the desk does not learn which flag is open:", inside.Problem.Detail)
	}
	outside := w.Ask("advisor-34b", "POST", flags, about(*first.PersonID))
	w.Refused(outside, 409, "flag_open")
	if text := outside.Problem.Detail; strings.Contains(text, first.ID) || !strings.Contains(text, "04 65 71 34 01") {
		t.Error("another desk learns whom to ring, and no more:", text)
	}

	nevers := object{"street": "1 rue Exemple", "postcode": "58000", "insee": "58194"}
	study := flag(w, "advisor-58", sheet(observed, of("person", "address", nevers)))
	w.Refused(w.Ask("advisor-58", "POST", flags, about(*study.PersonID, observed)), 409, "flag_open")
	flag(w, "advisor-58", about(*study.PersonID, observed, of("answers", "institution", "caf")))
}

func TestD6_AnotherAgencysDeskIsNotFlaggedForAndAnotherFundsFlagNotReviewed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Refused(w.Ask("advisor-34b", "POST", flags, sheet(with("desk", "montpellier"))), 422, "desk_not_yours")
	first := flag(w, "advisor-34", sheet())
	w.Refused(w.Ask("referent-21", "POST", flags+"/"+first.ID+"/validate", `{}`), 404, "unknown_flag")
}

func TestP28_AForgedChannelIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet(with("channel", "evaluator"))), 422, "channel_not_yours")
	flag(w, "advisor-34", sheet(with("channel", "agency")))
	if told := enginetest.Facts[events.SeniorFlagged](w); len(told) != 1 || told[0].Channel != "agency" {
		t.Error(told)
	}
}

// TestAChangeOfProgrammeNeverRewritesWhatWasFlaggedBefore: the rules of a day are those of the flags of that day.
func TestAChangeOfProgrammeNeverRewritesWhatWasFlaggedBefore(t *testing.T) {
	t.Parallel()
	w := startChanging(t)
	first := flag(w.World, "advisor-34", sheet())
	before, _, err := w.service.flags.Get(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.tell(amended("reperage-lr", func(p *events.ProgrammeSet) {
		p.ReviewFirst, p.Reviewed, p.AgeOver, p.Text, p.TextVersion = true, true, 70, "Un autre texte.", "2021-12"
	}))
	w.HearAgain()
	after, _, err := w.service.flags.Get(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !before.MayRefer() || !after.MayRefer() || after.Status != before.Status || after.Help != before.Help {
		t.Errorf("it was %+v, and is %+v", before, after)
	}
	w.Refused(w.Ask("advisor-34", "POST", flags, about(*first.PersonID)), 422, "too_young") // of 63: a new flag keeps the new rules
	w.tell(amended("reperage-lr", func(p *events.ProgrammeSet) { p.ReviewFirst, p.Reviewed = true, true }))
	w.Refused(w.Ask("advisor-34", "POST", flags, about(*first.PersonID)), 409, "flag_open") // and the old one its claim
	second := flag(w.World, "advisor-34", sheet(of("person", "given_name", "Autrine"), of("person", "birth_date", "1950-03-02")))
	if later, _, _ := w.service.flags.Get(t.Context(), second.ID); later.MayRefer() {
		t.Error("a new flag waits for its review")
	}
	if told := enginetest.Facts[events.SeniorFlagged](w.World); !told[0].MayRefer || told[1].MayRefer {
		t.Error(told)
	}
}

// TestAProgrammeThatTakesNoFlagsAnyMoreIsUnknown to those who would flag under it.
func TestAProgrammeThatTakesNoFlagsAnyMoreIsUnknown(t *testing.T) {
	t.Parallel()
	w := startChanging(t)
	w.tell(amended("reperage-lr", func(p *events.ProgrammeSet) { p.TakesFlags = false }))
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet()), 422, "unknown_programme")
}
