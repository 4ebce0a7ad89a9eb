package portal

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/paperform"
)

func TestEveryColumnOfThePaperFormHasItsFrenchWords(t *testing.T) {
	t.Parallel()
	names, _ := paperform.Names()
	known := map[string]bool{"": true, "programme": true}
	for _, name := range names {
		known[name] = true
		if columnLabels[name] == "" {
			t.Errorf("%s has no label", name)
		}
	}
	for name := range columnLabels {
		if !known[name] {
			t.Errorf("%s is no column", name)
		}
	}
	for _, c := range columnsHelp() {
		if c.Values == "" {
			t.Errorf("nothing says what %s may hold", c.Name)
		}
	}
}

func TestTheWordsOfThePrintedFormAreReadFromATable(t *testing.T) {
	t.Parallel()
	for column, list := range map[string][]choice{"aidant_lien": relations, "accord_donne": consentForms, "accord_donne_par": consentBy, "disponibilites": halfDays, "sexe": sexes} {
		for _, one := range list {
			sheet := fmt.Sprint(paperform.Sheet("p", map[string]string{column: one.Label}))
			if one.Value != "" && !strings.Contains(sheet, one.Value) {
				t.Errorf("%s: %q is read as %s", column, one.Label, sheet)
			}
		}
	}
}

func TestAReasonStandsInFrenchBesideItsColumn(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ column, code, want string }{
		{"age", "wrong_type", "Écrivez un nombre d’années en chiffres."}, {"equipement", "wrong_type", "Écrivez oui ou non."},
		{"gir", "too_small", "Ce nombre est trop petit."}, {"", "person_exists", lineWords["person_exists"]}, {"nom", "never_heard_of", "Cette valeur ne convient pas."},
	} {
		if got := whyRefused(one.column, one.code); got != one.want {
			t.Errorf("%s %s: %q", one.column, one.code, got)
		}
	}
}

// sent is a form as a browser sends it, with its file last.
func sent(t *testing.T, file io.Reader, size int64) *visit {
	t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	_ = parts.WriteField("programme", "observation")
	if _, err := parts.CreateFormFile("fichier", "fiches.csv"); err != nil {
		t.Fatal(err)
	}
	end := "\r\n--" + parts.Boundary() + "--\r\n"
	r := httptest.NewRequest(http.MethodPost, importPath, io.MultiReader(&body, io.LimitReader(file, size), strings.NewReader(end)))
	r.Header.Set("Content-Type", parts.FormDataContentType())
	r.ContentLength = int64(body.Len()+len(end)) + size
	return &visit{r: r}
}

func TestASmallFileIsHeldAndALargeOneGoesThrough(t *testing.T) {
	t.Parallel()
	for size, small := range map[int64]bool{0: true, mostCarried: true, mostCarried + 1: false, mostFile: false} {
		got, err := sent(t, letters{}, size).upload()
		if err != nil || got.fields.Get("programme") != "observation" || !got.chosen || got.tooLarge || (got.rest == nil) != small || len(got.start) > mostCarried+1 {
			t.Errorf("%d: %v %v, %d held", size, got.fields, err, len(got.start))
		}
		if n, err := io.Copy(io.Discard, got.body()); n != size || err != nil {
			t.Errorf("%d of %d came through: %v", n, size, err)
		}
	}
	v := sent(t, letters{}, mostFile+2*mostCarried)
	got, err := v.upload()
	var page importForm
	if page.checkFile(got); err != nil || !got.tooLarge || page.fault("fichier") != fileWords["too_large"] {
		t.Errorf("%+v %v", got.fields, err)
	}
	if rest, _ := io.Copy(io.Discard, v.r.Body); rest > 1<<10 {
		t.Errorf("%d bytes were not read: the browser would not see the answer", rest)
	}
}

// letters is a file of one letter over and over.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestAHeaderThatIsNoneIsSaidOnceAndItsWordsStayAway(t *testing.T) {
	t.Parallel()
	wrong := &client.Problem{Errors: []client.Fault{{Field: "exemple-imaginaire", Code: "unknown_column"}}}
	names, must := paperform.Names()
	for i, name := range names {
		if must[i] {
			wrong.Errors = append(wrong.Errors, client.Fault{Field: name, Code: "missing_column"})
		}
	}
	var none, some importForm
	none.fileRefused(wrong)
	if len(none.faults) != 1 || strings.Contains(none.fault("fichier"), "exemple") {
		t.Error(none.faults)
	}
	wrong.Errors = wrong.Errors[:3]
	some.fileRefused(wrong)
	if len(some.faults) != 2 || !strings.Contains(some.faults[0].Text, "«\u00a0exemple-imaginaire\u00a0»") || !strings.Contains(some.faults[1].Text, "«\u00a0cle\u00a0», «\u00a0date_constat\u00a0»") {
		t.Error(some.faults)
	}
}
