package projections

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// able is a registered provider that has said what it can do.
func (h *house) able(id string, change events.ProviderAmended) {
	h.t.Helper()
	change.ProviderID, change.Name, change.Department, change.Insee, change.At = id, "Atelier Exemple "+id, "34", "34172", noon
	h.hear(h.provider(id, "carsat-lr", "34"), change)
}

func labelled(id, version, from, to string) events.ProviderLabelled {
	return events.ProviderLabelled{ProviderID: id, Label: "autonomie_numerique", Version: version, From: from, To: to, At: noon}
}

func TestProvidersAreFoundByWhatTheyCanDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.able("a-remote", events.ProviderAmended{Abilities: []events.Ability{{Kind: "remote_skills", Skill: "internet", Since: "2020-09-15"}}})
	h.able("b-trained", events.ProviderAmended{Abilities: []events.Ability{{Kind: "training"}}, Networks: []string{"FCSF"}})
	h.able("c-relay", events.ProviderAmended{Relay: true, Abilities: []events.Ability{{Kind: "equipment"}}})
	h.hear(labelled("a-remote", "2019", "2020-01-01", ""), labelled("b-trained", "2019", "2015-01-01", "2016-01-01"), labelled("c-relay", "2019", "2999-01-01", ""))
	for query, want := range map[string]string{
		"ability=remote_skills": "a-remote", "ability=training": "b-trained", "ability=remote_skills&skill=email": "", "skill=internet": "a-remote b-trained c-relay",
		"skill=email": "b-trained c-relay", "network=FCSF": "b-trained", "network=fcsf": "b-trained", "network=FCS": "", "relay=true": "c-relay",
		"label=autonomie_numerique": "a-remote", "label=autonomie_numerique&label_version=2019": "a-remote", "label_version=2031": "", "network=FCSF&relay=true": "",
	} {
		if got := strings.Join(names(see[rest.ProviderPage](h, "advisor-34", "/providers?"+query)), " "); got != want {
			t.Errorf("%s: %s, not %s", query, got, want)
		}
	}
	if got := h.get("advisor-34", "/providers?ability=flying", nil).StatusCode; got != http.StatusUnprocessableEntity {
		t.Error(got)
	}
}

func TestAProviderSaysSinceWhenItCanAndUnderWhichVersionItIsLabelled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.able("ours", events.ProviderAmended{Networks: []string{"FCSF"}, Relay: true, Abilities: []events.Ability{{Kind: "remote_skills", Skill: "internet", Since: "2020-09-15"}, {Kind: "training"}}})
	h.hear(labelled("ours", "2019", "2021-01-01", "2021-12-31"))
	page := see[rest.ProviderPage](h, "advisor-34", "/providers")
	ours, constant := page.Items[0], page.Items[len(page.Items)-1]
	if a := ours.Abilities; len(a) != 2 || a[0].Kind != "remote_skills" || *a[0].Skill != "internet" || *a[0].Since != "2020-09-15" || a[1].Skill != nil || a[1].Since != nil {
		t.Errorf("%+v", a)
	}
	if l := ours.Labels; len(l) != 1 || l[0].Version != "2019" || l[0].From != "2021-01-01" || *l[0].To != "2021-12-31" || !ours.Relay || !slices.Equal(ours.Networks, []string{"FCSF"}) {
		t.Errorf("%+v", ours)
	}
	if constant.Abilities == nil || len(constant.Abilities)+len(constant.Labels)+len(constant.Networks) != 0 || constant.Relay {
		t.Errorf("%+v", constant)
	}
}

// Row G7 of the needs: thirteen social centres of one network.
func TestG7ThirteenCentresAreFoundByTheirNetwork(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 15 {
		networks := []string{"FCSF"}
		if n > 12 {
			networks = []string{"EPN"}
		}
		h.able(fmt.Sprintf("centre-%02d", n), events.ProviderAmended{Networks: networks})
	}
	if got := names(see[rest.ProviderPage](h, "partnership-lr", "/providers?network=FCSF")); len(got) != 13 {
		t.Error(got)
	}
}
