package projections

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
	"example.org/passerelle/services/reference/communes"
)

// wantingOne is somebody whom nothing suits, as a test says it: in the codes that are to come out.
type wantingOne struct {
	id, desk, author, insee, found string
	born                           string
	fate                           string // wished, or what the last session said; enrolled and withdrawn are not unmet, dead and erased are gone
	skills, obstacles, days        []string
	also                           string // a second flag of the same person
}

// wants is a person with their flag and what became of it.
func (h *house) wants(w wantingOne) []events.Fact {
	h.t.Helper()
	id, err := h.vault.Mint(h.ctx)
	h.must(err)
	at, _ := sample.Directory().Desk(w.desk)
	r := events.PersonRegistered{PersonID: id, Fund: at.Fund, At: h.now, Details: events.Clear(id, events.Person{
		GivenName: "Zélie", FamilyName: "Imaginaire", BirthDate: w.born, Phone: "+33465713400", Address: &events.Address{Insee: w.insee},
	})}
	f := h.flagged(w.id, id, w.desk, w.author)
	f.Department, f.FindingDate = reference.DepartmentOf(w.insee), w.found
	f.Details = events.Clear(id, sheetWith(w))
	facts := []events.Fact{r, f}
	if w.also != "" {
		again := f
		again.FlagID, again.Reference, again.Details = w.also, "R-"+w.also, events.Clear(id, events.Sheet{})
		facts = append(facts, again, h.wished(again, wantingOne{}))
	}
	o := h.opened(f, "referral-"+w.id, "session-1", "provider-a")
	switch w.fate {
	case "wished":
		facts = append(facts, h.wished(f, w))
	case "to_refer":
	case "dead":
		facts = append(facts, h.wished(f, wantingOne{}), events.DeathTold{PersonID: id, By: "advisor-34", At: h.now, Details: shut[events.Death](id)})
	case "erased":
		facts = append(facts, h.wished(f, wantingOne{}), events.ErasureRequested{PersonID: id, Reason: "request", By: "advisor-34", At: h.now})
	default:
		facts = append(facts, o, h.requested(o), events.HelpReferred{FlagID: f.FlagID, ReferralID: o.ReferralID, At: h.now})
		facts = append(facts, h.endOf(o, w.fate)...)
	}
	return facts
}

func (h *house) wished(f events.SeniorFlagged, w wantingOne) events.HelpWished {
	wish := events.Wish{Skills: w.skills, Availability: w.days}
	if slices.Equal(w.skills, []string{"unsaid"}) {
		wish.Skills = nil
	}
	return events.HelpWished{FlagID: f.FlagID, Help: "wished", By: f.By, At: h.now, Details: events.Clear(f.PersonID, wish)}
}

func (h *house) endOf(o events.ReferralOpened, fate string) []events.Fact {
	switch fate {
	case "declined":
		d := h.declined(o)
		d.Message = events.Clear(o.PersonID, events.Message{})
		return []events.Fact{h.queued(o), d}
	case "expired":
		return []events.Fact{h.queued(o), events.RequestLapsed{SessionID: o.SessionID, ReferralID: o.ReferralID, At: h.now}}
	case "unserved":
		return []events.Fact{h.queued(o), h.ranked(o), events.RequestUnserved{SessionID: o.SessionID, ReferralID: o.ReferralID, At: h.now}}
	case "enrolled":
		return []events.Fact{h.held(o), h.taken(o)}
	}
	return []events.Fact{h.queued(o), events.ReferralWithdrawn{ReferralID: o.ReferralID, FlagID: o.FlagID, SessionID: o.SessionID, Reason: "date", By: o.By, At: h.now}}
}

// sheetWith says in a sheet what the codes say. Of a wish, skills and half-days are in the wish.
func sheetWith(w wantingOne) (s events.Sheet) {
	yes, no := true, false
	if w.fate != "wished" {
		s.Needs.Availability = w.days
	}
	if w.fate != "wished" && !slices.Equal(w.skills, []string{"unsaid"}) {
		s.Needs.Skills = w.skills
	}
	for _, code := range w.obstacles {
		switch code {
		case "near", "home_only":
			s.Needs.Travel = code
		case "hard_to_reach":
			s.Answers.HelpPlace = []string{code}
		case "no_network":
			s.Answers.NetworkCoverage = &no
		case "means":
			s.Needs.Precarious = &yes
		case "language":
			s.Answers.Difficulty, s.Answers.DifficultyReason = &yes, code
		case "wheelchair", "hearing":
			s.Needs.Access = append(s.Needs.Access, code)
		}
	}
	return s
}

