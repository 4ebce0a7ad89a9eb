package detection

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/web"
)

// runWith takes the references from a list, and shows the service.
func runWith(seen **Service, references ...string) enginetest.Run {
	return func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		s := newService(e)
		s.reference = func() string {
			next := references[0]
			references = references[1:]
			return next
		}
		*seen = s
		return s.run()
	}
}

// quoted is the schema of the service's ledger.
func quoted(w *enginetest.World) string {
	return pgx.Identifier{w.Engine.Prefix + Name}.Sanitize()
}

func TestAKnownPersonIsFoundAgain(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	heard := []string{"Passerelle-Position", "detection:4"}
	otherwise := sheet(of("person", "given_name", "TESTINE "), of("person", "family_name", "Exemple modele"), of("person", "phone", "0465719901"), of("person", "address", nil))
	moved := sheet(of("person", "phone", nil), of("person", "address", object{"street": "3, Rue de l’invention", "postcode": "34000"}))
	for _, body := range []string{sheet(), otherwise, moved} {
		inside := w.Ask("advisor-34", "POST", flags, body, heard...)
		if w.Refused(inside, 409, "person_exists"); !strings.Contains(inside.Problem.Detail, *first.PersonID) {
			t.Error(inside.Problem.Detail)
		}
		outside := w.Ask("advisor-34b", "POST", flags, body, heard...)
		if w.Refused(outside, 409, "person_exists"); strings.Contains(outside.Body, *first.PersonID) || !strings.Contains(outside.Body, "Agence de Montpellier") {
			t.Error(outside.Problem.Detail)
		}
	}
	if told := w.Told(Name); len(told) != 6 {
		t.Error(told)
	}
}

func TestAReasonRegistersSomebodyOfTheSameName(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	forced := sheet(with("force", object{"reason": "La belle-fille, née le même jour"}))
	second := flag(w, "advisor-34", forced, "Passerelle-Position", "detection:4")
	if *second.PersonID == *first.PersonID || len(second.LookAlikes) != 1 || *second.LookAlikes[0].PersonID != *first.PersonID {
		t.Errorf("%+v", second)
	}
}

func TestLookAlikesAreShownAndDoNotBlock(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	heard := []string{"Passerelle-Position", "detection:4"}
	sister := flag(w, "advisor-34", sheet(of("person", "given_name", "Autrine"), of("person", "phone", "0465719977"), of("person", "birth_date", "1958")), heard...)
	if len(sister.LookAlikes) != 1 || *sister.LookAlikes[0].PersonID != *first.PersonID || sister.LookAlikes[0].Help != "to_refer" {
		t.Errorf("%+v", sister.LookAlikes)
	}
	couple := sheet(of("person", "given_name", "Unetel"), of("person", "family_name", "Fictif"), of("person", "birth_date", "1950"))
	outside := flag(w, "advisor-34b", couple, heard...)
	if len(outside.LookAlikes) != 1 || outside.LookAlikes[0].PersonID != nil || *outside.LookAlikes[0].DeskPhone == "" {
		t.Errorf("%+v", outside.LookAlikes)
	}
	stranger := sheet(of("person", "family_name", "Fictif"), of("person", "phone", "0465719955"))
	if got := flag(w, "advisor-34", stranger, heard...); len(got.LookAlikes) != 0 {
		t.Errorf("%+v", got.LookAlikes)
	}
}

// TestWhomAUnitKnowsNobodyElseLearns: not as a look-alike, and not by a refusal either.
func TestWhomAUnitKnowsNobodyElseLearns(t *testing.T) {
	t.Parallel()
	w := setup(t)
	flag(w, "advisor-58", sheet(observed))
	heard := []string{"Passerelle-Position", "detection:2"}
	w.Refused(w.Ask("advisor-58", "POST", flags, sheet(observed), heard...), 409, "person_exists")
	if got := flag(w, "advisor-21", sheet(observed), heard...); len(got.LookAlikes) != 0 {
		t.Errorf("%+v", got.LookAlikes)
	}
}

