package equipment

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
)

const (
	entitlements = "/api/v1/entitlements"
	grants       = "/api/v1/grants"
)

// of2021 is what the commission gives, with another quota.
func of2021(quota int) string {
	return fmt.Sprintf(`{"programme": "equipement-lr", "decision": "Exemple LR 2020-12-03", "quota": %d, "from": "2021-01-01", "to": "2099-12-31"}`, quota)
}

// poor is somebody without equipment, for want of money, and at risk.
func poor(n int) events.Fact {
	return events.SeniorFlagged{
		FlagID: fmt.Sprint("f", n), PersonID: fmt.Sprint("p", n), Fund: "carsat-lr", Desk: "montpellier", Department: "34", GrantMeant: true, By: "evaluator-34",
	}
}

// grantOf starts a house in which a programme gives something to some people.
func grantOf(t *testing.T, quota int) *enginetest.World {
	t.Helper()
	w := enginetest.Start(t, Name, Run)
	enginetest.Read[rest.Grant](w, w.Ask("partnership-lr", "POST", grants, of2021(quota)), http.StatusCreated)
	return w
}

func asking(person string) string {
	return `{"programme": "equipement-lr", "person_id": "` + person + `"}`
}

// asks for somebody, and gives the path of the entitlement.
func asks(w *enginetest.World, account, person string) string {
	return entitlements + "/" + enginetest.Read[rest.EntitlementState](w, w.Ask(account, "POST", entitlements, asking(person)), http.StatusCreated).ID
}

func TestF1_TheOneTooManyIsRefusedAtTheApproval(t *testing.T) {
	t.Parallel()
	w := grantOf(t, 2)
	w.Tell(poor(1), poor(2), poor(3), poor(4))
	first, second, third := asks(w, "advisor-34", "p1"), asks(w, "evaluator-34", "p2"), asks(w, "advisor-34", "p3")
	w.Refused(w.Ask("advisor-34", "POST", entitlements, asking("p1")), 409, "already_entitled")
	w.Refused(w.Ask("advisor-34", "POST", first+"/approve", "{}"), 403, "forbidden")
	w.Refused(w.Ask("equipment-lr", "POST", entitlements+"/none/approve", "{}"), 404, "unknown_entitlement")
	for _, path := range []string{first, second} {
		if got := enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", path+"/approve", "{}"), 200); got.Status != "approved" || got.Left != 360 {
			t.Error(got)
		}
	}
	w.Refused(w.Ask("equipment-lr", "POST", third+"/approve", "{}"), 409, "quota")
	w.Refused(w.Ask("equipment-lr", "POST", entitlements, asking("p4")), 409, "quota") // its own is approved at once
	enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", second+"/release", `{"reason": "not_wanted"}`), 200)
	own := enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", entitlements, asking("p4")), http.StatusCreated)
	if own.Status != "approved" {
		t.Error(own)
	}
	if got := enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", third+"/refuse", `{"reason": "out_of_criteria"}`), 200); got.Status != "refused" {
		t.Error(got)
	}
}

func TestF2_ADerogationIsForAnEvaluatorOrAReferent(t *testing.T) {
	t.Parallel()
	w := grantOf(t, 5)
	equipped := poor(1).(events.SeniorFlagged)
	equipped.GrantMeant = false
	w.Tell(equipped)
	derogation := `{"programme": "equipement-lr", "person_id": "p1", "reason": "unusable_equipment"}`
	w.Refused(w.Ask("evaluator-34", "POST", entitlements, asking("p1")), 422, "not_eligible")
	w.Refused(w.Ask("advisor-34", "POST", entitlements, derogation), 422, "not_eligible")
	w.Refused(w.Ask("equipment-lr", "POST", entitlements, derogation), 422, "not_eligible")
	w.Refused(w.Ask("advisor-30", "POST", entitlements, asking("p1")), 422, "unknown_person")
	w.Refused(w.Ask("provider-a", "POST", entitlements, asking("p1")), 403, "forbidden")
	enginetest.Read[rest.EntitlementState](w, w.Ask("evaluator-34", "POST", entitlements, derogation), http.StatusCreated)
	if got := enginetest.Facts[events.EntitlementRequested](w); len(got) != 1 || got[0].Derogation != "unusable_equipment" || got[0].FlagID != "f1" {
		t.Error(got)
	}
}

