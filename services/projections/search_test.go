package projections

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// somebody is flagged at a desk, with a flag of the same number.
func (h *house) somebody(n int, desk, author string, p events.Person) events.SeniorFlagged {
	h.t.Helper()
	id, err := h.vault.Mint(h.ctx)
	h.must(err)
	at, _ := sample.Directory().Desk(desk)
	r := h.registered(id)
	r.Fund, r.Details = at.Fund, events.Clear(id, p)
	f := h.flagged(fmt.Sprintf("flag-%d", n), id, desk, author)
	f.Fund, f.Reference, f.Details = at.Fund, referenceCode(n), events.Clear(id, events.Sheet{})
	h.hear(r, f)
	return f
}

func referenceCode(n int) string { return fmt.Sprintf("K7QF-%04d", n) }

func named(given, family string) events.Person {
	return events.Person{GivenName: given, FamilyName: family}
}

// asks sends a search and gives the status and the problem or what was found.
func (h *house) asks(account, body string) (status int, found rest.PersonsFound, faults refusal.Faults) {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.ctx, http.MethodPost, "/api/v1/persons/search", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+account)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	var problem struct{ Errors refusal.Faults }
	if w.Code == http.StatusOK {
		h.must(json.Unmarshal(w.Body.Bytes(), &found))
	} else {
		h.must(json.Unmarshal(w.Body.Bytes(), &problem))
	}
	if w.Code == http.StatusInternalServerError {
		h.t.Log(w.Body)
	}
	return w.Code, found, problem.Errors
}

// codes are the references found, in their order.
func (h *house) codes(account, body string) []string {
	h.t.Helper()
	status, found, _ := h.asks(account, body)
	if status != http.StatusOK {
		h.t.Fatalf("%s: %d", body, status)
	}
	codes := []string{}
	for _, p := range found.Items {
		codes = append(codes, p.Reference)
	}
	return codes
}

func TestPeopleAreFoundByWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.somebody(1, "montpellier", "advisor-34", events.Person{
		GivenName: "Éléonore", FamilyName: "Exemple-Dupond", BirthName: "Le Fictif", BirthDate: "1958-03-02", Phone: "+33465713401",
	})
	h.somebody(2, "montpellier", "advisor-34", events.Person{GivenName: "Anselme", FamilyName: "Inventé", BirthDate: "1958-03", Phone: "04 65 71 34 01"})
	h.somebody(3, "montpellier", "advisor-34", events.Person{GivenName: "Zoé", FamilyName: "Imaginaire", BirthDate: "1958"})
	for body, want := range map[string][]int{
		`{"name": "exemple"}`:                                            {1},
		`{"name": "DUPOND éléonore"}`:                                    {1}, // in any order, without accents
		`{"name": "dupont"}`:                                             {1}, // by its sound
		`{"name": "Exempledupond"}`:                                      {1},
		`{"name": "fict"}`:                                               {1}, // a beginning, of the name at birth
		`{"name": "Lefictif"}`:                                           {1},
		`{"name": "le fictif"}`:                                          {1},
		`{"name": "fi"}`:                                                 {}, // too short for a beginning
		`{"name": "ictif"}`:                                              {},
		`{"name": "eleonore imaginaire"}`:                                {}, // all words have to fit
		`{"name": "zoe"}`:                                                {3},
		`{"phone": "0465713401"}`:                                        {2, 1}, // a couple with one phone is two people
		`{"phone": "0033 4 65 71 34 01", "name": "invente"}`:             {2},
		`{"phone": "0465713402"}`:                                        {},
		`{"birth_date": "1958-03-02"}`:                                   {3, 2, 1}, // who is known with less precision may be meant
		`{"birth_date": "1958-03"}`:                                      {3, 2, 1},
		`{"birth_date": "1958"}`:                                         {3, 2, 1},
		`{"birth_date": "1958-03-03"}`:                                   {3, 2},
		`{"birth_date": "1958-04"}`:                                      {3},
		`{"birth_date": "1959"}`:                                         {},
		`{"reference": "k7qf0001"}`:                                      {1},
		`{"reference": "K7QF-OOOl"}`:                                     {1}, // as it may be misread
		`{"reference": "K7QF-0001", "name": "imaginaire"}`:               {},
		`{"reference": "K7QF-0003", "name": "imaginair", "phone": null}`: {3},
		`{"reference": "somewhere"}`:                                     {},
	} {
		codes := []string{}
		for _, n := range want {
			codes = append(codes, referenceCode(n))
		}
		if got := h.codes("advisor-34", body); !slices.Equal(got, codes) {
			t.Errorf("%s: %v, not %v", body, got, codes)
		}
	}
}

