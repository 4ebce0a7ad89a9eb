package projections

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// financed is a project of provider-a for twenty people, decided and paid, and another one that it asks for now; a structure
// that is no provider asks too.
func (h *house) financed() {
	h.t.Helper()
	fund := "carsat-lr"
	h.hear(
		events.StructureNoted{Fund: fund, StructureID: "provider-a", Label: "Centre Exemple", Networks: []string{"FCSF"}, At: h.now},
		events.StructureNoted{Fund: fund, StructureID: "no-provider", Label: "Association Exemple", At: h.now},
		events.ProjectProposed{Fund: fund, CallID: "call-1", ProjectID: "project-1", StructureID: "provider-a", Label: "Premiers pas", CostCents: 500000, AskedCents: 200000, TargetPeople: 20, At: h.now},
		events.FundingDecided{Fund: fund, DecisionID: "decision-1", Date: "2020-12-03", TotalCents: 200000, Lines: []events.DecisionLine{{Label: "Premiers pas", AmountCents: 200000, ProjectID: "project-1"}}, At: h.now},
		events.ProjectReported{Fund: fund, ProjectID: "project-1", ReportID: "report-1", Reached: 15, Finished: 10, Autonomous: 5, Held: 2, Final: true, At: h.now},
		events.PaymentMade{Fund: fund, PaymentID: "payment-1", DecisionID: "decision-1", Line: 1, AmountCents: 200000, Date: "2021-01-10", At: h.now},
		events.RecoveryAsked{Fund: fund, RecoveryID: "recovery-1", DecisionID: "decision-1", Line: 1, AmountCents: 50000, Reason: "target_missed", Date: "2021-11-01", At: h.now},
		events.ProjectProposed{Fund: fund, CallID: "call-2", ProjectID: "project-2", StructureID: "provider-a", Label: "Encore", CostCents: 1000000, AskedCents: 270000, TargetPeople: 15, Tablets: 8, At: h.now},
		events.ProjectProposed{Fund: fund, CallID: "call-2", ProjectID: "project-3", StructureID: "no-provider", Label: "Ailleurs", CostCents: 100000, AskedCents: 50000, At: h.now},
		events.CommitteeConvened{Fund: fund, CommitteeID: "committee-1", Date: "2021-11-18", Agenda: []events.AgendaItem{
			{Kind: "decision", Label: "Encore", ProjectID: "project-2"}, {Kind: "decision", Label: "Ailleurs", ProjectID: "project-3"}, {Kind: "presentation", Label: "Bilan"},
		}, At: h.now},
		events.ProjectVoted{Fund: fund, CommitteeID: "committee-1", ProjectID: "project-2", Answer: "favourable", AmountCents: 270000, At: h.now},
	)
}

// sessionOf is a session of yesterday that names a project, with so many people in it.
func (h *house) sessionOf(project, session string, people int) []events.ReferralOpened {
	return h.seated(session, people, func(s *events.SessionPlanned) { s.ProjectID, s.CostCents = project, 0 })
}

func present(session string, people ...events.ReferralOpened) events.AttendanceRecorded {
	a := events.AttendanceRecorded{SessionID: session, Meeting: 1, By: "provider-a"}
	for _, p := range people {
		a.Present = append(a.Present, p.ReferralID)
	}
	return a
}

