package detection

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
)

const campaign2020 = "/api/v1/programmes/observation-bfc-2020/close-campaign"

// published are all rows of the campaigns that were closed.
func published(w *enginetest.World) (rows []events.Observation) {
	for _, e := range enginetest.Facts[events.ObservationsPublished](w) {
		rows = append(rows, e.Rows...)
	}
	return rows
}

func TestACampaignIsClosedAndItsKeyIsGone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := observation(w, "Une")
	w.Refused(w.Ask("partnership-bfc", "POST", campaign2020, `{}`), 409, "nothing_observed")
	act(w, "referent-58", id, "reclassify", `{"institution": "multiple"}`)
	act(w, "referent-58", id, "validate", `{}`)
	w.Refused(act(w, "referent-58", id, "correct-observation", `{"answers": {"equipment": true, "financial_problem": true}}`), 422, "needs_no_equipment")
	state(w, act(w, "referent-58", id, "correct-observation", `{"answers": {"institution": "multiple", "difficulty": true, "difficulty_reason": "health"}, "rights_at_risk": true}`))
	w.Refused(act(w, "advisor-58", id, "correct-observation", `{}`), 403, "forbidden")
	late := observation(w, "Deux")
	for account, code := range map[string]int{"referent-58": 403, "partnership-lr": 404} {
		if a := w.Ask(account, "POST", campaign2020, `{}`); a.Status != code {
			t.Error(account, a.Body)
		}
	}
	w.Refused(w.Ask("partnership-bfc", "POST", campaign2020, `{"month": "2020-02"}`), 422, "not_monthly")
	first := w.Ask("partnership-bfc", "POST", campaign2020, `{}`, "Idempotency-Key", "k1")
	if got := enginetest.Read[rest.CampaignState](w, first, 200); got != (rest.CampaignState{Campaign: "observation-bfc-2020", Status: "closed", Observations: 1}) {
		t.Error(got)
	}
	if again := w.Ask("partnership-bfc", "POST", campaign2020, `{}`, "Idempotency-Key", "k1"); again.Body != first.Body {
		t.Error(again.Body)
	}
	w.Refused(w.Ask("partnership-bfc", "POST", campaign2020, `{}`), 409, "campaign_closed")
	w.Refused(act(w, "referent-58", id, "correct-observation", `{"rights_at_risk": false}`), 409, "campaign_closed")
	rows := published(w)
	if len(rows) != 1 || rows[0].Institution != "multiple" || rows[0].First != "carsat_retraite" || rows[0].DifficultyReason != "health" || rows[0].Month != "2020-02" || !*rows[0].RightsAtRisk {
		t.Errorf("%+v", rows)
	}
	keyIsGone(t, w, nil)
	if got := state(w, act(w, "referent-58", late, "validate", `{}`)); got != "validated" { // the review goes on, nothing more is counted
		t.Error(got)
	}
	if told := enginetest.Facts[events.ObservationTold](w); len(told) != 1 {
		t.Error(told)
	}
}

// keyIsGone waits for the destruction, told of by done, and looks whether it is so.
func keyIsGone(t *testing.T, w *enginetest.World, done <-chan string) {
	t.Helper()
	subject := enginetest.Facts[events.CampaignOpened](w)[0].SubjectID
	for {
		alive, err := w.Vault.Alive(t.Context(), []string{subject})
		if err != nil {
			t.Fatal(err)
		}
		if len(alive) == 0 {
			return
		}
		if done == nil {
			t.Fatal("the key of the campaign lives on")
		}
		<-done
	}
}

