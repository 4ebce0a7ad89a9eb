package communes_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/services/reference/communes"
)

func found(t *testing.T, insee string) communes.Commune {
	t.Helper()
	c, ok := communes.Find(insee)
	if !ok {
		t.Fatalf("there is no %s", insee)
	}
	return c
}

func TestACommuneHasAllThatTheSourcesSay(t *testing.T) {
	c := found(t, "34142")
	if c.Name != "Lodève" || c.Department != "34" || !slices.Equal(c.Postcodes, []string{"34700"}) || c.Population < 7000 || c.Population > 8000 ||
		c.Precision != communes.Exact || c.EPCI != "200017341" || c.Lat < 43.7 || c.Lat > 43.8 || c.Lon < 3.2 || c.Lon > 3.4 {
		t.Errorf("%+v", c)
	}
	if small := found(t, "11001"); small.Precision != communes.OfEPCI || small.Lat != 43.2434 || small.Lon != 2.4317 {
		t.Errorf("%+v", small)
	}
}

// The numbers of the lists that the project's two funds work with: 5,187 communes, 820 of them placed exactly.
func TestTheTwoRegionsAreWhole(t *testing.T) {
	want := map[string]int{
		"11": 433, "30": 350, "34": 341, "48": 152, "66": 226,
		"21": 698, "25": 563, "39": 492, "58": 309, "70": 536, "71": 563, "89": 423, "90": 101,
	}
	all, exact := 0, 0
	for department, n := range want {
		list := communes.In(department)
		if len(list) != n {
			t.Errorf("%s has %d communes, not %d", department, len(list), n)
		}
		for _, c := range list {
			if c.Department != department || !strings.HasPrefix(c.Insee, department) || len(c.Postcodes) == 0 || c.Precision == communes.Nowhere || c.EPCI == "" {
				t.Errorf("%+v", c)
			}
			if c.Precision == communes.Exact {
				exact++
			}
		}
		all += len(list)
	}
	if all != 5187 || exact != 820 {
		t.Errorf("%d communes, %d placed exactly", all, exact)
	}
}

func TestAllOfFranceIsThere(t *testing.T) {
	all, nowhere := 0, 0
	for _, department := range append(strings.Fields("2A 2B 971 972 973 974 975 976 977 978 984 986 987 988 989"), numbered()...) {
		list := communes.In(department)
		if len(list) == 0 {
			t.Errorf("%s has no commune", department)
		}
		for _, c := range list {
			if c.Precision == communes.Nowhere {
				nowhere++
			}
		}
		all += len(list)
	}
	if all != 34969 || nowhere != 6 {
		t.Errorf("%d communes, %d nowhere", all, nowhere)
	}
}

// numbered are 01 to 95 without Corsica.
func numbered() (list []string) {
	for n := 1; n <= 95; n++ {
		if n != 20 {
			list = append(list, string([]byte{'0' + byte(n/10), '0' + byte(n%10)}))
		}
	}
	return list
}

func TestACodeOfBeforeAMergerGivesThePresentCommune(t *testing.T) {
	for old, present := range map[string]string{
		"11050": "11304", // Brenac is in Quillan
		"11097": "11323", "11131": "11131", "11171": "11080",
		"75101": "75056", "69381": "69123", "13216": "13055", // arrondissements
		"34172": "34172",
	} {
		if c := found(t, old); c.Insee != present {
			t.Errorf("%s is now %s, not %s", old, c.Insee, present)
		}
	}
	for _, unknown := range []string{"", "34", "34999", "00000", "3417", "99999"} {
		if c, ok := communes.Find(unknown); ok {
			t.Errorf("%q is %+v", unknown, c)
		}
	}
}

func TestEveryCodeOfACommuneLeadsToIt(t *testing.T) {
	if codes := communes.Codes("11050"); codes[0] != "11304" || !slices.Contains(codes, "11050") {
		t.Errorf("%v", codes)
	}
	if codes := communes.Codes("unknown"); !slices.Equal(codes, []string{"unknown"}) {
		t.Errorf("%v", codes)
	}
	for _, department := range []string{"11", "49", "50", "75"} {
		seen := map[string]bool{}
		for _, code := range communes.CodesIn(department) {
			if c := found(t, code); c.Department != department || seen[code] {
				t.Errorf("%s of %s leads to %+v, or is there twice", code, department, c)
			}
			seen[code] = true
		}
	}
}

