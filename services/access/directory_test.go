package access

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/access/rest"
)

func TestAnAdministratorLooksAfterDesksAndUnits(t *testing.T) {
	t.Parallel()
	w := start(t)
	desk := enginetest.Read[rest.FundDesk](w.World, w.Ask("admin-lr", "POST", "/api/v1/desks", `{"kind": "agency", "name": "Agence Exemple", "departments": ["34"], "phone": "04 65 71 34 09"}`), 201)
	if desk.Fund != "carsat-lr" || desk.Kind != "agency" || desk.Closed {
		t.Errorf("%+v", desk)
	}
	a := w.Ask("admin-lr", "POST", "/api/v1/desks/"+desk.ID+"/amend", `{"name": "Agence Fictive", "departments": ["34", "30"]}`)
	if desk = enginetest.Read[rest.FundDesk](w.World, a, 200); desk.Name != "Agence Fictive" || !slices.Equal(desk.Departments, []string{"30", "34"}) || desk.Phone != nil {
		t.Errorf("%+v", desk)
	}
	w.Refused(w.Ask("admin-lr", "POST", "/api/v1/desks/"+desk.ID+"/amend", `{"name": "Agence", "departments": ["34"]}`, "If-Match", `"fund:1"`), 412, "stale")
	w.Refused(w.Ask("admin-lr", "POST", "/api/v1/units/"+desk.ID+"/close", `{}`), 404, "unknown_desk")
	w.Refused(w.Ask("admin-bfc", "POST", "/api/v1/desks/"+desk.ID+"/close", `{}`), 404, "unknown_desk")
	w.Refused(w.Ask("advisor-34", "POST", "/api/v1/desks/"+desk.ID+"/close", `{}`), 403, "forbidden")
	if desk = enginetest.Read[rest.FundDesk](w.World, w.Ask("admin-lr", "POST", "/api/v1/desks/"+desk.ID+"/close", `{}`), 200); !desk.Closed {
		t.Errorf("%+v", desk)
	}
	w.Refused(w.Ask("admin-lr", "POST", "/api/v1/units", `{"name": "Unité Exemple", "departments": ["21"]}`), 422, "not_your_territory")
	if list := enginetest.Read[rest.FundDesks](w.World, w.Ask("admin-lr", "GET", "/api/v1/desks?kind=agency", ""), 200).Items; len(list) != 10 || !list[9].Closed {
		t.Errorf("%+v", list)
	}
	w.Refused(w.Ask("advisor-34", "GET", "/api/v1/desks", ""), 403, "forbidden")
}

func TestUnitsWithoutAReferentAreTold(t *testing.T) {
	t.Parallel()
	w := start(t)
	without := func() (ids []string) {
		for _, u := range enginetest.Read[rest.UnitsWithoutReferent](w.World, w.Ask("admin-bfc", "GET", "/api/v1/units/without-referent", ""), 200).Items {
			if u.Coming {
				u.Unit.ID += " (coming)"
			}
			ids = append(ids, u.Unit.ID)
		}
		return ids
	}
	if got := without(); !slices.Equal(got, []string{"besancon-haut-doubs", "jura", "haute-saone", "saone-et-loire", "yonne", "nord-franche-comte"}) {
		t.Error(got)
	}
	w.invited("admin-bfc", invite("Ali", "referent", "desk", "jura"))
	for _, id := range []string{"haute-saone", "yonne", "nord-franche-comte"} {
		enginetest.Read[rest.FundDesk](w.World, w.Ask("admin-bfc", "POST", "/api/v1/units/"+id+"/close", `{}`), 200)
	}
	unit := enginetest.Read[rest.FundDesk](w.World, w.Ask("admin-bfc", "POST", "/api/v1/units", `{"name": "Unité Exemple", "departments": ["21"]}`), 201)
	enginetest.Read[rest.FundDesk](w.World, w.Ask("admin-bfc", "POST", "/api/v1/units/"+unit.ID+"/amend", `{"name": "Unité Exemple Nord", "departments": ["21"], "phone": "03 53 01 21 09"}`), 200)
	if got := without(); !slices.Equal(got, []string{"besancon-haut-doubs", "jura (coming)", "saone-et-loire", unit.ID}) {
		t.Error(got)
	}
	if _, err := w.service.Bind(t.Context(), who("Ali")); err != nil {
		t.Fatal(err)
	}
	if got := without(); !slices.Equal(got, []string{"besancon-haut-doubs", "saone-et-loire", unit.ID}) {
		t.Error(got)
	}
}

