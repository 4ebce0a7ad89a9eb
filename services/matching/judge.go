package matching

import "slices"

// judged is what the rules say of one candidate.
type judged struct {
	kept, check, out set
	missing          int // wishes that are not met
	apart            apart
}

func (j *judged) keep(m mark, when bool) {
	if when {
		j.kept.add(m)
	}
}

// want is a wish: met it is a reason, not met it counts against the candidate, and may be worth saying.
func (j *judged) want(asked, met bool, m mark) bool {
	if asked && met {
		j.kept.add(m)
	}
	if asked && !met {
		j.missing++
	}
	return asked && !met
}

// need is a condition: met it is a reason, not met it excludes.
func (j *judged) need(asked, met bool, m, why mark) {
	if asked && met {
		j.kept.add(m)
	}
	if asked && !met {
		j.out.add(why)
	}
}

func (j *judged) refuse(why mark, when bool) {
	if when {
		j.out.add(why)
	}
}

// ask is something to find out first. It counts against the candidate too: what is certain comes before.
func (j *judged) ask(m mark, when bool) {
	if when {
		j.check.add(m)
	}
}

// uncertain tells whether something has to be found out before anything can be promised.
func (j *judged) uncertain() bool {
	for _, m := range []mark{askHours, askAccess, askServices, askPublic, askCost, onList, assessment} {
		if j.check.has(m) {
			return true
		}
	}
	return false
}

func (a *asked) judge(c *candidate, d apart) (j judged) {
	j.apart = d
	if c.session != nil {
		a.judgeSession(c, &j)
	} else {
		a.judgePlace(c, &j)
	}
	if len(a.Asked) > 0 {
		j.refuse(already, a.Asked[c.id()])
	}
	a.judgeWay(c, &j)
	return j
}

// judgeWay is about how the person gets there: not at all from home, or only within reach, or by whoever comes.
func (a *asked) judgeWay(c *candidate, j *judged) {
	onlyFar := c.remote && !c.present
	j.refuse(remoteOnly, a.noNetwork && onlyFar)
	j.keep(comeThere, a.noNetwork && c.present)
	remote := a.far(c)
	pick := c.picks
	comes := c.itinerant
	switch a.Needs.Travel {
	case "home_only":
		j.need(true, remote, fromHome, cannotTravel)
	case "pick_up":
		j.refuse(noPickUp, !pick && !comes && !remote)
		j.keep(pickedUp, pick)
		j.keep(fromHome, remote && !pick)
	}
	j.refuse(tooFar, a.tooFar(c, j.apart))
	if a.hardToReach {
		j.want(true, comes || pick || remote, noTravel)
		a.reached(j, comes, pick)
	}
	j.keep(nearHome, !onlyFar && j.apart.known)
	j.ask(farUnknown, !onlyFar && !j.apart.known)
}

// reached says in what way somebody who has difficulties to get there is met: best by who comes, else at a distance.
func (a *asked) reached(j *judged, comes, pick bool) {
	if comes || pick {
		j.kept.drop(noTravel)
	}
	j.keep(itinerant, comes)
	j.keep(pickedUp, pick)
}

// far tells whether the person can be helped at a distance.
func (a *asked) far(c *candidate) bool { return c.remote && !a.noNetwork }

func (a *asked) tooFar(c *candidate, d apart) bool {
	return (c.present || !c.remote) && !a.inReach(c, d)
}

// inReach: a distance that is not known is within reach where the department, or the mean that both are known by, is the
// same; who goes from one commune to the next, as far as the department.
func (a *asked) inReach(c *candidate, d apart) bool {
	if c.itinerant && a.Where.Department != "" && a.Where.Department == c.where.Department {
		return true
	}
	if d == nowhere {
		return a.Where.Department == "" || c.where.Department == ""
	}
	return !d.known || d.km <= a.reach
}

func (a *asked) judgeSession(c *candidate, j *judged) {
	j.refuse(registrationOver, c.closes <= a.now)
	a.judgeSeats(c, j)
	a.judgeAudience(c, j)
	j.keep(training, yes(a.Answers.TrainingNeed))
	j.keep(appropriation, a.appropriation && c.skills.has(everydaySkills))
	a.judgeSkills(c, j, notSkills)
	j.keep(procedures, a.institution && c.skills.has(procedureSkills))
	j.need(a.deadline != "", c.firstDay <= a.deadlineDay, beforeDeadline, tooLate)
	a.judgeTongue(c, j)
	j.need(a.wheelchair && c.present, c.accessible || !c.present, wheelchair, notAccess)
	j.ask(askAccess, a.hearing || a.sight || a.cognitive)
	j.keep(healthRemote, a.health && a.far(c))
	if a.health && !a.far(c) && !c.accessible {
		j.missing++
	}
	a.judgeDevices(c, j)
	a.judgeMoney(!c.costly, false, j)
	j.ask(paid, c.costly)
	j.refuse(notLevel, a.difficulty && c.advanced)
	j.ask(higherLevel, j.want(a.difficulty, c.forBeginners, beginners))
	j.ask(otherHours, j.want(a.days != 0, c.days != 0 && c.days&^a.days == 0, itsHours))
	j.ask(otherMode, j.want(a.modes != 0, c.mode.has(a.modes), itsMode))
}

func (a *asked) judgeSeats(c *candidate, j *judged) {
	j.refuse(full, c.full && c.listClosed)
	j.ask(onList, c.full && !c.listClosed)
	j.ask(assessment, c.assessment)
}

func (a *asked) judgeAudience(c *candidate, j *judged) {
	least, age := int(c.ageMinimum), a.ageOn(c.firstDay)
	j.need(least > 0 && age >= 0, age >= least, ageFits, notAge)
	j.keep(firstForYounger, least == 0 && a.younger)
	j.ask(gir, c.gir > 0 && a.Needs.GIR != nil && *a.Needs.GIR < int(c.gir))
	if c.limited {
		j.need(true, slices.Contains(c.session.Programmes, a.Programme), forProgramme, notProgramme)
	}
}

// judgeSkills: something that is wanted has to be taught; all of it is better.
func (a *asked) judgeSkills(c *candidate, j *judged, why mark) {
	if a.skills == 0 {
		return
	}
	j.need(true, c.skills.has(a.skills), takesSkills, why)
	if a.skills&^c.skills != 0 {
		j.missing++
		j.ask(otherSkills, true)
	}
}

// judgeTongue: the person's language where it is known, else any beside French.
func (a *asked) judgeTongue(c *candidate, j *judged) {
	switch {
	case a.foreign:
		j.need(true, c.speaks(a.Language, a.tongue), speaks, notLanguage)
	case a.language:
		j.need(true, c.tongues.others, eases, notLanguage)
	}
	j.ask(askMinds, a.readsBad)
}

func (a *asked) judgeDevices(c *candidate, j *judged) {
	if a.loan && !c.lends {
		j.need(true, a.Lendable[c.session.ProviderID] > 0, tablet, noLoan)
	}
	j.keep(lends, (a.loan || a.noEquipment) && c.lends)
	if a.noEquipment && !a.loan && !c.lends {
		j.missing++
	}
}

// judgeMoney: whoever lacks means is not sent where it costs something.
func (a *asked) judgeMoney(nothing, maybe bool, j *judged) {
	j.need(a.needy, nothing || maybe, free, notCost)
}
