package detection

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/rest"
)

const (
	importURL = flags + "/import?programme=observation-bfc-2020"
	header    = "cle;date_constat;premier_contact;sexe;age;institution;couverture_reseau;equipement;types_equipement;probleme_financier;difficulte;motif_difficulte;lieu_aide;besoin_formation;description;situation_familiale;activite;arret_maladie;accord_etude;nom;prenom;telephone;nir\n"
)

// form is a line that is right, with some columns changed.
func form(changes ...string) string {
	names := strings.Split(strings.TrimSpace(header), ";")
	values := strings.Split("1;03/02/2020;secrétaire en service social;Femme;61;CAF;oui;non;;oui;oui;Isolement;non|Difficultés pour s'y rendre;oui;;Vit seul(e);Retraité(e);non;oui;;;;", ";")
	for i := 0; i+1 < len(changes); i += 2 {
		values[slices.Index(names, changes[i])] = changes[i+1]
	}
	return strings.Join(values, ";") + "\n"
}

func send(w *enginetest.World, path, file string) rest.Import {
	return enginetest.Read[rest.Import](w, w.Ask("advisor-58", "POST", path, file, "Content-Type", "text/csv"), 200)
}

// everything is what stands in the ledger, and all that an import could leave behind.
func everything(t *testing.T, w *enginetest.World, prefix string) (text string) {
	t.Helper()
	rows, err := w.Pool.Query(t.Context(), `select table_schema, table_name from information_schema.tables
where table_schema like $1 and table_schema not like '%imports' and table_schema not like '%projection' and table_type = 'BASE TABLE' order by 1, 2`, prefix+"%")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var tables [][2]string
	for rows.Next() {
		var one [2]string
		if err := rows.Scan(&one[0], &one[1]); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, one)
	}
	for _, one := range tables {
		var n int
		if err := w.Pool.QueryRow(t.Context(), fmt.Sprintf(`select count(*) from %q.%q`, one[0], one[1])).Scan(&n); err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintln(one[0], one[1], n)
	}
	return text
}

func TestAFormIsImportedOnce(t *testing.T) {
	t.Parallel()
	prefix := ""
	w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		prefix = e.Prefix
		return Run(e)
	})
	file := header + form() + form("cle", "2", "age", "70") + form("cle", "", "age", "71") + form("cle", "", "age", "72")
	before := everything(t, w, prefix)
	if dry := send(w, importURL+"&dry_run=true", file); dry.Accepted != 4 || !dry.DryRun || dry.State != "done" {
		t.Errorf("%+v", dry)
	}
	if after := everything(t, w, prefix); after != before {
		t.Errorf("a dry run left\n%s, there was\n%s", after, before)
	}
	if first := send(w, importURL, file+form()); first.Accepted != 4 || first.Already != 1 || first.Rejected != 0 {
		t.Errorf("%+v", first)
	}
	if everything(t, w, prefix) == before {
		t.Error("nothing shows that something was stored: this test cannot fail")
	}
	again := send(w, importURL, file)
	if again.Accepted != 0 || again.Already != 4 || again.Line != 5 {
		t.Errorf("%+v", again)
	}
	if dry := send(w, importURL+"&dry_run=true", file+form("cle", "3")); dry.Accepted != 1 || dry.Already != 4 {
		t.Errorf("%+v", dry)
	}
}

// TestAKeyOfTheRequestIsNotThatOfEveryLine: a client that gives each write a key would have stored the first line only.
func TestAKeyOfTheRequestIsNotThatOfEveryLine(t *testing.T) {
	t.Parallel()
	w := setup(t)
	file := header + form() + form("cle", "2") + form("cle", "3")
	for _, want := range []struct{ accepted, already int }{{3, 0}, {0, 3}} {
		got := enginetest.Read[rest.Import](w, w.Ask("advisor-58", "POST", importURL+"&wait=40", file, "Content-Type", "text/csv", "Idempotency-Key", "one"), 200)
		if got.Accepted != want.accepted || got.Already != want.already {
			t.Errorf("%+v", got)
		}
	}
}

// TestAReferenceOfOursIsNoNewForm, as long as the caller may read the flag; elsewhere the form keeps it.
func TestAReferenceOfOursIsNoNewForm(t *testing.T) {
	t.Parallel()
	prefix := ""
	w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		prefix = e.Prefix
		return Run(e)
	})
	w.Ask("advisor-58", "POST", importURL, header+form("cle", "K7QF-2M9D"), "Content-Type", "text/csv")
	flagged := enginetest.Read[rest.FlagCreated](w, w.Ask("advisor-58", "POST", flags, sheet(with("programme", "observation-bfc-2020"), with("finding_date", "2020-02-03"),
		with("channel", nil), with("first_contact", "csam"), of("person", "address", object{"insee": "58194"}))), 201)
	for _, one := range []struct {
		account, reference string
		already            int
	}{{"advisor-58", "K7QF-2M9D", 1}, {"advisor-58", flagged.Reference, 1}, {"advisor-21", flagged.Reference, 0}, {"advisor-21", "K7QF-2M9D", 0}} {
		got := enginetest.Read[rest.Import](w, w.Ask(one.account, "POST", importURL, header+form("cle", one.reference, "age", "77"), "Content-Type", "text/csv"), 200)
		if got.Already != one.already || got.Accepted != 1-one.already {
			t.Errorf("%v: %+v", one, got)
		}
	}
	var kept, all int
	claims := `select count(*) filter (where value = 'flag-reference:K7QF-2M9D'), count(*) from ` + pgx.Identifier{prefix + Name, "claim"}.Sanitize() + ` where value like 'flag-reference:%'`
	if err := w.Pool.QueryRow(t.Context(), claims).Scan(&kept, &all); err != nil || kept != 1 || all != 4 {
		t.Errorf("%d of %d: %v", kept, all, err)
	}
}