func TestAPostcodeGivesItsCommunes(t *testing.T) {
	if list := communes.ByPostcode("34000"); len(list) != 1 || list[0].Name != "Montpellier" {
		t.Errorf("%+v", list)
	}
	list := communes.ByPostcode("58230")
	if len(list) < 5 || !slices.IsSortedFunc(list, func(a, b communes.Commune) int { return b.Population - a.Population }) {
		t.Errorf("%+v", list)
	}
	for _, none := range []string{"34961", "340", "", "99999", "3400~"} { // the first is a CEDEX code
		if list := communes.ByPostcode(none); list != nil {
			t.Errorf("%q gives %+v", none, list)
		}
	}
}

func TestWhoKeepsAListDoesNotChangeTheNext(t *testing.T) {
	communes.In("34")[0].Name = "changed"
	communes.ByPostcode("34000")[0].Name = "changed"
	communes.Search("lodeve", "", 1)[0].Name = "changed"
	if communes.In("34")[0].Name == "changed" || found(t, "34172").Name != "Montpellier" || found(t, "34142").Name != "Lodève" {
		t.Error("the country was changed")
	}
}

// every commune there is, by department: 96, 5 overseas and the territories.
func every() (list []communes.Commune) {
	for _, department := range append(strings.Fields("2A 2B 971 972 973 974 975 976 977 978 984 986 987 988 989"), numbered()...) {
		list = append(list, communes.In(department)...)
	}
	return list
}

// TestEveryCommuneHasItsFacts: what is exempt is known by name, and nothing else is.
func TestEveryCommuneHasItsFacts(t *testing.T) {
	withoutPostcode, withoutEPCI, uninhabited, people := []string{}, []string{}, 0, 0
	for _, c := range every() {
		if people += c.Population; c.Population == 0 {
			uninhabited++
		}
		if len(c.Postcodes) == 0 {
			withoutPostcode = append(withoutPostcode, c.Insee)
		}
		if c.EPCI == "" && c.Department < "975" {
			withoutEPCI = append(withoutEPCI, c.Name)
		}
		for _, code := range c.Postcodes {
			if len(code) != 5 || strings.Trim(code, "0123456789") != "" {
				t.Errorf("%s has the postcode %q", c.Insee, code)
			}
		}
		if c.Name == "" || c.Population < 0 || c.Population > 2_200_000 {
			t.Errorf("%+v", c)
		}
	}
	if people < 68_000_000 || people > 70_000_000 || uninhabited != 12 {
		t.Error(people, "people,", uninhabited, "communes without any")
	}
	slices.Sort(withoutEPCI)
	if !slices.Equal(withoutEPCI, []string{"L'Île-d'Yeu", "Ouessant", "Île-de-Bréhat", "Île-de-Sein"}) { // the law lets these islands be
		t.Error(withoutEPCI)
	}
	if !slices.Equal(withoutPostcode, []string{"98411", "98412", "98413", "98414", "98415"}) { // the southern lands
		t.Error(withoutPostcode)
	}
}

// TestKnownTownsAreAsEverybodyKnowsThem, in all corners of the country.
func TestKnownTownsAreAsEverybodyKnowsThem(t *testing.T) {
	for insee, want := range map[string]struct {
		name, postcode string
		least, most    int
		lat, lon       float64
	}{
		"75056": {"Paris", "75011", 2_000_000, 2_200_000, 48.86, 2.35}, "13055": {"Marseille", "13016", 850_000, 900_000, 43.30, 5.38},
		"69123": {"Lyon", "69009", 500_000, 540_000, 45.75, 4.85}, "29019": {"Brest", "29200", 130_000, 150_000, 48.39, -4.49},
		"34172": {"Montpellier", "34090", 290_000, 330_000, 43.61, 3.88}, "97411": {"Saint-Denis", "97400", 140_000, 170_000, -20.88, 55.45},
	} {
		c := found(t, insee)
		if c.Name != want.name || !slices.Contains(c.Postcodes, want.postcode) || c.Population < want.least || c.Population > want.most ||
			c.Precision != communes.Exact || c.Lat-want.lat > 0.1 || want.lat-c.Lat > 0.1 || c.Lon-want.lon > 0.1 || want.lon-c.Lon > 0.1 {
			t.Errorf("%+v, not %+v", c, want)
		}
	}
}
