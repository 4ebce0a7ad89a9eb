package directory

import (
	"slices"

	"example.org/passerelle/api/events"
)

// The kinds of programmes.
const (
	KindCampaign  = "campaign"  // from a day to a day; its observations are published once
	KindPermanent = "permanent" // its observations are published month by month
	KindNoFlags   = "none"      // nobody is flagged under it, so nothing is counted
)

// What one open flag is per.
const (
	OpenPerPerson      = "person"
	OpenPerInstitution = "person_and_institution"
)

// Programme is under which rules somebody is flagged and referred today. What was flagged before keeps the rules of its day.
type Programme struct {
	ID, Name              string
	Fund                  string
	Version               int
	Kind                  string
	TakesFlags            bool
	Opens                 map[string]string // first finding date by department of the person; "" stands for any other
	Closes                string            // last finding date, empty: none
	AgeOver               int               // strictly, in whole years at the finding date; 0: any adult
	LowestGIR             int               // below it a hint; 0: any
	ReviewFirst           bool              // a referral needs a validated flag
	Reviewed              bool              // else an observation counts at submission
	OneOpenPerInstitution bool              // else one open flag per person
	Desks                 []string          // that take part; none: all of the fund
	TextVersion, Text     string            // of the information that is read to the person
	Texts                 []string          // all versions of it so far
	Priority              events.Priority   // who comes first on a waiting list; without a decision nobody
	Closed                bool              // its campaign is closed, and it takes no flag
}

// ProgrammeOf is the programme as a fact sets it.
func ProgrammeOf(e events.ProgrammeSet) Programme {
	p := Programme{
		ID: e.Programme, Name: e.Name, Fund: e.Fund, Version: e.Version, Kind: e.Kind, TakesFlags: e.TakesFlags, Opens: map[string]string{},
		Closes: e.Closes, AgeOver: e.AgeOver, LowestGIR: e.LowestGIR, ReviewFirst: e.ReviewFirst, Reviewed: e.Reviewed,
		OneOpenPerInstitution: e.OneOpen == OpenPerInstitution, Desks: e.Desks, TextVersion: e.TextVersion, Text: e.Text, Closed: e.Closed,
	}
	if e.Priority != nil {
		p.Priority = *e.Priority
	}
	for _, o := range e.Opens {
		p.Opens[o.Department] = o.From
	}
	return p
}

// HasText tells whether a version of the information was ever the programme's.
func (p Programme) HasText(version string) bool { return slices.Contains(p.Texts, version) }

// Open is the first finding date in a department; ok is false where the programme never begins.
func (p Programme) Open(department string) (from string, ok bool) {
	if from, ok = p.Opens[department]; !ok {
		from, ok = p.Opens[""]
	}
	return from, ok
}

// TakesPart tells whether a desk flags people under the programme.
func (p Programme) TakesPart(desk string) bool {
	return len(p.Desks) == 0 || slices.Contains(p.Desks, desk)
}

// Programmes are those of all funds, in the order in which they were made.
func (d *Directory) Programmes() []Programme { return slices.Clone(d.programmes) }

// Programme finds a programme by its identifier.
func (d *Directory) Programme(id string) (Programme, bool) {
	return find(d.programmes, func(p Programme) bool { return p.ID == id })
}
