package domain

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

type command interface {
	Decide(b Budget) ([]events.Funding, error)
}

// after is the budget after commands that are all accepted.
func after(t *testing.T, b Budget, list ...command) Budget {
	t.Helper()
	for n, c := range list {
		facts, err := c.Decide(b)
		if err != nil {
			t.Fatalf("%d: %T: %v", n, c, err)
		}
		for _, f := range facts {
			b = Evolve(b, f)
		}
	}
	return b
}

// refused checks that a command is refused with a code, or with faults of which one is "field code".
func refused(t *testing.T, b Budget, c command, want string) {
	t.Helper()
	facts, err := c.Decide(b)
	var no *refusal.Refusal
	var faults refusal.Faults
	var got []string
	switch {
	case errors.As(err, &no):
		got = []string{no.Code}
	case errors.As(err, &faults):
		for _, f := range faults {
			got = append(got, f.Field+" "+f.Code)
		}
	}
	if len(facts) > 0 || !slices.Contains(got, want) {
		t.Errorf("%T: told %v, refused %v, not %q", c, facts, got, want)
	}
}

func envelope(id, source string, cents int) OpenEnvelope {
	return OpenEnvelope{ID: id, Label: id, Source: source, From: "2019-01-01", AmountCents: cents}
}

func call(id string) OpenCall {
	return OpenCall{ID: id, Label: id, Opens: "2021-01-04", Closes: "2021-03-31", TabletCents: TabletCents, TabletCapCents: TabletCapCents}
}

func project(n int, call, structure string, cost, asked, target int) Propose {
	return Propose{
		ID: fmt.Sprint("p", n), CallID: call, StructureID: structure, StructureLabel: structure, Label: fmt.Sprint("Projet Exemple ", n),
		CostCents: cost, AskedCents: asked, TargetPeople: target, AnyDay: true,
	}
}

func line(label string, cents int) events.DecisionLine {
	return events.DecisionLine{Label: label, AmountCents: cents}
}

func of(project, envelope string, cents int) events.DecisionLine {
	return events.DecisionLine{Label: project, AmountCents: cents, ProjectID: project, EnvelopeID: envelope}
}

func decision(id, date string, total int, lines ...events.DecisionLine) TakeDecision {
	return TakeDecision{ID: id, Date: date, TotalCents: total, Lines: lines}
}

func TestG1_TheSubsidyOfTabletsIsCappedInMoneyAndCumulative(t *testing.T) {
	t.Parallel()
	equipment := events.DecisionLine{Label: "Matériel", AmountCents: 20_800_00, Nature: Equipment}
	b := after(t, Budget{}, call("c1"), call("c2"), NoteStructure{ID: "s1", Label: "Exemple"}, decision("d1", "2021-05-06", 20_800_00, equipment))
	c1, _ := b.Call("c1")
	for tablets, want := range map[int]int{1: 350_00, 8: 2_800_00, 9: 3_000_00, 100: 3_000_00} {
		if got := b.Due(c1, "s1", tablets); got != want {
			t.Errorf("%d tablets: %d, not %d", tablets, got, want)
		}
	}
	five := SubsidiseTablets{CallID: "c1", StructureID: "s1", DecisionID: "d1", Tablets: 5}
	b = after(t, b, five)
	if got := b.Due(c1, "s1", 5); got != 1_250_00 {
		t.Error(got)
	}
	b = after(t, b, five)
	if got := []int{b.Subsidies[0].AmountCents, b.Subsidies[1].AmountCents}; !slices.Equal(got, []int{1_750_00, 1_250_00}) {
		t.Error(got)
	}
	refused(t, b, five, "cap_reached")
	five.CallID = "c2" // the cap is of each call
	b = after(t, b, five)
	five.DecisionID = ""
	refused(t, b, five, "decision unknown_decision")
	b = after(t, b, decision("d2", "2021-05-06", 300_00, events.DecisionLine{Label: "Matériel", AmountCents: 300_00, Nature: Equipment}))
	refused(t, b, SubsidiseTablets{CallID: "c2", StructureID: "s1", DecisionID: "d2", Tablets: 1}, "decision_exceeded")
}

func TestG2_TheLinesOfADecisionAddUpToItsTotal(t *testing.T) {
	t.Parallel()
	good := decision("d", "2021-05-06", 107_800_00, line("Actions collectives", 87_000_00), line("Matériel", 20_800_00))
	after(t, Budget{}, good)
	refused(t, Budget{}, decision("d", "2021-05-06", 107_800_00, line("Actions collectives", 87_000_00), line("Matériel", 20_801_00)), "total_cents lines_do_not_add_up")
}

