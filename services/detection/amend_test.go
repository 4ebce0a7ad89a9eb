package detection

import (
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

func TestKeywordsAndHelperAreAmended(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := observation(w, "Une", with("context", []string{"lockdown"}), with("helper", object{"name": "Aidine Exemple"}))
	for _, body := range []string{`{"context": ["winter"], "helper": {"name": "Aidine Modele", "relation": "child"}}`, `{"context": []}`} {
		enginetest.Read[rest.FlagAmended](w, act(w, "advisor-58", id, "amend", body), 200)
	}
}

func TestATextOfTheInformationThatNeverWasIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t)
	consents := func(version any) func(object) {
		return with("consents", object{"study": true, "referral": true, "text_version": version})
	}
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet(consents("2031-12"))), 422, "unknown_text")
	flag(w, "advisor-34", sheet(consents(nil)))
	for _, e := range enginetest.Facts[events.ConsentNoted](w) {
		if e.TextVersion != "2021-11" {
			t.Errorf("%+v", e)
		}
	}
}