// TestTheFileOfACommitteeSaysWhatTheDashboardsSay of the same provider, days and commune.
func TestTheFileOfACommitteeSaysWhatTheDashboardsSay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.financed()
	people := h.sessionOf("project-1", "session-1", 6)
	h.seated("session-other", 2, nil) // of no project: in what the provider brought, not in what the project did
	h.hear(present("session-1", people[:4]...), h.recorded(people[0], 3, events.Outcome{}), h.recorded(people[1], 3, events.Outcome{}), h.recorded(people[2], 1, events.Outcome{}), h.recorded(people[5], 0, events.Outcome{}))
	item := events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "T1", By: "provider-a", At: h.now}
	lent := h.lent(people[0], "item-1")
	kept := h.kept(people[0], "item-1")
	kept.From, kept.To = "2021-11-14", "2021-11-15"
	h.hear(item, kept, lent, events.LoanLost{Pool: "provider-a", LoanID: lent.LoanID, ItemID: "item-1", ReferralID: lent.ReferralID, PersonID: lent.PersonID, Reason: "theft", At: h.now})
	h.hear(h.wants(wantingOne{id: "near", desk: "montpellier", author: "advisor-34", insee: "34172", found: "2021-10-01", fate: "wished"})...)
	h.hear(h.wants(wantingOne{id: "far", desk: "montpellier", author: "advisor-34", insee: "30189", found: "2021-10-01", fate: "wished"})...)

	file := see[rest.CommitteeFile](h, "funding-lr", "/committees/committee-1/file")
	if file.From != "2020-01-01" || file.To != "2021-11-18" || len(file.Structures) != 2 || file.Committee.Date != "2021-11-18" || len(file.Committee.Agenda) != 3 || len(file.Committee.Votes) != 1 || file.Positions.Funding != 11 {
		t.Fatalf("%+v", file)
	}
	plain, one := file.Structures[0], file.Structures[1]
	if plain.Structure != "no-provider" || plain.AskedCents != 50000 || plain.ProjectsBefore != 0 || plain.Outcomes != nil || plain.Unmet != nil || plain.ReachedPercent != nil {
		t.Errorf("%+v", plain)
	}
	if one.AskedCents != 270000 || len(one.Asks) != 1 || *one.Asks[0].SharePercent != 27 || *one.Asks[0].CentsPerPerson != 18000 || *one.Asks[0].Vote != "favourable" || one.ProjectsBefore != 1 ||
		one.GrantedCents != 200000 || one.PaidCents != 150000 || one.RecoveredCents != 50000 || one.TargetPeople != 20 || one.Reached != 15 || *one.ReachedPercent != 75 ||
		*one.PromisedCentsPerPerson != 10000 || *one.PaidCentsPerPerson != 10000 || one.ReportsMissing != 0 {
		t.Errorf("%+v", one)
	}
	if b := one.Before[0]; b.Project != "project-1" || b.Date != "2020-12-03" || b.Counted != 5 || b.Sessions != 1 || b.Report != "final" {
		t.Errorf("four were there, and one more finished: %+v", b)
	}
	days := "&from=" + file.From + "&to=" + file.To
	outcomes := see[rest.Outcomes](h, "funding-lr", "/dashboard/outcomes?provider=provider-a"+days)
	if one.Outcomes.N != outcomes.N || outcomes.N != 8 || one.Outcomes.Parts != outcomes.Parts || !reflect.DeepEqual(one.Outcomes.Objective, outcomes.Objective) || *one.Outcomes.Objective.Percent != 50 {
		t.Errorf("%+v, not %+v", one.Outcomes, outcomes)
	}
	capacity := see[rest.Capacity](h, "funding-lr", "/dashboard/capacity?provider=provider-a"+days)
	if one.Seats.N != capacity.N || one.Seats.Parts != capacity.Parts || one.Seats.Seats != capacity.Seats || *one.Seats.FillPercent != 33 {
		t.Errorf("%+v, not %+v", one.Seats, capacity)
	}
	unmet := see[rest.Unmet](h, "funding-lr", "/dashboard/unmet?fund=carsat-lr&insee=34172&within_km=20")
	if one.Unmet.N != *unmet.N || *unmet.N == 0 || one.Unmet.Insee != "34172" {
		t.Errorf("%+v, not %+v", one.Unmet, unmet)
	}
	if *one.Tablets != (rest.FileTablets{Lent: 1, Lost: 1}) || one.Delays.Asked != 8 || one.Delays.Answered != 8 || *one.Delays.MedianDays != 0 || one.Delays.Late != 0 || one.Delays.Waiting != 0 {
		t.Errorf("%+v %+v", one.Tablets, one.Delays)
	}
	targets := see[rest.Targets](h, "analyst-lr", "/dashboard/targets?call=call-1")
	if targets.Projects != 1 || targets.Counted != 5 || *targets.CountedPercent != 25 || targets.Reached != 15 || *targets.ReachedPercent != 75 || targets.Items[0].StructureName != "Centre Exemple" {
		t.Errorf("%+v", targets)
	}
	h.filesAre(map[string]int{
		"partnership-lr": http.StatusOK, "analyst-lr": http.StatusOK, "network": http.StatusOK, "analyst-bfc": http.StatusNotFound, "provider-a": http.StatusForbidden,
		"advisor-34": http.StatusForbidden, "equipment-lr": http.StatusForbidden,
	})
}

