package workshop

import (
	"context"
	"encoding/csv"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/reference/communes"
	"example.org/passerelle/services/workshop/rest"
)

const (
	places = "/api/v1/places"
	espace = `{"name": "Espace Exemple", "insee": "34172", "postcode": "34000", "street": "3 place de l'Invention", "phone": "04 65 71 34 91",
		"emails": ["zelie.fictif@espace.example"], "hours": "Mo 09:00-12:00", "services": ["aide aux demarches administratives"], "support": ["A distance"]}`
)

// opening is the workshop with the keys of what it compares.
func opening(t *testing.T) (*enginetest.World, *Service) {
	t.Helper()
	var service *Service
	w := enginetest.Start(t, Name, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		service = begun(e)
		if err := imports.Provision(context.Background(), e.Pool, imports.Schema(e.Prefix)); err != nil {
			return nil, nil, err
		}
		return service.run()
	}, "workshop.place-registered.v1", "workshop.place-amended.v1")
	return w, service
}

func TestAPlaceIsRegisteredAmendedReportedAndClosed(t *testing.T) {
	t.Parallel()
	w, _ := opening(t)
	got := enginetest.Read[rest.Place](w, w.Ask("partnership-lr", "POST", places, espace), 201)
	if got.Fund != "carsat-lr" || got.Department != "34" || got.Commune != "Montpellier" || *got.Phone != "+33465713491" || got.Services[0] != "Aide aux démarches administratives" ||
		got.Completeness != 70 || *got.Precision != "geonames" || got.Status != "open" {
		t.Errorf("%+v", got)
	}
	one := places + "/" + got.ID
	amended := enginetest.Read[rest.Place](w, w.Ask("partnership-lr", "POST", one+"/amend", strings.Replace(espace, "Mo 09", "Tu 10", 1)), 200)
	if *amended.Hours != "Tu 10:00-12:00" || *amended.Phone != *got.Phone {
		t.Errorf("%+v", amended)
	}
	said := enginetest.Read[rest.PlaceState](w, w.Ask("advisor-34", "POST", one+"/report", `{"reason": "closed", "note": "Rideau baissé"}`), 200)
	if said != (rest.PlaceState{ID: got.ID, Status: "open", Reports: 1}) {
		t.Error(said)
	}
	settled := enginetest.Read[rest.Place](w, w.Ask("partnership-lr", "POST", one+"/amend", strings.Replace(espace, "Mo 09", "Tu 10", 1)), 200)
	if settled.Reports != 0 {
		t.Error("what was reported is settled by who has looked", settled.Reports)
	}
	closed := enginetest.Read[rest.PlaceState](w, w.Ask("partnership-lr", "POST", one+"/close", `{"reason": "closed"}`), 200)
	if closed.Status != "closed" {
		t.Error(closed)
	}
	w.Refused(w.Ask("advisor-34", "POST", one+"/report", `{"reason": "hours"}`), 409, "place_closed")
	w.Refused(w.Ask("partnership-lr", "POST", one+"/amend", espace), 409, "place_closed")
	if found := w.InClear("zelie.fictif", "+33465713491", "Rideau baissé"); found != nil {
		t.Error(found)
	}
}

