package projections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// glass is sealed so that everybody can look into it.
type glass struct{}

func (glass) Prefetch(context.Context, []string) error { return nil }

func (glass) Unseal(_ context.Context, _, _ string, d events.Details) error {
	return d.Open(func(box []byte) ([]byte, error) { return box, nil })
}

func inGlass(t rapid.TB, o events.Observed) events.Sealed[events.Observed] {
	t.Helper()
	box, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	return events.Shut[events.Observed]("key", box)
}

// onTables is tables of the observatory without a projector.
type onTables struct {
	pool   *pgxpool.Pool
	schema string
	heard  int64
}

func (o *onTables) Serving(context.Context) (string, error) { return o.schema, nil }

func (o *onTables) At(string) string { return fmt.Sprintf(`'{"detection": %d}'::jsonb`, o.heard) }

func newTables(t testing.TB, pool *pgxpool.Pool) *onTables {
	t.Helper()
	schema := testkit.Schema(t)
	quoted := pgx.Identifier{schema}.Sanitize()
	control := testkit.Schema(t)
	err := errors.Join(projection.Provision(context.Background(), pool, control), engine.ProvisionReader(context.Background(), pool, control))
	if _, made := pool.Exec(context.Background(), "create schema "+quoted+"; set search_path = "+quoted+"; "+observatoryTables+"; reset search_path"); errors.Join(err, made) != nil {
		t.Fatal(err, made)
	}
	return &onTables{pool: pool, schema: schema}
}

func (o *onTables) empty(t rapid.TB) {
	t.Helper()
	var batch pgx.Batch
	for _, table := range []string{"campaign", "observation", "refusal"} {
		batch.Queue(engine.In(o.schema, "delete from model."+table))
	}
	o.heard = 0
	if err := o.pool.SendBatch(context.Background(), &batch).Close(); err != nil {
		t.Fatal(err)
	}
}

// hear writes facts as a projector would; apply is observe, or a planted fault.
func (o *onTables) hear(t rapid.TB, apply func(*projection.Batch, projection.Heard) error, facts ...events.Fact) {
	t.Helper()
	var batch projection.Batch
	for _, f := range facts {
		o.heard++
		h := projection.Heard{Service: "detection", Fact: f, Event: ledger.Event{Position: o.heard, Stream: f.Stream(), Name: events.Name(f)}}
		if err := apply(&batch, h); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range batch.QueuedQueries { // the schema of a batch is the projector's to say
		q.SQL = strings.ReplaceAll(q.SQL, `"".`, pgx.Identifier{o.schema}.Sanitize()+".")
	}
	if err := o.pool.SendBatch(context.Background(), &batch.Batch).Close(); err != nil {
		t.Fatal(err)
	}
}

// inquiryHistory is what may be told in two funds, in the order of its days.
type inquiryHistory struct{ facts []events.Fact }

const permanent = "accompagnement-bfc"

var campaigns = []string{study, permanent + ".2020-01", permanent + ".2020-02", "reperage-lr.2020-02"}

type situationOf struct {
	id, campaign string
	is           events.Observed
}

// anInquiry draws observations, corrections, refusals and closings over half a year.
func anInquiry(t *rapid.T) inquiryHistory {
	var h inquiryHistory
	at := on("2020-01-03")
	open, closed := map[string][]situationOf{}, map[string]bool{}
	for n := range rapid.IntRange(5, 25).Draw(t, "facts") {
		at = at.AddDate(0, 0, rapid.IntRange(0, 12).Draw(t, "later"))
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0:
			for _, id := range campaigns {
				if told := open[id]; len(told) > 0 && !closed[id] {
					closed[id] = true
					h.facts = append(h.facts, closingOf(id, told, at)...)
					break
				}
			}
		case 1, 2:
			if s, ok := anyOf(t, open, closed); ok {
				change := aSituation(t, s.campaign, at)
				s.is = change
				h.facts = append(h.facts, events.ObservationCorrected{ObservationID: s.id, CampaignID: s.campaign, Fund: fundOfCampaign(s.campaign), At: at, Details: inGlass(t, change)})
				keep := open[s.campaign]
				keep[slices.IndexFunc(keep, func(o situationOf) bool { return o.id == s.id })] = s
			}
		case 3:
			h.facts = append(h.facts, events.RefusalCounted{
				RefusalID: fmt.Sprint(n), Fund: "carsat-bfc", Programme: rapid.SampledFrom([]string{study, permanent}).Draw(t, "programme"),
				Desk: rapid.SampledFrom([]string{"nievre", "cote-dor"}).Draw(t, "desk"), FindingDate: reference.Day(at.AddDate(0, 0, -rapid.IntRange(0, 40).Draw(t, "ago"))), At: at,
			})
		default:
			campaign := rapid.SampledFrom(campaigns).Draw(t, "campaign")
			if closed[campaign] || strings.HasSuffix(campaign, "-02") && at.Before(on("2020-02-01")) {
				continue
			}
			s := situationOf{fmt.Sprintf("o%02d", n), campaign, aSituation(t, campaign, at)}
			open[campaign] = append(open[campaign], s)
			h.facts = append(h.facts, events.ObservationTold{ObservationID: s.id, CampaignID: campaign, Fund: fundOfCampaign(campaign), At: at, Details: inGlass(t, s.is)})
		}
	}
	return h
}

