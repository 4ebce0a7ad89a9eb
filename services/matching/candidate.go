package matching

import (
	"strings"

	"example.org/passerelle/services/reference"
)

func (c *candidate) id() string { return idOf(c.session, c.place) }

// everywhere is what is not tied to a place, or of which nobody knows where it is.
func (c *candidate) everywhere() bool {
	return c.where.Precision == Nowhere || c.session != nil && c.remote && !c.present
}

func sessionCandidate(s Session) candidate {
	mode := modes.of([]string{s.Mode})
	c := candidate{
		session: &s, renewed: s.Renewed.Unix(), mode: mode, fund: s.Fund, open: s.Status == "open" || s.Status == "confirmed", where: s.Where, vector: vectorOf(s.Where), skills: skills.of(s.Skills), present: mode.has(atPlace), receives: true,
		remote: mode.has(distance) || s.Mode == "hybrid",
	}
	for _, m := range s.Meetings {
		day := m.StartsAt.In(reference.Paris)
		half := "_am"
		if day.Hour() >= 13 {
			half = "_pm"
		}
		c.days |= halfDays.of([]string{strings.ToLower(day.Format("Mon")) + half})
	}
	if len(s.Meetings) > 0 {
		c.starts, c.firstDay = s.Meetings[0].StartsAt.Unix(), reference.Day(s.Meetings[0].StartsAt)
		c.first = dateOf(c.firstDay)
	}
	return c
}

func placeCandidate(p Place) candidate {
	c := candidate{
		place: &p, fund: p.Fund, open: !p.Closed, where: p.Where, vector: vectorOf(p.Where), services: services.of(p.Services), care: care.of(p.Care), publics: publics.of(p.Publics),
		support: support.of(p.Support), costs: costs.of(p.Costs), hours: hoursOf(p.Hours), receives: !accesses.of(p.Access).has(receivesNobody),
	}
	c.remote = c.support.has(atDistance)
	c.present = c.receives && c.support != atDistance
	c.skills = taught(c.services)
	return c
}

// taught are the skills that the services of a place are about.
func taught(s bits) (b bits) {
	if s.has(everydayTools) {
		b |= everydaySkills
	}
	if s.has(helpsWithProcedures) {
		b |= procedureSkills
	}
	if s.has(safeUse) {
		b |= safetySkills
	}
	return b
}