func TestAPartnerLearnsNothingOfWhoIsKnown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	heard := []string{"Passerelle-Position", "detection:2"}
	refused := w.Ask("partner-34", "POST", flags, sheet(), heard...)
	if w.Refused(refused, 409, "person_exists"); strings.Contains(refused.Body, "Montpellier") || strings.Contains(refused.Body, *first.PersonID) {
		t.Error(refused.Body)
	}
	if got := flag(w, "partner-34", sheet(of("person", "given_name", "Autrine"), of("person", "birth_date", "1958")), heard...); len(got.LookAlikes) != 0 {
		t.Errorf("%+v", got.LookAlikes)
	}
}

func TestMarksOfAnotherFundOrKeyAreOthers(t *testing.T) {
	t.Parallel()
	person := events.Person{GivenName: "Testine", FamilyName: "Exemple", BirthDate: "1958-03-02", Phone: "0465719901"}
	seen := map[string]bool{}
	for _, m := range []marker{{[]byte("a"), "carsat-lr"}, {[]byte("a"), "carsat-bfc"}, {[]byte("b"), "carsat-lr"}} {
		same, alike := m.marks(person)
		for _, mark := range append(same, alike...) {
			if seen[string(mark)] || len(mark) != 32 {
				t.Errorf("%x", mark)
			}
			seen[string(mark)] = true
		}
	}
}

func TestSomebodyKnownIsFlaggedByIdentifier(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-58", sheet(observed))
	again := flag(w, "advisor-58", about(*first.PersonID, observed, of("answers", "institution", "caf")))
	if *again.PersonID != *first.PersonID || again.ID == first.ID {
		t.Errorf("%+v", again)
	}
	if told := w.Told(Name); len(told) != 7 {
		t.Error(told)
	}
	if places := w.InClear("institution", "carsat_retraite", `:"caf`); places != nil {
		t.Error("the claim tells the institution:", places)
	}
	w.Refused(w.Ask("advisor-58", "POST", flags, about(*first.PersonID, observed, of("answers", "institution", "caf"))), 409, "flag_open")
}

func TestAnOpenFlagIsNamedToThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	inside := w.Ask("advisor-34", "POST", flags, about(*first.PersonID))
	if w.Refused(inside, 409, "flag_open"); !strings.Contains(inside.Problem.Detail, flags+"/"+first.ID) {
		t.Error(inside.Problem.Detail)
	}
	outside := w.Ask("advisor-34b", "POST", flags, about(*first.PersonID))
	if w.Refused(outside, 409, "flag_open"); strings.Contains(outside.Body, first.ID) {
		t.Error(outside.Problem.Detail)
	}
	if told := w.Told(Name); len(told) != 6 {
		t.Error(told)
	}
}

func TestSomebodyUnknownErasedOrOfAnotherFundIsNotFlaggedByIdentifier(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	w.Refused(w.Ask("advisor-34", "POST", flags, about("0190a0c4")), 422, "unknown_person")
	w.Refused(w.Ask("advisor-58", "POST", flags, about(*first.PersonID, observed)), 422, "unknown_person")
	for _, id := range []string{*first.PersonID, "0190a0c4"} {
		w.Refused(w.Ask("advisor-34", "POST", flags, sheet(with("person_id", id))), 422, "person_or_person_id")
	}
	w.Tell(events.PersonErased{PersonID: *first.PersonID, Reason: "request"})
	w.Refused(w.Ask("advisor-34", "POST", flags, about(*first.PersonID)), 422, "unknown_person")
	if told := w.Told(Name); len(told) != 7 {
		t.Error(told)
	}
}

func TestWhatIsKnownIsTheSameAfterARebuild(t *testing.T) {
	t.Parallel()
	var s *Service
	w := start(t, runWith(&s, "AAAA-AAAA", "BBBB-BBBB", "CCCC-CCCC"))
	for _, name := range []string{"Une", "Deux", "Trois"} {
		flag(w, "advisor-34", sheet(of("person", "given_name", name)))
	}
	w.Tell(events.ReferralOpened{ReferralID: "r1", FlagID: enginetest.Facts[events.SeniorFlagged](w)[1].FlagID})
	if different, err := s.knows.Verify(t.Context()); err != nil || different != nil {
		t.Error(different, err)
	}
	schema, err := s.knows.Serving(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Pool.Exec(t.Context(), engine.In(schema, `update model.person set help = 'closed'`)); err != nil {
		t.Fatal(err)
	}
	if different, err := s.knows.Verify(t.Context()); err != nil || different == nil {
		t.Error("a changed row is not found:", err)
	}
}
