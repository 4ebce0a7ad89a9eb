package domain

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// Refusals of a claim.
var (
	ErrFlagOpen       = refusal.New(refusal.Conflict, "flag_open", "This person has an open flag under this programme. Go on with that one.")
	ErrReferenceTaken = refusal.New(refusal.Conflict, "reference_taken", "This reference is in use. Send the flag again.")
	ErrPersonExists   = refusal.New(refusal.Conflict, "person_exists", "This person was registered a moment ago. Search for the person.")
	ErrFlagExists     = refusal.New(refusal.Conflict, "flag_exists", "This flag is stored already.")
)

const openFlagClaim = "open-flag:"

// ReferenceClaim begins the references that flags take.
const ReferenceClaim = "flag-reference:"

// SamePersonClaim begins the keyed values that somebody new takes.
const SamePersonClaim = "same-person:"

// PaperFormClaim begins the keyed values that a paper form takes, so that it is imported once.
const PaperFormClaim = "paper-form:"

// RefusalOf is what it means that another flag holds a claim; nil for a claim that is none of ours.
func RefusalOf(claim string) error {
	switch {
	case strings.HasPrefix(claim, openFlagClaim):
		return ErrFlagOpen
	case strings.HasPrefix(claim, ReferenceClaim):
		return ErrReferenceTaken
	case strings.HasPrefix(claim, SamePersonClaim):
		return ErrPersonExists
	}
	return nil
}

// FlagSenior is the whole sheet as an advisor fills it in, with what the rules must know beside it.
type FlagSenior struct {
	FlagID    string
	Reference string
	Programme directory.Programme
	Directory *directory.Directory
	Author    Author
	At        time.Time

	FindingDate string // empty: today in Paris
	Channel     string // empty: follows from the desk
	Desk        string // empty: the author's only one, or the one that looks after the person's commune

	// PersonID with Known is somebody the fund knows, who Is as told so far. PersonID with Person is somebody new: a subject fresh from
	// the vault. Without either the sheet is anonymous, and Subject names its own key.
	PersonID  string
	Known     *events.Person
	Is        Person
	Person    *NewPerson
	Subject   string
	Observing Observing // where the programme reviews nothing
	RefusalID string    // of a refusal of the study, if it is one

	// Mark is a keyed hash of person and institution, where the programme allows one open flag per institution.
	Mark string

	Sheet events.Sheet // all but the hints
}

// NewPerson is somebody as typed. The NIR is checked, compared and dropped.
type NewPerson struct {
	events.Person
	NIR string
}

// Author is who flags.
type Author struct {
	Account     string
	Fund        string
	Channel     string           // of an author without a desk: evaluator, partner
	Desks       []directory.Desk // of an author who refers people
	Departments []string         // where an author without a desk works
}

// Decide tells the flag, and the person if new, or every fault of the sheet.
func (c FlagSenior) Decide(f Flag) ([]events.Detection, error) {
	if f.exists() {
		return nil, ErrFlagExists
	}
	c = c.complete()
	s := c.check()
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	if c.Is.Dead {
		return nil, ErrDead
	}
	var facts []events.Detection
	if c.Person != nil {
		facts = append(facts, events.PersonRegistered{
			PersonID: c.PersonID, Fund: c.Author.Fund, At: c.At, Details: events.Clear(c.PersonID, c.Person.Person),
		})
	}
	flagged := c.flagged(s)
	return append(append(append(facts, c.noted()...), flagged), c.counted(flagged)...), nil
}

// Where is the department of the person and the desk in charge, as far as the sheet says.
func (c FlagSenior) Where() (department, desk string) {
	c = c.complete()
	s := sheet{department: c.department()}
	s.where(c)
	return s.department, s.desk.ID
}

// counted is what the flag says to the study at once: that somebody does not take part, or, without a review, what
// was observed.
func (c FlagSenior) counted(e events.SeniorFlagged) []events.Detection {
	switch {
	case is(c.Sheet.Consents.Study, false) && c.Programme.Kind != directory.KindNoFlags:
		return []events.Detection{events.RefusalCounted{
			RefusalID: c.RefusalID, Fund: e.Fund, Programme: e.Programme, Desk: e.Desk, FindingDate: e.FindingDate, At: e.At,
		}}
	case e.Unreviewed:
		return c.Observing.facts(Evolve(Flag{}, e), e.At)
	}
	return nil
}

