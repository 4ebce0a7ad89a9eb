package projections

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/mediation"
)

// placed is an invented place as a line of a file has it.
func placed(t *testing.T, id string, other ...string) events.PlaceRegistered {
	t.Helper()
	line := map[string]string{"id": id, "nom": "Espace Exemple " + id, "code_insee": "34172", "services": mediation.Services[0]}
	for i := 0; i < len(other); i += 2 {
		line[other[i]] = other[i+1]
	}
	p, wrong := mediation.Read(func(column string) string { return line[column] })
	if wrong != nil {
		t.Fatal(wrong)
	}
	return events.PlaceRegistered{PlaceID: id, Fund: "carsat-lr", Source: "exemple", SourceID: "source-" + id, Sheet: p.Sheet, By: "partnership-lr", At: noon}
}

func placeIDs(page rest.PlacePage) (list []string) {
	for _, p := range page.Items {
		list = append(list, p.ID)
	}
	return list
}

func TestPlacesAreFoundByWhereTheyAreAndWhatTheyDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key, err := h.vault.Mint(h.ctx)
	h.must(err)
	far := placed(t, "b-lodeve", "code_insee", "34142", "prise_en_charge_specifique", "Illettrisme", "publics_specifiquement_adresses", "Jeunes")
	own := placed(t, "a-own", "latitude", "43.6200", "longitude", "3.8800", "telephone", "0465713491")
	own.Words = events.Clear(key, events.PlaceWords{Phone: "+33465713491"})
	shut := placed(t, "d-closed")
	h.hear(far, own, placed(t, "c-nevers", "code_insee", "58194"), shut, events.PlaceClosed{PlaceID: "d-closed", Reason: "closed", At: noon},
		events.PlaceReported{PlaceID: "b-lodeve", Reason: "hours", By: "advisor-34", At: noon})
	for query, want := range map[string]string{
		"": "a-own b-lodeve c-nevers", "?department=34": "a-own b-lodeve", "?insee=34142": "b-lodeve", "?insee=34172&within_km=10": "a-own",
		"?insee=34172&within_km=100": "a-own b-lodeve", "?care=Illettrisme": "b-lodeve", "?public=Seniors": "a-own c-nevers", "?reported=true": "b-lodeve", "?closed=true": "d-closed",
		"?support=En+autonomie": "",
	} {
		page := see[rest.PlacePage](h, "advisor-34", "/places"+query)
		if got := strings.Join(placeIDs(page), " "); got != want {
			t.Errorf("%q: %s, not %s", query, got, want)
		}
	}
	page := see[rest.PlacePage](h, "advisor-34", "/places?insee=34172&within_km=100")
	if near, away := page.Items[0], page.Items[1]; *near.Phone != "+33465713491" || *near.DistanceKm > 3 || *near.Precision != mediation.Own || *away.DistanceKm < 40 || away.Reports != 1 {
		t.Errorf("%+v\n%+v", near, away)
	}
}

// TestWhatWasReportedIsReadByWhoMayMendIt: with the note, oldest first, until somebody has looked.
func TestWhatWasReportedIsReadByWhoMayMendIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key, err := h.vault.Mint(h.ctx)
	h.must(err)
	noted := events.PlaceReported{PlaceID: "p1", Reason: "other", By: "advisor-34", At: noon.Add(time.Hour), Note: events.Clear(key, events.Note{Text: "La porte est murée"})}
	h.hear(placed(t, "p1"), placed(t, "p2"), events.PlaceReported{PlaceID: "p1", Reason: "hours", By: "referent-34", At: noon}, noted)
	got := see[rest.PlaceReports](h, "partnership-lr", "/places/p1/reports").Items
	if len(got) != 2 || got[0] != (rest.PlaceReported{Reason: "hours", At: noon.UTC(), By: "referent-34"}) || got[1].Reason != "other" || the(got[1].Note) != "La porte est murée" {
		t.Errorf("%+v", got)
	}
	if status := h.get("advisor-34", "/places/p1/reports", nil).StatusCode; status != 403 {
		t.Error("an advisor reads them:", status)
	}
	if status := h.get("provider-a", "/places/p1/reports", nil).StatusCode; status != 404 {
		t.Error("a provider reads those of a place that is not its own:", status)
	}
	if other := see[rest.PlaceReports](h, "partnership-lr", "/places/p2/reports").Items; len(other) != 0 {
		t.Errorf("%+v", other)
	}
	was := placed(t, "p1")
	h.hear(events.PlaceAmended{PlaceID: "p1", Sheet: was.Sheet, By: "partnership-lr", At: noon})
	if settled := see[rest.PlaceReports](h, "partnership-lr", "/places/p1/reports").Items; len(settled) != 0 {
		t.Errorf("settled: %+v", settled)
	}
}

func TestPagesOfPlacesFollowEachOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for i := range 7 {
		h.hear(placed(t, fmt.Sprintf("p%d", i), "latitude", fmt.Sprintf("43.6%d", i), "longitude", "3.88"))
	}
	var seen []string
	for path := "/places?insee=34172&within_km=50&limit=3"; ; {
		page := see[rest.PlacePage](h, "advisor-34", path)
		seen = append(seen, placeIDs(page)...)
		if page.Next == nil {
			break
		}
		path = "/places?insee=34172&within_km=50&limit=3&cursor=" + *page.Next
	}
	if slices.Sort(seen); len(seen) != 7 || len(slices.Compact(seen)) != 7 {
		t.Error(seen)
	}
}

func TestCompletenessIsToldByTerritory(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(placed(t, "bare"), placed(t, "full", "horaires", "Mo 09:00-12:00", "adresse", "3 place"), placed(t, "else", "code_insee", "58194"),
		events.PlaceReported{PlaceID: "bare", Reason: "hours", At: noon})
	got := see[rest.PlaceCompleteness](h, "analyst-lr", "/places/completeness")
	if len(got.Items) != 2 || got.Items[0].Territory != "34" || got.Items[0].Name != "Hérault" || got.Items[0].Places != 2 || got.Items[0].Completeness != 33 ||
		got.Items[0].Reported != 1 || got.Items[0].Missing["horaires"] != 1 || got.Items[0].Missing["telephone"] != 2 {
		t.Errorf("%+v", got)
	}
	if towns := see[rest.PlaceCompleteness](h, "analyst-lr", "/places/completeness?by=insee&department=58"); len(towns.Items) != 1 || towns.Items[0].Name != "Nevers" {
		t.Errorf("%+v", towns)
	}
}

func TestTheExportIsReadBackAsItWas(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := placed(t, "one", "horaires", "Mo 09:00-12:00")
	h.hear(first, placed(t, "two", "code_insee", "34142"))
	rows, err := csv.NewReader(h.get("partnership-lr", "/places/export", nil).Body).ReadAll()
	h.must(err)
	if len(rows) != 3 || !slices.Equal(rows[0], mediation.Columns()) {
		t.Fatal(rows)
	}
	read, wrong := mediation.Read(func(column string) string { return rows[1][slices.Index(rows[0], column)] })
	first.Sheet.Postcode = "34000" // what the schema demands
	if wrong != nil || read.ID != "source-one" || fmt.Sprint(read.Sheet) != fmt.Sprint(first.Sheet) {
		t.Errorf("%v\n%v\n%v", wrong, read.Sheet, first.Sheet)
	}
}

func TestAnAmendedProviderIsShownAsItIsNow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.reachable("ours")
	amended := events.ProviderAmended{ProviderID: "ours", Name: "Atelier Exemple nouveau", Department: "30", Insee: "30189", Networks: []string{"FCSF"},
		Contact: events.Clear(p.Contact.Subject(), events.ProviderContact{Phone: "04 65 71 34 99"}), At: noon}
	h.hear(p, amended, events.ProviderLabelled{ProviderID: "ours", Label: "autonomie_numerique", Version: "2019", From: "2021-01-01", At: noon})
	page := see[rest.ProviderPage](h, "advisor-34", "/providers?department=30")
	if len(page.Items) != 1 || page.Items[0].Name != "Atelier Exemple nouveau" || *page.Items[0].Phone != "04 65 71 34 99" {
		t.Errorf("%+v", page)
	}
	h.hear(events.ProviderClosed{ProviderID: "ours", Reason: "stopped", At: noon})
	if page := see[rest.ProviderPage](h, "advisor-34", "/providers?department=30"); len(page.Items) != 0 {
		t.Errorf("%+v", page)
	}
}