// filesAre asks for the file as several accounts.
func (h *house) filesAre(wanted map[string]int) {
	h.t.Helper()
	for account, want := range wanted {
		if got := h.get(account, "/committees/committee-1/file", nil).StatusCode; got != want {
			h.t.Errorf("%s: %d, not %d", account, got, want)
		}
	}
}

// TestALateAnswerIsInTheFile: one answered after its day, one that waits beyond it, one that waits.
func TestALateAnswerIsInTheFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.financed()
	s := h.planned("session-1", "provider-a", 12)
	h.hear(s)
	asked := h.now
	for i, by := range []time.Duration{24 * time.Hour, 24 * time.Hour, 30 * 24 * time.Hour} {
		f := h.senior(fmt.Sprintf("flag-%d", i), "Fictif", "montpellier", "advisor-34")
		o := h.opened(f, fmt.Sprintf("referral-%d", i), "session-1", "provider-a")
		r := h.requested(o)
		r.At, r.AnswerBy = asked, asked.Add(by)
		h.hear(o, r, h.held(o))
		if i == 0 {
			yes := h.taken(o)
			yes.At = asked.Add(60 * time.Hour)
			h.hear(yes)
		}
	}
	h.clock.Set(asked.AddDate(0, 0, 5))
	file := see[rest.CommitteeFile](h, "funding-lr", "/committees/committee-1/file?to=2021-12-31")
	d := file.Structures[1].Delays
	if d == nil || d.MedianDays == nil || *d.MedianDays != 3 || d.Asked != 3 || d.Answered != 1 || d.Late != 2 || d.Waiting != 2 {
		t.Errorf("%+v", d)
	}
}

// TestTheDraftOfAReportCountsPeopleOnceAndNamesWhatIsMissing.
func TestTheDraftOfAReportCountsPeopleOnceAndNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.financed()
	const path = "/projects/project-1/report/draft"
	if draft := see[rest.ReportDraft](h, "provider-a", path); draft.Complete || len(draft.Missing) != 1 || draft.Missing[0].Code != "no_session" || draft.Sessions != 0 {
		t.Errorf("%+v", draft)
	}
	first := h.sessionOf("project-1", "session-1", 3)
	h.sessionOf("project-1", "session-2", 0)
	f := events.SeniorFlagged{FlagID: first[0].FlagID, PersonID: first[0].PersonID, Fund: "carsat-lr", Programme: "reperage-lr", Desk: "montpellier", Department: "34", By: "advisor-34"}
	again := h.opened(f, "again", "session-2", "provider-a")
	h.hear(again, h.requested(again), h.held(again), h.taken(again))
	foreign := h.planned("session-foreign", "provider-b", 12) // names a project that is not its provider's
	foreign.ProjectID, foreign.Meetings = "project-1", []events.Meeting{{StartsAt: noon.AddDate(0, 0, -1), EndsAt: noon.AddDate(0, 0, -1).Add(time.Hour)}}
	h.hear(foreign)
	read := func() (draft rest.ReportDraft, missing []string) {
		draft = see[rest.ReportDraft](h, "provider-a", path)
		for _, gap := range draft.Missing {
			missing = append(missing, fmt.Sprint(*gap.Session, " ", gap.Code, " ", gap.N))
		}
		return draft, missing
	}
	draft, missing := read()
	want := []string{"session-1 attendance 1", "session-1 outcomes 3", "session-1 services 1", "session-2 attendance 1", "session-2 outcomes 1", "session-2 services 1"}
	if !reflect.DeepEqual(missing, want) || draft.Sessions != 2 || draft.Reached != 0 || draft.Outcomes.N != 4 {
		t.Errorf("%q, %+v", missing, draft)
	}
	gain := events.Outcome{Skills: map[string]events.Gain{"email": {Before: 0, After: 2}}}
	h.hear(present("session-1", first...), present("session-2", again), h.recorded(first[0], 3, gain), h.recorded(again, 3, events.Outcome{}), h.recorded(first[1], 1, events.Outcome{}),
		events.ParticipantDropped{SessionID: "session-1", ReferralID: first[2].ReferralID, Reason: "health", By: "provider-a", At: h.now},
		events.ServicesPresented{SessionID: "session-1", Services: []string{"retirement_fund"}, By: "provider-a", At: h.now},
		events.ServicesPresented{SessionID: "session-2", Services: []string{"retirement_fund"}, By: "provider-a", At: h.now},
		events.OwnSeatsSet{SessionID: "session-2", Seats: 4, At: h.now})
	draft, missing = read()
	if missing != nil || !draft.Complete || draft.Reached != 3 || draft.Finished != 2 || draft.Autonomous != 1 || draft.Sessions != 2 || *draft.ReachedPercent != 15 || draft.TargetPeople != 20 {
		t.Errorf("%q, %+v", missing, draft)
	}
	if draft.Outcomes.N != 4 || draft.Outcomes.Parts.Finished != 3 || draft.Outcomes.Parts.Dropped != 1 || draft.OwnParticipants != 4 || len(draft.Skills) != 1 ||
		draft.Services[0].Sessions != 2 || draft.Sent == nil || draft.Sent.Reached != 15 {
		t.Errorf("%+v", draft)
	}
	for account, want := range map[string]int{"funding-lr": 200, "analyst-lr": 200, "provider-b": 404, "analyst-bfc": 404, "advisor-34": 403} {
		if got := h.get(account, path, nil).StatusCode; got != want {
			t.Errorf("%s: %d, not %d", account, got, want)
		}
	}
	if list := see[rest.Targets](h, "provider-a", "/dashboard/targets").Items; len(list) != 1 || list[0].Counted != 3 {
		t.Errorf("%+v", list)
	}
	if list := see[rest.Targets](h, "provider-b", "/dashboard/targets").Items; len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// TestE5_AProjectIsExportedAgainstTheCriteriaOfTheLabel: each criterion is listed, met or not.