// complete fills in what a sheet may leave out, the text of the information too, and reads an empty help_place as no answer.
func (c FlagSenior) complete() FlagSenior {
	if c.FindingDate == "" {
		c.FindingDate = reference.Day(c.At)
	}
	if len(c.Sheet.Answers.HelpPlace) == 0 {
		c.Sheet.Answers.HelpPlace = nil
	}
	if c.Sheet.Consents.TextVersion == "" {
		c.Sheet.Consents.TextVersion = c.Programme.TextVersion // what is read to people today
	}
	return c
}

// person is who is flagged, as far as known: the one typed, the one known, or nobody.
func (c FlagSenior) person() events.Person {
	switch {
	case c.Person != nil:
		return c.Person.Person
	case c.Known != nil:
		return *c.Known
	}
	return events.Person{}
}

func (c FlagSenior) anonymous() bool { return c.PersonID == "" && c.Person == nil }

func (c FlagSenior) flagged(s sheet) events.SeniorFlagged {
	subject := c.PersonID
	if c.anonymous() {
		subject = c.Subject
	}
	c.Sheet.Hints = s.hints
	deadline := c.Sheet.Needs.Deadline
	return events.SeniorFlagged{
		FlagID: c.FlagID, Reference: c.Reference, PersonID: c.PersonID, Fund: c.Author.Fund, Programme: c.Programme.ID,
		Desk: s.desk.ID, Department: s.department, Channel: s.channel, FindingDate: c.FindingDate,
		Status: Submitted, Help: c.help(), LoanWanted: c.loanWanted(), LoanFirst: c.loanFirst(), GrantMeant: c.grantMeant(), Language: c.person().Language, Deadline: deadline,
		MayRefer: !c.Programme.ReviewFirst || deadline != "", Unreviewed: !c.Programme.Reviewed, Priority: c.priority(), OneOpen: c.oneOpen(), By: c.Author.Account, At: c.At,
		Details: events.Clear(subject, c.Sheet),
	}
}

func (c FlagSenior) help() string {
	if c.anonymous() || !is(c.Sheet.Consents.Referral, true) {
		return HelpNone
	}
	return HelpToRefer
}

// oneOpen is the claim that keeps a second open flag of the same person out. Where it depends on an answer it
// is the keyed hash of the edge, so that it tells nothing.
func (c FlagSenior) oneOpen() string {
	switch {
	case c.anonymous():
		return ""
	case c.Programme.OneOpenPerInstitution && c.Mark != "":
		return openFlagClaim + c.Programme.ID + ":" + c.Mark
	}
	return openFlagClaim + c.Programme.ID + ":" + c.PersonID
}

// loanWanted: the person says so, or has neither computer nor tablet. What was not answered does not count.
func (c FlagSenior) loanWanted() bool {
	if said := c.Sheet.Needs.LoanWanted; said != nil {
		return *said
	}
	answers := c.Sheet.Answers
	switch {
	case is(answers.Equipment, false):
		return true
	case is(answers.Equipment, true) && answers.EquipmentKinds != nil:
		return !contains(answers.EquipmentKinds, "computer") && !contains(answers.EquipmentKinds, "tablet")
	}
	return false
}

// loanFirst: somebody has no equipment for want of money. It gives nobody a tablet; who has it comes first when there are
// not enough.
func (c FlagSenior) loanFirst() bool {
	return c.loanWanted() && is(c.Sheet.Answers.Equipment, false) && is(c.Sheet.Answers.FinancialProblem, true)
}

// grantMeant: no equipment, for want of money, and a risk of fragility: lives alone, isolated, precarious, about to
// lose rights, or somebody whose dependency was looked at. Which of them it is stays sealed.
func (c FlagSenior) grantMeant() bool {
	needs := c.Sheet.Needs
	fragile := is(needs.Isolated, true) || is(needs.Precarious, true) || is(needs.RightsAtRisk, true) || needs.GIR != nil ||
		c.Sheet.Profile.FamilySituation == "single"
	return fragile && is(c.Sheet.Answers.Equipment, false) && is(c.Sheet.Answers.FinancialProblem, true)
}

// priority is the first criterion of the programme that the person meets: on a waiting list they come first. Where no
// version cites the decision for it nobody does.
func (c FlagSenior) priority() string {
	if c.Programme.Priority.Decision == "" {
		return ""
	}
	meets := map[string]bool{
		"isolated": is(c.Sheet.Needs.Isolated, true), "precarious": is(c.Sheet.Needs.Precarious, true), "no_network": is(c.Sheet.Answers.NetworkCoverage, false),
	}
	for _, criterion := range c.Programme.Priority.Criteria {
		if meets[criterion] {
			return criterion
		}
	}
	return ""
}

func is(answer *bool, want bool) bool { return answer != nil && *answer == want }
