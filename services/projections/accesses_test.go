package projections

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

func roleAndFund(ctx context.Context) (role, fund string) {
	a, _ := sample.Find(web.Account(ctx))
	if !a.Known() {
		return "", ""
	}
	return string(a.Roles()[0]), a.Fund
}

// watched is a house with an access log.
func watched(t *testing.T) (*house, *accesslog.Archive) {
	t.Helper()
	h := newHouse(t)
	schema := testkit.Schema(t)
	h.must(accesslog.Provision(h.ctx, h.pool, schema))
	c := accesslog.Config{Schema: schema, Key: []byte("published chain key"), Clock: h.clock}
	log := accesslog.Open(h.pool, c, Name)
	t.Cleanup(func() { _ = log.Close(context.Background()) })
	config := h.config()
	config.Accesses, h.access = accesslog.NewArchive(h.pool, c), log.Write
	h.mount(config)
	return h, config.Accesses
}

func accessed(page rest.AccessPage) (list []string) {
	for _, a := range page.Items {
		list = append(list, a.Actor+" "+a.Action+" "+a.What)
	}
	return list
}

func TestThePrivacyOfficerReadsWhoLooked(t *testing.T) {
	t.Parallel()
	h, archive := watched(t)
	mine := h.somebody(34, "montpellier", "advisor-34", named("Camille", "Exemple"))
	other := h.senior("0190a0c4-7a10-7c3e-8f00-000000000058", "Fictif", "nievre", "advisor-58")
	see[rest.Flag](h, "advisor-34", "/flags/"+mine.FlagID)
	see[rest.Flag](h, "advisor-58", "/flags/"+other.FlagID)
	h.get("advisor-58", "/flags/"+mine.FlagID, nil)
	h.get("advisor-58", "/persons/"+mine.PersonID, nil)

	all := see[rest.AccessPage](h, "privacy-lr", "/accesses")
	if got := accessed(all); !slices.Equal(got, []string{"advisor-34 read getFlag"}) {
		t.Error("the fund:", got)
	}
	if a := all.Items[0]; a.Role != "advisor" || the(a.Fund) != "carsat-lr" || a.Purpose != "follow-up" || the(a.Resource) != "flag:"+mine.FlagID ||
		!slices.Equal(a.Persons, []string{mine.PersonID}) || !a.At.Equal(h.clock.Now()) {
		t.Errorf("%+v", a)
	}
	ofPerson := []string{"advisor-58 refused getPerson", "advisor-58 refused getFlag", "advisor-34 read getFlag"}
	if got := accessed(see[rest.AccessPage](h, "privacy-lr", "/persons/"+mine.PersonID+"/accesses")); !slices.Equal(got, ofPerson) {
		t.Error("somebody of the fund:", got)
	}
	reading := append([]string{"privacy-lr read listAccessesOfPerson"}, ofPerson...)
	if got := accessed(see[rest.AccessPage](h, "privacy-lr", "/accesses?person="+mine.PersonID)); !slices.Equal(got, reading) {
		t.Error("reading the log is not in it:", got)
	}
	if got := accessed(see[rest.AccessPage](h, "privacy-lr", "/accesses?actor=advisor-34&reference="+mine.Reference)); !slices.Equal(got, ofPerson[2:]) {
		t.Error("a reference:", got)
	}
	if got := h.get("privacy-bfc", "/accesses?reference="+mine.Reference, nil).StatusCode; got != http.StatusNotFound {
		t.Error("a reference of another fund:", got)
	}
	if got := accessed(see[rest.AccessPage](h, "privacy-lr", "/accesses?actor=advisor-34&person="+mine.PersonID)); !slices.Equal(got, ofPerson[2:]) {
		t.Error("an account:", got)
	}
	if _, err := archive.Verify(h.ctx); err != nil {
		t.Error(err)
	}
}

func TestTheAccessLogIsForThePrivacyOfficerOfTheFund(t *testing.T) {
	t.Parallel()
	h, _ := watched(t)
	f := h.senior("0190a0c4-7a10-7c3e-8f00-000000000034", "Exemple", "montpellier", "advisor-34")
	paths := []string{"/accesses", "/accesses/busy", "/accesses?person=" + f.PersonID, "/persons/" + f.PersonID + "/accesses"}
	for _, a := range accounts() {
		for i, path := range paths {
			want := http.StatusForbidden
			switch {
			case a.ID == "privacy-lr":
				want = http.StatusOK
			case a.ID == "privacy-bfc" && i >= 2:
				want = http.StatusNotFound
			case a.ID == "privacy-bfc":
				want = http.StatusOK
			}
			if got := h.get(a.ID, path, nil).StatusCode; got != want {
				t.Errorf("%s as %s: %d, want %d", path, a.ID, got, want)
			}
		}
	}
	if got := h.get("privacy-lr", "/persons/nobody/accesses", nil).StatusCode; got != http.StatusNotFound {
		t.Error(got)
	}
}

func TestTheAccessLogComesInPagesAndByDay(t *testing.T) {
	t.Parallel()
	h, _ := watched(t)
	f := h.senior("0190a0c4-7a10-7c3e-8f00-000000000034", "Exemple", "montpellier", "advisor-34")
	for _, account := range []string{"advisor-34", "referent-34", "advisor-34"} {
		h.get(account, "/flags/"+f.FlagID, nil)
	}
	path, seen := "/persons/"+f.PersonID+"/accesses?limit=1", 0
	for next := path; next != ""; {
		page := see[rest.AccessPage](h, "privacy-lr", next)
		if next = ""; page.Next != nil {
			next = path + "&cursor=" + *page.Next
		}
		seen += len(page.Items)
	}
	if seen != 3 { // what reading adds is newer than the first page
		t.Error(seen)
	}
	for days, want := range map[string]int{"from=2021-11-15&to=2021-11-15": 2, "from=2021-11-16": 0, "to=2021-11-14": 0} {
		if page := see[rest.AccessPage](h, "privacy-lr", "/accesses?actor=advisor-34&"+days); len(page.Items) != want {
			t.Error(days, len(page.Items))
		}
	}
	busy := see[rest.BusyLookups](h, "privacy-lr", "/accesses/busy?least=1")
	if len(busy.Items) == 0 || busy.From != "2021-11-09" || busy.To != "2021-11-15" {
		t.Errorf("%+v", busy)
	}
}

// TestAReferenceTellsWhomItIsAbout, even of somebody whom nobody has looked at: the privacy officer goes on from there.
func TestAReferenceTellsWhomItIsAbout(t *testing.T) {
	t.Parallel()
	h, _ := watched(t)
	mine := h.somebody(1, "montpellier", "advisor-34", named("Camille", "Exemple"))
	if page := see[rest.AccessPage](h, "privacy-lr", "/accesses?limit=1&reference="+mine.Reference); page.PersonID == nil || *page.PersonID != mine.PersonID {
		t.Errorf("%+v", page)
	}
	if page := see[rest.AccessPage](h, "privacy-lr", "/accesses?limit=1"); page.PersonID != nil {
		t.Errorf("%+v", page)
	}
}
