package mediation_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference/mediation"
)

// line is a good one, with other values where they are given.
func line(other ...string) func(string) string {
	values := map[string]string{
		"id": "exemple-1", "pivot": "12345678901234", "nom": "Espace Exemple", "commune": "Montpellier", "code_postal": "34000", "code_insee": "34172",
		"adresse": "3 place de l'Invention", "date_maj": "2021-10-04", "services": "Aide aux démarches administratives",
	}
	for i := 0; i < len(other); i += 2 {
		values[other[i]] = other[i+1]
	}
	return func(column string) string { return values[column] }
}

func TestValuesAreTakenHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, given := range []string{
		"Aide aux démarches administratives|Utilisation sécurisée du numérique", "AIDE AUX DEMARCHES ADMINISTRATIVES;utilisation securisee du numerique",
		" Aide aux démarches administratives ; Utilisation sécurisée du numérique | Aide aux démarches administratives",
	} {
		p, faults := mediation.Read(line("services", given))
		if want := []string{"Aide aux démarches administratives", "Utilisation sécurisée du numérique"}; faults != nil || !slices.Equal(p.Sheet.Services, want) {
			t.Errorf("%q: %v %v", given, p.Sheet.Services, faults)
		}
	}
	p, faults := mediation.Read(line("modalites_acces", "Ce lieu n’accueille pas de public", "formations_labels", "Étapes numériques (La Poste)", "telephone", "04 65 71 34 91"))
	if faults != nil || p.Sheet.Access[0] != "Ce lieu n'accueille pas de public" || p.Sheet.Labels[0] != "Étapes numériques(La Poste)" || p.Words.Phone != "+33465713491" {
		t.Error(p, faults)
	}
}

func TestWhatStandsForNothingIsNothing(t *testing.T) {
	t.Parallel()
	p, faults := mediation.Read(line("pivot", "00000000000000", "date_maj", "1970-01-01", "adresse", "Non renseignée", "horaires", "-", "latitude", "0", "longitude", "0"))
	if s := p.Sheet; faults != nil || s.Pivot+s.UpdatedOn+s.Street+s.Hours != "" || s.Precision == mediation.Own {
		t.Errorf("%+v %v", p, faults)
	}
}

func TestACommuneIsFoundAsItIsToday(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ town, postcode, insee, want string }{
		{"MONTPELLIER CEDEX 2", "34961", "", "34172"}, {"montpellier", "34000", "", "34172"}, {"", "", "34172", "34172"},
		{"Paris 15e Arrondissement", "75015", "", "75056"}, {"Paris", "75015", "75115", "75056"}, {"Marseille 01", "13001", "", "13055"},
		{"St Gely du Fesc", "34980", "", "34255"}, {"Brenac", "11500", "", "11304"}, {"Bourg en Bresse", "1000", "1053", "01053"},
	} {
		p, faults := mediation.Read(line("commune", c.town, "code_postal", c.postcode, "code_insee", c.insee))
		if faults != nil || p.Sheet.Insee != c.want {
			t.Errorf("%v: %s %v", c, p.Sheet.Insee, faults)
		}
	}
}

func TestALineIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		other []string
		want  []mediation.Fault
	}{
		{[]string{"id", "", "nom", " "}, []mediation.Fault{{"id", "required"}, {"nom", "required"}}},
		{[]string{"commune", "Ville-Imaginaire", "code_insee", "", "telephone", "3639"}, []mediation.Fault{{"telephone", "bad_phone"}, {"commune", "unknown_commune"}}},
		{[]string{"services", "Repassage"}, []mediation.Fault{{"services", "unknown_value"}}},
		{[]string{"pivot", "12", "date_maj", "hier", "latitude", "99", "courriels", "personne"},
			[]mediation.Fault{{"pivot", "bad_format"}, {"latitude", "bad_coordinate"}, {"courriels", "bad_email"}, {"date_maj", "bad_date"}}},
	} {
		if _, faults := mediation.Read(line(c.other...)); !slices.Equal(faults, c.want) {
			t.Errorf("%v: %v", c.other, faults)
		}
	}
}