// wantingCrowd draws people of several desks, everyone by the same numbers in each run.
func wantingCrowd(n int) (list []wantingOne) {
	draw := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same crowd each time
	one := func(of ...string) string { return of[draw.IntN(len(of))] }
	some := func(of ...string) (list []string) {
		for _, code := range of {
			if draw.IntN(3) == 0 {
				list = append(list, code)
			}
		}
		return list
	}
	for i := range n {
		w := wantingOne{
			id: fmt.Sprintf("flag-%d", i), desk: one("montpellier", "beziers", "montpellier"), author: one("advisor-34", "evaluator-34"), insee: one("34172", "34022", "34032", "48095", "34172"),
			born: one("1950-02", "1944-11-03", "1972-04-01"), fate: one("wished", "wished", "unserved", "declined", "expired", "enrolled", "withdrawn", "to_refer", "dead", "erased"),
			skills: some("email", "internet", "security"), obstacles: some("near", "hard_to_reach", "no_network", "means", "language", "wheelchair", "hearing"), days: some("mon_am", "tue_am", "thu_pm"),
			found: noon.AddDate(0, -draw.IntN(30), 0).Format(time.DateOnly),
		}
		if w.skills == nil {
			w.skills = []string{"unsaid"}
		}
		if draw.IntN(6) == 0 {
			w.also = w.id + "-again"
		}
		list = append(list, w)
	}
	return list
}

// naive counts the crowd one by one.
func (w wantingOne) naive(n map[string]map[string]int) {
	add := func(kind string, codes ...string) {
		for _, code := range codes {
			if n[kind] == nil {
				n[kind] = map[string]int{}
			}
			n[kind][code]++
		}
	}
	part := w.fate
	if !w.unmet() { // by the second flag
		part, w.skills, w.days, w.obstacles = "wished", []string{"unsaid"}, nil, nil
	}
	add("n", "")
	add("parts", part)
	if part == "declined" {
		add("reasons", "dates")
	}
	add("skills", w.skills...)
	add("obstacles", w.obstacles...)
	if w.born > "1970" {
		add("obstacles", "age")
		add("ages", "under_55")
	} else {
		add("ages", "from_55")
	}
	add("availability", w.days...)
	switch {
	case w.days == nil:
		add("availability", "any")
	default:
		if slices.Contains(w.days, "mon_am") || slices.Contains(w.days, "tue_am") {
			add("availability", "am")
		}
		if slices.Contains(w.days, "thu_pm") {
			add("availability", "pm")
		}
	}
	add("communes", w.insee)
	add("series", w.desk)
}

func (w wantingOne) unmet() bool {
	return slices.Contains([]string{"wished", "unserved", "declined", "expired"}, w.fate)
}

func byCode(list []rest.UnmetCount) map[string]int {
	n := map[string]int{}
	for _, one := range list {
		n[one.Code] = *one.Count
		if one.Step != steppedOf(*one.Count) {
			panic(one)
		}
	}
	return n
}

// recounted is the answer in the shape of the naive count, without what is nobody.
func recounted(u rest.Unmet) map[string]map[string]int {
	n := map[string]map[string]int{
		"n": {"": *u.N}, "parts": byCode(u.Parts), "reasons": byCode(u.Reasons), "skills": byCode(u.Skills), "obstacles": byCode(u.Obstacles), "ages": byCode(u.Ages),
		"availability": byCode(u.Availability), "communes": {}, "series": {},
	}
	for _, one := range u.Communes {
		n["communes"][the(one.Insee)] = one.N
	}
	for _, one := range u.Series {
		n["series"][one.Key] = one.N
	}
	for kind, counts := range n {
		if len(counts) == 0 || kind == "n" && counts[""] == 0 {
			delete(n, kind)
		}
	}
	return n
}

func TestF5_UnmetIsWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people, facts := wantingCrowd(90), []events.Fact{h.planned("session-1", "provider-a", 2)}
	for _, w := range people {
		facts = append(facts, h.wants(w)...)
	}
	h.hear(facts...)
	montpellier, _ := communes.Find("34172")
	near := map[string]bool{}
	for _, one := range communes.Around(montpellier, 15) {
		near[one.Insee] = true
	}
	all := func(wantingOne) bool { return true }
	for _, c := range []struct {
		account, query string
		is             func(wantingOne) bool
	}{
		{"analyst-lr", "", all}, {"network", "", all}, {"partnership-lr", "", all}, {"analyst-bfc", "", func(wantingOne) bool { return false }},
		{"analyst-lr", "&department=48", func(w wantingOne) bool { return w.insee == "48095" }},
		{"analyst-lr", "&insee=34172", func(w wantingOne) bool { return near[w.insee] }},
		{"analyst-lr", "&from=2021-01-01&to=2021-12-31", func(w wantingOne) bool { return w.found >= "2021" }},
		{"advisor-34", "", func(w wantingOne) bool { return w.desk == "montpellier" }},
		{"referent-34", "", func(w wantingOne) bool {
			a, _ := sample.Find("referent-34")
			return policy.Can(a, policy.ReadUnmet, policy.Resource{Fund: "carsat-lr", Desk: w.desk}) == policy.Allowed
		}},
		{"evaluator-34", "", func(w wantingOne) bool { return w.author == "evaluator-34" }},
		{"analyst-lr", "&desk=beziers", func(w wantingOne) bool { return w.desk == "beziers" }},
	} {
		want := map[string]map[string]int{}
		for _, w := range people {
			if (w.unmet() || w.also != "" && w.fate != "dead" && w.fate != "erased") && c.is(w) {
				w.naive(want)
			}
		}
		got := see[rest.Unmet](h, c.account, "/dashboard/unmet?by=desk"+c.query)
		if !reflect.DeepEqual(recounted(got), want) {
			t.Errorf("%s%s: %v\nnot %v", c.account, c.query, recounted(got), want)
		}
		if sum := sumOfCounts(byCode(got.Parts)); sum != *got.N || got.Caveat == "" || got.Basis != "cohort" {
			t.Errorf("%s%s: the parts add up to %d of %d", c.account, c.query, sum, *got.N)
		}
	}
}

