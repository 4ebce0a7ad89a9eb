package matching

import (
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/services/reference"
)

func (c *candidate) id() string { return idOf(c.session, c.place) }

// of is the fund that it belongs to.
func (c *candidate) of() string {
	if c.session != nil {
		return c.session.Fund
	}
	return c.place.Fund
}

// everywhere is what is not tied to a place, or of which nobody knows where it is.
func (c *candidate) everywhere() bool {
	return c.where.Precision == Nowhere || c.session != nil && c.remote && !c.present
}

func sessionCandidate(s Session) candidate {
	mode := modes.of([]string{s.Mode})
	c := candidate{session: &s, where: s.Where, traits: traits{
		vector: vectorOf(s.Where), commune: number(s.Where.Insee), tongues: tonguesOf(s.Languages), renewed: s.Renewed.Unix(), closes: s.RegistrationClosesAt.Unix(),
		ageMinimum: int16(s.Audience.AgeMinimum), gir: int16(s.Audience.GIR), skills: skills.of(s.Skills), mode: mode, //nolint:gosec // years
		open: len(s.Meetings) > 0 && (s.Status == "open" || s.Status == "confirmed"), present: mode.has(atPlace), remote: mode.has(distance) || s.Mode == "hybrid", receives: true,
		full: s.Mode != "webinar" && s.Free <= 0, listClosed: s.WaitingLimit != nil && s.Waiting >= *s.WaitingLimit, assessment: s.AssessmentRequired,
		limited: len(s.Programmes) > 0, accessible: s.Accessible, lends: s.LendsEquipment, costly: s.CostCents > 0,
		advanced: s.Level == "advanced", forBeginners: s.Level == "beginner" || s.Level == "", picks: s.Transport == "pick_up",
	}}
	for _, m := range s.Meetings {
		day := m.StartsAt.In(reference.Paris)
		half := "_am"
		if day.Hour() >= 13 {
			half = "_pm"
		}
		c.days |= halfDays.of([]string{strings.ToLower(day.Format("Mon")) + half})
	}
	if len(s.Meetings) > 0 {
		c.starts, c.firstDay = s.Meetings[0].StartsAt.Unix(), dateOf(reference.Day(s.Meetings[0].StartsAt))
	}
	return c
}

func placeCandidate(p Place) candidate {
	c := candidate{place: &p, where: p.Where, traits: traits{
		vector: vectorOf(p.Where), commune: number(p.Where.Insee), services: services.of(p.Services), care: care.of(p.Care), publics: publics.of(p.Publics),
		support: support.of(p.Support), costs: costs.of(p.Costs), hours: hoursOf(p.Hours), receives: !accesses.of(p.Access).has(receivesNobody),
		open: !p.Closed, itinerant: p.Itinerant, everybody: len(p.Publics) == 0, silent: len(p.Services) == 0, careSilent: len(p.Care) == 0,
	}}
	c.remote = c.support.has(atDistance)
	c.present = c.receives && c.support != atDistance
	c.skills = taught(c.services)
	return c
}

// number of a commune's code, which is five signs; 0: none.
func number(insee string) uint32 {
	n, err := strconv.ParseUint(insee, 36, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// tongues are the first languages of a session, which nearly always are all.
type tongues struct {
	codes  [4]uint32
	others bool // beside French
	more   bool
}

func tonguesOf(list []string) (t tongues) {
	for i, code := range list {
		t.others = t.others || code != "fr"
		if i < len(t.codes) {
			t.codes[i] = number(code)
		}
	}
	t.more = len(list) > len(t.codes)
	return t
}

// speaks tells whether a language is among those of a session.
func (c *candidate) speaks(code string, n uint32) bool {
	if slices.Contains(c.tongues.codes[:], n) {
		return true
	}
	return c.tongues.more && slices.Contains(c.session.Languages, code)
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
