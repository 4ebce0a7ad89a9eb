package detection

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

// flagging is a flag on its way to the rules, with what is known of who sends it and whom it may be about.
type flagging struct {
	domain.FlagSenior
	service *Service
	account directory.Account
	named   string // who the sheet says it is, where that is somebody known
	alike   []acquaintance
	after   string // somebody erased, whose flag holds the claim of who is the same person
	form    string // claim of the paper form it comes from
	wished  string // reference that the form has already: of a flag that was exported elsewhere
}

// flagging translates a sheet.
func (s *Service) flagging(ctx context.Context, b rest.NewFlag) (*flagging, error) {
	f := s.sheeted(ctx, b)
	return f, s.who(ctx, f, b)
}

// sheeted is the sheet alone, of nobody in the vault yet.
func (s *Service) sheeted(ctx context.Context, b rest.NewFlag) *flagging {
	account := s.Account(ctx)
	programme := s.programme(b.Programme) // the rules refuse the empty one
	f := &flagging{service: s, account: account, named: engine.Value(b.PersonID), FlagSenior: domain.FlagSenior{
		FlagID: engine.NewID(), RefusalID: engine.NewID(), Programme: programme, Directory: s.Directory(), Author: s.authorOf(account), At: s.Clock.Now(), FindingDate: b.FindingDate,
		Channel: engine.Value(b.Channel), Desk: engine.Value(b.Desk), Sheet: sheetOf(b),
	}}
	if b.Person != nil {
		f.Person = personOf(*b.Person)
	}
	return f
}

// authorOf is who flags: with the desks where the account looks after people, else with where it works.
func (s *Service) authorOf(a directory.Account) domain.Author {
	author := domain.Author{Account: a.ID, Fund: a.Fund}
	for _, g := range a.Grants {
		switch g.Role {
		case directory.Evaluator:
			author.Channel, author.Departments = "evaluator", append(author.Departments, g.Departments...)
		case directory.Partner:
			author.Channel, author.Departments = "partner", append(author.Departments, g.Departments...)
		case directory.Advisor, directory.PhoneAdvisor, directory.Referent:
			author.Desks = append(author.Desks, s.openDesks(g.Desks)...)
		default: // these roles flag nobody
		}
	}
	return author
}

func (s *Service) openDesks(ids []string) (list []directory.Desk) {
	for _, id := range ids {
		if desk, ok := s.Directory().Desk(id); ok && !desk.Closed {
			list = append(list, desk)
		}
	}
	return list
}

// who says whom the flag is about: somebody known, somebody new, or nobody in particular.
func (s *Service) who(ctx context.Context, f *flagging, b rest.NewFlag) (err error) {
	switch {
	case b.PersonID != nil: // see Look
	case f.Person != nil:
		if f.alike, err = s.alike(ctx, f.account.Fund, f.Person.Person); err == nil {
			f.alike = slices.DeleteFunc(f.alike, f.secret)
			f.PersonID, err = s.Vault.Mint(ctx)
		}
	default:
		f.Subject, err = s.Vault.Mint(ctx)
	}
	return err
}

// Look finds somebody known as they are at this moment, so that nobody is flagged who has just died or is hidden. A
// record that is shown with another one stands for that one.
func (f *flagging) Look(ctx context.Context) (map[string]int, error) {
	seen := map[string]int{}
	if f.named != "" {
		version, err := f.look(ctx)
		if err != nil {
			return nil, err
		}
		seen["person:"+f.PersonID] = version
	}
	f.Mark = f.service.markOf(f.account.Fund)(f.PersonID, f.Sheet.Answers.Institution)
	if f.Programme.Reviewed {
		return seen, nil
	}
	return seen, f.observe(ctx, seen)
}

func (f *flagging) look(ctx context.Context) (int, error) {
	person, version, err := f.service.root(ctx, f.named)
	if err != nil {
		return 0, err
	}
	f.PersonID, f.Known, f.Is = f.named, nil, domain.Person{}
	if person.There() && person.Fund == f.account.Fund {
		f.PersonID, f.Is = person.ID, person
		if details, readable := person.Details.Value(); readable {
			f.Known = &details
		}
	}
	if f.Person != nil && f.Known == nil {
		f.Known = &events.Person{} // both is a fault, whoever it is
	}
	return version, nil
}

// observe finds what must be known where the flag counts at once.
func (f *flagging) observe(ctx context.Context, seen map[string]int) (err error) {
	day := f.FindingDate
	if day == "" {
		day = reference.Day(f.At)
	}
	f.Observing, err = f.service.observing(ctx, finding{FlagID: f.FlagID, Fund: f.account.Fund, Programme: f.Programme, Day: day}, seen)
	f.Observing.Person = f.Known
	if f.Person != nil {
		f.Observing.Person = &f.Person.Person
	}
	said, asked := f.Is.Consents[domain.ConsentStudy]
	f.Observing.StudyRefused = f.Sheet.Consents.Study == nil && asked && !said.Given
	return err
}

// Take keeps a second flag of this very moment from registering the same person. Who gives a reason is believed.
func (f *flagging) Take() (values []string) {
	if f.form != "" {
		values = []string{f.form}
	}
	if f.Person == nil || f.Sheet.ForceReason != "" {
		return values
	}
	return append(values, marker{f.service.Secret, f.account.Fund}.claims(f.circle()+f.after, f.Person.Person, f.At)...)
}

