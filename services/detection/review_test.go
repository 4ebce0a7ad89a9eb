package detection

import (
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

func validate(id string) string { return flags + "/" + id + "/validate" }

func TestAReferentValidatesAFlagOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-58", sheet(observed))
	first := w.Ask("referent-58", "POST", validate(made.ID), "{}", "If-Match", `"flag:1"`)
	got := enginetest.Read[rest.FlagState](w, first, 200)
	if got != (rest.FlagState{ID: made.ID, Status: "validated", Help: "to_refer"}) || first.Header.Get("ETag") != `"flag:2"` {
		t.Error(got, first.Header)
	}
	again := w.Ask("referent-58", "POST", validate(made.ID), "")
	if again.Status != 200 || again.Body != first.Body || again.Header.Get("Passerelle-Position") != "detection:5" {
		t.Error(again.Body, again.Header)
	}
	w.Refused(w.Ask("referent-58", "POST", validate(made.ID), "{}", "If-Match", `"flag:1"`), 412, "stale")
	if told := w.Told(Name); len(told) != 7 { // with the campaign and the observation
		t.Error(told)
	}
}

func TestB6_AFlagIsReviewedByAReferentOfItsUnitAndNotByItsAuthor(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-58", sheet(observed))
	own := flag(w, "referent-58", sheet(observed, of("person", "given_name", "Autrine")))
	before := w.Told(Name)
	w.Refused(w.Ask("advisor-58", "POST", validate(made.ID), "{}"), 403, "forbidden")
	w.Refused(w.Ask("referent-21", "POST", validate(made.ID), "{}"), 404, "unknown_flag")
	w.Refused(w.Ask("referent-58", "POST", validate("no-such"), "{}"), 404, "unknown_flag")
	w.Refused(w.Ask("referent-58", "POST", validate(own.ID), "{}"), 403, "own_flag")
	if told := w.Told(Name); len(told) != len(before) {
		t.Error(told)
	}
}