func sumOfCounts(n map[string]int) (sum int) {
	for _, one := range n {
		sum += one
	}
	return sum
}

// alike tells n people of one kind in a commune.
func (h *house) alike(n int, name, insee string, obstacles ...string) {
	var facts []events.Fact
	for i := range n {
		facts = append(facts, h.wants(wantingOne{
			id: fmt.Sprintf("%s-%d", name, i), desk: "montpellier", author: "advisor-34", insee: insee, found: "2021-11-01", born: "1950", fate: "wished",
			skills: []string{"email"}, days: []string{"tue_am"}, obstacles: obstacles,
		})...)
	}
	h.hear(facts...)
}

// TestF5_AProviderReadsStepsAroundACommune: what it needs so as to plan, and nothing that leads to somebody.
func TestF5_AProviderReadsStepsAroundACommune(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	read := func(insee string) rest.Unmet {
		return see[rest.Unmet](h, "provider-a", "/dashboard/unmet?insee="+insee)
	}
	if got := read("34172"); got.N != nil || got.Step != "none" || len(got.Skills)+len(got.Parts)+len(got.Communes) != 0 {
		t.Errorf("nobody: %+v", got)
	}
	h.alike(4, "few", "34172", "near", "wheelchair")
	if got := read("34172"); got.Step != "few" || len(got.Skills)+len(got.Obstacles)+len(got.Ages)+len(got.Availability) != 0 {
		t.Errorf("few: %+v", got)
	}
	h.alike(7, "more", "34057", "language") // Castelnau-le-Lez, the next commune
	got := read("34172")
	if got.Step != "11+" || got.Around == nil || *got.Around != (rest.UnmetAround{Insee: "34172", WithinKm: 15}) {
		t.Errorf("%+v", got)
	}
	for what, c := range map[string]struct{ got, want []rest.UnmetCount }{
		"skills":       {got.Skills, []rest.UnmetCount{{Code: "email", Step: "11+"}}},
		"obstacles":    {got.Obstacles, []rest.UnmetCount{{Code: "language", Step: "5+"}, {Code: "near", Step: "few"}}}, // four with a wheelchair are not said
		"availability": {got.Availability, []rest.UnmetCount{{Code: "am", Step: "11+"}, {Code: "tue_am", Step: "11+"}}},
		"ages":         {got.Ages, []rest.UnmetCount{{Code: "from_55", Step: "11+"}}},
		"parts":        {got.Parts, []rest.UnmetCount{}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: %+v", what, c.got)
		}
	}
	if len(got.Communes)+len(got.Series)+len(got.Reasons) != 0 {
		t.Errorf("%+v", got)
	}
	if far := read("48095"); far.Step != "none" {
		t.Errorf("Mende: %+v", far)
	}
	if other := see[rest.Unmet](h, "provider-58", "/dashboard/unmet?insee=34172"); other.Step != "none" {
		t.Errorf("another fund: %+v", other)
	}
}

// TestF5_WhoReadsStepsCannotCombineFilters, and hears of every one at once.
func TestF5_WhoReadsStepsCannotCombineFilters(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.alike(1, "one", "34172", "home_only")
	faults := func(account, query string) (fields []string) {
		var p web.Problem
		answer := h.get(account, "/dashboard/unmet"+query, nil)
		if answer.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("%s%s: %d", account, query, answer.StatusCode)
		}
		h.must(json.NewDecoder(answer.Body).Decode(&p))
		for _, e := range p.Errors {
			fields = append(fields, e.Field+" "+e.Code)
		}
		return fields
	}
	if got := faults("provider-a", "?desk=montpellier&within_km=1&by=month"); !slices.Equal(got, []string{"insee required", "desk not_for_steps", "within_km not_for_steps", "by not_for_steps"}) {
		t.Error(got)
	}
	if got := faults("provider-a", "?insee=34172&from=2021-11-01"); !slices.Equal(got, []string{"from not_for_steps"}) {
		t.Error(got)
	}
	if got := faults("analyst-lr", "?within_km=10"); !slices.Equal(got, []string{"insee required"}) {
		t.Error(got)
	}
	if got := faults("analyst-lr", "?insee=34999"); !slices.Equal(got, []string{"insee unknown_commune"}) {
		t.Error(got)
	}
	for account, status := range map[string]int{"equipment-lr": 403, "admin-lr": 403, "privacy-lr": 403, "partner-34": 403, "funding-lr": 200} {
		if got := h.get(account, "/dashboard/unmet", nil).StatusCode; got != status {
			t.Errorf("%s: %d", account, got)
		}
	}
}