// circle is within whom a refusal tells nothing new: whom a unit of the social service knows, nobody else is to learn of.
func (f *flagging) circle() string {
	for _, desk := range f.Author.Desks {
		if desk.Unit() {
			return desk.ID
		}
	}
	return ""
}

// Decide refuses, beside what the rules refuse, a flag outside the author's territory, and somebody who is known.
func (f *flagging) Decide(state domain.Flag) ([]events.Detection, error) {
	facts, err := f.FlagSenior.Decide(state)
	var faults refusal.Faults
	if err != nil && !errors.As(err, &faults) {
		return nil, err
	}
	if faults = append(faults, f.elsewhere(len(faults) > 0)...); len(faults) > 0 {
		return nil, faults
	}
	if err := f.exists(); err != nil {
		return nil, err
	}
	return facts, nil
}

// elsewhere is the fault of a flag outside the author's territory. Where the sheet is wrong otherwise it may not say
// where the person lives; that is a fault of its own.
func (f *flagging) elsewhere(wrong bool) refusal.Faults {
	department, desk := f.Where()
	if wrong && (department == "" || desk == "") ||
		policy.Can(f.account, policy.CreateFlag, policy.Resource{Fund: f.Author.Fund, Department: department, Desk: desk}) == policy.Allowed {
		return nil
	}
	field := "person.address.insee"
	switch {
	case f.Known != nil:
		field = "person_id"
	case f.Person == nil:
		field = "profile.department"
	}
	return refusal.Faults{{Field: field, Code: "not_your_territory", Detail: "You flag people of your own departments. Check where the person lives.", Of: domain.Whereabouts}}
}

// exists refuses a new person whom the fund knows, unless a reason was given.
func (f *flagging) exists() error {
	if f.Sheet.ForceReason != "" || len(f.alike) == 0 || !f.alike[0].Same {
		return nil
	}
	known := slices.DeleteFunc(slices.Clone(f.alike), func(a acquaintance) bool { return !a.Same || !f.maySee(a) })
	if len(known) > 0 {
		return f.known(known[0])
	}
	return f.known(f.alike[0])
}

// known says who somebody is, as far as the caller may know.
func (f *flagging) known(a acquaintance) error {
	if f.maySee(a) {
		return errPersonExists("This person is known to your desk. Send the flag with person_id " + a.PersonID + ", or with force and the reason why it is somebody else.")
	}
	if !f.mayFind(a) {
		return errPersonExists("This person is known to the fund already, and somebody looks after them. Send the flag with force and a reason if it is somebody else.")
	}
	desk, _ := f.Directory.Desk(a.Desk)
	return errPersonExists("This person is known to " + desk.Name + " (" + desk.Phone + "). Search for the person and send the flag with the person_id, or with force and the reason why it is somebody else.")
}

func errPersonExists(text string) error {
	return refusal.New(refusal.Conflict, domain.ErrPersonExists.Code, text)
}

func (f *flagging) maySee(a acquaintance) bool {
	return policy.Can(f.account, policy.ReadFlag, policy.Resource{Fund: f.account.Fund, Desk: a.Desk}) == policy.Allowed
}

// mayFind tells whether the caller would find the person by a search.
func (f *flagging) mayFind(a acquaintance) bool {
	desk, _ := f.Directory.Desk(a.Desk)
	return policy.Can(f.account, policy.SearchPerson, policy.Resource{Fund: f.account.Fund, Desk: a.Desk, Unit: desk.Unit()}) == policy.Allowed
}

// secret: whom a unit of the social service knows, nobody else is to learn of, not even by a refusal.
func (f *flagging) secret(a acquaintance) bool {
	desk, _ := f.Directory.Desk(a.Desk)
	return desk.Unit() && !f.mayFind(a)
}

// lookAlikes are cards of those who may be the same person, for those who may look for people.
func (f *flagging) lookAlikes() []rest.LookAlike {
	cards := []rest.LookAlike{}
	for _, a := range f.alike {
		if f.mayFind(a) {
			cards = append(cards, f.card(a))
		}
	}
	return cards
}

func (f *flagging) card(a acquaintance) rest.LookAlike {
	desk, _ := f.Directory.Desk(a.Desk)
	card := rest.LookAlike{Desk: a.Desk, Help: a.Help}
	if desk.Phone != "" {
		card.DeskPhone = &desk.Phone
	}
	if f.maySee(a) {
		card.PersonID = &a.PersonID
	}
	return card
}

// referenceLike tells a code that newReference could have made.
func referenceLike(text string) bool {
	first, second, _ := strings.Cut(text, "-")
	return len(first) == 4 && len(second) == 4 && strings.Trim(first+second, letters) == ""
}

// letters that nobody mistakes for another, read aloud or by hand.
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newReference is a code such as K7QF-2M9D: one of 2^40.
func newReference() string {
	var code [8]byte
	_, _ = rand.Read(code[:]) // never fails
	for i, b := range code {
		code[i] = letters[b%32]
	}
	return string(code[:4]) + "-" + string(code[4:])
}
