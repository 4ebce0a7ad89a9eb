package projections

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// expected is a measure as the facts have it.
type expected struct{ n, count, asked int }

// naive goes through the facts in their order, and shares nothing with what it is compared with.
func (h inquiryHistory) naive(p rest.GetObservatoryParams) (all map[string]expected, closed bool) {
	from, to := the(p.From), the(p.To)
	months := h.closed(p)
	if d, ok := months[month(from)]; from != "" && ok && d != "" {
		from = month(from) + "-01"
	}
	if d, ok := months[month(to)]; to != "" && ok && d != "" {
		to = lastDay(month(to))
	}
	if p.AsOf != nil && h.closedLater(p, from, to) {
		return nil, true
	}
	all = map[string]expected{"women": {}}
	for _, o := range h.known(the(p.AsOf)) {
		if inPeriod(o.Day, from, to) && h.fits(o.Observation, p) {
			addTo(all, o.Observation)
		}
	}
	refusals := 0
	for _, f := range h.facts {
		r, ok := f.(events.RefusalCounted)
		if !ok || p.Department != nil || p.Channel != nil || p.Context != nil || p.AsOf != nil && reference.Day(r.At) > *p.AsOf {
			continue
		}
		if inPeriod(r.FindingDate, from, to) && (p.Programme == nil || *p.Programme == r.Programme) && (p.Unit == nil || *p.Unit == r.Desk) {
			refusals++
		}
	}
	if p.Department == nil && p.Channel == nil && p.Context == nil {
		all["refusals"] = expected{all["women"].n, refusals, refusals + all["women"].n}
	}
	return all, false
}

// widened tells whether an end of the period lies in a closed month, and is none of its ends.
func (h inquiryHistory) widened(p rest.GetObservatoryParams) bool {
	months, moved := h.closed(p), false
	if p.From != nil {
		moved = months[month(*p.From)] != "" && *p.From != month(*p.From)+"-01"
	}
	if p.To != nil {
		moved = moved || months[month(*p.To)] != "" && *p.To != lastDay(month(*p.To))
	}
	return moved
}

func month(day string) string { return day[:min(7, len(day))] }

func lastDay(month string) string {
	first, _ := time.Parse(time.DateOnly, month+"-01")
	return first.AddDate(0, 1, -1).Format(time.DateOnly)
}

func inPeriod(day, from, to string) bool {
	return (from == "" || from <= day) && (to == "" || day <= to)
}

// known is what was known at the end of a day, one situation each; of a closed campaign, by its months.
func (h inquiryHistory) known(asOf string) (all []events.Observed) {
	open := map[string]events.Observed{}
	of := map[string]string{}
	later := func(at time.Time) bool { return asOf != "" && reference.Day(at) > asOf }
	for _, f := range h.facts {
		switch e := f.(type) {
		case events.ObservationTold:
			if !later(e.At) && e.Fund == "carsat-bfc" {
				open[e.ObservationID], of[e.ObservationID] = look(e.Details), e.CampaignID
			}
		case events.ObservationCorrected:
			if !later(e.At) && e.Fund == "carsat-bfc" {
				open[e.ObservationID] = look(e.Details)
			}
		case events.CampaignClosed:
			if later(e.At) {
				continue
			}
			for id, campaign := range of {
				if campaign == e.CampaignID {
					o := open[id]
					o.Day = o.Month + "-01" // the ends of a period are those of the month
					open[id] = o
				}
			}
		}
	}
	for _, o := range open {
		all = append(all, o)
	}
	return all
}

func look(s events.Sealed[events.Observed]) events.Observed {
	_ = s.Open(func(box []byte) ([]byte, error) { return box, nil })
	value, _ := s.Value()
	return value
}

