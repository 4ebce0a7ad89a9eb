package projections

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// recounting is a board without a projector, and people with keys who are there again in each history.
type recounting struct {
	*Service

	pool    *pgxpool.Pool
	schema  string
	codec   *vault.Codec
	persons []string
}

func newRecounting(t *testing.T) *recounting {
	t.Helper()
	pool, keys := testkit.Pool(t), testkit.Schema(t)
	kek := make([]byte, vault.KEKSize)
	_, _ = rand.Read(kek)
	err := vault.Provision(t.Context(), pool, keys)
	v, fail := vault.Open(context.WithoutCancel(t.Context()), pool, vault.Config{Schema: keys, KEK: kek, Clock: clock.At(noon), Log: slog.New(slog.DiscardHandler), Stock: 10})
	if err = errors.Join(err, fail); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	r := &recounting{
		Service: New(Config{Pool: pool, Clock: clock.At(noon), Directory: sample.Directory, Vault: v}), pool: pool, schema: boards(t, pool)[0], codec: v.Codec(nil),
	}
	for range 7 {
		id, err := v.Mint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.persons = append(r.persons, id)
	}
	return r
}

// hear fills the board with a history as the ledger keeps it; apply is the board's, or a planted fault.
func (r *recounting) hear(t *testing.T, d drawnCourse, apply func(entry) error) {
	t.Helper()
	kept := &world{told: map[string][]events.Fact{}}
	for service, facts := range d.w.told {
		for _, f := range facts {
			if _, sealed := f.(events.OutcomeRecorded); sealed {
				data, err := r.codec.Encode(t.Context(), f)
				if err != nil {
					t.Fatal(err)
				}
				if f, err = events.Decode(events.Name(f), data, nil); err != nil {
					t.Fatal(err)
				}
			}
			kept.told[service] = append(kept.told[service], f)
		}
	}
	fill(t, r.pool, r.schema, kept, kept.shuffled(mathrand.New(mathrand.NewPCG(d.order, 0)).Shuffle), apply) // not a secret
}

// countedAt is how far the services of a history were heard.
func (w *world) countedAt() rest.Positions {
	return rest.Positions{Detection: len(w.told["detection"]), Referral: len(w.told["referral"]), Workshop: len(w.told["workshop"]), Equipment: len(w.told["equipment"])}
}

func countingOn[T any](r *recounting, w *world) counting[T] {
	at := w.countedAt()
	text := fmt.Sprintf(`'{"detection": %d, "referral": %d, "workshop": %d, "equipment": %d}'::jsonb`, at.Detection, at.Referral, at.Workshop, at.Equipment)
	return func(ctx context.Context, _ *Service, sql string, args []any) (tally[T], error) {
		return countIn[T](ctx, r.pool, r.schema, text, sql, args)
	}
}

// differ says in what the figures of a history differ from a count of its facts; empty: in nothing.
func (r *recounting) differ(t *testing.T, d drawnCourse) string {
	t.Helper()
	for _, q := range d.asked {
		a, _ := sample.Find(q.account)
		ctx := r.within(t.Context(), a, policy.ReadOutcomes)
		outcomes, err := r.outcomesFor(ctx, a, q.outcomes, countingOn[outcomeRow](r, d.w))
		if err != nil {
			t.Fatal(err)
		}
		if want := d.w.naiveOutcomes(a, q.outcomes); !reflect.DeepEqual(outcomes, want) {
			return fmt.Sprintf("%s asks for the outcomes of %s:\n%+v\nnot\n%+v", q.account, asText(q.outcomes), asText(outcomes), asText(want))
		}
		activity, err := r.activityFor(ctx, a, q.activity, countingOn[activityRow](r, d.w))
		if err != nil {
			t.Fatal(err)
		}
		if want := d.w.naiveActivity(a, q.activity); !reflect.DeepEqual(activity, want) {
			return fmt.Sprintf("%s asks for the activity of %s:\n%+v\nnot\n%+v", q.account, asText(q.activity), asText(activity), asText(want))
		}
	}
	return ""
}

