package projections

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// seatTold is a seat, as the facts say one after the other.
type seatTold struct {
	events.ReferralOpened

	state   string // taken, left, absent, gone
	left    time.Time
	outcome *events.Outcome
}

// sessionTold is a session, as the facts say one after the other.
type sessionTold struct {
	events.SessionPlanned

	first     time.Time
	over, off bool
	presented []string
	present   map[int][]string
	counted   map[int]int
	seats     []*seatTold
}

// retold is all that the facts say at their end.
type retold struct {
	sessions map[string]*sessionTold
	flags    map[string]*events.SeniorFlagged
	acts     []events.HelpActed
	same     map[string]string // the record that somebody is shown with
	erased   map[string]bool
}

func (r retold) person(id string) string {
	if with := r.same[id]; with != "" {
		return r.person(with)
	}
	return id
}

// retell goes through the facts as they were told.
func (w *world) retell() retold {
	r := retold{map[string]*sessionTold{}, map[string]*events.SeniorFlagged{}, nil, map[string]string{}, map[string]bool{}}
	asked, seats := map[string]*events.ReferralOpened{}, map[string]*seatTold{}
	ends := func(id, state string, at time.Time) { seats[id].state, seats[id].left = state, at }
	for _, fact := range w.all {
		switch f := fact.(type) {
		case events.SeniorFlagged:
			r.flags[f.FlagID] = &f
		case events.FlagHandedOver:
			r.flags[f.FlagID].Desk, r.flags[f.FlagID].Department = f.Desk, f.Department
		case events.FlagTransferred:
			r.flags[f.FlagID].Desk = f.Desk
		case events.ReferralOpened:
			asked[f.ReferralID] = &f
		case events.ReferralHandedOver:
			asked[f.ReferralID].Desk, asked[f.ReferralID].Department = f.Desk, f.Department
			if seats[f.ReferralID] != nil {
				seats[f.ReferralID].Desk, seats[f.ReferralID].Department = f.Desk, f.Department
			}
		case events.HelpActed:
			r.acts = append(r.acts, f)
		case events.RecordJoined:
			r.same[f.PersonID] = f.WithID
		case events.RecordLeft:
			delete(r.same, f.PersonID)
		case events.PersonErased:
			r.erased[f.PersonID] = true
		case events.SessionPlanned:
			r.sessions[f.SessionID] = &sessionTold{SessionPlanned: f, first: f.Meetings[0].StartsAt, present: map[int][]string{}, counted: map[int]int{}}
		case events.SessionRescheduled:
			r.sessions[f.SessionID].first = f.Meetings[0].StartsAt
		case events.MeetingCancelled:
			r.sessions[f.SessionID].first = f.StartsAt
		case events.SessionAdapted:
			r.sessions[f.SessionID].Mode = f.Mode
		case events.SessionCancelled:
			r.sessions[f.SessionID].off = true
		case events.SessionStopped:
			r.sessions[f.SessionID].over = true
		case events.SessionClosed:
			r.sessions[f.SessionID].over = true
		case events.ServicesPresented:
			r.sessions[f.SessionID].presented = f.Services
		case events.AttendanceRecorded:
			r.sessions[f.SessionID].present[f.Meeting], r.sessions[f.SessionID].counted[f.Meeting] = f.Present, 0
		case events.AttendanceCounted:
			n := f.AtHome
			for _, relay := range f.Relays {
				n += relay.Present
			}
			r.sessions[f.SessionID].counted[f.Meeting] = n
		case events.SeatTaken:
			seats[f.ReferralID] = &seatTold{ReferralOpened: *asked[f.ReferralID], state: "taken"}
			r.sessions[f.SessionID].seats = append(r.sessions[f.SessionID].seats, seats[f.ReferralID])
		case events.SeatFreed:
			ends(f.ReferralID, "left", f.At)
		case events.ParticipantDropped:
			ends(f.ReferralID, "left", f.At)
		case events.ParticipantRemoved:
			ends(f.ReferralID, "left", f.At)
		case events.NoShow:
			ends(f.ReferralID, "absent", f.At)
		case events.ParticipantRestored:
			ends(f.ReferralID, "taken", f.At)
		case events.RequestCancelled:
			ends(f.ReferralID, "gone", f.At)
		case events.OutcomeRecorded:
			o, _ := f.Details.Value()
			seats[f.ReferralID].outcome = &o
		}
	}
	return r
}

// fits says whether what is of a fund, a department, a desk and a programme is asked for.
func fits(fund, department, desk, programme *string, of, at, by, under string) bool {
	is := func(wanted *string, got string) bool { return wanted == nil || *wanted == got }
	return is(fund, of) && is(department, at) && is(desk, by) && is(programme, under)
}

