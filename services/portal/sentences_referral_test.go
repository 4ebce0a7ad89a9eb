package portal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/client"
	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/services/reference"
)

var (
	noon  = time.Date(2026, 12, 1, 12, 0, 0, 0, reference.Paris)
	later = time.Date(2026, 12, 8, 18, 0, 0, 0, reference.Paris)
)

// codeWords are the lists as GET /codes gives them.
func codeWords() words {
	w := words{lists: map[string][]client.Code{}, known: map[string]map[string]string{}}
	for _, l := range reference.Codes() {
		var codes []client.Code
		for _, c := range l.Codes {
			codes = append(codes, client.Code{Code: c.Code, Label: c.Label})
		}
		w.add(l.Name, codes)
	}
	w.add("provider", []client.Code{{Code: "provider-a", Label: "Centre social Exemple-Nord"}})
	return w
}

// enum is what a member of the REST surface may be.
func enum(t *testing.T, schema, member string) []string {
	t.Helper()
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct {
					Enum []any `json:"enum"`
				} `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, v := range document.Components.Schemas[schema].Properties[member].Enum {
		if code, ok := v.(string); ok {
			codes = append(codes, code)
		}
	}
	if len(codes) == 0 {
		t.Fatalf("%s.%s has no list of codes", schema, member)
	}
	return codes
}

// told finds codes in the sources of another service.
func toldIn(t *testing.T, pattern string, files ...string) (codes []string) {
	t.Helper()
	for _, glob := range files {
		names, _ := filepath.Glob(glob)
		for _, name := range names {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1) {
				codes = append(codes, m[1])
			}
		}
	}
	if len(codes) == 0 {
		t.Fatalf("nothing like %s in %v", pattern, files)
	}
	return codes
}

func requested(status, seat string) client.Referral {
	two, reason := 2, "level"
	return client.Referral{Status: status, Seat: seat, HeldUntil: &later, AnswerBy: &later, Rank: &two, WouldBeRank: &two, Reason: &reason, ProviderID: new("provider-a")}
}

func TestEachStateOfAReferralHasItsSentence(t *testing.T) {
	w, seen := codeWords(), map[string]string{}
	for _, status := range enum(t, "Referral", "status") {
		text := w.seatAnswer(requested(status, "pending"), nil, noon)
		if !strings.HasSuffix(text, ".") {
			t.Errorf("%s: %q is no sentence", status, text)
		}
		if twin, ok := seen[text]; ok && status != "in_study" {
			t.Errorf("%s and %s are both %q", status, twin, text)
		}
		seen[text] = status
	}
}

func TestEachSeatOfARequestHasItsSentence(t *testing.T) {
	w := codeWords()
	want := map[string]string{
		"held":    "Une place est gardée pour vous jusqu’au mardi 8 décembre 2026 à 18\u00a0h\u00a000, le temps que Centre social Exemple-Nord réponde.",
		"none":    "Il n’y a plus de place libre\u00a0: si Centre social Exemple-Nord accepte la demande avant le mardi 8 décembre 2026 à 18\u00a0h\u00a000, vous serez au 2e\u00a0rang de la liste d’attente.",
		"pending": "La demande est partie. La réponse de l’atelier arrive dans un instant.",
	}
	for _, seat := range enum(t, "Referral", "seat") {
		if seatWords[seat] == "" {
			t.Errorf("a line of a list says nothing of the seat %s", seat)
		}
		if got := w.seatAnswer(requested("requested", seat), nil, noon); want[seat] != "" && got != want[seat] {
			t.Errorf("%s: %q", seat, got)
		}
	}
	if got := w.seatAnswer(requested("requested", "held"), nil, later); strings.Contains(got, "gardée") {
		t.Errorf("a seat is promised when the time is over: %q", got)
	}
}

func TestAYesSaysWhenToCome(t *testing.T) {
	got := codeWords().seatAnswer(requested("enrolled", "taken"), &later, noon)
	if want := "Votre inscription est confirmée\u00a0: l’atelier commence le mardi 8 décembre 2026 à 18\u00a0h\u00a000."; got != want {
		t.Errorf("%q", got)
	}
}

func TestEachReasonHasItsWords(t *testing.T) {
	w := codeWords()
	for _, code := range enum(t, "Decline", "reason") {
		if declineReasons[code] == "" || w.known["decline_reason"][code] == "" {
			t.Errorf("decline %s has no words", code)
		}
	}
	for _, code := range enum(t, "Withdrawal", "reason") {
		if withdrawReasons[code] == "" || w.known["withdraw_reason"][code] == "" {
			t.Errorf("withdrawal %s has no words", code)
		}
	}
	for _, code := range enum(t, "Loan", "status") {
		if loanStates[code] == "" {
			t.Errorf("a tablet that is %s has no words", code)
		}
	}
}

func TestEachLineOfTheHistoryHasItsWords(t *testing.T) {
	for _, what := range toldIn(t, `referral: f\.ReferralID, at: f\.At, what: "(\w+)"`, "../projections/board.go", "../projections/board_contact.go", "../projections/board_session.go") {
		if happenings[what] == "" {
			t.Errorf("%s has no words", what)
		}
	}
}

func TestEachStageOfTheJourneyHasItsWords(t *testing.T) {
	w := codeWords()
	for _, stage := range enum(t, "JourneyStep", "stage") {
		for _, state := range slices.Concat([]string{"open", "done", "waiting", "lacking", "refused"}, enum(t, "Referral", "status")) {
			s := w.journey([]client.JourneyStep{{Stage: stage, State: state}})[0]
			if s.Title == "" || s.Icon == "" || s.State == "" || s.State == state {
				t.Errorf("%s, %s: %+v", stage, state, s)
			}
		}
	}
}

func TestTheJourneyMarksWhatIsNow(t *testing.T) {
	list := []client.JourneyStep{{Stage: "flag", State: "done"}, {Stage: "review", State: "open"}, {Stage: "seat", State: "open"}, {Stage: "session", State: "open"}}
	var tones []string
	for _, s := range codeWords().journey(list) {
		tones = append(tones, s.Tone)
	}
	if want := []string{"done", "", "now", ""}; !slices.Equal(tones, want) {
		t.Errorf("%q", tones)
	}
}

func TestEachRefusalHasItsWords(t *testing.T) {
	files := []string{"../referral/domain/*.go", "../workshop/domain/accept.go", "../workshop/domain/decline.go", "../workshop/domain/request_seat.go"}
	for _, code := range toldIn(t, `refusal\.(?:Conflict|Invalid), "(\w+)"`, files...) {
		if above[code] == "" {
			t.Errorf("%s has no words", code)
		}
	}
	for _, code := range []string{"unknown_session", "not_asked"} { // chosen on a page, and gone
		if above[code] == "" {
			t.Errorf("%s has no words", code)
		}
	}
	for _, code := range toldIn(t, `Code: "(\w+)"`, "../referral/http.go", "../referral/domain/*.go", "../workshop/domain/decline.go") {
		if above[code] == "" && beside[code] == "" && alongWords[code] == "" {
			t.Errorf("%s has no words", code)
		}
	}
}

func TestSeatsAreCountedInWords(t *testing.T) {
	eight, one, three, none := 8, 1, 3, 0
	for want, s := range map[string]client.Session{
		"3\u00a0places libres sur 8":          {Capacity: &eight, Free: &three},
		"1\u00a0place libre sur 8":            {Capacity: &eight, Free: &one},
		"Complet, 2\u00a0personnes attendent": {Capacity: &one, Free: &none, Waiting: 2},
		"Complet, personne n’attend":          {Capacity: &one, Free: &none},
		"Complet, la liste d’attente aussi":   {Capacity: &one, Free: &none, Waiting: 2, CapacityStatus: "no-capacity"},
		"Sans limite de places":               {},
	} {
		if got := seatsLeft(s); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := seatsInFull(client.Session{Capacity: &eight, Free: &three, Taken: 3, Held: 2}); got != "8\u00a0places\u00a0: 3\u00a0prises, 2\u00a0réservées en attendant une réponse, 3\u00a0libres" {
		t.Errorf("%q", got)
	}
}

func TestWhatIsAnsweredIsSaidWithTheName(t *testing.T) {
	three := 3
	name := &client.PersonName{GivenName: "Zénobie", FamilyName: "Exemple"}
	for status, want := range map[string]string{
		"enrolled":   "Place attribuée à EXEMPLE Zénobie.",
		"waitlisted": "EXEMPLE Zénobie est au 3e\u00a0rang de la liste d’attente.",
		"declined":   "La demande est refusée\u00a0: EXEMPLE Zénobie. L’équipe qui suit la personne est prévenue.",
	} {
		if got := answered(client.Referral{Status: status, Person: name, Rank: &three}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