func fundOfCampaign(campaign string) string {
	if strings.HasPrefix(campaign, "reperage-lr") {
		return "carsat-lr"
	}
	return "carsat-bfc"
}

func programmeOf(campaign string) string { return strings.Split(campaign, ".")[0] }

func anyOf(t *rapid.T, open map[string][]situationOf, closed map[string]bool) (situationOf, bool) {
	var all []situationOf
	for _, id := range campaigns {
		if !closed[id] {
			all = append(all, open[id]...)
		}
	}
	if len(all) == 0 {
		return situationOf{}, false
	}
	return rapid.SampledFrom(all).Draw(t, "observation"), true
}

func closingOf(id string, told []situationOf, at time.Time) (facts []events.Fact) {
	p := events.ObservationsPublished{CampaignID: id, Fund: fundOfCampaign(id), Programme: programmeOf(id), At: at}
	for _, s := range told {
		p.Rows = append(p.Rows, s.is.Observation)
	}
	slices.Reverse(p.Rows)
	half := len(p.Rows) / 2
	first, second := p, p
	first.Rows, second.Rows = p.Rows[:half], p.Rows[half:]
	return []events.Fact{first, second, events.CampaignClosed{CampaignID: id, Fund: p.Fund, Programme: p.Programme, Observations: len(told), At: at}}
}

func aSituation(t *rapid.T, campaign string, at time.Time) events.Observed {
	month := "2020-01"
	if _, of, ok := strings.Cut(campaign, "."); ok {
		month = of
	} else if at.After(on("2020-02-01")) && rapid.Bool().Draw(t, "second month") {
		month = "2020-02"
	}
	desk := rapid.SampledFrom([]string{"nievre", "cote-dor"}).Draw(t, "desk")
	if fundOfCampaign(campaign) == "carsat-lr" {
		desk = "montpellier"
	}
	one := func(label string, values ...string) string {
		return rapid.SampledFrom(append(values, "")).Draw(t, label)
	}
	some := func(label string, values ...string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, len(values), rapid.ID).Draw(t, label)
	}
	answer := func(label string) *bool { return rapid.SampledFrom([]*bool{nil, new(bool), yes()}).Draw(t, label) }
	o := events.Observation{
		Programme: programmeOf(campaign), Month: month, Desk: desk, Department: one("department", "58", "21"), Channel: one("channel", "social_service", "agency"),
		Sex: one("sex", "F", "M"), Institution: one("institution", "caf", "cpam", several), First: one("first", "mdph"), NetworkCoverage: answer("network"),
		Equipment: answer("equipment"), Difficulty: answer("difficulty"), HelpPlace: some("help place", "yes", "hard_to_reach"), TrainingNeed: answer("training"),
		FamilySituation: one("family", "single", "couple"), Occupation: one("occupation", "employed", "retired"), SickLeave: answer("sick leave"),
		RightsAtRisk: answer("rights"), Context: some("context", "confinement", "canicule"), Keywords: some("keywords", "service", "langue"), WordList: one("list", "1", "2"),
	}
	if age := rapid.IntRange(40, 80).Draw(t, "age"); age > 43 {
		o.Age = &age
	}
	if o.Equipment != nil && *o.Equipment {
		o.EquipmentKinds = some("kinds", "computer", "mobile")
	} else if o.Equipment != nil {
		o.FinancialProblem = answer("money")
	}
	if o.Difficulty != nil && *o.Difficulty {
		o.DifficultyReason = one("reason", "health", "appropriation")
	}
	return events.Observed{Day: fmt.Sprintf("%s-%02d", month, rapid.IntRange(1, 28).Draw(t, "day")), Observation: o}
}

func yes() *bool {
	answer := true
	return &answer
}