func TestAMonthIsClosedByTheCalendarThreeMonthsAfterItsEnd(t *testing.T) {
	t.Parallel()
	w := setup(t)
	closed := enginetest.Hear[events.CampaignClosed](w)
	flag(w, "advisor-34", sheet())
	const path = "/api/v1/programmes/reperage-lr/close-campaign"
	w.Refused(w.Ask("partnership-lr", "POST", path, `{}`), 422, "required")
	w.Refused(w.Ask("partnership-lr", "POST", path, `{"month": "2021-11"}`), 409, "campaign_running")
	w.Clock.Set(domain.CloseAt("2021-11").Add(-time.Second))
	flag(w, "advisor-34", sheet(of("person", "given_name", "Autrine"))) // found in November, told in February
	w.Clock.Set(domain.CloseAt("2021-11"))
	if e := enginetest.Next(w, closed); e.CampaignID != "reperage-lr.2021-11" || e.Month != "2021-11" || e.Observations != 2 || e.By != "" {
		t.Errorf("%+v", e)
	}
	flag(w, "advisor-34", sheet(of("person", "given_name", "Tardine"))) // helped, not counted any more
	if told := enginetest.Facts[events.ObservationTold](w); len(told) != 2 {
		t.Error(told)
	}
}

// TestACampaignWhoseClosingWasInterruptedLosesItsKeyAtTheNextStart: the process dies between append and destruction.
func TestACampaignWhoseClosingWasInterruptedLosesItsKeyAtTheNextStart(t *testing.T) {
	t.Parallel()
	var fails sync.Mutex
	dead, done := true, make(chan string, 10)
	w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		s := newService(e)
		destroy := s.destroy
		s.destroy = func(ctx context.Context, subject string) error {
			fails.Lock()
			defer fails.Unlock()
			if dead {
				return errPlanted
			}
			defer func() { done <- subject }()
			return destroy(ctx, subject)
		}
		return s.run()
	})
	act(w, "referent-58", observation(w, "Une"), "validate", `{}`)
	enginetest.Read[rest.CampaignState](w, w.Ask("partnership-bfc", "POST", campaign2020, `{}`), 200)
	subject := enginetest.Facts[events.CampaignOpened](w)[0].SubjectID
	if alive, err := w.Vault.Alive(t.Context(), []string{subject}); err != nil || len(alive) != 1 {
		t.Fatal("nothing was interrupted", err)
	}
	fails.Lock()
	dead = false
	fails.Unlock()
	w.HearAgain()
	keyIsGone(t, w, done)
	if closed := enginetest.Facts[events.CampaignClosed](w); len(closed) != 1 {
		t.Error(closed)
	}
}

func TestB7_AnErasedPersonStaysInTheObservation(t *testing.T) {
	t.Parallel()
	f := &faults{done: make(chan string, 10)}
	w := start(t, f.run)
	made := flag(w, "advisor-58", sheet(observed))
	act(w, "referent-58", made.ID, "validate", `{}`)
	erase(w, "privacy-bfc", *made.PersonID, "Passerelle-Position", fmt.Sprintf("detection:%d", len(w.Told(Name))))
	w.Refused(act(w, "referent-58", made.ID, "return", `{"reason": "?"}`), 404, "unknown_flag")
	w.Clock.Set(asked(w, *made.PersonID).EraseAt)
	isErased(t, w, f, *made.PersonID)
	enginetest.Read[rest.CampaignState](w, w.Ask("partnership-bfc", "POST", campaign2020, `{}`), 200)
	if rows := published(w); len(rows) != 1 || rows[0].Desk != "nievre" {
		t.Error(rows)
	}
}

// situation is an anonymous sheet with answers of its own; its tag is as long as any other.
func situation(n int) string {
	bit := func(i int) bool { return n*2654435761>>(7+i)&1 == 1 }
	return sheet(observed, with("person", nil), with("context", []string{tag(n)}), with("consents", object{"study": true}),
		with("profile", object{"sex": []string{"F", "M"}[n%2], "age": 40 + n*37%50, "department": "58", "sick_leave": bit(1)}),
		with("answers", object{
			"institution": []string{"caf", "cpam", "carsat_retraite", "etablissement_sante"}[n*31%4], "equipment": bit(2), "network_coverage": bit(3),
			"difficulty": bit(4), "training_need": bit(5), "description": "Difficultés de réseau"[:n*13%20],
		}))
}

