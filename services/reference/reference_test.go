package reference_test

import (
	"testing"

	"example.org/passerelle/services/reference"
)

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