func TestCoordinatesFarFromTheCommuneAreNotBelieved(t *testing.T) {
	t.Parallel()
	own, _ := mediation.Read(line("latitude", "43,6112", "longitude", "3.8767"))
	far, _ := mediation.Read(line("latitude", "3.8767", "longitude", "43.6112"))
	if own.Sheet.Precision != mediation.Own || own.Sheet.Lat != 43.6112 || far.Sheet.Precision != "geonames" || far.Sheet.Lat < 43 {
		t.Error(own.Sheet, far.Sheet)
	}
}

// TestARegionalListIsTakenByItsOwnColumns reads a list that is no part of the project.
func TestARegionalListIsTakenByItsOwnColumns(t *testing.T) {
	t.Parallel()
	name := os.Getenv("PASSERELLE_SAMPLE_PLACES")
	if name == "" {
		t.Skip("the list of places of Bourgogne-Franche-Comté is not beside the project: PASSERELLE_SAMPLE_PLACES names it")
	}
	places := regional(t, name)
	hours := 0
	for _, place := range places {
		if place.Sheet.Insee == "" {
			t.Error(place.ID, "has no commune")
		}
		if place.Sheet.Hours != "" {
			hours++
		}
	}
	t.Log(len(places), "places,", hours, "with hours")
	if len(places) < 657 || hours < 150 {
		t.Error(len(places), hours)
	}
}

// TestWhatIsWrittenPassesTheSchema checks the regional list, written as the schema wants it, by the schema's own rules.
func TestWhatIsWrittenPassesTheSchema(t *testing.T) {
	t.Parallel()
	name := os.Getenv("PASSERELLE_SAMPLE_PLACES")
	if name == "" {
		t.Skip("the schema of places is not beside the project: PASSERELLE_SAMPLE_PLACES names a list in its folder")
	}
	rules := rulesOf(t, filepath.Join(filepath.Dir(name), "schema-lieux-mediation-numerique-v1.0.2.json"))
	if !slices.Equal(mediation.Columns(), rules.names()) {
		t.Fatal(mediation.Columns())
	}
	full, faults := mediation.Read(line("telephone", "0465713491", "courriels", "accueil@espace.example;deux@espace.example", "itinerance", "fixe;itinérant",
		"publics_specifiquement_adresses", "seniors", "prise_en_charge_specifique", "illettrisme|langues etrangeres (autres)", "frais_a_charge", "gratuit",
		"dispositif_programmes_nationaux", "point d’accès numérique caf", "formations_labels", "formé à duplex illettrisme", "modalites_acces", "telephoner",
		"modalites_accompagnement", "a distance", "latitude", "43.6112", "longitude", "3.8767", "presentation_resume", "Un espace d'exemple."))
	if faults != nil {
		t.Fatal(faults)
	}
	bare, _ := mediation.Read(line("pivot", "", "date_maj", "", "adresse", "", "services", "", "code_postal", ""))
	for _, place := range append(regional(t, name), full, bare) {
		for _, fault := range rules.check(mediation.Write(place)) {
			t.Error(place.ID, fault)
		}
	}
	if planted := rules.check(mediation.Write(mediation.Place{Sheet: events.PlaceSheet{Services: []string{"Repassage"}}})); len(planted) < 3 {
		t.Error("the check finds nothing", planted)
	}
}

func TestWhatWasWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	first, _ := mediation.Read(line("pivot", "", "date_maj", "", "adresse", "", "code_postal", "34070", "frais_a_charge", "gratuit;payant"))
	written := mediation.Write(first)
	again, faults := mediation.Read(func(column string) string { return written[slices.Index(mediation.Columns(), column)] })
	if faults != nil || !reflect.DeepEqual(first, again) {
		t.Errorf("%+v\n%+v\n%v", first, again, faults)
	}
}

func TestCompletenessSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	p, _ := mediation.Read(line())
	score, missing := mediation.Completeness(p.Sheet)
	if score != 35 || !slices.Contains(missing, "horaires") || slices.Contains(missing, "adresse") {
		t.Error(score, missing)
	}
	p, _ = mediation.Read(line("horaires", "Mo 09:00-12:00", "telephone", "0465713491"))
	if score, _ := mediation.Completeness(p.Sheet); score != 65 {
		t.Error(score)
	}
}
