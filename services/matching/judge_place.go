package matching

// judgePlace: rows of the table "answer → place filter". What a place does not say is asked first; the answers on network,
// language and health need its word.
func (a *asked) judgePlace(c *candidate, j *judged) {
	j.refuse(noPublic, !c.receives && !c.remote)
	a.judgePublic(c, j)
	a.judgeCare(c, j)
	a.judgeServices(c, j)
	a.judgeHours(c, j)
	if a.needy {
		said := c.costs != 0
		j.need(said, c.costs.has(costsNothing|costsMaybe), free, notCost)
		j.ask(askCost, !said || c.costs.has(costsMaybe))
	}
	j.keep(internetThere, a.noNetwork && c.services.has(internetAndDevices))
	if a.noNetwork && !c.services.has(internetAndDevices) {
		j.missing++
	}
	j.want(a.noEquipment, c.services.has(solidarityDevices|internetAndDevices), solidarity)
	if !c.services.has(solidarityDevices) {
		j.kept.drop(solidarity)
	}
}

// judgePublic: a place is for everybody unless it says for whom.
func (a *asked) judgePublic(c *candidate, j *judged) {
	everybody := c.everybody
	j.keep(forAll, everybody)
	j.keep(firstForYounger, everybody && a.younger)
	if !everybody {
		j.need(true, c.publics.has(seniors) && !a.younger, ageFits, notAge)
	}
}

func (a *asked) judgeCare(c *candidate, j *judged) {
	if a.language || a.foreign {
		j.need(true, c.care.has(anyLanguage), eases, notLanguage)
		if a.foreign && !c.care.has(tongue(a.Language)) {
			j.missing++
		}
	}
	if a.health {
		suited := c.care.has(anyHandicap)
		j.keep(healthCare, suited)
		j.keep(healthRemote, !suited && a.far(c))
		j.refuse(notHealth, !suited && !a.far(c))
	}
	a.judgeAccess(c, j)
}

// tongue is what a place has to say for somebody of this language.
func tongue(language string) bits {
	if language == "en" {
		return english
	}
	return languages
}

var accessCare = []struct {
	of   func(*asked) bool
	care bits
	mark mark
}{
	{func(a *asked) bool { return a.wheelchair }, motor, wheelchair},
	{func(a *asked) bool { return a.hearing }, deaf, hearing},
	{func(a *asked) bool { return a.sight }, poorSight, sight},
	{func(a *asked) bool { return a.cognitive }, mental, cognitive},
	{func(a *asked) bool { return a.readsBad }, illiteracy | languages, readsLittle},
}

// judgeAccess: a place that says whom it can receive, and not this person, cannot; one that says nothing is asked.
func (a *asked) judgeAccess(c *candidate, j *judged) {
	for _, one := range accessCare {
		if !one.of(a) {
			continue
		}
		switch {
		case c.care.has(one.care):
			j.keep(one.mark, true)
		case c.careSilent:
			j.ask(askAccess, true)
		default:
			j.refuse(notAccess, true)
		}
	}
}

func (a *asked) judgeServices(c *candidate, j *judged) {
	j.ask(askServices, c.silent && (a.training || a.institution || a.skills != 0))
	if c.silent {
		return
	}
	if a.training {
		j.need(true, c.services.has(everydayTools), appropriationOf(a), notService)
		workshop := c.support.has(inWorkshop)
		j.refuse(notService, c.support != 0 && !workshop)
		j.ask(askServices, c.support == 0)
	}
	if a.institution {
		j.need(true, c.services.has(helpsWithProcedures), procedures, notService)
	}
	a.judgeSkills(c, j, notService)
}

func appropriationOf(a *asked) mark {
	if a.appropriation {
		return appropriation
	}
	return training
}

func (a *asked) judgeHours(c *candidate, j *judged) {
	if a.deadline == "" {
		return
	}
	open, known := c.hours.openOn(a.until)
	j.ask(askHours, !known)
	if known {
		j.need(true, open || !c.present && c.remote, openBefore, closedUntil)
	}
}