func TestTheWordComesBeforeItsBeginningAndItsSound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n, family := range []string{"Exempled", "Exemple", "Exemplet", "Exempleau"} {
		h.somebody(n, "montpellier", "advisor-34", named("Camille", family))
	}
	want := []string{referenceCode(1), referenceCode(3), referenceCode(2), referenceCode(0)} // exact, then beginnings, the latest first
	if got := h.codes("advisor-34", `{"name": "exemple camille"}`); !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	for n := range 25 {
		h.somebody(10+n, "montpellier", "advisor-34", named("Dominique", "Fictif"))
	}
	got := h.codes("advisor-34", `{"name": "fiktif"}`)
	if len(got) != mostFound || got[0] != referenceCode(34) {
		t.Errorf("%d, %v", len(got), got)
	}
}

func TestNothingAskedNamesEveryField(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for body, want := range map[string]string{
		`{}`: "name: nothing_asked, birth_date: nothing_asked, phone: nothing_asked, reference: nothing_asked",
		`{"name": " ", "phone": null, "reference": ""}`: "name: nothing_asked, birth_date: nothing_asked, phone: nothing_asked, reference: nothing_asked",
		`{"name": " - "}`:        "name: no_word",
		`{"birth_date": "58"}`:   "birth_date: bad_format",
		`{"phone": "telephone"}`: "phone: bad_format",
	} {
		if status, _, faults := h.asks("advisor-34", body); status != http.StatusUnprocessableEntity || faults.Error() != want {
			t.Errorf("%s: %d %v", body, status, faults)
		}
	}
}

// TestWhoFindsWhom compares what every account is shown with the policy asked person by person.
func TestWhoFindsWhom(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var flags []events.SeniorFlagged
	for n, at := range []struct{ desk, by string }{
		{"montpellier", "advisor-34"}, {"beziers", "advisor-34b"}, {"nimes", "evaluator-34"}, {"plateforme-telephonique", "phone-lr"},
		{"nievre", "advisor-58"}, {"cote-dor", "advisor-21"}, {"nevers", "advisor-58"},
	} {
		flags = append(flags, h.somebody(n, at.desk, at.by, named("Camille", "Exemple")))
	}
	for _, a := range accounts() {
		status, found, _ := h.asks(a.ID, `{"name": "exemple"}`)
		if !policy.May(a, policy.SearchPerson) {
			if status != http.StatusForbidden {
				t.Errorf("%s: %d", a.ID, status)
			}
			continue
		}
		shown := map[string]rest.PersonFound{}
		for _, p := range found.Items {
			shown[p.Reference] = p
		}
		for _, f := range flags {
			h.rightlyShown(a, f, shown)
		}
	}
	if got := h.codes("advisor-21", `{"name": "exemple"}`); !slices.Equal(got, []string{referenceCode(5), referenceCode(6)}) {
		t.Errorf("a unit sees its own and the agency: %v", got)
	}
	if got := h.codes("advisor-21", `{"reference": "`+referenceCode(4)+`"}`); len(got) != 0 {
		t.Errorf("another unit is found by its reference: %v", got)
	}
	if got := h.codes("privacy-bfc", `{"name": "exemple"}`); !slices.Equal(got, []string{referenceCode(6)}) {
		t.Errorf("into the social service: %v", got)
	}
}

