package sample_test

import (
	"slices"
	"testing"

	"example.org/passerelle/pkg/directory/sample"
)

func TestTheDirectoryPointsAtItself(t *testing.T) {
	all := sample.Directory()
	for _, d := range all.Desks() {
		fund, _ := all.Fund(d.Fund)
		for _, department := range d.Departments {
			if !slices.Contains(fund.Departments, department) {
				t.Errorf("desk %s is in %s, which is not in its fund", d.ID, department)
			}
		}
	}
	for _, one := range sample.Accounts() {
		a, ok := sample.Find(one.ID)
		if !ok || !a.Has(one.Role) {
			t.Errorf("%s has not its role: %+v", one.ID, a)
		}
		for _, id := range a.Desks() {
			if d, ok := all.Desk(id); !ok || d.Fund != a.Fund {
				t.Errorf("account %s has desk %s, which is not in its fund", a.ID, id)
			}
		}
		for _, id := range a.Providers() {
			if _, ok := all.Provider(id); !ok {
				t.Errorf("account %s has no provider %s", a.ID, id)
			}
		}
	}
}

func TestEveryDepartmentHasAnAgency(t *testing.T) {
	for _, f := range sample.Directory().Funds() {
		for _, department := range f.Departments {
			if _, ok := sample.Directory().DeskFor(f.ID, department); !ok {
				t.Errorf("nobody looks after %s", department)
			}
		}
	}
}

// TestE7_NobodyComesFirstUntilADecisionSaysSo: whoever said yes first is offered a seat first.
func TestE7_NobodyComesFirstUntilADecisionSaysSo(t *testing.T) {
	t.Parallel()
	for _, p := range sample.Directory().Programmes() {
		if p.Priority.Decision == "" && len(p.Priority.Criteria) > 0 || p.ID == "reperage-lr" && len(p.Priority.Criteria) > 0 {
			t.Errorf("%s: %+v", p.ID, p.Priority)
		}
	}
}
