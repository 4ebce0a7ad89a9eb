package web_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

func TestTheWholeBodyOfAFlagIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.ask("POST", "/api/v1/flags", sheet(t, "x", "")).passed(t)
	b.ask("POST", "/api/v1/flags", `{"programme":"reperage-lr","finding_date":"2021-11-15"}`, "Content-Type", "application/json; charset=UTF-8").passed(t)
	if b.asked != 2 {
		t.Fatal(b.asked)
	}
}

func TestABodyThatCannotBeReadIs400AndReachesNoHandler(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	right := sheet(t, "x", "")
	for name, c := range map[string]struct{ body, code, field string }{
		"malformed":      {right[:len(right)-1], "malformed", ""},
		"nothing":        {"", "malformed", ""},
		"not UTF-8":      {`{"programme":"` + "\xff" + `"}`, "malformed", ""},
		"trailing":       {right + "{}", "trailing_content", ""},
		"doubled":        {`{"programme":"a","programme":"b"}`, "doubled_member", "programme"},
		"doubled below":  {`{"person":{"address":{"street":"a","street":"b"}}}`, "doubled_member", "person.address.street"},
		"deep":           {strings.Repeat(`{"a":`, 100_000), "too_deep", ""},
		"unknown":        {sheet(t, "nickname", "1"), "unknown_member", "nickname"},
		"unknown below":  {sheet(t, "person.address.floor", "1"), "unknown_member", "person.address.floor"},
		"other case":     {sheet(t, "Programme", `"a"`), "unknown_member", "Programme"},
		"unknown wins":   {`{"programme":7,"nickname":1}`, "unknown_member", "nickname"},
		"unknown in nil": {`{"programme":"a","finding_date":"2021-11-15","person":null,"persons":{}}`, "unknown_member", "persons"},
	} {
		a := b.ask("POST", "/api/v1/flags", c.body)
		t.Log(name)
		a.is(t, 400, c.code)
		if c.field != "" && (len(a.problem.Errors) != 1 || a.problem.Errors[0].Field != c.field) {
			t.Errorf("%s: %v", name, a.problem.Errors)
		}
	}
	if b.asked != 0 {
		t.Fatal("a handler was asked")
	}
}

func TestABodyOverOneMebibyteIs413(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.ask("POST", "/api/v1/flags", `{"programme":"`+strings.Repeat("a", 2<<20)+`"}`).is(t, 413, "too_large")
	b.ask("POST", "/api/v1/flags/f1/validate", strings.Repeat(" ", 2<<20)).is(t, 413, "too_large")
	b.ask("POST", "/api/v1/flags", "["+strings.Repeat("1,", 100_000)+"1]").is(t, 413, "too_many_values")
}

func TestABodyOfAnotherTypeIs415(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	right := sheet(t, "x", "")
	for _, media := range []string{"", "text/plain", "application/xml", "application/json; charset=latin1", "application/x-www-form-urlencoded"} {
		b.ask("POST", "/api/v1/flags", right, "Content-Type", media).is(t, 415, "wrong_media_type")
	}
	b.ask("POST", "/api/v1/flags", right, "Content-Encoding", "gzip").is(t, 415, "wrong_media_type")
}

func TestAnActionNeedsNoBody(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.ask("POST", "/api/v1/flags/f1/validate", "", "Content-Type", "").passed(t)
	b.ask("POST", "/api/v1/flags/f1/validate", "{}").passed(t)
	b.ask("POST", "/api/v1/flags/f1/validate", `{"note":1}`).is(t, 400, "unknown_member")
}

func TestEveryFaultOfABodyIsToldAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	body := `{"finding_date":"2021-02-30","channel":"pigeon","desk":7,"context":["` + strings.Repeat("a", 101) + `"],
		"person":{"given_name":"","family_name":"` + strings.Repeat("é", 101) + `","birth_date":"58","sex":"F","email":"a@b <c>","nir":"x\u0000"},
		"answers":{"equipment_kinds":["computer","abacus"],"description":"` + strings.Repeat("a", 4001) + `"},
		"profile":{"age":131},"needs":{"gir":0,"deadline":"soon","travel":true}}`
	want := map[string]string{
		"programme": "required", "finding_date": "bad_format", "channel": "not_in_list", "desk": "wrong_type", "context[0]": "too_long",
		"person.given_name": "too_short", "person.family_name": "too_long", "person.birth_date": "bad_format", "person.email": "bad_format",
		"person.nir": "not_text", "answers.equipment_kinds[1]": "not_in_list", "answers.description": "too_long", "profile.age": "too_large",
		"needs.gir": "too_small", "needs.deadline": "bad_format", "needs.travel": "wrong_type",
	}
	a := b.ask("POST", "/api/v1/flags", body)
	a.is(t, 422, "invalid")
	got := map[string]string{}
	for _, f := range a.problem.Errors {
		got[f.Field] = f.Code
		if f.Detail == "" {
			t.Errorf("%s has no detail", f.Field)
		}
	}
	if !maps.Equal(got, want) || len(a.problem.Errors) != len(want) {
		t.Fatalf("got %v\nwant %v", got, want)
	}
	if strings.Contains(a.text, "pigeon") || strings.Contains(a.text, "abacus") {
		t.Fatal("the answer repeats what was typed")
	}
}

