package reference_test

import (
	"maps"
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

// TestE1_SixFamiliesHaveTwentyItems, and each item is of one family.
func TestE1_SixFamiliesHaveTwentyItems(t *testing.T) {
	t.Parallel()
	n, seen := map[string]int{}, map[string]bool{}
	for _, item := range reference.SkillItems() {
		if seen[item.Code] || item.Label == "" || reference.FamilyOf(item.Code) != item.Family {
			t.Errorf("%+v", item)
		}
		seen[item.Code] = true
		n[item.Family]++
	}
	want := map[string]int{"internet": 4, "email": 3, "equipment": 3, "office": 3, "procedures": 4, "security": 3}
	if !maps.Equal(n, want) || len(seen) != 20 {
		t.Errorf("%d items: %v", len(seen), n)
	}
}