func (h *house) rightlyShown(a directory.Account, f events.SeniorFlagged, shown map[string]rest.PersonFound) {
	h.t.Helper()
	desk, _ := sample.Directory().Desk(f.Desk)
	on := policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.By, Unit: desk.Unit()}
	p, there := shown[f.Reference]
	switch {
	case policy.Can(a, policy.ReadFlag, on) == policy.Allowed:
		if !there || p.Person == nil || p.Person.FamilyName != "Exemple" || *p.PersonID != f.PersonID || *p.FlagID != f.FlagID {
			h.t.Errorf("%s does not see its own at %s: %+v", a.ID, f.Desk, p)
		}
	case policy.Can(a, policy.SearchPerson, on) == policy.Allowed:
		if !there || p.Person != nil || p.PersonID != nil || p.FlagID != nil || p.BirthDate != nil || p.Desk != f.Desk || p.DeskPhone != desk.Phone || p.Help != "to_refer" || p.NextStep.Who != f.Desk {
			h.t.Errorf("%s has no card of %s: %+v", a.ID, f.Desk, p)
		}
	case there:
		h.t.Errorf("%s is shown somebody of %s", a.ID, f.Desk)
	}
}

func TestOfSeveralFlagsTheLatestOpenOneCounts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.somebody(1, "montpellier", "advisor-34", named("Camille", "Exemple"))
	again := func(n int, desk, help string) {
		f := h.flagged(fmt.Sprintf("flag-%d", n), first.PersonID, desk, "x")
		f.Reference, f.Help, f.Details = referenceCode(n), help, events.Clear(first.PersonID, events.Sheet{})
		h.hear(f)
	}
	again(2, "montpellier", "to_refer")
	again(3, "montpellier", "closed")
	again(4, "beziers", "to_refer")
	for account, want := range map[string]int{"advisor-34": 2, "advisor-34b": 4, "advisor-30": 4} {
		if got := h.codes(account, `{"name": "exemple"}`); !slices.Equal(got, []string{referenceCode(want)}) {
			t.Errorf("%s: %v", account, got)
		}
	}
}

func TestTheErasedAreNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "montpellier", "advisor-34", named("Camille", "Exemple"))
	h.somebody(2, "montpellier", "advisor-34", named("Dominique", "Exemple"))
	h.must(h.vault.Destroy(h.ctx, f.PersonID))
	for _, account := range []string{"advisor-34", "advisor-30"} {
		if got := h.codes(account, `{"name": "exemple"}`); !slices.Equal(got, []string{referenceCode(2)}) {
			t.Errorf("%s: %v", account, got)
		}
		if got := h.codes(account, `{"reference": "`+f.Reference+`"}`); len(got) != 0 {
			t.Errorf("%s: %v", account, got)
		}
	}
	schema, drop, err := h.people.Scratch(h.ctx)
	h.must(err)
	defer func() { h.must(drop()) }()
	var marked int
	h.must(h.pool.QueryRow(h.ctx, `select count(*) from "`+schema+`".person`).Scan(&marked))
	if marked != 1 {
		t.Errorf("%d people are marked anew", marked)
	}
}

// TestMarksTellNothingWithoutTheKey: other keys and other funds mark the same person otherwise, and no mark is like another.
func TestMarksTellNothingWithoutTheKey(t *testing.T) {
	t.Parallel()
	person := events.Person{GivenName: "Camille", FamilyName: "Exemple", BirthDate: "1958-03-02", Phone: "0465713401"}
	seen := map[int64]string{}
	for _, m := range []marker{{[]byte("one"), "carsat-lr"}, {[]byte("two"), "carsat-lr"}, {[]byte("one"), "carsat-bfc"}} {
		for _, mark := range m.person(person) {
			if other, taken := seen[mark]; taken {
				t.Errorf("%s and %s %s share a mark", other, m.secret, m.fund)
			}
			seen[mark] = string(m.secret) + m.fund
		}
	}
}
