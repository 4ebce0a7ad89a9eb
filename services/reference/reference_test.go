package reference_test

import (
	"slices"
	"testing"

	"example.org/passerelle/services/reference"
)

func TestTheDirectoryPointsAtItself(t *testing.T) {
	funds := map[string][]string{}
	for _, f := range reference.Funds() {
		funds[f.ID] = f.Departments
	}
	for _, d := range reference.Desks() {
		for _, department := range d.Departments {
			if !slices.Contains(funds[d.Fund], department) {
				t.Errorf("desk %s is in %s, which is not in its fund", d.ID, department)
			}
		}
	}
	for _, a := range reference.Accounts() {
		for _, id := range a.Desks {
			if d, ok := reference.FindDesk(id); !ok || d.Fund != a.Fund {
				t.Errorf("account %s has desk %s, which is not in its fund", a.ID, id)
			}
		}
		if _, ok := reference.FindProvider(a.Provider); a.Provider != "" && !ok {
			t.Errorf("account %s has no provider %s", a.ID, a.Provider)
		}
	}
}

func TestEveryDepartmentHasAnAgency(t *testing.T) {
	for _, f := range reference.Funds() {
		for _, department := range f.Departments {
			if _, ok := reference.DeskFor(f.ID, department); !ok {
				t.Errorf("nobody looks after %s", department)
			}
		}
	}
}

func TestDepartmentsFollowFromCommunes(t *testing.T) {
	for insee, want := range map[string]string{"34172": "34", "2A004": "2A", "97105": "971", "34": "", "": ""} {
		if got := reference.DepartmentOf(insee); got != want {
			t.Errorf("%q is in %q, want %q", insee, got, want)
		}
	}
}

func TestCodeListsNameEachCodeOnce(t *testing.T) {
	for _, list := range reference.Codes() {
		seen := map[string]bool{}
		for _, c := range list.Codes {
			if seen[c.Code] || c.Label == "" {
				t.Errorf("%s: %q is doubled or has no label", list.Name, c.Code)
			}
			seen[c.Code] = true
		}
	}
}
