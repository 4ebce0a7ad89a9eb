package demo

import (
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/api/client"
)

// flag is a sheet that somebody fills in.
type flag struct {
	author     string
	referrer   string // account that refers; empty: nobody is to be referred
	department string
	sheet      client.NewFlag
	urgent     bool // may be referred before the review
}

// author is an account that flags, and how often it does.
type author struct {
	account, referrer, desk, department string
	share                               int
	anonymous                           int // percent
}

var authors = []author{
	{"advisor-34", "advisor-34", "", "34", 400, 3},
	{"advisor-34b", "advisor-34b", "", "34", 220, 3},
	{"referent-34", "referent-34", "sete", "34", 90, 0},
	{"phone-lr", "phone-lr", "", "34", 130, 2},
	{"evaluator-34", "advisor-34", "", "34", 70, 0},
	{"partner-34", "advisor-34", "", "34", 50, 0},
	{"advisor-58", "advisor-58", "", "58", 540, 18},
}

const flagsInAll = 1500

// people writes sheets, each about somebody else.
type people struct {
	dice
	seen  map[string]bool
	count int
}

func (p *people) flag(a author, day time.Time) flag {
	p.count++
	f := flag{author: a.account, department: a.department, sheet: client.NewFlag{
		Programme: "reperage-lr", FindingDate: after(day, -p.weighted(70, 15, 10, 5)).Format(time.DateOnly), Answers: p.answers(), Profile: p.profile(),
	}}
	if a.department == "58" {
		f.sheet.Programme = "accompagnement-bfc"
		f.sheet.FirstContact = ptr(pick(p.dice, []string{"social_worker", "social_worker", "secretary", "csam"}))
	}
	if a.desk != "" {
		f.sheet.Desk = &a.desk
	}
	if p.of(a.anonymous) {
		p.nobody(&f)
		return f
	}
	p.somebody(&f, day)
	if p.of(97) {
		f.referrer = a.referrer
		f.sheet.Consents = &client.Consents{Study: ptr(p.of(93)), Referral: ptr(true), Given: ptr("oral"), By: ptr("person")}
	}
	return f
}

// nobody: an observation without a name.
func (p *people) nobody(f *flag) {
	f.sheet.Consents = &client.Consents{Study: ptr(true), Referral: ptr(false)}
	f.sheet.Profile.Sex, f.sheet.Profile.Age, f.sheet.Profile.Department = ptr(pick(p.dice, []string{"F", "F", "M"})), ptr(p.between(56, 91)), &f.department
}

func (p *people) somebody(f *flag, day time.Time) {
	f.sheet.Person = p.person(f.department, day)
	f.sheet.Needs = p.needs(day)
	f.urgent = f.sheet.Needs.Deadline != nil
	if p.of(15) {
		f.sheet.Helper = p.helper(f.sheet.Person.FamilyName, f.department)
	}
}

// person is somebody over 55, also a few days ago when they were met, whom nobody has seen before.
func (p *people) person(department string, day time.Time) *client.NewPerson {
	person := &client.NewPerson{Sex: ptr("F"), GivenName: pick(p.dice, women)}
	if p.of(40) {
		person.Sex, person.GivenName = ptr("M"), pick(p.dice, men)
	}
	born := after(day.AddDate(-p.between(56, 91), 0, 0), -p.between(5, 364)).Format(time.DateOnly)
	for person.FamilyName == "" || p.seen[person.GivenName+person.FamilyName+born] {
		person.FamilyName = pick(p.dice, madeUp) + "-" + pick(p.dice, plants)
	}
	p.seen[person.GivenName+person.FamilyName+born] = true
	person.BirthDate = ptr(born[:[]int{10, 7, 4}[p.weighted(92, 4, 4)]])
	person.Language = ptr([]string{"fr", "ar", "es", "pt", "it", "tr"}[p.weighted(88, 4, 3, 2, 2, 1)])
	person.Address = p.address(department)
	if p.of(90) {
		person.Phone = ptr(p.phone(department, firstNumber+p.count))
	}
	if p.of(20) {
		person.Email = ptr(fmt.Sprintf("personne-%04d@example.org", p.count))
	}
	return person
}