func TestWhoMayLookAfterPlaces(t *testing.T) {
	t.Parallel()
	w, _ := opening(t)
	for _, account := range []string{"advisor-34", "provider-a", "nobody"} {
		w.Refused(w.Ask(account, "POST", places, espace), 403, "forbidden")
	}
	own := enginetest.Read[rest.Place](w, w.Ask("partnership-lr", "POST", places, strings.Replace(espace, `{`, `{"provider_id": "provider-a",`, 1)), 201)
	one := places + "/" + own.ID
	w.Refused(w.Ask("provider-b", "POST", one+"/amend", espace), 404, "unknown_place")
	w.Refused(w.Ask("partnership-bfc", "POST", one+"/amend", espace), 404, "unknown_place")
	w.Refused(w.Ask("partnership-bfc", "POST", one+"/close", `{"reason": "error"}`), 404, "unknown_place")
	kept := enginetest.Read[rest.Place](w, w.Ask("provider-a", "POST", one+"/amend", espace), 200)
	if *kept.ProviderID != "provider-a" {
		t.Error("a provider gives its place to nobody")
	}
	w.Refused(w.Ask("advisor-34", "POST", places+"/none/report", `{"reason": "closed"}`), 404, "unknown_place")
	answer := w.Ask("partnership-lr", "POST", places, `{"name": "Exemple", "insee": "34172", "services": ["Repassage"], "phone": "3639", "provider_id": "provider-58"}`)
	w.Refused(answer, 422, "invalid")
	var fields []string
	for _, f := range answer.Problem.Errors {
		fields = append(fields, f.Field+" "+f.Code)
	}
	slices.Sort(fields)
	if !slices.Equal(fields, []string{"phone bad_phone", "provider_id unknown_provider", "services unknown_value"}) {
		t.Error(fields)
	}
	w.Refused(w.Ask("partnership-lr", "POST", places, `{"name": "Exemple", "insee": "58194"}`), 422, "not_your_territory")
}

// file is a file of the schema with the columns that matter here.
func file(rows ...string) [][]string {
	lines, _ := csv.NewReader(strings.NewReader("id,pivot,nom,commune,code_postal,adresse,services,telephone\n" + strings.Join(rows, "\n"))).ReadAll()
	return lines
}

// takeIn works a file and gives what became of its lines.
func takeIn(t *testing.T, s *Service, fund string, rows [][]string) (accepted, already int, rejected []string) {
	t.Helper()
	l := lines{s, fund, "exemple", false}
	for i, values := range rows[1:] {
		line := imports.Line{Number: i + 2, Values: map[string]string{}}
		for j, name := range rows[0] {
			line.Values[name] = values[j]
		}
		same, err := l.take(context.Background(), line)
		var faults refusal.Faults
		switch {
		case errors.As(err, &faults):
			rejected = append(rejected, faults[0].Field+" "+faults[0].Code)
		case err != nil:
			t.Fatal(err)
		case same:
			already++
		default:
			accepted++
		}
	}
	return accepted, already, rejected
}

func TestTheSameLineAmendsAndNothingIsDoubledOrClosed(t *testing.T) {
	t.Parallel()
	w, s := opening(t)
	first := file(`e1,00000000000000,Espace Exemple,MONTPELLIER CEDEX 1,34961,3 place,aide aux démarches administratives;utilisation sécurisée du numérique,0465713491`,
		`e2,,Espace Imaginaire,Béziers,34500,,,`, `e3,,Perdu,Ville-Imaginaire,34000,,,`, `e4,,Ailleurs,Nevers,58000,,,`)
	if accepted, already, rejected := takeIn(t, s, "carsat-lr", first); accepted != 2 || already != 0 || !slices.Equal(rejected, []string{"commune unknown_commune", "insee not_your_territory"}) {
		t.Error(accepted, already, rejected)
	}
	if accepted, already, _ := takeIn(t, s, "carsat-lr", first); accepted != 0 || already != 2 {
		t.Error("again:", accepted, already)
	}
	if accepted, already, _ := takeIn(t, s, "carsat-lr", file(`e1,,Espace Exemple,Montpellier,34000,3 place,,0465713492`)); accepted != 1 || already != 0 {
		t.Error("amended:", accepted, already)
	}
	registered, amended := enginetest.Facts[events.PlaceRegistered](w), enginetest.Facts[events.PlaceAmended](w)
	if len(registered) != 2 || len(amended) != 1 || len(enginetest.Facts[events.PlaceClosed](w)) != 0 {
		t.Error(len(registered), len(amended))
	}
	if r := registered[0]; r.Sheet.Insee != "34172" || r.Sheet.Pivot != "" || r.SourceID != "e1" || amended[0].PlaceID != r.PlaceID || amended[0].Words.Subject() != r.Words.Subject() {
		t.Errorf("%+v", r)
	}
}