func TestE5_AProjectIsExportedAgainstTheCriteriaOfTheLabel(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.financed()
	const path = "/projects/project-1/criteria"
	read := func() map[string]bool {
		t.Helper()
		got := see[rest.ProjectCriteria](h, "funding-lr", path)
		met, n := map[string]bool{}, 0
		for _, c := range got.Criteria {
			met[c.Code], n = c.Met, n+oneIf(c.Met)
		}
		if got.Met != n || got.Held {
			t.Errorf("%+v", got)
		}
		return met
	}
	if got := read(); !reflect.DeepEqual(got, map[string]bool{"content": false, "evaluation": false, "impact": false, "objective": false}) {
		t.Errorf("without a session: %v", got)
	}
	all := []string{"internet", "email", "equipment", "office", "procedures", "security"}
	people := h.seated("session-1", 2, func(s *events.SessionPlanned) { s.ProjectID, s.Skills, s.Labelled = "project-1", all[:5], true })
	h.seated("session-2", 0, func(s *events.SessionPlanned) { s.ProjectID, s.Skills, s.Labelled = "project-1", all[5:], true })
	paper := func(session string, kinds ...string) {
		for _, kind := range kinds {
			h.hear(events.PaperFiled{SessionID: session, Kind: kind, Title: "Exemple", By: "provider-a", At: h.now})
		}
	}
	paper("session-1", "content_plan", "evaluation", "impact_sheet")
	paper("session-2", "content_plan", "evaluation")
	h.hear(h.recorded(people[0], 3, events.Outcome{}), h.recorded(people[1], 2, events.Outcome{}))
	if got := read(); !reflect.DeepEqual(got, map[string]bool{"content": true, "evaluation": true, "impact": false, "objective": true}) {
		t.Errorf("one impact sheet is missing: %v", got)
	}
	h.hear(h.recorded(people[0], 2, events.Outcome{}))
	paper("session-2", "impact_sheet")
	if got := read(); !got["impact"] || got["objective"] {
		t.Errorf("nobody has all three facts: %v", got)
	}
	rows := csv.NewReader(h.get("provider-a", path+"?format=csv", nil).Body)
	rows.Comma = ';'
	table, err := rows.ReadAll()
	h.must(err)
	var lines []string
	for _, row := range table[1:] {
		lines = append(lines, strings.Join([]string{row[0], row[3], row[5], row[6], row[7]}, " "))
	}
	if want := []string{"Premiers pas content oui 8 8", "Premiers pas evaluation oui 2 2", "Premiers pas impact oui 2 2", "Premiers pas objective non 0 2"}; !reflect.DeepEqual(lines, want) {
		t.Errorf("%q", lines)
	}
	for query, want := range map[string]int{"?version=none": 422, "?label=autonomie_numerique&version=2019": 200} {
		if got := h.get("funding-lr", path+query, nil).StatusCode; got != want {
			t.Errorf("%s: %d", query, got)
		}
	}
}
