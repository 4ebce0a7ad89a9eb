package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

// Bounds of a programme's rules.
const (
	oldestAge       = 120
	highestGIR      = 6
	longestDecision = 200
	longestText     = 4000
)

var textVersion = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// complete is a programme as it is kept: trimmed, and with empty lists instead of none.
func complete(e events.ProgrammeSet) events.ProgrammeSet {
	e.Name, e.Decision, e.TextVersion, e.Text = strings.TrimSpace(e.Name), strings.TrimSpace(e.Decision), strings.TrimSpace(e.TextVersion), strings.TrimSpace(e.Text)
	e.Desks = append([]string{}, e.Desks...)
	e.Opens = append([]events.Opening{}, e.Opens...)
	return e
}

// programmeFaults collects what is wrong with a programme.
type programmeFaults struct {
	refusal.Faults

	within directory.Fund
	desks  []directory.Desk
}

func (f *programmeFaults) fault(wrong bool, field, code, detail string) {
	if wrong {
		f.Faults = append(f.Faults, refusal.Fault{Field: field, Code: code, Detail: detail})
	}
}

func (f *programmeFaults) identifier(id string) {
	f.fault(!fundID.MatchString(id), "id", "not_an_identifier", "Give 2 to 40 small letters, digits and hyphens, such as observation-lr-2022.")
}

func (f *programmeFaults) rules(e events.ProgrammeSet) {
	f.Faults = append(f.Faults, nameFault(e.Name)...)
	f.text("decision", e.Decision, longestDecision, "Say which decision this follows from.")
	f.fault(!slices.Contains([]string{directory.KindCampaign, directory.KindPermanent, directory.KindNoFlags}, e.Kind), "kind", "unknown_kind", "Choose campaign, permanent or none.")
	f.fault(e.TakesFlags && e.Kind == directory.KindNoFlags, "takes_flags", "kind_takes_no_flags", "Under a programme that takes flags something is counted: choose campaign or permanent.")
	f.fault(e.ReviewFirst && !e.Reviewed, "reviewed", "review_first", "Where a referral waits for the review, flags are reviewed.")
	f.fault(e.OneOpen != directory.OpenPerPerson && e.OneOpen != directory.OpenPerInstitution, "one_open", "unknown_rule", "Choose person or person_and_institution.")
	f.fault(e.AgeOver < 0 || e.AgeOver > oldestAge, "age_over", "out_of_range", "Give 0 to 120 years.")
	f.fault(e.LowestGIR < 0 || e.LowestGIR > highestGIR, "lowest_gir", "out_of_range", "Give 1 to 6, or 0 for any.")
	f.priority(e.Priority)
	f.days(e)
	f.teams(e.Desks)
	f.information(e)
}

// priority: who comes first on a waiting list is decided by somebody, and the decision is cited.
func (f *programmeFaults) priority(p *events.Priority) {
	if p == nil {
		return
	}
	f.text("priority.decision", strings.TrimSpace(p.Decision), longestDecision, "Say which decision gives the priority. Without one, the order is that of the yes.")
	f.fault(len(p.Criteria) == 0, "priority.criteria", "required", "Say who comes first, or leave the priority out.")
	for i, c := range p.Criteria {
		f.fault(!slices.Contains([]string{"isolated", "precarious", "no_network"}, c), fmt.Sprintf("priority.criteria[%d]", i), "not_in_list", "Choose isolated, precarious or no_network.")
	}
}

func (f *programmeFaults) text(field, text string, longest int, missing string) {
	f.fault(text == "", field, "required", missing)
	f.fault(len([]rune(text)) > longest, field, "too_long", fmt.Sprintf("Give at most %d characters.", longest))
}

// days: a programme that counts begins somewhere, and a campaign has an end that is after each of its beginnings.
func (f *programmeFaults) days(e events.ProgrammeSet) {
	f.fault(len(e.Opens) == 0 && e.Kind != directory.KindNoFlags, "opens", "required", "Say from which day flags are taken, and where.")
	seen, last := map[string]bool{}, ""
	for i, o := range e.Opens {
		field := fmt.Sprintf("opens[%d]", i)
		f.fault(!isDay(o.From), field+".from", "not_a_day", "Write the day as YYYY-MM-DD.")
		f.fault(o.Department != "" && !slices.Contains(f.within.Departments, o.Department), field+".department", "not_your_territory", "This department is none of the fund's.")
		f.fault(seen[o.Department], field+".department", "twice", "Each department opens once.")
		seen[o.Department], last = true, max(last, o.From)
	}
	f.fault(e.Closes == "" && e.Kind == directory.KindCampaign, "closes", "required", "A campaign has a last day.")
	f.fault(e.Closes != "" && !isDay(e.Closes), "closes", "not_a_day", "Write the day as YYYY-MM-DD.")
	f.fault(isDay(e.Closes) && e.Closes < last, "closes", "before_opening", "The last day is before a department opens.")
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func (f *programmeFaults) teams(desks []string) {
	for i, id := range desks {
		field, known := fmt.Sprintf("desks[%d]", i), slices.ContainsFunc(f.desks, func(d directory.Desk) bool { return d.ID == id && d.Fund == f.within.ID })
		f.fault(!known, field, "unknown_desk", "Choose desks and units of the fund.")
		f.fault(slices.Contains(desks[:i], id), field, "twice", "Name each desk once.")
	}
}

// information: whoever is flagged hears what is done with it.
func (f *programmeFaults) information(e events.ProgrammeSet) {
	if !e.TakesFlags && e.Text == "" && e.TextVersion == "" {
		return
	}
	f.text("text", e.Text, longestText, "Write what is read to the person.")
	f.fault(!textVersion.MatchString(e.TextVersion), "text_version", "not_a_version", "Name the version of the text with letters, digits, dots and hyphens, such as 2021-11.")
}

// change: what flags of the past rest on stays as it was.
func (f *programmeFaults) change(p Programme, e events.ProgrammeSet) {
	now := p.Now()
	f.fault(e.Kind != now.Kind, "kind", "stays", "A programme stays of its kind. Make another one.")
	f.fault(e.OneOpen != now.OneOpen && p.hasTakenFlags(), "one_open", "stays", "People were flagged under the rule as it is, and their open flags keep it. Make another programme.")
	f.fault(slices.ContainsFunc(p.versions, func(v events.ProgrammeSet) bool { return v.TextVersion == e.TextVersion && v.Text != e.Text }),
		"text_version", "text_changed", "The text was another one under this version. Give it a version of its own.")
}
