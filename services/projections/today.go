package projections

import (
	"cmp"
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/next"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const (
	mostToday  = 500
	nearDays   = 7 // until a deadline
	toldAnswer = 7 // days for which the answer to a signal stands on the list
)

// What may need the desk: it waits for a review or an amendment, or help goes on and nobody else is asked.
var flagsToday = `select ` + flagColumns + ` from model.flag f` + flagJoins + `
where f.desk = $1 and ` + seenFlag + ` and (f.help in ('to_refer', 'wished', 'referred') or f.help = 'none' and f.status in ('submitted', 'returned'))
  and not exists (select from model.referral r where r.flag_id = f.id and r.status in ('requested', 'in_study', 'waitlisted', 'offered', 'enrolled', 'in_progress', 'advised'))`

var signalsToday = signalColumns + ` where ` + seenSignal + ` and (s.desk = $1 and s.status in ('sent', 'received')
  or s.from_desk = $1 and (s.status in ('sent', 'received') or s.answered_at > $2))`

// todayRow is a line with the person not opened yet.
type todayRow struct {
	sealedPerson
	rest.TodayLine

	since time.Time // of a wish that is met: the oldest comes first
}

// GetToday gives what needs a desk now, what is overdue first.
func (s *Service) GetToday(ctx context.Context, request rest.GetTodayRequestObject) (rest.GetTodayResponseObject, error) {
	ctx, a, err := s.atDesk(ctx, policy.ReadPerson, request.ID)
	if err != nil {
		return nil, err
	}
	day := deskDay{s, a, request.ID, s.Clock.Now()}
	rows, err := day.flags(ctx)
	if err != nil {
		return nil, err
	}
	if err := day.wishHits(ctx, rows); err != nil {
		return nil, err
	}
	if policy.May(a, policy.ReadSignals) {
		signals, err := day.signals(s.within(ctx, a, policy.ReadSignals))
		if err != nil {
			return nil, err
		}
		rows = append(rows, signals...)
	}
	calls, err := day.calls(ctx)
	if err != nil {
		return nil, err
	}
	links, err := day.links(ctx)
	if err != nil {
		return nil, err
	}
	connections, err := day.connections(ctx)
	if err != nil {
		return nil, err
	}
	rows = slices.Concat(withoutThose(rows, calls), calls, links, connections)
	slices.SortFunc(rows, sooner)
	answer := rest.Today{Day: day.today(), Counts: map[string]int{"mine": 0}, Truncated: len(rows) > mostToday}
	for _, r := range rows {
		answer.Counts[r.Kind]++
		if r.Mine {
			answer.Counts["mine"]++
		}
	}
	answer.Items, err = s.todayLines(ctx, rows[:min(len(rows), mostToday)])
	return rest.GetToday200JSONResponse(answer), err
}

// withoutThose leaves out flags whose person is to be rung because the session was cancelled: that call is where help goes on.
func withoutThose(rows, calls []todayRow) []todayRow {
	return slices.DeleteFunc(rows, func(r todayRow) bool {
		return r.SignalID == nil && slices.ContainsFunc(calls, func(c todayRow) bool { return c.Kind == "session_cancelled" && the(c.FlagID) == the(r.FlagID) })
	})
}

// sooner puts what was cancelled first, then what is overdue, then what comes first.
func sooner(a, b todayRow) int {
	first := func(r todayRow) int {
		switch {
		case r.Kind == "session_cancelled":
			return 0
		case r.Overdue:
			return 1
		}
		return 2
	}
	return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(the(a.By), the(b.By)), a.since.Compare(b.since), cmp.Compare(a.Reference, b.Reference), cmp.Compare(a.Kind, b.Kind))
}

func (s *Service) todayLines(ctx context.Context, rows []todayRow) ([]rest.TodayLine, error) {
	persons, err := open(ctx, s, rows)
	lines := make([]rest.TodayLine, len(rows))
	for i, r := range rows {
		web.Concerns(ctx, the(r.who()))
		r.TodayLine.Person = persons.name(r.who())
		lines[i] = r.TodayLine
	}
	return lines, err
}

