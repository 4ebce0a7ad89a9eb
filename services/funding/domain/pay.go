package domain

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a payment and of a recovery.
var (
	ErrReportMissing = refusal.New(refusal.Conflict, "report_missing", "The project has sent no report. A payment follows a report.")
	ErrLineExceeded  = refusal.New(refusal.Conflict, "line_exceeded", "This is more than was decided for this line.")
	ErrMoreThanPaid  = refusal.New(refusal.Conflict, "more_than_paid", "This is more than was paid.")
	ErrTargetReached = refusal.New(refusal.Conflict, "target_reached", "The project's final report does not say that its target was missed.")
)

// Pay pays money of a line of a decision.
type Pay struct {
	Act
	ID, DecisionID string
	Line           int // from 1; 0: the only one, or the only one of the project
	ProjectID      string
	AmountCents    int
	Date           string
}

// Decide tells the payment.
func (p Pay) Decide(b Budget) ([]events.Funding, error) {
	decision, line, faults := b.line(p.DecisionID, p.Line, p.ProjectID)
	if faults == nil && p.Date < decision.Date {
		faults = refusal.Faults{{Field: "date", Code: "before_decision", Detail: "Nothing is paid before it is decided.", Of: "decision"}}
	}
	if faults != nil {
		return nil, faults
	}
	paid := decision.Lines[line-1]
	if _, reported := b.Report(paid.ProjectID); paid.ProjectID != "" && !reported {
		return nil, ErrReportMissing
	}
	if b.grossOf(p.DecisionID, line)+p.AmountCents > paid.AmountCents {
		return nil, ErrLineExceeded
	}
	return tell(events.PaymentMade{
		Fund: p.Fund, PaymentID: p.ID, DecisionID: p.DecisionID, Line: line, AmountCents: p.AmountCents, Date: p.Date, By: p.By, At: p.At,
	})
}

// line finds a line of a decision, counted from 1.
func (b Budget) line(decisionID string, n int, projectID string) (events.FundingDecided, int, refusal.Faults) {
	decision, faults := b.cite("decision", decisionID)
	if faults != nil {
		return decision, 0, faults
	}
	var fits []int
	for i, line := range decision.Lines {
		if (n == 0 || n == i+1) && (projectID == "" || projectID == line.ProjectID) {
			fits = append(fits, i+1)
		}
	}
	switch len(fits) {
	case 1:
		return decision, fits[0], nil
	case 0:
		return decision, 0, refusal.Faults{{Field: "line", Code: "unknown_line", Detail: "The decision has no such line.", Of: "project_id"}}
	}
	return decision, 0, refusal.Faults{{Field: "line", Code: "which_line", Detail: "The decision has several such lines. Say which.", Of: "project_id"}}
}

// Recover asks for money back.
type Recover struct {
	Act
	ID, DecisionID string
	Line           int
	ProjectID      string
	AmountCents    int
	Reason, Date   string
}

// TargetMissed is the reason that needs a final report which says so.
const TargetMissed = "target_missed"

// Decide tells what has to come back.
func (r Recover) Decide(b Budget) ([]events.Funding, error) {
	decision, line, faults := b.line(r.DecisionID, r.Line, r.ProjectID)
	if faults != nil {
		return nil, faults
	}
	if r.Reason == TargetMissed && !b.missed(decision.Lines[line-1].ProjectID) {
		return nil, ErrTargetReached
	}
	if r.AmountCents > b.PaidOf(r.DecisionID, line) {
		return nil, ErrMoreThanPaid
	}
	return tell(events.RecoveryAsked{
		Fund: r.Fund, RecoveryID: r.ID, DecisionID: r.DecisionID, Line: line, AmountCents: r.AmountCents, Reason: r.Reason, Date: r.Date, By: r.By, At: r.At,
	})
}

// missed says whether a project's final report is under its target.
func (b Budget) missed(projectID string) bool {
	project, _ := b.Project(projectID)
	report, ok := b.Report(projectID)
	return ok && report.Final && report.Reached < project.TargetPeople
}
