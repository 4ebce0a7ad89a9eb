package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/reference"
)

const day = "2006-01-02"

// channelOf is the channel of a desk's flags.
func channelOf(d directory.Desk) string {
	if d.Unit() {
		return "social_service"
	}
	return d.Kind
}

// where finds the desk in charge and the channel: the author's own when it refers people, else the one that looks
// after the department.
func (s *sheet) where(c FlagSenior) {
	own := c.Author.Desks
	s.channel = c.Author.Channel
	switch {
	case len(own) == 0:
		s.elsewhere(c)
	case c.Desk != "":
		i := slices.IndexFunc(own, func(d directory.Desk) bool { return d.ID == c.Desk })
		s.fault(i < 0, "desk", "desk_not_yours", "This desk is none of yours. Choose one of your own.")
		if i >= 0 {
			s.desk = own[i]
		}
	case len(own) == 1:
		s.desk = own[0]
	default:
		s.fault(true, "desk", "desk_required", "You work for several desks. Say for which one this flag is.")
	}
	if len(own) > 0 && s.desk.ID != "" {
		s.channel = channelOf(s.desk)
		s.departmentOfDesk()
	}
	s.fault(c.Channel != "" && s.channel != "" && c.Channel != s.channel, "channel", "channel_not_yours", "The channel follows from your desk. Leave it out, or correct it.", "desk")
	s.programmeOfFund(c)
}

// elsewhere: the author refers nobody, so the person's agency is in charge.
func (s *sheet) elsewhere(c FlagSenior) {
	if s.department == "" && len(c.Author.Departments) == 1 {
		s.department = c.Author.Departments[0]
	}
	field := "person.address.insee"
	if c.anonymous() {
		field = "profile.department"
	}
	desk, ok := c.Directory.DeskFor(c.Author.Fund, s.department, c.Programme.Desks...)
	if !ok {
		desk, ok = c.Directory.DeskFor(c.Author.Fund, s.department) // and says that it takes no part
	}
	s.fault(!ok, field, "no_desk", "No agency of the fund looks after this commune. Check it.", whereabouts...)
	s.fault(ok && c.Desk != "" && c.Desk != desk.ID, "desk", "desk_not_yours", "The person's agency is in charge. Leave the desk out.", whereabouts...)
	s.desk = desk
}

func (s *sheet) departmentOfDesk() {
	if s.department == "" && len(s.desk.Departments) == 1 {
		s.department = s.desk.Departments[0]
	}
}

func (s *sheet) programmeOfFund(c FlagSenior) {
	takes := c.Programme.TakesFlags && c.Programme.Fund == c.Author.Fund && !c.Programme.Closed
	s.fault(!takes, "programme", "unknown_programme", "Choose a programme of your fund that takes flags.")
	s.fault(takes && s.desk.ID != "" && !c.Programme.TakesPart(s.desk.ID), "desk", "desk_not_in_programme",
		s.desk.Name+" takes no part in this programme. Choose another programme, or another desk of yours.", whereabouts...)
}

// department is where the person lives, by the commune, else the postcode, else what an anonymous sheet says.
func (c FlagSenior) department() string {
	if c.anonymous() {
		return c.Sheet.Profile.Department
	}
	return departmentOf(c.person().Address)
}

func departmentOf(a *events.Address) string {
	switch {
	case a == nil:
		return ""
	case a.Insee != "":
		return reference.DepartmentOf(a.Insee)
	case len(a.Postcode) == 5 && !strings.HasPrefix(a.Postcode, "20"): // 20: both halves of Corsica
		return reference.DepartmentOf(a.Postcode)
	}
	return ""
}

// when checks the finding date: a real day, not in the future, within the programme where the person lives.
func (s *sheet) when(c FlagSenior) {
	if _, err := time.Parse(day, c.FindingDate); err != nil {
		s.fault(true, "finding_date", "not_a_day", "Write the day as YYYY-MM-DD.")
		c.FindingDate = reference.Day(c.At) // for what else is asked
	} else {
		s.fault(c.FindingDate > reference.Day(c.At), "finding_date", "in_future", "The finding date is a day that has come.")
		s.within(c.Programme, c.FindingDate)
	}
	s.deadline(c.Sheet.Needs.Deadline)
	s.oldEnough(c)
}

func (s *sheet) deadline(date string) {
	_, err := time.Parse(day, date)
	s.fault(date != "" && err != nil, "needs.deadline", "not_a_day", "Write the day as YYYY-MM-DD.")
}

// within: a campaign runs from a day to a day; any programme begins where the person lives, and may have a last day.
func (s *sheet) within(p directory.Programme, found string) {
	opens, open := s.opens(p)
	over := p.Closes != "" && found > p.Closes
	campaign := p.Kind == directory.KindCampaign && open
	of := append([]string{"programme"}, whereabouts...)
	s.fault(campaign && (found < opens || over), "finding_date", "outside_campaign", "The campaign runs from "+opens+" to "+p.Closes+".", of...)
	s.fault(!campaign && (!open || found < opens), "finding_date", "territory_not_open", "The programme is not open where the person lives on that day.", of...)
	s.fault(!campaign && open && over, "finding_date", "programme_ended", "The programme ended on "+p.Closes+".", of...)
}

// opens is the first finding date for the person's department; where that is not known, the first of the desk's.
func (s *sheet) opens(p directory.Programme) (first string, ok bool) {
	departments := []string{s.department}
	if s.department == "" {
		departments = s.desk.Departments
	}
	if len(departments) == 0 {
		departments = []string{""}
	}
	for _, d := range departments {
		if date, open := p.Open(d); open && (!ok || date < first) {
			first, ok = date, true
		}
	}
	return first, ok
}
