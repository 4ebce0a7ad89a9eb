package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// What is done when a tablet is not back.
const (
	CallLate   = "call"
	LetterLate = "letter"
	DecideLate = "decision"
	DaysOver   = "days_over" // nobody came for the tablet, or none was there
)

// steps say after how many days what is done.
var steps = []struct {
	kind string
	days int
}{{CallLate, 1}, {LetterLate, 8}, {DecideLate, 21}}

// Deadline is a moment at which a loan is late.
type Deadline struct {
	Kind string
	At   time.Time
}

// Due gives the loan that a fact is about, when it will be late, and whether that settles what was due before.
func Due(fact events.Equipment) (loan, pool string, set []Deadline, settled []string) {
	switch e := fact.(type) {
	case events.TabletKept:
		return e.LoanID, e.Pool, overAfter(e.To), []string{DaysOver}
	case events.TabletLacking:
		return e.LoanID, e.Pool, overAfter(e.To), []string{DaysOver}
	case events.TabletReleased:
		return e.LoanID, e.Pool, nil, []string{DaysOver}
	case events.TabletHandedOver:
		return e.LoanID, e.Pool, lateAfter(e.To), []string{DaysOver}
	case events.LoanExtended:
		return e.LoanID, e.Pool, slices.Concat(overAfter(e.To), lateAfter(e.To)), append(everyStep(), DaysOver)
	case events.LoanLate:
		return e.LoanID, e.Pool, nil, []string{e.Kind}
	case events.TabletReturned:
		return e.LoanID, e.Pool, nil, everyStep()
	case events.LoanLost:
		return e.LoanID, e.Pool, nil, everyStep()
	case events.LoanWrittenOff:
		return e.LoanID, e.Pool, nil, everyStep()
	case events.ItemFound, events.ItemTransferred, events.ItemReceived, events.ItemRegistered, events.ItemReset, events.ItemSentToRepair, events.ItemRetired, events.ItemGranted, events.StocktakeTaken,
		events.TabletSwapped:
	}
	return "", "", nil, nil
}

// lateAfter are the mornings on which something is done, in Paris. A tablet may come back on its last day.
func lateAfter(last string) (list []Deadline) {
	for _, s := range steps {
		if at, ok := morning(last, s.days); ok {
			list = append(list, Deadline{s.kind, at})
		}
	}
	return list
}

// overAfter is the morning after the last day for which a tablet is kept, or waited for.
func overAfter(last string) []Deadline {
	at, ok := morning(last, 1)
	if !ok {
		return nil
	}
	return []Deadline{{DaysOver, at}}
}

// morning is midnight in Paris some days after a day; a fact told before loans had a last day has none.
func morning(last string, later int) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, last)
	return time.Date(day.Year(), day.Month(), day.Day()+later, 0, 0, 0, 0, reference.Paris), err == nil
}

func everyStep() (kinds []string) {
	for _, s := range steps {
		kinds = append(kinds, s.kind)
	}
	return kinds
}

// NoteLate is due when a tablet is not back after its last day.
type NoteLate struct {
	Act

	LoanID, Kind string
}

// Decide says it once for each last day.
func (n NoteLate) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(n.LoanID)
	kinds := everyStep()
	if l.Status != Lent || !n.isDue(l.To) || slices.Index(kinds, l.late) >= slices.Index(kinds, n.Kind) {
		return nil, nil
	}
	return []events.Equipment{events.LoanLate{
		Pool: n.Pool, LoanID: l.ID, ItemID: l.ItemID, ReferralID: l.ReferralID, PersonID: l.PersonID, Kind: n.Kind, To: l.To, At: n.At,
	}}, nil
}

// isDue: since the deadline was set, the loan may have been extended.
func (n NoteLate) isDue(last string) bool {
	return slices.ContainsFunc(lateAfter(last), func(d Deadline) bool { return d.Kind == n.Kind && reference.Day(d.At) <= n.Today })
}

// Lose says that a tablet does not come back.
type Lose struct {
	Act

	LoanID, Reason string
}

// Decide says it once. Those for whom it was kept get another one, or wait.
func (l Lose) Decide(p Pool) ([]events.Equipment, error) {
	loan := p.Loan(l.LoanID)
	if loan.Status == Lost {
		return nil, nil
	}
	if err := p.outOf(l.LoanID); err != nil {
		return nil, err
	}
	return l.then(p, events.LoanLost{
		Pool: l.Pool, LoanID: loan.ID, ItemID: loan.ItemID, ReferralID: loan.ReferralID, PersonID: loan.PersonID, Reason: l.Reason, By: l.By, At: l.At,
	}), nil
}

// WriteOff ends a loan without its tablet.
type WriteOff struct {
	Act

	LoanID   string
	Decision string // its reference
}

// Decide says it once.
func (w WriteOff) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(w.LoanID)
	switch l.Status {
	case WrittenOff:
		return nil, nil
	case Lost:
	default:
		if err := p.outOf(w.LoanID); err != nil {
			return nil, err
		}
	}
	decision := strings.TrimSpace(w.Decision)
	if decision == "" {
		return nil, refusal.Faults{{Field: "decision", Code: "required", Detail: "Fill in the reference of the decision."}}
	}
	return w.then(p, events.LoanWrittenOff{
		Pool: w.Pool, LoanID: l.ID, ItemID: l.ItemID, ReferralID: l.ReferralID, PersonID: l.PersonID, Decision: decision, By: w.By, At: w.At,
	}), nil
}
