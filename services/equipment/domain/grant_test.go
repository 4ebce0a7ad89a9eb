package domain

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

// the grant of the commission of 3 December 2020: 500 people, six hours each.
var opened = events.GrantOpened{
	Programme: "equipement-lr", Fund: "carsat-lr", Version: 1, Decision: "Exemple LR 2020-12-03", Quota: 500, Minutes: 360, From: "2021-01-01", To: "2021-12-31",
	By: "equipment-lr", At: noon,
}

func granting(t *testing.T, facts ...events.Grant) story.Case[Grants, events.Grant] {
	return story.Given(t, EvolveGrants, facts...)
}

const monday = "2021-11-15"

func asking(who string) RequestEntitlement {
	return RequestEntitlement{
		EntitlementID: "e-" + who, PersonID: who, FlagID: "f-" + who, Fund: "carsat-lr", Eligible: true, By: "advisor-34", Today: monday, At: noon,
	}
}

func asked(who string) events.EntitlementRequested {
	return events.EntitlementRequested{Programme: "equipement-lr", EntitlementID: "e-" + who, PersonID: who, FlagID: "f-" + who, By: "advisor-34", At: noon}
}

func approving(who string) Approve {
	return Approve{EntitlementID: "e-" + who, By: "equipment-lr", Today: monday, At: noon}
}

func approved(who string) events.EntitlementApproved {
	return events.EntitlementApproved{Programme: "equipement-lr", EntitlementID: "e-" + who, PersonID: who, Version: 1, Minutes: 360, By: "equipment-lr", At: noon}
}

func giving(who, item string) GiveItem {
	var stock Pool
	for _, tag := range []string{item, "item-1", "item-2"} {
		if _, there := stock.tagged(tag); !there {
			stock = Evolve(stock, events.ItemRegistered{Pool: "carsat-lr", ItemID: tag, Kind: "tablet", AssetTag: tag})
		}
	}
	return GiveItem{EntitlementID: "e-" + who, AssetTag: item, Act: Act{Pool: "carsat-lr", By: "equipment-lr", Today: monday, At: noon}, Stock: stock}
}

func given1(who, item string) events.ItemGiven {
	return events.ItemGiven{Programme: "equipement-lr", EntitlementID: "e-" + who, PersonID: who, ItemID: item, By: "equipment-lr", At: noon}
}

func coached(who string) events.CoachNamed {
	return events.CoachNamed{Programme: "equipement-lr", EntitlementID: "e-" + who, PersonID: who, ProviderID: "provider-a", By: "equipment-lr", At: noon}
}

func using(who string, minutes int) UseMinutes {
	return UseMinutes{EntitlementID: "e-" + who, Minutes: minutes, Day: monday, By: "provider-a", Today: monday, At: noon}
}

// TestF1_TheFiveHundredAndFirstIsRefusedAndAReleasedPlaceIsGivenAgain: the quota counts at the approval.
func TestF1_TheFiveHundredAndFirstIsRefusedAndAReleasedPlaceIsGivenAgain(t *testing.T) {
	t.Parallel()
	c := granting(t, opened)
	for n := range 501 {
		c = c.When(asking(fmt.Sprint(n))).Then(asked(fmt.Sprint(n)))
	}
	for n := range 500 {
		c = c.When(approving(fmt.Sprint(n))).Then(approved(fmt.Sprint(n)))
	}
	c.When(approving("500")).Refused(ErrQuota)
	own := asking("501")
	own.Manager = true
	c.When(own).Refused(ErrQuota)
	if got := c.State.Left(); got != (Left{Quota: 500, Counted: 500, MinutesDue: 180_000}) { // 3,000 hours
		t.Fatalf("%+v", got)
	}
	c = c.When(ReleasePlace{EntitlementID: "e-7", Reason: "gave_up", By: "equipment-lr", At: noon}).Then(
		events.EntitlementReleased{Programme: "equipement-lr", EntitlementID: "e-7", PersonID: "7", Reason: "gave_up", By: "equipment-lr", At: noon})
	c.When(approving("500")).Then(approved("500")).When(approving("500")).Then()
}