// TestTheListOfARegionIsTakenIn reads a list that is no part of the project.
func TestTheListOfARegionIsTakenIn(t *testing.T) {
	t.Parallel()
	name := os.Getenv("PASSERELLE_SAMPLE_PLACES")
	if name == "" {
		t.Skip("the list of places of Bourgogne-Franche-Comté is not beside the project: PASSERELLE_SAMPLE_PLACES names it")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	w, _ := opening(t)
	got := enginetest.Read[rest.Import](w, w.Ask("partnership-bfc", "POST", places+"/import", string(text), "Content-Type", "text/csv"), 200)
	t.Log(got.Accepted, "taken,", got.Already, "known,", got.Rejected, "refused:", got.Rejections)
	if got.Accepted < 657 || got.Accepted+got.Already+got.Rejected != 697 {
		t.Error(got.Accepted, got.Already, got.Rejected)
	}
	told := map[string]events.PlaceSheet{}
	for _, p := range enginetest.Facts[events.PlaceRegistered](w) {
		told[p.SourceID] = p.Sheet
	}
	wrong := map[int][]string{}
	for _, r := range got.Rejections {
		wrong[r.Line] = append(wrong[r.Line], r.Field+" "+r.Code)
	}
	for n, values := range rows[1:] {
		compareLine(t, n+2, rows[0], values, told, wrong[n+2])
	}
}

// compareLine looks at a line by itself: what has a commune by name and postcode is taken, there; what is refused says why.
func compareLine(t *testing.T, number int, header, values []string, told map[string]events.PlaceSheet, wrong []string) {
	t.Helper()
	of := func(column string) string { return values[slices.Index(header, column)] }
	sheet, taken := told[of("bfc_id")]
	if taken == (len(wrong) > 0) {
		t.Errorf("line %d: taken %v, refused for %v", number, taken, wrong)
	}
	for _, c := range communes.ByPostcode(of("code_postal")) {
		if communes.Folded(c.Name) == communes.Folded(of("ville")) && sheet.Insee != c.Insee {
			t.Errorf("line %d is in %s, not in %q; refused for %v", number, c.Insee, sheet.Insee, wrong)
		}
	}
	for _, one := range wrong {
		if one != "commune unknown_commune" && one != "commune ambiguous_commune" {
			t.Errorf("line %d: %s", number, one)
		}
	}
}

func TestAFileIsImportedAndSaysWhatItRefused(t *testing.T) {
	t.Parallel()
	w, _ := opening(t)
	body := "id;nom;code_insee;services\r\ne1;Espace Exemple;34172;AIDE AUX DEMARCHES ADMINISTRATIVES\r\ne2;Perdu;99999;\r\n"
	dry := enginetest.Read[rest.Import](w, w.Ask("partnership-lr", "POST", places+"/import?dry_run=true", body, "Content-Type", "text/csv"), 200)
	if dry.Accepted != 1 || dry.Rejected != 1 || w.Told(Name) != nil {
		t.Errorf("%+v %v", dry, w.Told(Name))
	}
	got := enginetest.Read[rest.Import](w, w.Ask("partnership-lr", "POST", places+"/import", body, "Content-Type", "text/csv"), 200)
	if got.Accepted != 1 || got.Rejected != 1 || got.Rejections[0].Line != 3 || got.Rejections[0].Field != "commune" || got.Rejections[0].Code != "required" {
		t.Errorf("%+v", got)
	}
	again := enginetest.Read[rest.Import](w, w.Ask("partnership-lr", "POST", places+"/import", body, "Content-Type", "text/csv"), 200)
	if again.Already != 1 || again.Accepted != 0 || len(enginetest.Facts[events.PlaceRegistered](w)) != 1 {
		t.Errorf("%+v", again)
	}
	w.Refused(w.Ask("advisor-34", "POST", places+"/import", body, "Content-Type", "text/csv"), 403, "forbidden")
}