func TestF1_SixHoursAndOneMinuteAreTooMany(t *testing.T) {
	t.Parallel()
	w := grantOf(t, 5)
	w.Tell(poor(1))
	path := asks(w, "equipment-lr", "p1")
	hours := func(minutes int) string {
		return fmt.Sprintf(`{"minutes": %d, "date": %q}`, minutes, w.Clock.Now().Format(time.DateOnly))
	}
	w.Refused(w.Ask("provider-a", "POST", path+"/hours", hours(60)), 404, "unknown_entitlement")
	w.Refused(w.Ask("equipment-lr", "POST", path+"/coach", `{"provider_id": "provider-58"}`), 422, "unknown_provider")
	w.Refused(w.Ask("equipment-lr", "POST", path+"/coach", `{"user": "analyst-lr"}`), 422, "unknown_account")
	w.Refused(w.Ask("equipment-lr", "POST", path+"/coach", `{}`), 422, "one_of")
	enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", path+"/coach", `{"provider_id": "provider-a"}`), 200)
	w.Refused(w.Ask("provider-b", "POST", path+"/hours", hours(60)), 404, "unknown_entitlement")
	for range 3 {
		enginetest.Read[rest.EntitlementState](w, w.Ask("provider-a", "POST", path+"/hours", hours(120)), 200)
	}
	w.Refused(w.Ask("provider-a", "POST", path+"/hours", hours(1)), 422, "hours_spent")
}

func TestAnItemIsGivenForGoodAndLeavesTheStock(t *testing.T) {
	t.Parallel()
	w := grantOf(t, 5)
	w.Tell(poor(1), poor(2), registered("carsat-lr"), registered("provider-58"))
	one, two := asks(w, "equipment-lr", "p1"), asks(w, "equipment-lr", "p2")
	w.Refused(w.Ask("equipment-lr", "POST", one+"/give-item", `{"asset_tag": "T-provider-58"}`), 422, "unknown_item")
	given := enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", one+"/give-item", `{"asset_tag": "T-carsat-lr"}`), 200)
	if given.Status != "equipped" || engine.Value(given.ItemID) != "i-carsat-lr" {
		t.Error(given)
	}
	w.Refused(w.Ask("equipment-lr", "POST", two+"/give-item", `{"asset_tag": "T-carsat-lr"}`), 409, "item_granted")
	w.Refused(w.Ask("equipment-lr", "POST", "/api/v1/equipment/items/i-carsat-lr/reset", "{}"), 409, "item_granted")
	w.Refused(w.Ask("equipment-lr", "POST", one+"/connection", `{"starts_on": "2021-11-15"}`), 422, "no_connection")
	w.Refused(w.Ask("equipment-lr", "POST", one+"/release", `{"reason": "moved"}`), 409, "already_given")
	w.Tell(events.DeathTold{PersonID: "p1"}, events.PersonErased{PersonID: "p2"})
	ended, released := enginetest.Facts[events.EntitlementEnded](w), enginetest.Facts[events.EntitlementReleased](w)
	if len(ended) != 1 || ended[0].Reason != "deceased" || len(released) != 1 || released[0].PersonID != "p2" {
		t.Error(ended, released)
	}
	before := len(w.Told(Name))
	w.HearAgain()
	if after := len(w.Told(Name)); after != before {
		t.Errorf("heard twice, told %d more", after-before)
	}
}