func TestOrganisationsAreAddedAndProvidersAreHeard(t *testing.T) {
	t.Parallel()
	w := start(t)
	o := enginetest.Read[rest.Organisation](w.World, w.Ask("admin-lr", "POST", "/api/v1/organisations", `{"kind": "partner", "name": "CCAS Exemple", "department": "34"}`), 201)
	enginetest.Read[rest.Membership](w.World, w.Ask("admin-lr", "POST", invitations, invite("Ali", "partner", "organisation", o.ID)), 201)
	o = enginetest.Read[rest.Organisation](w.World, w.Ask("admin-lr", "POST", "/api/v1/organisations/"+o.ID+"/amend", `{"name": "CCAS Fictif"}`), 200)
	if o.Name != "CCAS Fictif" || o.Department != nil {
		t.Errorf("%+v", o)
	}
	o = enginetest.Read[rest.Organisation](w.World, w.Ask("admin-lr", "POST", "/api/v1/organisations/"+o.ID+"/close", `{}`), 200)
	w.Refused(w.Ask("admin-lr", "POST", invitations, invite("Lou", "partner", "organisation", o.ID)), 422, "closed")
	w.Refused(w.Ask("admin-lr", "POST", "/api/v1/organisations/provider-a/close", `{}`), 409, "is_provider")
	w.Refused(w.Ask("partnership-lr", "POST", "/api/v1/organisations", `{"kind": "partner", "name": "CCAS Exemple"}`), 403, "forbidden")

	registered := events.ProviderRegistered{ProviderID: "p1", Name: "Tiers-lieu Exemple", Fund: "carsat-lr", Department: "34", Insee: "34172", By: "partnership-lr"}
	w.Tell(registered)
	list := enginetest.Read[rest.Organisations](w.World, w.Ask("admin-lr", "GET", "/api/v1/organisations?kind=provider", ""), 200).Items
	if len(list) != 3 || list[2].ID != "p1" || list[2].Name != "Tiers-lieu Exemple" {
		t.Errorf("%+v", list)
	}
	w.invited("admin-lr", invite("Lou", "provider", "provider", "p1"))

	before := w.Told(Name)
	w.HearAgain()
	w.Tell(registered)
	if after := w.Told(Name); !slices.Equal(before, after) {
		t.Error(after[len(before):])
	}
}

func TestAnAdministratorAmendsTheirFund(t *testing.T) {
	t.Parallel()
	w := start(t)
	body := `{"name": "Caisse Exemple", "departments": ["11", "30", "34", "48", "66"], "erasure_days": 30}`
	f := enginetest.Read[rest.FundState](w.World, w.Ask("admin-lr", "POST", "/api/v1/funds/carsat-lr/amend", body), 200)
	if f.Name != "Caisse Exemple" || f.ErasureDays != 30 {
		t.Errorf("%+v", f)
	}
	w.Refused(w.Ask("admin-lr", "POST", "/api/v1/funds/carsat-bfc/amend", body), 404, "unknown_fund")
	w.Refused(w.Ask("analyst-lr", "POST", "/api/v1/funds/carsat-lr/amend", body), 403, "forbidden")
	w.Refused(w.Ask("admin-lr", "POST", "/api/v1/funds/carsat-lr/amend", `{"name": "Caisse Exemple", "departments": ["34"], "erasure_days": 3}`), 409, "department_in_use")
}