// figureQuestion is what somebody asks for.
type figureQuestion struct {
	account  string
	outcomes rest.GetOutcomesParams
	activity rest.GetActivityParams
}

// drawnCourse is a history, the order in which its services are heard, and what is asked of it.
type drawnCourse struct {
	w     *world
	order uint64
	asked []figureQuestion
}

func courses(persons []string) *rapid.Generator[drawnCourse] {
	return rapid.Custom(func(t *rapid.T) drawnCourse {
		return drawnCourse{aCourse(t, persons), rapid.Uint64().Draw(t, "order"), rapid.SliceOfN(rapid.Custom(aQuestion), 4, 4).Draw(t, "asked")}
	})
}

func aQuestion(t *rapid.T) figureQuestion {
	q := figureQuestion{account: rapid.SampledFrom([]string{
		"advisor-34", "advisor-34b", "evaluator-34", "referent-34", "provider-a", "provider-b", "partnership-lr", "analyst-lr", "analyst-lr", "analyst-bfc", "network", "network",
	}).Draw(t, "account")}
	rarely := func(label string, values ...string) *string {
		if rapid.IntRange(0, 6).Draw(t, "filter by "+label) > 0 {
			return nil
		}
		return drawFrom(t, label, values...)
	}
	o := &q.outcomes
	o.Fund, o.Department, o.Desk = rarely("fund", "carsat-lr", "carsat-bfc"), rarely("department", "34", "58"), rarely("desk", "montpellier", "nevers")
	o.Programme, o.Provider, o.SessionID = rarely("programme", "reperage-lr"), rarely("provider", "provider-a", "provider-1"), rarely("session", "session-1")
	o.From, o.To = drawFrom(t, "from", "2021-11-01", "2021-12-01"), drawFrom(t, "to", "2021-11-30", "2021-12-31")
	if o.From != nil && o.To != nil && *o.To < *o.From {
		o.To = nil
	}
	o.By = drawFrom(t, "by", "month", "department", "desk", "programme", "provider")
	q.activity = rest.GetActivityParams{Fund: o.Fund, Department: o.Department, Desk: o.Desk, Programme: o.Programme, Provider: o.Provider, From: o.From, To: o.To, By: drawFrom(t, "by", "month")}
	return q
}

// TestOutcomesAndActivityAreWhatTheFactsSay compares every field with a count that reads the facts one by one, for 200 histories, whatever
// service is heard first.
func TestOutcomesAndActivityAreWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	r := newRecounting(t)
	if seed, how := r.firstThatDiffers(t, 200, entry.apply); seed >= 0 {
		t.Errorf("history %d: %s", seed, how)
	}
}

func (r *recounting) firstThatDiffers(t *testing.T, histories int, apply func(entry) error) (seed int, how string) {
	t.Helper()
	drawn := courses(r.persons)
	for seed := range histories {
		d := drawn.Example(seed)
		r.hear(t, d, apply)
		if how := r.differ(t, d); how != "" {
			return seed, how
		}
	}
	return -1, ""
}

// TestTheCoursesMeetWhatCanGoWrong: the histories have enough of everything that is counted, seen by those who ask.
func TestTheCoursesMeetWhatCanGoWrong(t *testing.T) {
	t.Parallel()
	drawn, met := courses([]string{"p0", "p1", "p2", "p3", "p4", "p5", "p6"}), map[string]int{}
	for seed := range 200 {
		d := drawn.Example(seed)
		for _, q := range d.asked {
			a, _ := sample.Find(q.account)
			o, v := d.w.naiveOutcomes(a, q.outcomes), d.w.naiveActivity(a, q.activity)
			for what, is := range map[string]bool{
				"finished": o.Parts.Finished > 0, "not finished": o.Parts.NotFinished > 0, "dropped": o.Parts.Dropped > 0, "no show": o.Parts.NoShow > 0,
				"under way": o.Parts.UnderWay > 0, "unrecorded": o.Parts.Unrecorded > 0, "met": the(o.Objective.Status) == "met", "not met": the(o.Objective.Status) == "not_met",
				"learnt": len(o.Skills) > 0 && len(o.Items) > 0, "presented": len(o.Services) > 0, "a series": len(o.Series) > 1,
				"twice there": v.Sessions.Participations > v.Sessions.Persons, "a webinar": v.Webinars.Participations > 0, "only counted": v.Webinars.Counted > 0,
				"helped": v.Help.Acts > 0, "helped twice": v.Help.Acts > v.Help.Persons, "in the place of": slices.ContainsFunc(v.Help.Modes, func(m rest.ActivityMode) bool { return m.DoneForPerson > 0 }),
				"months": len(v.Series) > 1,
			} {
				if is {
					met[what]++
				}
			}
		}
	}
	t.Log(met)
	if len(met) < 18 {
		t.Error(len(met), "of 18 are met")
	}
	for what, n := range met {
		if n < 10 {
			t.Errorf("%s: met %d times", what, n)
		}
	}
}