// TestEveryBadLineIsNamedWithItsColumn: the faults of POST /flags, where the file has them, and the good lines beside them.
func TestEveryBadLineIsNamedWithItsColumn(t *testing.T) {
	t.Parallel()
	w := setup(t)
	bad := []struct{ line, column, code string }{
		{form("institution", "poste"), "institution", "not_in_list"},
		{form("institution", "multiple"), "institution", "not_in_list"},
		{form("institution", "other"), "description", "description_required"},
		{form("age", "soixante"), "age", "wrong_type"},
		{form("age", "131"), "age", ""},
		{form("age", "12"), "age", "too_young"},
		{form("date_constat", "31/02/2020"), "date_constat", ""},
		{form("date_constat", ""), "date_constat", "required"},
		{form("date_constat", "2021-02-03"), "date_constat", "outside_campaign"},
		{form("premier_contact", ""), "premier_contact", "required"},
		{form("premier_contact", "voisin"), "premier_contact", "not_in_list"},
		{form("equipement", "peut-être"), "equipement", "wrong_type"},
		{form("types_equipement", "computer"), "types_equipement", "needs_equipment"},
		{form("equipement", "oui"), "probleme_financier", "needs_no_equipment"},
		{form("equipement", "oui", "probleme_financier", "", "types_equipement", "minitel"), "types_equipement", "not_in_list"},
		{form("difficulte", "non"), "motif_difficulte", "needs_difficulty"},
		{form("lieu_aide", "oui|non"), "lieu_aide", "yes_and_no"},
		{form("description", "numéro 2 58 03 34 172 001 61"), "description", ""},
		{form("sexe", "X"), "sexe", "not_in_list"},
		{form("situation_familiale", "veuve"), "situation_familiale", "not_in_list"},
		{form("nom", "Exemple", "prenom", "Testine", "age", ""), "nom", "no_way_to_reach"},
		{form("nom", "Exemple", "age", "", "telephone", "01 99 00 12 34"), "prenom", "required"},
		{form("nom", "Exemple", "prenom", "Testine", "age", "", "telephone", "01 99 00 12 34", "nir", "123"), "nir", ""},
		{"1;2\n", "", "wrong_columns"},
		{form("description", "H\xe9rault"), "description", "not_utf8"},
	}
	file := header
	for i, b := range bad { // each with a number of its own: what was taken in before is not looked at
		file += fmt.Sprint(i+2) + strings.TrimPrefix(b.line, "1")
	}
	got := send(w, importURL, file+form())
	if got.Accepted != 1 || got.Rejected != len(bad) {
		t.Errorf("%d accepted, %d rejected of %d", got.Accepted, got.Rejected, len(bad))
	}
	for i, b := range bad {
		if !slices.ContainsFunc(got.Rejections, func(r rest.Rejection) bool {
			return r.Line == i+2 && r.Field == b.column && r.Detail != "" && (b.code == "" || r.Code == b.code)
		}) {
			var said []string
			for _, r := range got.Rejections {
				if r.Line == i+2 {
					said = append(said, r.Field+" "+r.Code)
				}
			}
			t.Errorf("line %d should say %s %s, says %v", i+2, b.column, b.code, said)
		}
	}
}

func TestAFileThatCannotBeTakenIsRefusedWhole(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, one := range map[string]struct {
		account, file, media string
		status               int
		says                 string
	}{
		"unknown columns": {"advisor-58", "cle;couleur\n", "text/csv", 422, "unknown_column"},
		"latin-1":         {"advisor-58", "cl\xe9\n", "text/csv", 422, "UTF-8"},
		"not CSV":         {"advisor-58", "{}", "application/json", 415, "text/csv"},
		"a provider":      {"provider-a", header, "text/csv", 403, "forbidden"},
		"too large":       {"advisor-58", header + strings.Repeat("1;\n", 23<<20), "text/csv", 413, "64 MiB"},
	} {
		r := w.Ask(one.account, "POST", importURL, one.file, "Content-Type", one.media)
		if r.Status != one.status || !strings.Contains(r.Body, one.says) {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
}
