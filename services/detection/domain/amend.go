package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

// ErrReferred says that the sheet has led somewhere.
var ErrReferred = refusal.New(refusal.Conflict, "already_referred", "Somebody was referred with this flag. It stays as it is; what was observed may be corrected by the referent.")

// Amend changes parts of a sheet. What is nil stays.
type Amend struct {
	FlagID    string
	Answers   *events.Answers
	Profile   *events.Profile
	Needs     *events.Needs
	Helper    *events.Helper
	Context   []string // empty, not nil: taken away
	Note      string
	Programme directory.Programme
	OneOpen   OneOpen
	Observing Observing
	By        string
	At        time.Time
}

// Decide tells the whole sheet as it is now, or every fault. Where nothing is reviewed, what was observed is corrected
// with it.
func (c Amend) Decide(f Flag) ([]events.Detection, error) {
	if err := c.allowed(f); err != nil {
		return nil, err
	}
	now, s := c.amended(f)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	now.Sheet.Hints = s.hints
	e := events.FlagAmended{
		FlagID: f.ID, Status: Submitted, LoanWanted: now.loanWanted(), LoanFirst: now.loanFirst(), GrantMeant: now.grantMeant(), Priority: now.priority(), Deadline: now.Sheet.Needs.Deadline,
		MayRefer: !c.Programme.ReviewFirst || now.Sheet.Needs.Deadline != "", Unreviewed: f.Unreviewed,
		OneOpen: c.OneOpen.of(f, now.Sheet.Answers.Institution), By: c.By, At: c.At,
		Details: events.Clear(f.subject, events.Amendment{Sheet: now.Sheet, Note: c.Note}),
	}
	facts := []events.Detection{e}
	if f.Unreviewed {
		facts = append(facts, c.Observing.facts(Evolve(f, e), c.At)...)
	}
	return facts, nil
}

func (c Amend) allowed(f Flag) error {
	if !f.exists() || !f.Unreviewed {
		return f.waiting()
	}
	switch {
	case !f.readable:
		return ErrNoFlag
	case len(f.referrals) > 0, f.Help == HelpClosed:
		return ErrReferred
	}
	return nil
}

// amended is the sheet as it would be, and what is wrong with it.
func (c Amend) amended(f Flag) (FlagSenior, sheet) {
	now := FlagSenior{
		Programme: c.Programme, PersonID: f.PersonID, Known: c.Observing.Person, Subject: f.subject, FindingDate: f.FindingDate, At: c.At, Sheet: f.sheet,
	}
	s := sheet{}
	if c.Answers != nil {
		now.Sheet.Answers = *c.Answers
	}
	if c.Profile != nil {
		now.Sheet.Profile = *c.Profile
		s.keepDepartment(&now.Sheet.Profile, f.sheet.Profile)
	}
	if c.Needs != nil {
		now.Sheet.Needs = *c.Needs
	}
	if c.Helper != nil {
		now.Sheet.Helper = c.Helper
	}
	if c.Context != nil {
		now.Sheet.Context = c.Context
	}
	now = now.complete()
	s.age, s.department = now.age(), f.found.department
	s.again(now, c.Answers != nil)
	s.nirInText("note", c.Note)
	s.hint(slices.Contains(f.Hints, nirMismatch), nirMismatch) // the number is gone
	return now, s
}

// keepDepartment: it has decided on the desk.
func (s *sheet) keepDepartment(now *events.Profile, before events.Profile) {
	s.fault(now.Department != "" && now.Department != before.Department, "profile.department", "not_amendable",
		"The department has decided who looks after this flag. Withdraw it and send another one.")
	now.Department = before.Department
}

// again checks what a change of a sheet may have made wrong.
func (s *sheet) again(c FlagSenior, answered bool) {
	answers := c.Sheet.Answers
	if !answered && answers.Institution == multiple {
		answers.Institution = "" // the referent said so
	}
	s.answers(answers)
	s.deadline(c.Sheet.Needs.Deadline)
	if c.anonymous() {
		s.oldEnough(c)
	}
	s.everyText("", asJSON(c.Sheet))
}

func (f Flag) amended(e events.FlagAmended) Flag {
	f.Status, f.unanswered, f.mayRefer, f.oneOpen = e.Status, false, e.MayRefer, e.OneOpen
	if !slices.Contains(f.amenders, e.By) && e.By != f.Author {
		f.amenders = append(slices.Clone(f.amenders), e.By)
	}
	said, ok := e.Details.Value()
	if said.Sheet.Answers.Institution != f.institution {
		f.first = "" // the author's word anew
	}
	return f.written(said.Sheet, ok)
}