func TestG3_OneDecisionHasTwoSourcesToTheCent(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, envelope("r", "regional", 164_589_96), envelope("n", "national", 89_800_00), call("c"),
		project(1, "c", "s1", 500_000_00, 254_389_96, 220),
		decision("d", "2019-11-21", 254_389_96, of("p1", "r", 164_589_96), of("p1", "n", 89_800_00)))
	p, _ := b.Project("p1")
	m := b.MoneyOf(p)
	if m.Granted != 254_389_96 || b.Of("r").Committed+b.Of("n").Committed != 254_389_96 || *Rate(m.Granted, p.TargetPeople) != 1_156_32 {
		t.Error(m, *Rate(m.Granted, p.TargetPeople))
	}
	refused(t, b, decision("d2", "2019-11-21", 1, of("p1", "r", 1)), "envelope_exceeded")
}

func TestG4_TheReachedAreComparedWithTheTarget(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, call("c"), project(1, "c", "s1", 231_590_00, 231_590_00, 200), decision("d", "2020-12-03", 231_590_00, of("p1", "", 231_590_00)),
		Report{ProjectID: "p1", Reached: 150, Finished: 140, Autonomous: 70, Held: 30})
	p, _ := b.Project("p1")
	if m := b.MoneyOf(p); *Percent(m.Reached, m.Target) != 75 {
		t.Error(m)
	}
	refused(t, b, Report{ProjectID: "p1", Reached: 10, Finished: 11, Autonomous: 12}, "finished more_than_reached")
}

func TestG5_AProjectIsProposedKeptOrRefusedAndHasAShareOfItsCost(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, call("c"), project(1, "c", "s1", 10_000_00, 2_700_00, 10), project(2, "c", "s2", 10_000_00, 2_700_00, 10), project(3, "c", "s3", 10_000_00, 2_700_00, 10),
		Convene{ID: "k", Date: "2021-05-06", Agenda: []events.AgendaItem{{Kind: "decision", ProjectID: "p1"}, {Kind: "decision", ProjectID: "p2"}, {Kind: "presentation", ProjectID: "p3"}}},
		Vote{CommitteeID: "k", ProjectID: "p1", Answer: Favourable}, Vote{CommitteeID: "k", ProjectID: "p2", Answer: Unfavourable})
	if got := []string{b.StatusOf("p1"), b.StatusOf("p2"), b.StatusOf("p3")}; !slices.Equal(got, []string{Kept, Refused, Proposed}) {
		t.Error(got)
	}
	refused(t, b, Vote{CommitteeID: "k", ProjectID: "p3", Answer: Favourable}, "project_id presentation_only")
	refused(t, b, decision("d", "2021-05-06", 1, of("p2", "", 1)), "lines[0].project_id project_refused")
	b = after(t, b, decision("d", "2021-05-06", 2_700_00, of("p1", "", 2_700_00)))
	p, _ := b.Project("p1")
	if got := Percent(b.MoneyOf(p).Granted, p.CostCents); *got != 27 {
		t.Error(*got)
	}
	refused(t, b, Vote{CommitteeID: "k", ProjectID: "p1", Answer: Unfavourable}, "already_decided")
	refused(t, b, project(4, "c", "s1", 1, 2, 0), "asked_cents more_than_cost")
	late := project(5, "c", "s1", 2, 1, 0)
	late.AnyDay, late.Today = false, "2021-04-01"
	refused(t, b, late, "call_closed")
}

func TestG6_AStructureInSeveralCallsIsCountedOnce(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, call("c1"), call("c2"))
	for n := range 150 {
		b = after(t, b, project(n, []string{"c1", "c2"}[n%2], fmt.Sprint("s", n%128), 2, 1, 20))
	}
	if len(b.Structures) != 128 || len(b.Projects) != 150 {
		t.Error(len(b.Structures), len(b.Projects))
	}
}

func TestG8_EveryCommitmentCitesADecision(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, Convene{ID: "shown", Date: "2021-11-21", Agenda: []events.AgendaItem{{Kind: Presentation, Label: "11 nouveaux relais"}}}, // a Sunday
		NoteStructure{ID: "s1", Label: "Exemple"}, call("c"))
	of := decision("d", "2021-11-21", 13_500_00, line("Relais", 13_500_00))
	of.CommitteeID = "shown"
	refused(t, b, of, "committee_id presentation_only")
	refused(t, b, Pay{DecisionID: "shown", AmountCents: 1, Date: "2021-12-01"}, "decision presentation_only")
	refused(t, b, Pay{AmountCents: 1, Date: "2021-12-01"}, "decision unknown_decision")
	refused(t, b, SubsidiseTablets{CallID: "c", StructureID: "s1", DecisionID: "shown", Tablets: 1}, "decision presentation_only")
	of.CommitteeID = ""
	after(t, b, of) // a Sunday is a day
}