func tag(n int) string { return fmt.Sprintf("tag-%04d", n) }

// insists sends a command again, as the same command, while the house is too busy to answer.
func insists(w *enginetest.World, key, account, path, body string, headers ...string) (a enginetest.Answer) {
	for range 20 {
		if a = w.Ask(account, "POST", path, body, append(headers, "Idempotency-Key", key)...); a.Status != 503 {
			break
		}
	}
	return a
}

// reclassifiedEvery so many sheets a referent has put under another institution: everybody sees which.
const reclassifiedEvery = 12

// observedByMany sends, reclassifies and validates anonymous sheets, closes the campaign, and tells whose tag is whose.
func observedByMany(t *testing.T, w *enginetest.World, many int) map[string]string {
	t.Helper()
	ids := make([]string, many)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for n := worker; n < many; n += 4 {
				ids[n] = enginetest.Read[rest.FlagCreated](w, insists(w, fmt.Sprintf("situation-%d", n), "advisor-58", flags, situation(n)), 201).ID
				if n%reclassifiedEvery == 0 {
					key := fmt.Sprintf("reclassify-%d", n)
					state(w, insists(w, key, "referent-58", flags+"/"+ids[n]+"/reclassify", `{"institution": "multiple"}`))
				}
			}
		})
	}
	all.Wait()
	for some := range slices.Chunk(ids, 50) {
		body, err := json.Marshal(object{"ids": some})
		if err != nil {
			t.Fatal(err)
		}
		if done := enginetest.Read[rest.ManyValidated](w, insists(w, "validate-"+some[0], "referent-58", flags+"/validate", string(body)), 200); len(done.Failed) > 0 {
			t.Fatal(done.Failed)
		}
	}
	if got := enginetest.Read[rest.CampaignState](w, insists(w, "close", "partnership-bfc", campaign2020, `{}`), 200); got.Observations != many {
		t.Fatal(got)
	}
	whose := map[string]string{}
	for n, id := range ids {
		whose[id] = tag(n)
	}
	return whose
}

// sight is what a reader of the ledger has of one sheet: all but what its keys opened.
type sight struct {
	truth                       string // not for the reader
	at, validated, told         int64
	sheetBox, box               int
	observation, subject, claim string
	loan, reclassified          bool
}