// TestF1_SixHoursAndOneMinuteAreRefused to the minute, with the item given or not.
func TestF1_SixHoursAndOneMinuteAreRefused(t *testing.T) {
	t.Parallel()
	c := granting(t, opened, asked("anna"), approved("anna"), coached("anna"))
	for range 3 {
		_, c = c.When(using("anna", 120)).Told()
	}
	c.When(using("anna", 1)).Refused(ErrHoursSpent)
	if left := c.State.Entitlement("e-anna").Left(); left != 0 {
		t.Fatal(left)
	}
	_, c = c.When(giving("anna", "item-1")).Told()
	c.When(using("anna", 1)).Refused(ErrHoursSpent)
	if status := c.State.Entitlement("e-anna").Status; status != Completed {
		t.Fatal(status)
	}
	c = granting(t, opened, asked("bruno"), approved("bruno"), coached("bruno"), given1("bruno", "item-2"))
	c.When(using("bruno", 361)).Refused(ErrHoursSpent)
	facts, c := c.When(using("bruno", 360)).Told()
	if len(facts) != 2 || c.State.Entitlement("e-bruno").Status != Completed {
		t.Fatal(facts)
	}
}

// TestF2_TheSheetOrADerogationEntitles: who has equipment, or could buy some, needs a reason.
func TestF2_TheSheetOrADerogationEntitles(t *testing.T) {
	t.Parallel()
	c := granting(t, opened)
	c.When(asking("anna")).Then(asked("anna"))
	request := asking("bruno")
	request.Eligible = false
	c.When(request).Refused(ErrNotEligible)
	request.Derogation = "unusable_equipment"
	told := asked("bruno")
	told.Derogation = "unusable_equipment"
	c.When(request).Then(told)
	c = granting(t, opened, asked("anna"))
	again := asking("anna")
	again.EntitlementID = "e-other"
	c.When(again).Refused(ErrEntitled)
	early := asking("bruno")
	early.Today = "2020-12-31"
	c.When(early).Refused(ErrNoGrant)
	granting(t).When(asking("anna")).Refused(ErrNoGrant)
	elsewhere := asking("bruno")
	elsewhere.Fund = "carsat-bfc"
	c.When(elsewhere).Refused(ErrNoGrant)
}

// TestF3_AYearOfConnectionEndsTheDayBeforeAndIsAnnouncedThirtyDaysAhead where the programme has a line at all.
func TestF3_AYearOfConnectionEndsTheDayBeforeAndIsAnnouncedThirtyDaysAhead(t *testing.T) {
	t.Parallel()
	plan, yes := opened, approved("anna")
	plan.ConnectionMonths, plan.Minutes, yes.Minutes = 12, 0, 0
	plan.From, plan.To, yes.At = "2014-01-01", "2018-12-31", time.Date(2016, 3, 1, 9, 0, 0, 0, time.UTC)
	connecting := Connect{EntitlementID: "e-anna", StartsOn: "2016-03-01", By: "equipment-lr", At: noon}
	begun := events.ConnectionBegun{Programme: "equipement-lr", EntitlementID: "e-anna", PersonID: "anna", From: "2016-03-01", To: "2017-02-28", By: "equipment-lr", At: noon}
	c := granting(t, plan, asked("anna"), yes, given1("anna", "item-1")).When(connecting).Then(begun).When(connecting).Then()
	remind := RemindOfConnection{EntitlementID: "e-anna", Today: "2017-01-28", At: noon}
	c.When(remind).Then()
	remind.Today = "2017-01-29"
	c.When(remind).Then(events.ConnectionEnding{Programme: "equipement-lr", EntitlementID: "e-anna", PersonID: "anna", To: "2017-02-28", At: noon}).When(remind).Then()
	remind.Today = "2017-03-01"
	c.When(remind).Then()
	connecting.StartsOn = monday
	granting(t, opened, asked("anna"), approved("anna")).When(connecting).Refused(ErrNoConnection)
}

// TestF5_ARenewalNeedsADecisionOfItsOwn and counts anew.
func TestF5_ARenewalNeedsADecisionOfItsOwn(t *testing.T) {
	t.Parallel()
	renewal := OpenGrant{Programme: "equipement-lr", Fund: "carsat-lr", Quota: 500, Minutes: 360, From: "2022-01-01", To: "2022-12-31", By: "equipment-lr", At: noon}
	c := granting(t, opened, asked("anna"), approved("anna"))
	c.When(renewal).Faults("decision required")
	renewal.Decision = opened.Decision
	c.When(renewal).Faults("decision used")
	renewal.Decision = "Exemple LR 2021-12-02"
	_, c = c.When(renewal).Told()
	if got := c.State.Left(); got.Counted != 0 || c.State.Rules.Version != 2 {
		t.Fatalf("%+v", got)
	}
	OpenGrant{}.wants(t, "decision required", "quota too_small")
	OpenGrant{Decision: "d", Quota: 1, Minutes: -1, ConnectionMonths: -1, From: "2022-02-02", To: "2022-02-01"}.wants(t,
		"minutes too_small", "connection_months too_small", "to before_from")
}