func someParams(t *rapid.T) rest.GetObservatoryParams {
	return rest.GetObservatoryParams{
		Programme: drawFrom(t, "of", study, permanent), From: drawFrom(t, "from", "2020-01-01", "2020-01-15", "2020-02-05"), To: drawFrom(t, "to", "2020-02-10", "2020-03-31"),
		Department: drawFrom(t, "in", "58"), Unit: drawFrom(t, "unit", "nievre"), Channel: drawFrom(t, "through", "agency"), Context: drawFrom(t, "context", "lockdown", "canicule"),
		By: drawFrom(t, "by", "age_band", "institution", "unit", "month", "department"), AsOf: drawFrom(t, "as of", "2020-01-20", "2020-02-20", "2020-04-01", "2020-08-01"),
	}
}

// TestFiguresAreWhatTheFactsSay compares with a computation that reads the facts one by one, for 200 histories.
func TestFiguresAreWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	if seed := firstThatDiffers(t, 200, observe); seed >= 0 {
		t.Errorf("history %d: see above", seed)
	}
}

// TestTheHistoriesMeetWhatCanGoWrong: two hundred of them ask about reclassifications, refusals, closed campaigns, periods that
// are widened, and days of months that are closed.
func TestTheHistoriesMeetWhatCanGoWrong(t *testing.T) {
	t.Parallel()
	met := map[string]int{}
	one := drawnInquiries()
	for seed := range 200 {
		d := one.Example(seed)
		for _, p := range d.params {
			want, closed := d.h.naive(p)
			for what, is := range map[string]bool{
				"month_closed": closed, "widened": d.h.widened(p), "closed": len(d.h.closed(p)) > 0, "refusals": want["refusals"].count > 0,
				"reclassified": want[detected+"institution_mdph"].count > 0, "as of": p.AsOf != nil && !closed && want["women"].n > 0,
			} {
				if is {
					met[what]++
				}
			}
		}
	}
	t.Log(met)
	for _, what := range []string{"month_closed", "widened", "closed", "refusals", "reclassified", "as of"} {
		if met[what] < 20 {
			t.Errorf("%s: met %d times", what, met[what])
		}
	}
}

func TestAPlantedFaultInTheFiguresIsFound(t *testing.T) {
	t.Parallel()
	for name, planted := range map[string]func(*projection.Batch, projection.Heard) error{
		"a correction is known from the first day on": func(b *projection.Batch, h projection.Heard) error {
			if f, ok := h.Fact.(events.ObservationCorrected); ok {
				f.At = on("2020-01-03")
				h.Fact = f
			}
			return observe(b, h)
		},
		"a closing forgets to forget": func(b *projection.Batch, h projection.Heard) error {
			if _, ok := h.Fact.(events.CampaignClosed); ok {
				return nil
			}
			return observe(b, h)
		},
		"a reclassification forgets what was before": func(b *projection.Batch, h projection.Heard) error {
			if f, ok := h.Fact.(events.ObservationTold); ok {
				o := look(f.Details)
				o.First = ""
				f.Details = inGlass(t, o)
				h.Fact = f
			}
			return observe(b, h)
		},
		"a refusal is not counted": func(b *projection.Batch, h projection.Heard) error {
			if _, ok := h.Fact.(events.RefusalCounted); ok {
				return nil
			}
			return observe(b, h)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if firstThatDiffers(t, 100, planted) < 0 {
				t.Error("not found")
			}
		})
	}
}

// drawnInquiry is a history, what is asked of it, and in which parts it is heard.
type drawnInquiry struct {
	h      inquiryHistory
	params []rest.GetObservatoryParams
	parts  []int
}

func drawnInquiries() *rapid.Generator[drawnInquiry] {
	return rapid.Custom(func(t *rapid.T) (d drawnInquiry) {
		d.h = anInquiry(t)
		d.params = rapid.SliceOfN(rapid.Custom(someParams), 6, 6).Draw(t, "params")
		d.parts = rapid.SliceOfN(rapid.IntRange(1, 8), 30, 30).Draw(t, "parts")
		return d
	})
}