func TestAFaultInAListSaysWhichEntry(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	a := b.ask("POST", "/api/v1/sessions", `{"provider_id":"provider-a","title":"a","mode":"webinar","meetings":[
		{"starts_at":"2021-12-06T09:30:00+01:00","ends_at":"2021-12-06"},{"starts_at":"2021-12-06T09:30:00+01:00"}]}`)
	a.is(t, 422, "invalid")
	if e := a.problem.Errors; len(e) != 2 || e[0].Field != "meetings[0].ends_at" || e[1].Field != "meetings[1].ends_at" {
		t.Fatal(e)
	}
}

func TestOneFaultHasTheSameCodeAsMany(t *testing.T) {
	t.Parallel()
	a := setup(t, nil, nil).ask("POST", "/api/v1/flags", `{"programme":"reperage-lr"}`)
	a.is(t, 422, "invalid")
	if len(a.problem.Errors) != 1 || a.problem.Errors[0].Field != "finding_date" {
		t.Fatal(a.problem.Errors)
	}
}

func TestBirthDatesMayBePartial(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	for date, right := range map[string]bool{"1958-03-02": true, "1958-03": true, "1958": true, "1958-13": false, "02/03/1958": false, "": false} {
		a := b.ask("POST", "/api/v1/flags", sheet(t, "person.birth_date", `"`+date+`"`))
		if (a.status == 204) != right {
			t.Errorf("%q: %d", date, a.status)
		}
	}
}

func TestQueriesAreCheckedLikeBodies(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.ask("GET", "/api/v1/sessions?skills=internet,email&free=true&within_km=20&from=2021-12-01&limit=500", "").passed(t)
	for query, code := range map[string]string{
		"skill=internet": "unknown_parameter", "limit=10&Limit=10": "unknown_parameter", "limit=0&colour=red": "unknown_parameter",
	} {
		b.ask("GET", "/api/v1/sessions?"+query, "").is(t, 400, code)
	}
	b.ask("GET", "/api/v1/sessions?free=%zz", "").is(t, 400, "malformed")
	a := b.ask("GET", "/api/v1/sessions?limit=501&free=maybe&mode=walk&skills=internet,juggling&from=x&insee=34172&insee=34173&language=a%00b", "")
	a.is(t, 422, "invalid")
	want := map[string]string{
		"limit": "too_large", "free": "wrong_type", "mode": "not_in_list", "skills[1]": "not_in_list", "from": "bad_format", "insee": "repeated", "language": "not_text",
	}
	got := map[string]string{}
	for _, f := range a.problem.Errors {
		got[f.Field] = f.Code
	}
	if !maps.Equal(got, want) {
		t.Fatalf("got %v\nwant %v", got, want)
	}
}

func TestAnAddressThatNoIdentifierHasIs404(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	for _, path := range []string{"/api/v1/flags/a%00b", "/api/v1/flags/%ff", "/api/v1/flags/" + strings.Repeat("a", 2000)} {
		b.ask("GET", path, "").is(t, 404, "not_found")
	}
	if b.asked != 0 {
		t.Fatal("a handler was asked")
	}
}

