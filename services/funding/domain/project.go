package domain

import (
	"slices"
	"strconv"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals around projects.
var (
	ErrNoCall     = refusal.New(refusal.NotFound, "unknown_call", "There is no such call.")
	ErrNoProject  = refusal.New(refusal.NotFound, "unknown_project", "There is no such project.")
	ErrCallClosed = refusal.New(refusal.Conflict, "call_closed", "The call takes no projects today. Ask the fund.")
	ErrNotFunded  = refusal.New(refusal.Conflict, "not_funded", "No decision pays for this project, so there is nothing to report on.")
)

func at(list string, n int) string { return list + "[" + strconv.Itoa(n) + "]" }

// Propose asks for money under a call.
type Propose struct {
	Act
	ID, CallID, StructureID, StructureLabel string // the label is of a structure that is not noted yet
	Label                                   string
	CostCents, AskedCents                   int
	TargetPeople, Tablets                   int
	Criteria                                []string
	AnyDay                                  bool // who looks after the call may add a project that came on paper
}

// Decide tells the project.
func (p Propose) Decide(b Budget) ([]events.Funding, error) {
	call, ok := b.Call(p.CallID)
	if !ok {
		return nil, ErrNoCall
	}
	var faults refusal.Faults
	if p.AskedCents > p.CostCents {
		faults = append(faults, refusal.Fault{Field: "asked_cents", Code: "more_than_cost", Detail: "A project cannot be given more than it costs.", Of: "cost_cents"})
	}
	_, known := b.Structure(p.StructureID)
	if !known && p.StructureLabel == "" {
		faults = append(faults, refusal.Fault{Field: "structure", Code: "unknown_structure", Detail: "There is no such structure in the fund. Note it first."})
	}
	switch {
	case faults != nil:
		return nil, faults
	case !p.AnyDay && (p.Today < call.Opens || call.Closes < p.Today):
		return nil, ErrCallClosed
	}
	var facts []events.Funding
	if !known {
		facts = append(facts, events.StructureNoted{Fund: p.Fund, StructureID: p.StructureID, Label: p.StructureLabel, By: p.By, At: p.At})
	}
	return append(facts, events.ProjectProposed{
		Fund: p.Fund, CallID: p.CallID, ProjectID: p.ID, StructureID: p.StructureID, Label: p.Label, CostCents: p.CostCents, AskedCents: p.AskedCents,
		TargetPeople: p.TargetPeople, Tablets: p.Tablets, Criteria: slices.Compact(slices.Sorted(slices.Values(p.Criteria))), By: p.By, At: p.At,
	}), nil
}

// Report says what a project has reached.
type Report struct {
	Act
	ID, ProjectID                       string
	Reached, Finished, Autonomous, Held int
	Final                               bool
}

// Decide tells the report.
func (r Report) Decide(b Budget) ([]events.Funding, error) {
	if _, ok := b.Project(r.ProjectID); !ok {
		return nil, ErrNoProject
	}
	var faults refusal.Faults
	if r.Finished > r.Reached {
		faults = append(faults, refusal.Fault{Field: "finished", Code: "more_than_reached", Detail: "More people finished than were there.", Of: "reached"})
	}
	if r.Autonomous > r.Finished {
		faults = append(faults, refusal.Fault{Field: "autonomous", Code: "more_than_finished", Detail: "More people are autonomous than finished.", Of: "finished"})
	}
	switch {
	case faults != nil:
		return nil, faults
	case !b.funded(r.ProjectID):
		return nil, ErrNotFunded
	}
	return tell(events.ProjectReported{
		Fund: r.Fund, ProjectID: r.ProjectID, ReportID: r.ID, Reached: r.Reached, Finished: r.Finished, Autonomous: r.Autonomous, Held: r.Held,
		Final: r.Final, By: r.By, At: r.At,
	})
}