func TestAPaymentFollowsAReportAndNeverPassesItsLine(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, envelope("r", "regional", 1_000_00), call("c"), project(1, "c", "s1", 1_000_00, 600_00, 30),
		decision("d", "2021-05-06", 700_00, of("p1", "r", 600_00), line("Partenariat", 100_00)))
	pay := Pay{DecisionID: "d", Line: 1, AmountCents: 300_00, Date: "2021-06-01"}
	refused(t, b, pay, "report_missing")
	refused(t, b, Pay{DecisionID: "d", AmountCents: 1, Date: "2021-06-01"}, "line which_line")
	refused(t, b, Pay{DecisionID: "d", Line: 3, AmountCents: 1, Date: "2021-06-01"}, "line unknown_line")
	refused(t, b, Pay{DecisionID: "d", Line: 2, AmountCents: 1, Date: "2021-05-05"}, "date before_decision")
	b = after(t, b, Pay{DecisionID: "d", Line: 2, AmountCents: 100_00, Date: "2021-06-01"}, Report{ProjectID: "p1", Reached: 20, Final: true}, pay, pay)
	refused(t, b, Pay{DecisionID: "d", ProjectID: "p1", AmountCents: 1, Date: "2021-06-01"}, "line_exceeded")
	if got := b.Of("r"); got != (Sums{Committed: 600_00, Paid: 600_00}) {
		t.Error(got)
	}
}

func TestMoneyComesBackWhereATargetIsMissed(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, call("c"), project(1, "c", "s1", 1_000_00, 600_00, 30), decision("d", "2021-05-06", 600_00, of("p1", "", 600_00)),
		Report{ProjectID: "p1", Reached: 30, Final: true}, Pay{DecisionID: "d", AmountCents: 600_00, Date: "2021-06-01"})
	back := Recover{DecisionID: "d", Reason: TargetMissed, AmountCents: 200_00, Date: "2022-01-10"}
	refused(t, b, back, "target_reached")
	b = after(t, b, Report{ProjectID: "p1", Reached: 20, Final: true})
	p, _ := b.Project("p1")
	if got := b.MoneyOf(p).Recoverable(); got != 200_00 {
		t.Error(got)
	}
	b = after(t, b, back)
	if got := b.PaidOf("d", 1); got != 400_00 {
		t.Error(got)
	}
	back.AmountCents = 400_01
	refused(t, b, back, "more_than_paid")
}

func TestAPromiseIsKeptForItsProjectUntilADecision(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, envelope("r", "regional", 1_000_00), call("c"), project(1, "c", "s1", 900_00, 600_00, 30), project(2, "c", "s2", 900_00, 600_00, 30),
		Convene{ID: "k", Date: "2021-05-06", Agenda: []events.AgendaItem{{Kind: "decision", ProjectID: "p1"}, {Kind: "decision", ProjectID: "p2"}}},
		Vote{CommitteeID: "k", ProjectID: "p1", Answer: Favourable, EnvelopeID: "r"})
	refused(t, b, Vote{CommitteeID: "k", ProjectID: "p2", Answer: Favourable, EnvelopeID: "r"}, "envelope_exceeded")
	refused(t, b, Vote{CommitteeID: "k", ProjectID: "p2", Answer: Reduced, EnvelopeID: "r"}, "amount_cents not_reduced")
	refused(t, b, decision("d", "2021-05-06", 600_00, of("p2", "r", 600_00)), "envelope_exceeded")
	b = after(t, b, Vote{CommitteeID: "k", ProjectID: "p2", Answer: Reduced, AmountCents: 400_00, EnvelopeID: "r"})
	e, _ := b.Envelope("r")
	if b.Left(e) != 0 || b.Of("r").Promised != 1_000_00 {
		t.Error(b.Left(e), b.Of("r"))
	}
	b = after(t, b, decision("d", "2021-05-06", 1_000_00, of("p1", "r", 600_00), of("p2", "r", 400_00)))
	if got := b.Of("r"); got != (Sums{Committed: 1_000_00}) {
		t.Error(got)
	}
}

func TestALineOfASourceIsOfItsOnlyOpenEnvelope(t *testing.T) {
	t.Parallel()
	b := after(t, Budget{}, envelope("r", "regional", 500_00))
	named := func(source string) TakeDecision {
		return decision("d", "2021-05-06", 100_00, events.DecisionLine{Label: "x", AmountCents: 100_00, Source: source})
	}
	if got := after(t, b, named("regional")).Of("r").Committed; got != 100_00 {
		t.Error(got)
	}
	after(t, b, named("national")) // has no envelope here
	refused(t, b, named("sabot"), "lines[0].source unknown_source")
	refused(t, after(t, b, envelope("r2", "regional", 1)), named("regional"), "lines[0].envelope_id which_envelope")
	wrong := named("national")
	wrong.Lines[0].EnvelopeID = "r"
	refused(t, b, wrong, "lines[0].source not_of_envelope")
	refused(t, b, decision("d", "2018-12-31", 1, of("", "r", 1)), "lines[0].envelope_id envelope_closed")
}