func (o OpenGrant) wants(t *testing.T, faults ...string) {
	t.Helper()
	granting(t).When(o).Faults(faults...)
}

func TestAnAnswerIsGivenOnceAndWhatWasGivenIsNotReleased(t *testing.T) {
	t.Parallel()
	no := Refuse{EntitlementID: "e-anna", Reason: "not_eligible", By: "equipment-lr", At: noon}
	c := granting(t, opened, asked("anna"))
	_, refused := c.When(no).Told()
	refused.When(no).Then()
	refused.When(approving("anna")).Refused(ErrDecided)
	yes := granting(t, opened, asked("anna"), approved("anna"))
	yes.When(no).Refused(ErrDecided)
	_, equipped := yes.When(giving("anna", "item-1")).Told()
	equipped.When(giving("anna", "item-1")).Then()
	equipped.When(giving("anna", "item-2")).Refused(ErrOtherItem)
	equipped.When(ReleasePlace{EntitlementID: "e-anna"}).Refused(ErrGiven)
	_, over := equipped.When(EndEntitlement{EntitlementID: "e-anna", Reason: "moved_away", By: "equipment-lr", At: noon}).Told()
	over.When(using("anna", 10)).Refused(ErrNotApproved)
	if got := over.State.Left(); got.Counted != 1 || got.Equipped != 1 {
		t.Fatalf("%+v", got)
	}
	c.When(giving("anna", "item-1")).Refused(ErrNotApproved)
	for _, command := range []story.Command[Grants, events.Grant]{approving("x"), Refuse{EntitlementID: "x"}, ReleasePlace{EntitlementID: "x"}, EndEntitlement{EntitlementID: "x"}, giving("x", "item-1"), using("x", 1)} {
		c.When(command).Refused(ErrNoEntitlement)
	}
}

// TestAnItemGivenForGoodLeavesTheStock: nobody has it, or counts on it, and its pool knows it as granted.
func TestAnItemGivenForGoodLeavesTheStock(t *testing.T) {
	t.Parallel()
	yes := granting(t, opened, asked("anna"), approved("anna"))
	give := giving("anna", "item-1")
	facts, _ := yes.When(give).Told()
	if len(facts) != 2 || facts[1] != (events.Grant)(events.ItemGranted{Pool: "carsat-lr", ItemID: "item-1", EntitlementID: "e-anna", By: "equipment-lr", At: noon}) {
		t.Fatal(facts)
	}
	after := Evolve(give.Stock, facts[1].(events.Equipment))
	if got := after.Item("item-1").Status; got != Granted {
		t.Fatal(got)
	}
	again := giving("anna", "item-1")
	again.Stock = after
	yes.When(again).Refused(ErrGranted)
	for _, c := range []story.Command[Pool, events.Equipment]{Retire{ItemID: "item-1"}, Reset{ItemID: "item-1"}, Repair{ItemID: "item-1"}} {
		if _, err := c.Decide(after); !errors.Is(err, ErrGranted) {
			t.Errorf("%T: %v", c, err)
		}
	}
	give.AssetTag = "none"
	yes.When(give).Faults("asset_tag unknown_item")
	for want, fact := range map[error]events.Equipment{
		ErrNotLendable: events.ItemSentToRepair{Pool: "carsat-lr", ItemID: "item-1"},
		ErrRetired:     events.ItemRetired{Pool: "carsat-lr", ItemID: "item-1"},
		ErrKept:        events.TabletKept{Pool: "carsat-lr", LoanID: "l", ItemID: "item-1", From: monday, To: monday},
	} {
		wrong := giving("anna", "item-1")
		wrong.Stock = Evolve(wrong.Stock, fact)
		yes.When(wrong).Refused(want)
	}
}

func TestWhoDiedOrIsForgottenGivesBackWhatWasNotGiven(t *testing.T) {
	t.Parallel()
	leave := Leave{PersonID: "anna", Reason: "deceased", At: noon}
	for want, before := range map[string][]events.Grant{
		Refused: {opened, asked("anna")}, Released: {opened, asked("anna"), approved("anna")}, Ended: {opened, asked("anna"), approved("anna"), given1("anna", "item-1")},
	} {
		_, c := granting(t, before...).When(leave).Told()
		if got := c.State.Entitlement("e-anna").Status; got != want {
			t.Errorf("%s, not %s", got, want)
		}
		c.When(leave).Then()
	}
	granting(t, opened, asked("bruno")).When(leave).Then()
}