// seenBy reads the whole ledger, and knows besides, for the comparison, whose tag is whose.
func seenBy(t *testing.T, w *enginetest.World, truth map[string]string) (sheets []sight, rows []events.Observation) {
	t.Helper()
	byFlag := map[string]*sight{}
	var order []string
	last := ""
	for after := int64(0); ; {
		page, err := w.Engine.Ledger.Read(t.Context(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			after = e.Position
			last = look(t, e, byFlag, &order, last, &rows)
		}
	}
	for _, id := range order {
		byFlag[id].truth = truth[id]
		sheets = append(sheets, *byFlag[id])
	}
	return sheets, rows
}

func look(t *testing.T, e ledger.Event, byFlag map[string]*sight, order *[]string, last string, rows *[]events.Observation) string {
	t.Helper()
	fact, err := events.Decode(e.Name, e.Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	switch f := fact.(type) {
	case events.SeniorFlagged:
		byFlag[f.FlagID] = &sight{at: e.Position, sheetBox: len(f.Details.Box()), subject: f.Details.Subject(), claim: f.OneOpen, loan: f.LoanWanted}
		*order = append(*order, f.FlagID)
	case events.FlagReclassified:
		byFlag[f.FlagID].reclassified = true
	case events.FlagValidated:
		byFlag[f.FlagID].validated = e.Position
		return f.FlagID
	case events.ObservationTold: // stands beside its validation: whose it is, everybody sees
		one := byFlag[last]
		one.told, one.box, one.observation = e.Position, len(f.Details.Box()), f.ObservationID
	case events.ObservationsPublished:
		*rows = append(*rows, f.Rows...)
	}
	return last
}

// pairs are the best ways to say whose a row is: both sides in some order, then one by one.
func pairs(sheets []sight, rows []events.Observation) map[string]int {
	size := func(o events.Observation) int { data, _ := json.Marshal(o); return len(data) } // plain values always have a JSON
	loan := func(o events.Observation) bool { return o.Equipment != nil }
	hits := map[string]int{}
	for way, compare := range map[string]func(a, b sight) int{
		"order of flags":       func(a, b sight) int { return int(a.at - b.at) },
		"order of validations": func(a, b sight) int { return int(a.validated - b.validated) },
		"order of telling":     func(a, b sight) int { return int(a.told - b.told) },
		"identifiers":          func(a, b sight) int { return compareText(a.observation, b.observation) },
		"subjects":             func(a, b sight) int { return compareText(a.subject, b.subject) },
		"length of the sheet":  func(a, b sight) int { return a.sheetBox - b.sheetBox },
		"length of the box":    func(a, b sight) int { return a.box - b.box },
		"loan":                 func(a, b sight) int { return ones(a.loan) - ones(b.loan) },
		"reclassified":         func(a, b sight) int { return ones(a.reclassified) - ones(b.reclassified) },
	} {
		one, other := slices.Clone(sheets), slices.Clone(rows)
		slices.SortStableFunc(one, compare)
		switch way {
		case "length of the sheet", "length of the box":
			slices.SortStableFunc(other, func(a, b events.Observation) int { return size(a) - size(b) })
		case "reclassified":
			slices.SortStableFunc(other, func(a, b events.Observation) int { return ones(a.First != "") - ones(b.First != "") })
		case "loan":
			slices.SortStableFunc(other, func(a, b events.Observation) int {
				return ones(loan(a) && !*a.Equipment) - ones(loan(b) && !*b.Equipment)
			})
		}
		for i := range one {
			hits[way] += ones(slices.Equal(other[i].Context, []string{one[i].truth}))
			hits[way+", backwards"] += ones(slices.Equal(other[len(other)-1-i].Context, []string{one[i].truth}))
		}
	}
	return hits
}

func ones(is bool) int {
	if is {
		return 1
	}
	return 0
}

func compareText(a, b string) int {
	if a < b {
		return -1
	}
	return ones(a > b)
}

// byChance is what nobody reaches by guessing: one in a random order, two where a clear code halves the rows; of
// either, more than this happens less than once in ten million times.
const byChance = 16

// TestNobodyPairsSheetsWithThePublishedObservations, with all of what is stored but the key of the campaign.
func TestNobodyPairsSheetsWithThePublishedObservations(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		many  int
		mix   func([]events.Observation)
		found bool
	}{
		"a thousand sheets": {many: 1000, mix: mix},
		"published in the order of their identifiers": {many: 60, found: true, mix: func(rows []events.Observation) {
			slices.SortFunc(rows, func(a, b events.Observation) int { return compareText(a.Context[0], b.Context[0]) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
				s := newService(e)
				s.mix = one.mix
				return s.run()
			})
			sheets, rows := seenBy(t, w, observedByMany(t, w, one.many))
			if len(sheets) != one.many || len(rows) != one.many {
				t.Fatal(len(sheets), len(rows))
			}
			if lengths := map[int]bool{sheets[0].box: true, sheets[len(sheets)-1].box: true, sheets[len(sheets)/2].box: true}; len(lengths) > 1 {
				t.Error("a box tells by its length what is in it:", lengths)
			}
			worst := 0
			for way, hits := range pairs(sheets, rows) {
				worst = max(worst, hits)
				if hits > byChance && !one.found {
					t.Errorf("%d of %d by %s", hits, one.many, way)
				}
			}
			if one.found && worst <= byChance {
				t.Error("the order in which they came is not found:", worst)
			}
		})
	}
}