func (p *people) address(department string) *client.Address {
	places := herault
	if department == "58" {
		places = nievre
	}
	place := places[min(p.IntN(len(places)), p.IntN(len(places)))] // more people in the larger ones
	return &client.Address{Street: ptr(fmt.Sprintf("%d %s", p.between(1, 120), pick(p.dice, streets))), Postcode: &place.postcode, Insee: &place.insee}
}

func (p *people) phone(department string, number int) string {
	format := phoneLR
	switch {
	case p.of(40):
		format = phoneMobile
	case department == "58":
		format = phoneBFC
	}
	return fmt.Sprintf(format, number/100, number%100)
}

func (p *people) helper(family, department string) *client.Helper {
	return &client.Helper{
		Name: ptr(pick(p.dice, slices.Concat(women, men)) + " " + family), Relation: ptr(pick(p.dice, []string{"child", "child", "spouse", "neighbour"})),
		Phone: ptr(p.phone(department, firstNumber+2000+p.count)), MayBeTold: ptr(true), CallsFirst: ptr(p.of(30)),
	}
}

func (p *people) needs(day time.Time) *client.Needs {
	n := &client.Needs{Travel: ptr([]string{"any", "near", "pick_up", "home_only"}[p.weighted(70, 18, 9, 3)]), Skills: pick(p.dice, titleSkills)}
	if p.of(12) {
		n.Access = []string{pick(p.dice, []string{"wheelchair", "hearing", "sight", "cognitive", "reads_little_french"})}
	}
	if p.of(5) {
		n.Deadline, n.RightsAtRisk = ptr(after(day, p.between(20, 90)).Format(time.DateOnly)), ptr(true)
	}
	if p.of(25) {
		n.LoanWanted = ptr(p.of(60))
	}
	if p.of(30) {
		n.Availability = []string{pick(p.dice, []string{"mon_am", "tue_am", "tue_pm", "thu_am", "fri_pm"})}
	}
	if p.of(10) {
		n.Modes = []string{pick(p.dice, []string{"in_person", "video", "phone"})}
	}
	return n
}

func (p *people) answers() *client.NewAnswers {
	a := &client.NewAnswers{
		Institution:     ptr(pick(p.dice, []string{"carsat_retraite", "carsat_retraite", "caf", "cpam", "cpam", "impots", "mdph", "service_medical", "prevoyance", "other"})),
		NetworkCoverage: ptr(p.of(90)), TrainingNeed: ptr(p.of(75)), Difficulty: ptr(p.of(85)), Description: ptr(pick(p.dice, remarks)),
	}
	if *a.Difficulty && p.of(95) {
		a.DifficultyReason = ptr(pick(p.dice, []string{"appropriation", "appropriation", "lack_of_interest", "health", "language", "isolation", "consultation_only"}))
	}
	if a.Equipment = ptr(p.of(65)); *a.Equipment {
		a.EquipmentKinds = pick(p.dice, [][]string{{"mobile"}, {"computer"}, {"tablet", "mobile"}, {"computer", "printer"}, {"mobile"}})
	} else {
		a.FinancialProblem = ptr(p.of(45))
	}
	a.HelpPlace = pick(p.dice, [][]string{nil, {"yes"}, {"no"}, {"yes", "hard_to_reach"}, {"no", "hard_to_reach"}})
	return a
}

func (p *people) profile() *client.Profile {
	return &client.Profile{
		FamilySituation: ptr(pick(p.dice, []string{"single", "single", "couple"})), SickLeave: ptr(p.of(4)),
		Occupation: ptr(pick(p.dice, []string{"retired", "retired", "retired", "retired", "job_seeker", "disability_pension", "employed", "other"})),
	}
}

func ptr[T any](v T) *T { return &v }