// firstThatDiffers is the first history of which the copy says something else than the facts; -1: none.
func firstThatDiffers(t *testing.T, histories int, apply func(*projection.Batch, projection.Heard) error) int {
	t.Helper()
	pool := testkit.Pool(t)
	tables := newTables(t, pool)
	drawn := drawnInquiries()
	for seed := range histories {
		d := drawn.Example(seed)
		tables.empty(t)
		live := newObserved(pool, tables, glass{})
		for rest, n := d.h.facts, 0; len(rest) > 0; n++ { // it catches up in between
			part := min(d.parts[n%len(d.parts)], len(rest))
			for part < len(rest) && isClosing(rest[part]) { // an append is heard whole
				part++
			}
			tables.hear(t, apply, rest[:part]...)
			rest = rest[part:]
			if err := live.catchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.ContainsFunc(d.params, func(p rest.GetObservatoryParams) bool { return !d.h.agrees(t, live, p) }) {
			anew := newObserved(pool, tables, glass{})
			if err := anew.catchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(d.params, func(p rest.GetObservatoryParams) bool { return !same(t, live, anew, p) }) {
				return seed
			}
			continue
		}
		return seed
	}
	return -1
}

func isClosing(f events.Fact) bool {
	switch f.(type) {
	case events.ObservationsPublished, events.CampaignClosed:
		return true
	}
	return false
}

func asked(o *observed, p rest.GetObservatoryParams) (rest.Observatory, error) {
	a, _ := sample.Find("analyst-bfc")
	o.mu.RLock()
	defer o.mu.RUnlock()
	return o.answer(o.within(a, sample.Directory()), p, noon)
}

func same(t *testing.T, one, other *observed, p rest.GetObservatoryParams) bool {
	t.Helper()
	a, err := asked(one, p)
	b, fail := asked(other, p)
	if reflect.DeepEqual(a, b) && reflect.DeepEqual(err, fail) {
		return true
	}
	t.Logf("a copy made anew says %+v %v\nnot %+v %v", b, fail, a, err)
	return false
}

func (h inquiryHistory) agrees(t *testing.T, o *observed, p rest.GetObservatoryParams) bool {
	t.Helper()
	got, err := asked(o, p)
	want, closed := h.naive(p)
	var faults refusal.Faults
	if errors.As(err, &faults) != closed {
		t.Logf("%s: %v, and closed is %v", text(p), err, closed)
		return false
	}
	if closed {
		return true
	}
	if got.Widened != h.widened(p) {
		t.Logf("%s: widened is %v", text(p), got.Widened)
		return false
	}
	for name, m := range want {
		if g := besides(got, name); g.Count != m.count || g.NRespondents != m.asked || g.N != got.Situations {
			t.Logf("%s, %s: %+v, not %+v", text(p), name, g, m)
			return false
		}
	}
	if got.Situations != want["women"].n || len(got.Measures) < 40 {
		t.Logf("%s: %d situations, not %+v", text(p), got.Situations, want["women"])
		return false
	}
	return h.groupsAgree(t, got, p)
}

// besides is a measure, or what stands beside the measures.
func besides(o rest.Observatory, name string) rest.Measure {
	if name, ok := strings.CutPrefix(name, detected); ok {
		return o.InstitutionsFirst[name]
	}
	word, ok := strings.CutPrefix(name, inText)
	if !ok {
		return o.Measures[name]
	}
	for _, k := range o.Keywords {
		if k.Word == word {
			return rest.Measure{Count: k.Documents, N: o.Situations, NRespondents: o.Situations}
		}
	}
	return rest.Measure{}
}

// groupsAgree: each group is the answer to the same question with one filter more, where there is such a filter.
func (h inquiryHistory) groupsAgree(t *testing.T, got rest.Observatory, p rest.GetObservatoryParams) bool {
	t.Helper()
	sum := 0
	for _, g := range got.Groups {
		sum += g.Situations
		q := p
		q.From, q.To = &got.From, &got.To
		switch the(p.By) {
		case "unit":
			q.Unit = &g.Key
		case "department":
			q.Department = &g.Key
		case "month":
			from, to := g.Key+"-01", dayText(lastOf(day(g.Key)))
			from, to = max(from, got.From), min(to, got.To)
			q.From, q.To = &from, &to
		default:
			continue
		}
		if want, _ := h.naive(q); g.Situations != want["women"].n || g.Measures["women"].Count != want["women"].count || g.Measures["difficulty"].NRespondents != want["difficulty"].asked {
			t.Logf("%s, group %q: %d %+v, not %+v", text(p), g.Key, g.Situations, g.Measures["women"], want["women"])
			return false
		}
	}
	if p.By != nil && sum != got.Situations {
		t.Logf("%s: the groups have %d of %d", text(p), sum, got.Situations)
		return false
	}
	return true
}

func text(p rest.GetObservatoryParams) string {
	data, _ := json.Marshal(p)
	return string(data)
}