// TestF3_TheEndOfALineIsAnnouncedThirtyDaysBefore by the clock, once.
func TestF3_TheEndOfALineIsAnnouncedThirtyDaysBefore(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Clock.Set(time.Date(2022, 3, 1, 9, 0, 0, 0, time.UTC))
	enginetest.Read[rest.Grant](w, w.Ask("partnership-lr", "POST", grants,
		`{"programme": "m@carsat", "decision": "Exemple LR 2014", "quota": 9, "minutes": 0, "connection_months": 12, "from": "2014-01-01", "to": "2028-12-31"}`), http.StatusCreated)
	w.Tell(poor(1))
	path := entitlements + "/" + enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", entitlements, `{"programme": "m@carsat", "person_id": "p1"}`), 201).ID
	w.Refused(w.Ask("equipment-lr", "POST", path+"/connection", `{"starts_on": "2022-03-01", "months": 13}`), 422, "too_many")
	begun := enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", path+"/connection", `{"starts_on": "2022-03-01", "months": 12, "line": "mobile"}`), 200)
	if engine.Value(begun.ConnectionTo) != "2023-02-28" {
		t.Fatal(begun)
	}
	ending := enginetest.Hear[events.ConnectionEnding](w)
	alert := time.Date(2023, 1, 28, 23, 0, 0, 0, time.UTC) // the 29th begins in Paris
	w.Clock.Set(alert.Add(-time.Minute))
	w.Settle()
	if got := enginetest.Facts[events.ConnectionEnding](w); len(got) != 0 {
		t.Fatal(got)
	}
	w.Clock.Set(alert)
	if got := enginetest.Next(w, ending); got.To != "2023-02-28" || got.PersonID != "p1" {
		t.Fatal(got)
	}
	w.Clock.Set(alert.AddDate(0, 0, 5))
	w.Settle()
	if got := enginetest.Facts[events.ConnectionEnding](w); len(got) != 1 {
		t.Fatal(got)
	}
}

// TestF5_ARenewalWithoutADecisionIsRefused, and one by the decision that opened it; nobody else's programme is renewed.
func TestF5_ARenewalWithoutADecisionIsRefused(t *testing.T) {
	t.Parallel()
	w := grantOf(t, 1)
	w.Tell(poor(1))
	asks(w, "equipment-lr", "p1")
	renewal := func(decision string) string {
		return `{"programme": "equipement-lr", "decision": "` + decision + `", "quota": 500, "from": "2022-01-01", "to": "2099-12-31"}`
	}
	w.Refused(w.Ask("partnership-lr", "POST", grants, renewal("")), 422, "required")
	w.Refused(w.Ask("partnership-lr", "POST", grants, renewal("Exemple LR 2020-12-03")), 422, "used")
	w.Refused(w.Ask("equipment-lr", "POST", grants, renewal("Exemple LR 2021-12-02")), 403, "forbidden")
	w.Refused(w.Ask("partnership-bfc", "POST", grants, renewal("Exemple BFC 2021-12-02")), 422, "other_fund")
	again := enginetest.Read[rest.Grant](w, w.Ask("partnership-lr", "POST", grants, renewal("Exemple LR 2021-12-02")), http.StatusCreated)
	if again.Version != 2 || again.Free != 500 || again.Minutes != 360 {
		t.Error(again)
	}
}