// naiveOutcomes counts seat by seat.
func (w *world) naiveOutcomes(a directory.Account, p rest.GetOutcomesParams) rest.Outcomes {
	r, lines := w.retell(), map[string]rest.OutcomeLine{}
	answer := rest.Outcomes{Basis: "cohort", By: p.By, Caveat: outcomesCaveat, Positions: w.countedAt()}
	answer.From, answer.To = yearOr(p.From, p.To)
	if the(p.By) == "month" {
		for _, month := range monthsOf(answer.From, answer.To) {
			lines[month] = rest.OutcomeLine{}
		}
	}
	skills, items, services, total := map[string]rest.OutcomeGain{}, map[string]rest.OutcomeGain{}, map[string]int{}, rest.OutcomeLine{}
	for _, s := range r.sessions {
		day, some := reference.Day(s.first), false
		if s.off || s.first.After(noon) || day < answer.From || day > answer.To || p.SessionID != nil && *p.SessionID != s.SessionID || p.Provider != nil && *p.Provider != s.ProviderID {
			continue
		}
		for _, seat := range s.seats {
			if seat.state == "gone" || seat.state == "left" && seat.left.Before(s.first) || !fits(p.Fund, p.Department, p.Desk, p.Programme, seat.Fund, seat.Department, seat.Desk, seat.Programme) || !r.mayCount(a, seat, s) {
				continue
			}
			some = true
			if r.erased[seat.PersonID] {
				seat.outcome = nil
			}
			addSeat(&total, seat, s.over)
			if p.By != nil {
				key := map[string]string{"month": day[:7], "department": seat.Department, "desk": seat.Desk, "programme": seat.Programme, "provider": s.ProviderID}[*p.By]
				line := lines[key]
				addSeat(&line, seat, s.over)
				lines[key] = line
			}
			if seat.outcome != nil {
				addGains(skills, seat.outcome.Skills)
				addGains(items, seat.outcome.Items)
			}
		}
		if some {
			answer.Sessions++
			for _, one := range s.presented {
				services[one]++
			}
		}
	}
	answer.N, answer.Parts, answer.Objective = total.N, total.Parts, judge(total.Objective)
	answer.Skills, answer.Items = gainsOf(skills), gainsOf(items)
	answer.Services, answer.Series = []rest.OutcomeService{}, []rest.OutcomeLine{}
	for _, code := range sortedKeys(services) {
		answer.Services = append(answer.Services, rest.OutcomeService{Code: code, Sessions: services[code]})
	}
	for _, key := range sortedKeys(lines) {
		line := lines[key]
		line.Key, line.Objective = key, judge(line.Objective)
		answer.Series = append(answer.Series, line)
	}
	return answer
}

// mayCount: the fund of the referral, its desk, who made the flag, or the provider of the session.
func (r retold) mayCount(a directory.Account, seat *seatTold, s *sessionTold) bool {
	return policy.Can(a, policy.ReadOutcomes, policy.Resource{Fund: seat.Fund, Desk: seat.Desk, Author: r.flags[seat.FlagID].By, Provider: s.ProviderID}) == policy.Allowed
}

func addSeat(l *rest.OutcomeLine, seat *seatTold, over bool) {
	l.N++
	o := seat.outcome
	switch {
	case seat.state == "left":
		l.Parts.Dropped++
	case seat.state == "absent":
		l.Parts.NoShow++
	case o == nil && over:
		l.Parts.Unrecorded++
	case o == nil:
		l.Parts.UnderWay++
	case !o.Completed:
		l.Parts.NotFinished++
	default:
		l.Parts.Finished++
		facts := 0
		for is, n := range map[*int]bool{&l.Objective.Account: o.AccountCreated, &l.Objective.Portal: o.PortalConsulted, &l.Objective.Mailbox: o.MailboxCreated} {
			if n {
				*is++
				facts++
			}
		}
		l.Objective.Finished++
		if facts == 3 {
			l.Objective.All++
		}
	}
}

// judge says what the funder asks: half of those who finished have all three.
func judge(o rest.OutcomeObjective) rest.OutcomeObjective {
	o.Target = 50
	if o.Finished > 0 {
		share := float64(o.All) / float64(o.Finished)
		percent, status := int(share*100+0.5), "met"
		if share < 0.5 {
			status = "not_met"
		}
		o.Percent, o.Status = &percent, &status
	}
	return o
}

func addGains(all map[string]rest.OutcomeGain, said map[string]events.Gain) {
	for code, g := range said {
		line := all[code]
		line.Code = code
		line.N++
		if g.After > g.Before {
			line.Gained++
		}
		if g.Before == 2 || g.Before == 3 {
			line.AloneBefore++
		}
		if g.After == 2 || g.After == 3 {
			line.AloneAfter++
		}
		all[code] = line
	}
}

func gainsOf(all map[string]rest.OutcomeGain) []rest.OutcomeGain {
	list := []rest.OutcomeGain{}
	for _, code := range sortedKeys(all) {
		list = append(list, all[code])
	}
	return list
}

func sortedKeys[T any](m map[string]T) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// yearOr is the period that is asked for: without days the year of the one that is given, or this one.
func yearOr(from, to *string) (string, string) {
	switch {
	case from != nil && to != nil:
		return *from, *to
	case from != nil:
		return *from, max((*from)[:4], "2021") + "-12-31"
	case to != nil:
		return (*to)[:4] + "-01-01", *to
	}
	return "2021-01-01", "2021-12-31"
}

func monthsOf(from, to string) (months []string) {
	for day := from[:7] + "-01"; day <= to; {
		months = append(months, day[:7])
		first, _ := time.Parse(time.DateOnly, day)
		day = first.AddDate(0, 1, 0).Format(time.DateOnly)
	}
	return months
}