// who the line is about.
func (r todayRow) who() *string { return r.sealedPerson.PersonID }

// deskDay is a desk on one day, as somebody of it sees it.
type deskDay struct {
	*Service

	caller directory.Account
	desk   string
	now    time.Time
}

func (d deskDay) today() string { return reference.Day(d.now) }

func (d deskDay) flags(ctx context.Context) (lines []todayRow, err error) {
	rows, err := all[flagRow](ctx, d.Service, flagsToday, d.desk)
	if err != nil {
		return nil, err
	}
	pasts, err := d.pasts(ctx, rows)
	for _, f := range rows {
		if line, ok := d.flag(f, pasts[f.ID]); ok {
			lines = append(lines, line)
		}
	}
	return lines, err
}

// flag is the line of a flag whose next step is the desk's. A review stands there once it is late.
func (d deskDay) flag(f flagRow, past []pastRow) (todayRow, bool) {
	step := next.Of(d.nextOf(f, nextsOf(past)))
	if step.What == next.None {
		return todayRow{}, false
	}
	line := rest.TodayLine{
		FlagID: &f.ID, Reference: f.Reference, PersonID: f.PersonID, Who: step.Who, By: known(step.By), Overdue: step.By < d.today(),
		Mine: the(d.assigned(f)) == d.caller.ID,
	}
	switch step.What {
	case next.Refer:
		line.Kind, line.Why = "to_refer", "new"
		d.back(&line, past)
	case next.Offer:
		line.Kind, line.Why = "wish", "wished"
	case next.Amend:
		line.Kind, line.Why = "returned", "returned"
	case next.Close:
		line.Kind, line.Why = "close", "no_observation"
		if slices.ContainsFunc(past, func(p pastRow) bool { return p.HelpedAt != nil }) {
			line.Why = "helped"
		}
	case next.Review:
		line.Kind, line.Why = "review", "unreviewed"
	}
	if f.Deadline != nil && step.What != next.Review && *f.Deadline <= reference.Day(d.now.AddDate(0, 0, nearDays)) {
		line.Kind = "deadline"
	}
	return todayRow{sealedPerson: f.sealedPerson, TodayLine: line}, line.Kind != "" && (step.What != next.Review || line.Overdue)
}

// back says which referral ended last, and why.
func (d deskDay) back(line *rest.TodayLine, past []pastRow) {
	if len(past) == 0 {
		return
	}
	last := past[len(past)-1]
	if last.HelpedAt != nil {
		return
	}
	line.Kind, line.Why, line.ReferralID = "back", last.Status, &last.ID
	switch last.Status {
	case "withdrawn":
		line.About = last.WithdrawReason
	case "declined":
		line.About = last.DeclineReason
	}
}

func (d deskDay) signals(ctx context.Context) (lines []todayRow, err error) {
	rows, err := all[signalRow](ctx, d.Service, signalsToday, d.desk, d.now.AddDate(0, 0, -toldAnswer))
	for _, r := range rows {
		if line, ok := d.signal(r); ok {
			lines = append(lines, line)
		}
	}
	return lines, err
}

// signal is one that the desk has to answer, one of its own that nobody answers, or one that was answered lately.
func (d deskDay) signal(r signalRow) (todayRow, bool) {
	by, late := r.answerBy(), r.overdue(d.today())
	line := rest.TodayLine{Kind: "signal", Why: "signalled", SignalID: &r.ID, FlagID: &r.FlagID, Reference: r.Reference, PersonID: r.PersonID, Who: r.Desk, By: &by, Overdue: late}
	switch {
	case r.Desk == d.desk:
		line.About = &r.FromDesk
		return todayRow{sealedPerson: r.sealedPerson, TodayLine: line}, !r.settled()
	case r.settled():
		line.Kind, line.Why, line.Who, line.By = "signal_answered", r.Status, d.desk, nil
	default:
		line.Kind, line.Why, line.Who = "signal_late", "no_answer", d.desk
	}
	line.About, line.Mine = &r.Desk, r.SentBy == d.caller.ID
	return todayRow{sealedPerson: r.sealedPerson, TodayLine: line}, r.settled() || late
}