func TestAppointmentsStayWithinTheHoursAndAMissedOneCostsNothing(t *testing.T) {
	t.Parallel()
	meet := MakeAppointment{EntitlementID: "e-anna", StartsAt: noon, Minutes: 200, Where: "home", By: "provider-a", At: noon}
	granting(t, opened, asked("anna"), approved("anna")).When(meet).Refused(ErrNoCoach)
	c := granting(t, opened, asked("anna"), approved("anna"), coached("anna"))
	_, c = c.When(meet).Told()
	c.When(meet).Refused(ErrHoursSpent) // 400 minutes would be ahead
	moved := meet
	moved.Number, moved.Minutes, moved.Where = 1, 360, "video"
	_, c = c.When(moved).Told()
	_, c = c.When(MissAppointment{EntitlementID: "e-anna", Number: 1, Reason: "ill", By: "provider-a", At: noon}).Told()
	c.When(moved).Refused(ErrSettled)
	if left := c.State.Entitlement("e-anna").Left(); left != 360 {
		t.Fatal(left)
	}
	_, c = c.When(meet).Told()
	done := using("anna", 95)
	done.Number = 2
	_, c = c.When(done).Told()
	c.When(done).Refused(ErrSettled)
	if left := c.State.Entitlement("e-anna").Left(); left != 265 {
		t.Fatal(left)
	}
	done.Number = 3
	c.When(done).Refused(ErrNoAppointment)
	c.When(MakeAppointment{EntitlementID: "e-anna", Where: "car"}).Faults("minutes too_small", "place not_in_list", "starts_at required")
	for day, want := range map[string]string{"2021-11-14": "date out_of_range", "2021-11-16": "date out_of_range", "yesterday": "date not_a_day"} {
		wrong := using("anna", 10)
		wrong.Day = day
		c.When(wrong).Faults(want)
	}
	c.When(NameCoach{EntitlementID: "e-anna", ProviderID: "provider-a", Account: "advisor-34"}).Faults("provider_id one_of")
}

// checkGrants does random commands and counts, from the facts alone, who is in the quota and which minutes were used.
func checkGrants(t *rapid.T, plant func(events.Grant) events.Grant) string {
	small := opened
	small.Quota = 3
	g := EvolveGrants(Grants{}, small)
	inQuota, used, owner := map[string]bool{}, map[string]int{}, map[string]string{}
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		who := fmt.Sprint(rapid.IntRange(0, 6).Draw(t, "who"))
		commands := []story.Command[Grants, events.Grant]{
			asking(who), approving(who), ReleasePlace{EntitlementID: "e-" + who}, NameCoach{EntitlementID: "e-" + who, Account: "advisor-34"},
			using(who, rapid.IntRange(1, 200).Draw(t, "minutes")), giving(who, "item-"+who), EndEntitlement{EntitlementID: "e-" + who},
		}
		facts, err := rapid.SampledFrom(commands).Draw(t, "command").Decide(g)
		if err != nil && len(facts) > 0 {
			return "refused, and told"
		}
		for _, f := range facts {
			switch e := f.(type) {
			case events.EntitlementApproved:
				inQuota[e.EntitlementID] = true
			case events.EntitlementReleased:
				delete(inQuota, e.EntitlementID)
			case events.MinutesUsed:
				used[e.EntitlementID] += e.Minutes
			case events.ItemGiven:
				owner[e.EntitlementID] = e.ItemID
			case events.GrantOpened, events.EntitlementRequested, events.EntitlementRefused, events.EntitlementEnded, events.EntitlementCompleted, events.CoachNamed,
				events.AppointmentMade, events.AppointmentMissed, events.ConnectionBegun, events.ConnectionEnding, events.ItemGranted:
			}
			g = EvolveGrants(g, plant(f))
		}
		left, sum := g.Left(), 0
		for id, minutes := range used {
			if sum += minutes; minutes > 360 || !inQuota[id] {
				return fmt.Sprintf("%s has used %d minutes", id, minutes)
			}
		}
		if len(inQuota) > 3 || left.Counted != len(inQuota) || left.MinutesUsed != sum || left.Equipped != len(owner) {
			return fmt.Sprintf("%+v, %d in the quota, %d minutes, %d equipped", left, len(inQuota), sum, len(owner))
		}
	}
	return ""
}

func TestNoHistoryPassesTheQuotaOrTheHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkGrants(t, func(f events.Grant) events.Grant { return f }); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestAMinuteThatIsForgottenIsFound(t *testing.T) {
	t.Parallel()
	forgetful := func(f events.Grant) events.Grant {
		if e, ok := f.(events.MinutesUsed); ok {
			e.Minutes--
			return e
		}
		return f
	}
	for seed := range 500 {
		if rapid.Custom(func(t *rapid.T) string { return checkGrants(t, forgetful) }).Example(seed) != "" {
			return
		}
	}
	t.Fatal("nothing was found")
}
