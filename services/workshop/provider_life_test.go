package workshop

import (
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/workshop/rest"
)

func TestAProviderSaysWhatItCanDoIsLabelledAndClosed(t *testing.T) {
	t.Parallel()
	w := begin(t)
	one := providers + "/" + register(w, "partnership-lr", thirdPlace).ID
	can := enginetest.Read[rest.ProviderState](w, w.Ask("partnership-lr", "POST", one+"/amend", `{"name": "Tiers-lieu Exemple", "insee": "34032", "relay": true, "networks": ["FCSF"],
		"abilities": [{"kind": "remote_skills", "skill": "internet", "since": "2020-09-15"}, {"kind": "equipment"}]}`), 200)
	if !can.Relay || can.Networks[0] != "FCSF" || len(can.Abilities) != 2 || *can.Abilities[0].Since != "2020-09-15" || can.Abilities[1].Since != nil {
		t.Errorf("%+v", can)
	}
	label := `{"label": "autonomie_numerique", "version": "2019", "from": "2021-01-01"}`
	for range 2 { // the button was pressed twice
		got := enginetest.Read[rest.ProviderState](w, w.Ask("partnership-lr", "POST", one+"/labels", label), 200)
		if len(got.Labels) != 1 || got.Labels[0].Version != "2019" {
			t.Errorf("%+v", got)
		}
	}
	w.Refused(w.Ask("partnership-lr", "POST", one+"/labels", `{"label": "autonomie_numerique", "version": "1999", "from": "2021-02-01", "to": "2021-01-01"}`), 422, "invalid")
	for _, c := range []struct {
		account string
		status  int
	}{{"advisor-34", 403}, {"partnership-bfc", 404}, {"provider-a", 403}} {
		if got := w.Ask(c.account, "POST", one+"/labels", label); got.Status != c.status {
			t.Error(c, got.Body)
		}
	}
	w.Refused(w.Ask("provider-a", "POST", one+"/amend", `{"name": "Exemple", "insee": "34172"}`), 404, "unknown_provider")
	enginetest.Read[rest.ProviderState](w, w.Ask("partnership-lr", "POST", one+"/close", `{"reason": "stopped"}`), 200)
	w.Refused(w.Ask("partnership-lr", "POST", one+"/amend", `{"name": "Exemple", "insee": "34172"}`), 409, "provider_closed")
	w.Refused(w.Ask("partnership-lr", "POST", sessions, planFor(one[len(providers)+1:])), 409, "provider_closed")
}
