package domain

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

const (
	multiple    = "multiple"     // institutions, only by reclassification
	nirMismatch = "nir_mismatch" // hint
)

// sheet is what the check of a sheet finds: every fault, the hints for the referent, and what follows from it.
type sheet struct {
	faults     refusal.Faults
	hints      []string
	desk       directory.Desk
	channel    string
	department string
	age        int // whole years at the finding date, in the person's favour; -1: not known
}

// fault notes what is wrong; of are other fields from which it follows, where one that cannot be read would make it.
func (s *sheet) fault(wrong bool, field, code, detail string, of ...string) {
	if wrong {
		s.faults = append(s.faults, refusal.Fault{Field: field, Code: code, Detail: detail, Of: strings.Join(of, " ")})
	}
}

var whereabouts = strings.Fields(Whereabouts)

// Whereabouts are the fields that say where the person lives, or which desk is in charge.
const Whereabouts = "person.address.insee person.address.postcode person_id profile.department desk"

func (s *sheet) hint(is bool, code string) {
	if is {
		s.hints = append(s.hints, code)
	}
}

func (c FlagSenior) check() sheet {
	s := sheet{department: c.department(), age: c.age()}
	s.where(c)
	s.when(c)
	s.who(c)
	s.consents(c)
	s.answers(c.Sheet.Answers)
	s.fault(s.channel == "social_service" && c.Sheet.FirstContact == "", "first_contact", "required", "Say who met the person first: csam, social_worker or secretary.")
	s.hint(tooDependent(c), "gir")
	s.texts(c)
	return s
}

// tooDependent: the lower the GIR, the more help somebody needs each day. It is said, and never refused.
func tooDependent(c FlagSenior) bool {
	gir := c.Sheet.Needs.GIR
	return gir != nil && *gir < c.Programme.LowestGIR
}

func (s *sheet) consents(c FlagSenior) {
	refused := is(c.Sheet.Consents.Referral, false)
	s.fault(c.Programme.ID != "" && !c.Programme.HasText(c.Sheet.Consents.TextVersion), "consents.text_version", "unknown_text",
		"The programme has no such text. Leave it out where today's was read: "+c.Programme.TextVersion+".")
	s.fault(refused && is(c.Sheet.Consents.Study, false), "consents", "nothing_agreed",
		"The person agreed to nothing, so nothing is kept. Count the refusal with /flags/refusals.")
	s.fault(refused && c.Person != nil, "person", "person_not_needed", "The person does not want to be referred, so no name is needed. Leave it out.")
	s.fault(refused && c.Person == nil && c.PersonID != "", "person_id", "person_not_needed", "The person does not want to be referred, so no name is needed. Leave it out.")
}

func (s *sheet) answers(a events.Answers) {
	s.fault(a.Institution == multiple, "answers.institution", "only_by_reclassification", "Choose one institution; the referent may say later that there are several.")
	s.fault(a.Institution == "other" && blank(a.Description), "answers.description", "description_required", "Say which institution it is.", "answers.institution")
	s.fault(len(a.EquipmentKinds) > 0 && !is(a.Equipment, true), "answers.equipment_kinds", "needs_equipment", "Kinds are given only where the person has equipment.", "answers.equipment")
	s.fault(a.FinancialProblem != nil && !is(a.Equipment, false), "answers.financial_problem", "needs_no_equipment", "This is asked only where the person has no equipment.", "answers.equipment")
	s.fault(a.DifficultyReason != "" && !is(a.Difficulty, true), "answers.difficulty_reason", "needs_difficulty", "A reason is given only where there is a difficulty.", "answers.difficulty")
	s.fault(contains(a.HelpPlace, "yes") && contains(a.HelpPlace, "no"), "answers.help_place", "yes_and_no", "The person knows a place of help, or does not: not both.")
	s.hint(contains(a.HelpPlace, "no") && contains(a.HelpPlace, "hard_to_reach"), "help_place")
	s.hint(is(a.Difficulty, true) && a.DifficultyReason == "", "difficulty_reason")
}

func (s *sheet) who(c FlagSenior) {
	s.fault(c.Person == nil && c.PersonID != "" && c.Known == nil, "person_id", "unknown_person", "Nobody is known under this identifier. Search again, or fill in the person.")
	s.fault(c.Person != nil && c.Known != nil, "person", "person_or_person_id", "Give the person or the identifier of somebody known, not both.")
	if c.Person == nil {
		return
	}
	s.identity(*c.Person, reachable(c.Person.Person, c.Sheet.Helper))
}

// identity checks who somebody is, as typed, and that there is a way to reach them.
func (s *sheet) identity(p NewPerson, reachable bool) {
	s.fault(blank(p.GivenName), "person.given_name", "required", "Fill in the given name.")
	s.fault(blank(p.FamilyName), "person.family_name", "required", "Fill in the family name in use.")
	s.fault(!reachable, "person", "no_way_to_reach", "Give a phone, an address, or somebody beside the person.", "person.phone", "person.address", "helper")
	if p.NIR == "" {
		return
	}
	number, problem := readNIR(p.NIR)
	if problem != nil {
		s.faults = append(s.faults, *problem)
		return
	}
	s.hint(!number.fits(p.Sex, p.BirthDate), nirMismatch)
}

func reachable(p events.Person, helper *events.Helper) bool {
	lives := p.Address != nil && !(blank(p.Address.Street) && blank(p.Address.Postcode) && blank(p.Address.Insee))
	beside := helper != nil && !(blank(helper.Name) && blank(helper.Phone))
	return !blank(p.Phone) || lives || beside
}

// texts: a NIR is kept in no form, so in no text of the sheet either.
func (s *sheet) texts(c FlagSenior) {
	if c.Person != nil {
		s.everyText("person", asJSON(c.Person.Person))
	}
	s.everyText("", asJSON(c.Sheet))
}

// asJSON gives the details as they will be kept, so that a new field cannot be forgotten.
func asJSON(details any) (tree any) {
	data, err := json.Marshal(details)
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	if err != nil {
		panic(err) // plain values always have a JSON
	}
	return tree
}

func (s *sheet) everyText(path string, value any) {
	switch v := value.(type) {
	case string:
		s.nirInText(path, v)
	case []any:
		for i, item := range v {
			s.everyText(fmt.Sprintf("%s[%d]", path, i), item)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			s.everyText(strings.TrimPrefix(path+"."+name, "."), v[name])
		}
	}
}

func contains(list []string, value string) bool { return slices.Contains(list, value) }