// TestAPlantedFaultInOutcomesAndActivityIsFound: each is a way of writing that shows only in some field, for some of those who ask.
func TestAPlantedFaultInOutcomesAndActivityIsFound(t *testing.T) {
	t.Parallel()
	r := newRecounting(t)
	instead := func(is func(entry) bool, write func(entry)) func(entry) error {
		return func(e entry) error {
			if !is(e) {
				return e.apply()
			}
			if write != nil {
				write(e)
			}
			return nil
		}
	}
	for name, planted := range map[string]func(entry) error{
		"a second record of a meeting is added to the first": instead(isFact[events.AttendanceRecorded], func(e entry) {
			f, _ := e.Fact.(events.AttendanceRecorded)
			e.write(`update model.referral set attendance = attendance || jsonb_build_object($2::text, 'present') where seat_session = $1 and id = any($3)`, f.SessionID, fmt.Sprint(f.Meeting), listOf(f.Present))
		}),
		"a mistake that is undone still ends the part": instead(isFact[events.ParticipantRestored], nil),
		"what is recorded later does not replace": instead(isFact[events.OutcomeRecorded], func(e entry) {
			f, _ := e.Fact.(events.OutcomeRecorded)
			e.write(`update model.referral set outcome_subject = coalesce(outcome_subject, $2), outcome_box = coalesce(outcome_box, $3) where id = $1`, f.ReferralID, f.Details.Subject(), f.Details.Box())
		}),
		"a session that moves stays in its month":         instead(isFact[events.SessionRescheduled], nil),
		"a session held in another way stays a webinar":   instead(isFact[events.SessionAdapted], nil),
		"two records that are one person count twice":     instead(isFact[events.RecordJoined], nil),
		"who was counted at home is forgotten":            instead(isFact[events.AttendanceCounted], nil),
		"a desk that hands over keeps the figures":        instead(isFact[events.ReferralHandedOver], nil),
		"of somebody erased is still known what they can": instead(isFact[events.PersonErased], nil),
		"help on the spot loses its minutes": instead(isFact[events.HelpActed], func(e entry) {
			f, _ := e.Fact.(events.HelpActed)
			f.Minutes = 0
			e.Fact = f
			_ = e.apply()
		}),
		"who never came has left": instead(isFact[events.NoShow], func(e entry) {
			f, _ := e.Fact.(events.NoShow)
			e.leaves(f.ReferralID, "dropped", line{at: f.At, what: "no_show"})
		}),
		"what was presented first stays": instead(isFact[events.ServicesPresented], func(e entry) {
			f, _ := e.Fact.(events.ServicesPresented)
			e.write(`update model.session set presented = case presented when '{}' then $2::text[] else presented end where id = $1`, f.SessionID, listOf(f.Services))
		}),
	} {
		t.Run(name, func(t *testing.T) {
			if seed, _ := r.firstThatDiffers(t, 100, planted); seed < 0 {
				t.Error("not found")
			}
		})
	}
}

func isFact[T any](e entry) bool {
	_, is := e.Fact.(T)
	return is
}

func asText(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
