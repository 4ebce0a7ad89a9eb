package projections

import (
	"time"

	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// Codes of a next step.
const (
	stepReview = "review"
	stepRefer  = "refer"
	stepAnswer = "answer"
	stepAttend = "attend"
	stepNone   = "none"
)

// flagStep is what happens next for a person: the step of an open referral, else a referral, once it is allowed.
// The referrals decide before the flag's own word, which comes later.
func flagStep(f flagRow, referrals []referralRow) rest.NextStep {
	best := rest.NextStep{What: stepNone}
	if f.dead() {
		return best
	}
	open := false
	for _, r := range referrals {
		if !r.open() {
			continue
		}
		open = true
		if step := referralStep(r); earlier(step, best) {
			best = step
		}
	}
	toHelp := f.Help == "to_refer" || f.Help == "referred"
	switch {
	case open:
		return best
	case f.Status == "submitted" && (f.Help == "none" || toHelp && !f.MayRefer):
		return rest.NextStep{What: stepReview, Who: f.Desk}
	case toHelp:
		return rest.NextStep{What: stepRefer, Who: f.Desk, By: f.Deadline}
	}
	return best
}

// earlier prefers a seat to an answer, and an answer to nothing.
func earlier(a, b rest.NextStep) bool {
	weight := map[string]int{stepAttend: 2, stepAnswer: 1}
	if weight[a.What] != weight[b.What] {
		return weight[a.What] > weight[b.What]
	}
	return the(a.By) < the(b.By)
}

// referralStep is what happens next with one referral.
func referralStep(r referralRow) rest.NextStep {
	if r.dead() {
		return rest.NextStep{What: stepNone}
	}
	switch r.Status {
	case "requested":
		return rest.NextStep{What: stepAnswer, Who: r.ProviderID, By: dayOf(r.AnswerBy)}
	case "enrolled":
		return rest.NextStep{What: stepAttend, Who: r.ProviderID, By: dayOf(r.FirstAt)}
	case "declined", "expired":
		return rest.NextStep{What: stepRefer, Who: r.Desk}
	}
	return rest.NextStep{What: stepNone}
}

func dayOf(at *time.Time) *string {
	if at == nil {
		return nil
	}
	text := reference.Day(*at)
	return &text
}

// journey is the way from the flag to the outcome. A referral that ended without a seat goes no further than that.
func (r referralSheet) journey(loan *rest.Loan, now time.Time) []rest.JourneyStep {
	way := []rest.JourneyStep{
		{Stage: "flag", State: "done", ID: &r.FlagID, At: inUTC(r.FlagSubmittedAt)},
		r.reviewStep(),
		{Stage: "referral", State: "done", ID: &r.ID, At: inUTC(&r.OpenedAt)},
		r.seatStep(),
	}
	if !r.open() {
		return way
	}
	if r.LoanWanted {
		way = append(way, tabletStep(loan))
	}
	return append(way, r.sessionStep(now), rest.JourneyStep{Stage: "outcome", State: "open"})
}

func (r referralSheet) reviewStep() rest.JourneyStep {
	if r.FlagValidated != nil {
		return rest.JourneyStep{Stage: "review", State: "done", ID: &r.FlagID, At: inUTC(r.FlagValidated)}
	}
	return rest.JourneyStep{Stage: "review", State: "open", ID: &r.FlagID}
}

func (r referralSheet) seatStep() rest.JourneyStep {
	state := map[string]string{"enrolled": "done", "waitlisted": "waiting", "requested": "open", "declined": "refused"}[r.Status]
	if state == "" {
		state = r.Status
	}
	return rest.JourneyStep{Stage: "seat", State: state, ID: &r.SessionID, At: inUTC(r.AnsweredAt)}
}

func tabletStep(loan *rest.Loan) rest.JourneyStep {
	switch {
	case loan == nil:
		return rest.JourneyStep{Stage: "tablet", State: "open"}
	case loan.ItemID == nil:
		return rest.JourneyStep{Stage: "tablet", State: "lacking", At: &loan.Since}
	}
	return rest.JourneyStep{Stage: "tablet", State: "done", ID: loan.ID, At: &loan.Since}
}

func (r referralSheet) sessionStep(now time.Time) rest.JourneyStep {
	step := rest.JourneyStep{Stage: "session", State: "open", ID: &r.SessionID, At: inUTC(r.FirstAt)}
	if r.SessionStatus != nil && r.LastAt != nil && r.FirstAt != nil && statusAt(*r.SessionStatus, *r.FirstAt, *r.LastAt, now) == "closed" {
		step.State = "done"
	}
	return step
}
