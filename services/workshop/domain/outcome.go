package domain

import (
	"fmt"
	"maps"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// RecordOutcome says what the session has brought to somebody.
type RecordOutcome struct {
	Change

	ReferralID string
	Outcome    events.Outcome
}

// Decide keeps it under the person's key. Only what the session is about can have been learnt there.
func (c RecordOutcome) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	r := w.find(c.ReferralID)
	switch {
	case r == nil:
		return nil, ErrNotAsked
	case !w.begun(c.At):
		return nil, ErrNotBegun
	case r.answer != Enrolled && r.answer != Dropped:
		return nil, ErrNotSeated
	}
	if err := c.faults(w, r).OrNil(); err != nil {
		return nil, err
	}
	return tell(events.OutcomeRecorded{
		SessionID: c.SessionID, ReferralID: c.ReferralID, By: c.By, At: c.At, Details: events.Clear(r.personID, c.Outcome),
	})
}

func (c RecordOutcome) faults(w Workshop, r *request) (faults refusal.Faults) {
	if c.Outcome.Completed && r.answer == Dropped {
		faults = append(faults, refusal.Fault{Field: "completed", Code: "dropped", Detail: "This person has left the session before its end."})
	}
	for _, family := range slices.Sorted(maps.Keys(c.Outcome.Skills)) {
		faults = append(faults, w.gainFaults("skills."+family, family, c.Outcome.Skills[family])...)
	}
	for _, item := range slices.Sorted(maps.Keys(c.Outcome.Items)) {
		faults = append(faults, w.gainFaults("items."+item, reference.FamilyOf(item), c.Outcome.Items[item])...)
	}
	return faults
}

func (w Workshop) gainFaults(field, family string, gain events.Gain) (faults refusal.Faults) {
	if !slices.Contains(w.plan.Skills, family) {
		faults = append(faults, refusal.Fault{Field: field, Code: "not_covered", Detail: "The session is not about this."})
	}
	for _, step := range []struct {
		name  string
		level int
	}{{"before", gain.Before}, {"after", gain.After}} {
		if step.level < 0 || step.level > 3 {
			faults = append(faults, refusal.Fault{Field: fmt.Sprintf("%s.%s", field, step.name), Code: "not_in_list", Detail: "0 cannot, 1 with help, 2 alone, 3 helps others."})
		}
	}
	return faults
}

// Part is one participant, as far as the objective of a session is concerned.
type Part struct {
	Left    bool // before the end
	Outcome events.Outcome
}

// Objective is how far a session has come towards its aim: half of those who finished have an account of their own, have
// looked at the portal and have a mailbox, all three.
type Objective struct {
	Finished, All, Account, Portal, Mailbox int
	Left                                    int // shown apart
}

// objectivePercent of those who finished.
const objectivePercent = 50

// ObjectiveOf counts.
func ObjectiveOf(parts []Part) (o Objective) {
	for _, p := range parts {
		switch {
		case p.Left:
			o.Left++
			continue
		case !p.Outcome.Completed:
			continue
		}
		o.Finished++
		o.Account += count(p.Outcome.AccountCreated)
		o.Portal += count(p.Outcome.PortalConsulted)
		o.Mailbox += count(p.Outcome.MailboxCreated)
		o.All += count(p.Outcome.AccountCreated && p.Outcome.PortalConsulted && p.Outcome.MailboxCreated)
	}
	return o
}

// Met says whether the aim is reached; nobody finished: it is not.
func (o Objective) Met() bool { return o.Finished > 0 && o.All*100 >= objectivePercent*o.Finished }
