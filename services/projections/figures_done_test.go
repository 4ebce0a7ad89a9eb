package projections

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// doneIn is what was done in a month, or in all.
type doneIn struct {
	line                                      rest.ActivityLine
	sessions, webinars, came, listened, aided map[string]bool
	modes                                     map[string]rest.ActivityMode
}

func (d doneIn) said(key string) rest.ActivityLine {
	l := d.line
	l.Key = key
	l.Sessions.Sessions, l.Sessions.Persons = len(d.sessions), len(d.came)
	l.Webinars.Sessions, l.Webinars.Persons, l.Webinars.DistinctKnown = len(d.webinars), len(d.listened), l.Webinars.Counted == 0
	l.Help.Persons, l.Help.Modes = len(d.aided), []rest.ActivityMode{}
	for _, mode := range sortedKeys(d.modes) {
		l.Help.Modes = append(l.Help.Modes, d.modes[mode])
	}
	return l
}

// naiveActivity counts meeting by meeting and act by act.
func (w *world) naiveActivity(a directory.Account, p rest.GetActivityParams) rest.Activity {
	r, all := w.retell(), map[string]*doneIn{}
	answer := rest.Activity{Basis: "flow", By: p.By, Caveat: activityCaveat, Positions: w.countedAt(), Series: []rest.ActivityLine{}}
	answer.From, answer.To = yearOr(p.From, p.To)
	for _, key := range append(monthsOf(answer.From, answer.To), "all") {
		all[key] = &doneIn{sessions: map[string]bool{}, webinars: map[string]bool{}, came: map[string]bool{}, listened: map[string]bool{}, aided: map[string]bool{}, modes: map[string]rest.ActivityMode{}}
	}
	on := func(at time.Time) []*doneIn {
		if day := reference.Day(at); day >= answer.From && day <= answer.To {
			return []*doneIn{all["all"], all[day[:7]]}
		}
		return nil
	}
	for _, s := range r.sessions {
		if p.Provider == nil || *p.Provider == s.ProviderID {
			for _, d := range on(s.first) {
				r.held(d, s, a, p)
			}
		}
	}
	for _, act := range r.acts {
		f := r.flags[act.FlagID]
		may := policy.Can(a, policy.ReadOutcomes, policy.Resource{Fund: f.Fund, Desk: f.Desk, Author: f.By}) == policy.Allowed
		if p.Provider == nil && may && fits(p.Fund, p.Department, p.Desk, p.Programme, f.Fund, f.Department, f.Desk, f.Programme) {
			for _, d := range on(act.At) {
				r.helped(d, act, f.PersonID)
			}
		}
	}
	total := all["all"].said("")
	answer.Sessions, answer.Webinars, answer.Help = total.Sessions, total.Webinars, total.Help
	for _, key := range sortedKeys(all) {
		if p.By != nil && key != "all" {
			answer.Series = append(answer.Series, all[key].said(key))
		}
	}
	return answer
}

func (r retold) helped(d *doneIn, act events.HelpActed, person string) {
	mode := d.modes[act.Mode]
	mode.Code = act.Mode
	mode.Acts++
	if act.Kind == "done_for_person" {
		mode.DoneForPerson++
	}
	d.modes[act.Mode] = mode
	d.line.Help.Acts++
	d.line.Help.Minutes += act.Minutes
	if person != "" {
		d.aided[r.person(person)] = true
	}
}

// held adds a session: who was at one of its meetings by its last record, and who was only counted.
func (r retold) held(d *doneIn, s *sessionTold, a directory.Account, p rest.GetActivityParams) {
	for _, seat := range s.seats {
		came := slices.Contains(s.present[1], seat.ReferralID) || slices.Contains(s.present[2], seat.ReferralID)
		if !came || !fits(p.Fund, p.Department, p.Desk, p.Programme, seat.Fund, seat.Department, seat.Desk, seat.Programme) || !r.mayCount(a, seat, s) {
			continue
		}
		d.sessions[s.SessionID], d.came[r.person(seat.PersonID)] = true, true
		d.line.Sessions.Participations++
		if s.Mode == "webinar" {
			d.webinars[s.SessionID], d.listened[r.person(seat.PersonID)] = true, true
			d.line.Webinars.Participations++
		}
	}
	counted := s.counted[1] + s.counted[2]
	if s.Mode != "webinar" || counted == 0 || p.Fund != nil || p.Department != nil || p.Desk != nil || p.Programme != nil || !mayCountProvider(a, s.ProviderID) {
		return
	}
	d.sessions[s.SessionID], d.webinars[s.SessionID] = true, true
	d.line.Webinars.Counted += counted
}

// mayCountProvider: those who were only counted are of nobody's desk.
func mayCountProvider(a directory.Account, id string) bool {
	of := policy.Resource{Fund: "carsat-lr"} // provider-1 is registered there
	if p, known := sample.Directory().Provider(id); known {
		of = policy.Resource{Fund: p.Fund, Department: p.Department, Provider: id}
	}
	return policy.Can(a, policy.ReadOutcomes, of) == policy.Allowed
}