// FuzzABody: whatever is sent, the answer is one of the form's own, and a handler sees only what passed.
func FuzzABody(f *testing.F) {
	b := setup(f, nil, nil)
	f.Add(sheet(f, "x", ""))
	f.Add(`{"person":{"nir":"\u0000"},"context":[1e999]}`)
	f.Add(`{"meetings":[[[{}]]],"programme":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		switch a := b.ask("POST", "/api/v1/flags", body); a.status {
		case 204, 400, 413, 422:
		default:
			t.Fatalf("%q: %d %s", body, a.status, a.text)
		}
	})
}

func TestATextThatMayNotBeWrittenIsAFaultWhereverItStands(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) {
		c.Text = func(field, text string) *refusal.Fault {
			if field == "person.nir" || !strings.Contains(text, "zébu") {
				return nil
			}
			return &refusal.Fault{Field: field, Code: "no_zebu", Detail: "Take it out."}
		}
	}, nil)
	b.ask("POST", "/api/v1/flags", sheet(t, "person.nir", `"zébu"`)).passed(t)
	b.ask("POST", "/api/v1/flags", sheet(t, "answers.description", `"Exemple"`)).passed(t)
	for field, place := range map[string]string{"answers.description": "answers.description", "person.address.street": "person.address.street", "programme": "programme"} {
		b.ask("POST", "/api/v1/flags", sheet(t, place, `"un z\u00e9bu"`)).faulty(t, field, "no_zebu")
	}
	b.ask("POST", "/api/v1/flags", sheet(t, "context", `["Exemple","zébu"]`)).faulty(t, "context[1]", "no_zebu")
	b.ask("POST", "/api/v1/persons/search", `{"name":"zébu"}`).faulty(t, "name", "no_zebu")
	for _, body := range b.bodies[2:] { // of the flags, whose rules add what they find
		if strings.Contains(body, "zébu") || strings.Contains(body, `z\u00e9bu`) {
			t.Errorf("a handler was given %s", body)
		}
	}
	if b.asked != 2+4 {
		t.Errorf("a handler was asked %d times", b.asked)
	}
}

// TestTheRulesAddWhatTheyFindToAWrongForm: the handler sees what can be read, and whatever it does, the answer is a 422.
func TestTheRulesAddWhatTheyFindToAWrongForm(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	wrong := sheet(t, "person.birth_date", `"58"`)
	rules := refusal.Faults{
		{Field: "answers.help_place", Code: "yes_and_no", Detail: "Not both."},
		{Field: "person.birth_date", Code: "too_young", Detail: "Follows."},
		{Field: "finding_date", Code: "outside", Detail: "Follows.", Of: "programme person"},
		{Field: "person", Code: "not_needed", Detail: "Is known."},
	}
	for name, c := range map[string]struct {
		answers error
		want    string
	}{
		"rules":       {rules, "answers.help_place person person.birth_date"},
		"one no":      {refusal.New(refusal.Invalid, "consent_missing", "Ask."), " person.birth_date"},
		"the state":   {refusal.New(refusal.Conflict, "flag_open", "There is one."), "person.birth_date"},
		"a mistake":   {errors.New("it broke"), "person.birth_date"},
		"only a try":  {decider.ErrTried, "person.birth_date"},
		"a forbidden": {refusal.New(refusal.Forbidden, "forbidden", "Not you."), "person.birth_date"},
	} {
		b.refuseWith("POST /api/v1/flags", c.answers)
		if got := b.ask("POST", "/api/v1/flags", wrong).fields(t); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	delete(b.answers, "POST /api/v1/flags") // it says that it is done
	if got := b.ask("POST", "/api/v1/flags", wrong).fields(t); got != "person.birth_date" {
		t.Error(got)
	}
	b.ask("POST", "/api/v1/flags/f1/validate", `{"note":1}`).is(t, 400, "unknown_member")
}

// TestAFaultThatAHandlerNotesIsToldWithTheOthers: and nothing is told by a decider from then on.
func TestAFaultThatAHandlerNotesIsToldWithTheOthers(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	noted := refusal.Faults{{Field: "provider_id", Code: "unknown_provider", Detail: "Nobody."}}
	var then error
	b.answers["POST /api/v1/flags"] = func(w http.ResponseWriter, r *http.Request) {
		if err := web.Fault(r.Context(), noted); err != nil || web.Faulty(r.Context()) == nil {
			t.Error(err)
		}
		web.WriteError(w, r, then)
	}
	then = decider.ErrTried
	b.ask("POST", "/api/v1/flags", sheet(t, "x", "")).is(t, 422, "unknown_provider")
	then = refusal.Faults{{Field: "capacity", Code: "too_small", Detail: "One."}}
	if got := b.ask("POST", "/api/v1/flags", sheet(t, "x", "")).fields(t); got != "capacity provider_id" {
		t.Error(got)
	}
	if err := web.Fault(t.Context(), noted); err == nil { // nobody would tell it
		t.Error("a fault outside of a request was swallowed")
	}
	if err := web.Fault(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func (a *answer) fields(t *testing.T) string {
	t.Helper()
	if a.status != 422 {
		t.Errorf("%d %s", a.status, a.text)
	}
	var list []string
	for _, f := range a.problem.Errors {
		list = append(list, f.Field)
	}
	return strings.Join(list, " ")
}

// faulty expects a fault among others.
func (a *answer) faulty(t *testing.T, field, code string) {
	t.Helper()
	a.is(t, 422, "invalid")
	for _, f := range a.problem.Errors {
		if f.Field == field && f.Code == code {
			return
		}
	}
	t.Errorf("%s %s is not among %v", field, code, a.problem.Errors)
}