// closed gives the months of closed campaigns that the question is about, and the last day of closing.
func (h inquiryHistory) closed(p rest.GetObservatoryParams) map[string]string {
	all := map[string]string{}
	for _, f := range h.facts {
		rows, ok := f.(events.ObservationsPublished)
		if !ok || rows.Fund != "carsat-bfc" || p.Programme != nil && *p.Programme != rows.Programme {
			continue
		}
		for _, row := range rows.Rows {
			all[row.Month] = max(all[row.Month], reference.Day(rows.At))
		}
	}
	return all
}

func (h inquiryHistory) closedLater(p rest.GetObservatoryParams, from, to string) bool {
	for m, day := range h.closed(p) {
		if first := m + "-01"; inPeriod(first, from, to) && first <= *p.AsOf && *p.AsOf < day {
			return true
		}
	}
	return false
}

func (h inquiryHistory) fits(o events.Observation, p rest.GetObservatoryParams) bool {
	is := func(asked *string, value string) bool { return asked == nil || *asked == value }
	context := the(p.Context)
	if context == "lockdown" {
		context = "confinement"
	}
	return is(p.Programme, o.Programme) && is(p.Department, o.Department) && is(p.Unit, o.Desk) && is(p.Channel, o.Channel) &&
		(p.Context == nil || slices.Contains(o.Context, context))
}

// What is not among the measures of an answer, but beside them.
const (
	detected = "before the referent: "
	inText   = "word: "
)

// addTo counts a situation under each measure, as rest.md 6 has them.
func addTo(all map[string]expected, o events.Observation) {
	count := func(name string, asked, yes bool) {
		e := all[name]
		e.n++
		if asked {
			e.asked++
		}
		if yes {
			e.count++
		}
		all[name] = e
	}
	answer := func(name string, a *bool, counted bool) { count(name, a != nil, a != nil && *a == counted) }
	count("women", o.Sex != "", o.Sex == "F")
	count("men", o.Sex != "", o.Sex == "M")
	for name, ages := range map[string][2]int{"age_under_46": {0, 45}, "age_46_59": {46, 59}, "age_60_74": {60, 74}, "age_75_over": {75, 200}} {
		count(name, o.Age != nil, o.Age != nil && *o.Age >= ages[0] && *o.Age <= ages[1])
	}
	count("single", o.FamilySituation != "", o.FamilySituation == "single")
	count("employed", o.Occupation != "", o.Occupation == "employed")
	answer("sick_leave", o.SickLeave, true)
	first := o.Institution // as the detector had it
	if o.First != "" && o.Institution != "" {
		first = o.First
	}
	for _, i := range []string{"caf", "cpam", "multiple", "mdph"} {
		count("institution_"+i, o.Institution != "", o.Institution == i)
		count(detected+"institution_"+i, o.Institution != "", first == i)
	}
	for _, word := range []string{"service", "langue"} {
		count(inText+word, true, slices.Contains(o.Keywords, word))
	}
	answer("network_problem", o.NetworkCoverage, false)
	answer("has_equipment", o.Equipment, true)
	equipped := o.Equipment != nil && *o.Equipment
	for _, kind := range []string{"computer", "tablet", "mobile", "printer"} {
		count("kind_"+kind, equipped, equipped && slices.Contains(o.EquipmentKinds, kind))
	}
	count("financial_problem", !equipped && o.FinancialProblem != nil, !equipped && o.FinancialProblem != nil && *o.FinancialProblem)
	answer("difficulty", o.Difficulty, true)
	troubled := o.Difficulty != nil && *o.Difficulty
	for _, reason := range []string{"health", "appropriation", "isolation"} {
		count("reason_"+reason, troubled, troubled && o.DifficultyReason == reason)
	}
	count("knows_help_place", len(o.HelpPlace) > 0, slices.Contains(o.HelpPlace, "yes"))
	count("hard_to_reach", len(o.HelpPlace) > 0, slices.Contains(o.HelpPlace, "hard_to_reach"))
	answer("training_need", o.TrainingNeed, true)
	answer("rights_at_risk", o.RightsAtRisk, true)
}