func TestACoachMakesAppointmentsAndSaysHowTheyWent(t *testing.T) {
	t.Parallel()
	w := grantOf(t, 5)
	w.Tell(poor(1))
	path := asks(w, "equipment-lr", "p1")
	at := w.Clock.Now().Truncate(time.Second)
	meet := func(minutes int, place string) string {
		return fmt.Sprintf(`{"starts_at": %q, "minutes": %d, "place": %q}`, at.Format(time.RFC3339), minutes, place)
	}
	w.Refused(w.Ask("equipment-lr", "POST", path+"/appointments", meet(60, "home")), 409, "no_coach")
	enginetest.Read[rest.EntitlementState](w, w.Ask("equipment-lr", "POST", path+"/coach", `{"user": "evaluator-34"}`), 200)
	made := enginetest.Read[rest.Appointment](w, w.Ask("evaluator-34", "POST", path+"/appointments", meet(200, "home")), http.StatusCreated)
	if made.Number != 1 || made.Status != "planned" || made.Minutes != 200 {
		t.Error(made)
	}
	w.Refused(w.Ask("evaluator-34", "POST", path+"/appointments", meet(161, "phone")), 422, "hours_spent")
	moved := enginetest.Read[rest.Appointment](w, w.Ask("evaluator-34", "POST", path+"/appointments/1/move", meet(90, "video")), 200)
	if moved.Place != "video" || moved.Minutes != 90 {
		t.Error(moved)
	}
	done := enginetest.Read[rest.Appointment](w, w.Ask("evaluator-34", "POST", path+"/appointments/1/done", `{"minutes": 95, "skills": ["internet"]}`), 200)
	if done.Status != "done" || done.Minutes != 95 {
		t.Error(done)
	}
	w.Refused(w.Ask("evaluator-34", "POST", path+"/appointments/1/missed", `{"reason": "ill"}`), 409, "appointment_settled")
	w.Refused(w.Ask("evaluator-34", "POST", path+"/appointments/2/missed", `{"reason": "ill"}`), 404, "unknown_appointment")
	enginetest.Read[rest.Appointment](w, w.Ask("evaluator-34", "POST", path+"/appointments", meet(60, "phone")), http.StatusCreated)
	missed := enginetest.Read[rest.Appointment](w, w.Ask("evaluator-34", "POST", path+"/appointments/2/missed", `{"reason": "ill"}`), 200)
	if missed.Status != "missed" || engine.Value(missed.Reason) != "ill" {
		t.Error(missed)
	}
	if used := enginetest.Facts[events.MinutesUsed](w); len(used) != 1 || used[0].Minutes != 95 {
		t.Error(used)
	}
}

// approveAll has everybody approved at once, in two processes, on one ledger.
func approveAll(t *testing.T, quota, people int, evolve func(domain.Grants, events.Grant) domain.Grants) (yes, refused int64) {
	t.Helper()
	_, book := processes(t, domain.Evolve)
	var list []*decider.Decider[domain.Grants, events.Grant]
	for range 2 {
		list = append(list, decider.New(book, plainly{}, decider.Aggregate[domain.Grants, events.Grant]{Kind: "grant", Evolve: evolve}))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tell := func(n int, c decider.Command[domain.Grants, events.Grant]) error {
		_, err := list[n%2].Handle(ctx, "equipement-lr", c, decider.Call[domain.Grants]{})
		return err
	}
	if err := tell(0, domain.OpenGrant{Programme: "equipement-lr", Fund: "carsat-lr", Decision: "Exemple", Quota: quota, Minutes: 360, From: "2021-01-01", To: "2021-12-31", At: sixth}); err != nil {
		t.Fatal(err)
	}
	var all errgroup.Group
	var approved, over atomic.Int64
	for n := range people {
		all.Go(func() error {
			err := tell(n, domain.RequestEntitlement{
				EntitlementID: fmt.Sprint("e", n), PersonID: fmt.Sprint("p", n), Fund: "carsat-lr", Eligible: true, Manager: true, Today: monday.Today, At: monday.At,
			})
			switch {
			case err == nil:
				approved.Add(1)
			case errors.Is(err, domain.ErrQuota):
				over.Add(1)
			default:
				return err
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	return approved.Load(), over.Load()
}

// TestF1_TwoProcessesNeverApproveTheFiveHundredAndFirst: everybody asks at once.
func TestF1_TwoProcessesNeverApproveTheFiveHundredAndFirst(t *testing.T) {
	t.Parallel()
	if yes, refused := approveAll(t, 500, 501, domain.EvolveGrants); yes != 500 || refused != 1 {
		t.Errorf("%d approved, %d refused", yes, refused)
	}
	t.Run("a state that forgets an approval is found", func(t *testing.T) {
		t.Parallel()
		forgetful := func(g domain.Grants, f events.Grant) domain.Grants {
			if _, ok := f.(events.EntitlementApproved); ok && g.Left().Counted == 3 {
				return g
			}
			return domain.EvolveGrants(g, f)
		}
		if yes, _ := approveAll(t, 10, 20, forgetful); yes == 10 {
			t.Error("nothing was found")
		}
	})
}
