package projections

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// seated are so many people with a seat in a session of yesterday, with their referrals.
func (h *house) seated(session string, n int, change func(*events.SessionPlanned)) (list []events.ReferralOpened) {
	h.t.Helper()
	s := h.planned(session, "provider-a", 12)
	s.Meetings = []events.Meeting{{StartsAt: noon.AddDate(0, 0, -1), EndsAt: noon.AddDate(0, 0, -1).Add(2 * time.Hour)}}
	if change != nil {
		change(&s)
	}
	h.hear(s)
	for i := range n {
		f := h.senior(fmt.Sprintf("%s-flag-%d", session, i), "Fictif", "montpellier", "advisor-34")
		o := h.opened(f, fmt.Sprintf("%s-referral-%d", session, i), session, "provider-a")
		h.hear(o, h.requested(o), h.held(o), h.taken(o))
		list = append(list, o)
	}
	return list
}

func (h *house) recorded(o events.ReferralOpened, facts int, said events.Outcome) events.OutcomeRecorded {
	said.Completed, said.AccountCreated, said.PortalConsulted, said.MailboxCreated = true, facts > 0, facts > 1, facts > 2
	return events.OutcomeRecorded{SessionID: o.SessionID, ReferralID: o.ReferralID, By: "provider-a", At: h.now, Details: events.Clear(o.PersonID, said)}
}

// TestE2_HalfOfThoseWhoFinishedHaveAllThreeInTheFigures: ten finished, five with all three, three with two, two with none;
// one more dropped out and stands apart.
func TestE2_HalfOfThoseWhoFinishedHaveAllThreeInTheFigures(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.seated("session-1", 12, nil)
	h.hear(events.SessionStarted{SessionID: "session-1", At: h.now})
	for i, facts := range []int{3, 3, 3, 3, 3, 2, 2, 2, 0, 0} {
		h.hear(h.recorded(people[i], facts, events.Outcome{}))
	}
	h.hear(h.recorded(people[10], 3, events.Outcome{}), events.ParticipantDropped{SessionID: "session-1", ReferralID: people[10].ReferralID, Reason: "health", By: "provider-a", At: h.now})
	read := func(account, query string) rest.Outcomes {
		return see[rest.Outcomes](h, account, "/dashboard/outcomes"+query)
	}
	percent, met, notMet := 50, "met", "not_met"
	want := rest.OutcomeObjective{Finished: 10, All: 5, Account: 8, Portal: 8, Mailbox: 5, Percent: &percent, Target: 50, Status: &met}
	parts := rest.OutcomeParts{Finished: 10, Dropped: 1, UnderWay: 1}
	for _, account := range []string{"provider-a", "advisor-34", "referent-34", "analyst-lr", "network"} {
		if got := read(account, "?by=provider"); !reflect.DeepEqual(got.Objective, want) || got.Parts != parts || got.N != sumOfParts(got.Parts) || got.Sessions != 1 ||
			len(got.Series) != 1 || !reflect.DeepEqual(got.Series[0].Objective, want) || got.Series[0].Key != "provider-a" {
			t.Errorf("%s: %+v", account, got)
		}
	}
	for _, account := range []string{"provider-b", "advisor-34b", "analyst-bfc"} {
		if got := read(account, ""); got.N != 0 || got.Objective.Percent != nil || got.Objective.Status != nil {
			t.Errorf("%s: %+v", account, got)
		}
	}
	h.hear(h.recorded(people[0], 2, events.Outcome{})) // one changes
	percent = 40
	want.All, want.Mailbox, want.Status = 4, 4, &notMet
	if got := read("provider-a", "?session_id=session-1"); !reflect.DeepEqual(got.Objective, want) {
		t.Errorf("%+v", got.Objective)
	}
	h.hear(events.SessionClosed{SessionID: "session-1", At: h.now})
	if got := read("provider-a", ""); got.Parts != (rest.OutcomeParts{Finished: 10, Dropped: 1, Unrecorded: 1}) {
		t.Errorf("%+v", got.Parts)
	}
}

// TestE1_WhatWasLearntIsReportedByFamilyAndItem and only of those of whom it was recorded.
func TestE1_WhatWasLearntIsReportedByFamilyAndItem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.seated("session-1", 3, nil)
	email := func(before, after int) events.Outcome {
		return events.Outcome{Skills: map[string]events.Gain{"email": {Before: before, After: after}}, Items: map[string]events.Gain{"email_create": {Before: before, After: after}}}
	}
	h.hear(h.recorded(people[0], 0, email(0, 2)), h.recorded(people[1], 0, email(2, 3)), h.recorded(people[2], 0, email(1, 1)))
	got := see[rest.Outcomes](h, "provider-a", "/dashboard/outcomes")
	want := rest.OutcomeGain{Code: "email", N: 3, Gained: 2, AloneBefore: 1, AloneAfter: 2}
	if !reflect.DeepEqual(got.Skills, []rest.OutcomeGain{want}) {
		t.Errorf("%+v", got.Skills)
	}
	want.Code = "email_create"
	if !reflect.DeepEqual(got.Items, []rest.OutcomeGain{want}) {
		t.Errorf("%+v", got.Items)
	}
}

// TestE10_TheServicesPresentedAreInTheReport of the session, and counted by session in that of a year.
func TestE10_TheServicesPresentedAreInTheReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.seated("session-1", 2, nil)
	h.seated("session-2", 1, nil)
	h.hear(events.ServicesPresented{SessionID: "session-1", Services: []string{"health_insurance", "retirement"}, By: "provider-a", At: h.now},
		events.ServicesPresented{SessionID: "session-2", Services: []string{"retirement"}, By: "provider-a", At: h.now})
	if got := see[rest.Outcomes](h, "provider-a", "/dashboard/outcomes?session_id=session-1").Services; !reflect.DeepEqual(got, []rest.OutcomeService{{Code: "health_insurance", Sessions: 1}, {Code: "retirement", Sessions: 1}}) {
		t.Errorf("%+v", got)
	}
	if got := see[rest.Outcomes](h, "analyst-lr", "/dashboard/outcomes").Services; !reflect.DeepEqual(got, []rest.OutcomeService{{Code: "health_insurance", Sessions: 1}, {Code: "retirement", Sessions: 2}}) {
		t.Errorf("%+v", got)
	}
}

// TestE3_ASmallerGroupIsShownAsItIs: twelve seats, ten enrolled, eight seats: nobody is removed, nothing is free, two are over.
func TestE3_ASmallerGroupIsShownAsItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.seated("session-1", 10, func(s *events.SessionPlanned) {
		s.Meetings = []events.Meeting{{StartsAt: noon.AddDate(0, 0, 21), EndsAt: noon.AddDate(0, 0, 21).Add(2 * time.Hour)}}
	})
	h.hear(events.SessionCapacityChanged{SessionID: "session-1", Capacity: 8, Reason: "health_rules", By: "provider-a", At: h.now})
	s := see[rest.Session](h, "provider-a", "/sessions/session-1")
	if *s.Capacity != 8 || *s.Free != 0 || s.Taken != 10 || s.Over != 2 {
		t.Errorf("%+v", s)
	}
	if got := see[rest.Capacity](h, "provider-a", "/dashboard/capacity").Seats; got.Over != 2 || got.Free != 0 || got.Taken != 10 {
		t.Errorf("%+v", got)
	}
}

// TestH1_AMonthOfWebinarsGivesDistinctSeniors: the same person in two webinars is two participations and one person; who was
// only counted at home or in a relay is not known to be somebody else.
func TestH1_AMonthOfWebinarsGivesDistinctSeniors(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	webinar := func(s *events.SessionPlanned) { s.Mode, s.Insee = "webinar", "" }
	first := h.seated("webinar-1", 3, webinar)
	h.seated("webinar-2", 0, webinar)
	o := h.opened(events.SeniorFlagged{FlagID: first[0].FlagID, PersonID: first[0].PersonID, Fund: "carsat-lr", Programme: "reperage-lr", Desk: "montpellier", Department: "34", By: "advisor-34"}, "again", "webinar-2", "provider-a")
	present := func(session string, ids ...string) events.AttendanceRecorded {
		return events.AttendanceRecorded{SessionID: session, Meeting: 1, Present: ids, By: "provider-a", At: h.now}
	}
	h.hear(o, h.requested(o), h.held(o), h.taken(o), present("webinar-1", first[0].ReferralID, first[1].ReferralID), present("webinar-2", o.ReferralID))
	read := func() rest.Activity {
		return see[rest.Activity](h, "analyst-lr", "/dashboard/activity?by=month&from=2021-11-01&to=2021-12-31")
	}
	got := read()
	want := rest.ActivityWebinars{Sessions: 2, Participations: 3, Persons: 2, DistinctKnown: true}
	if got.Webinars != want || got.Sessions != (rest.ActivitySessions{Sessions: 2, Participations: 3, Persons: 2}) || len(got.Series) != 2 || got.Series[0].Webinars != want || got.Series[1].Sessions.Persons != 0 {
		t.Errorf("%+v", got)
	}
	h.hear(events.AttendanceCounted{SessionID: "webinar-2", Meeting: 1, AtHome: 90, Relays: []events.RelayCount{{PlaceID: "place-1", Present: 6}}, By: "provider-a", At: h.now})
	want.Counted, want.DistinctKnown = 96, false
	if got := read(); got.Webinars != want {
		t.Errorf("%+v", got.Webinars)
	}
	if got := see[rest.Activity](h, "provider-b", "/dashboard/activity"); got.Webinars.Counted != 0 || got.Sessions.Participations != 0 {
		t.Errorf("%+v", got)
	}
	s := see[rest.Session](h, "provider-a", "/sessions/webinar-1")
	if s.Capacity != nil || s.Free != nil {
		t.Errorf("a limit: %+v", s)
	}
}

// TestH3_HelpOnTheSpotIsReportedByMode and what was done in the place of the person stands apart.
func TestH3_HelpOnTheSpotIsReportedByMode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f, other := h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), h.senior("flag-2", "Ailleurs", "beziers", "advisor-34b")
	act := func(f events.SeniorFlagged, id, kind, mode string) events.HelpActed {
		return events.HelpActed{FlagID: f.FlagID, ActID: id, Kind: kind, Mode: mode, Minutes: 10, By: f.By, At: noon, Details: events.Clear(f.PersonID, events.Note{Text: "Invention"})}
	}
	h.hear(act(f, "a1", "step_by_step", "messaging"), act(f, "a2", "done_for_person", "messaging"), act(f, "a3", "explained", "phone"), act(other, "a4", "explained", "phone"))
	want := rest.ActivityHelp{Acts: 3, Persons: 1, Minutes: 30, Modes: []rest.ActivityMode{{Code: "messaging", Acts: 2, DoneForPerson: 1}, {Code: "phone", Acts: 1}}}
	if got := see[rest.Activity](h, "advisor-34", "/dashboard/activity").Help; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := see[rest.Activity](h, "analyst-lr", "/dashboard/activity").Help; got.Acts != 4 || got.Persons != 2 {
		t.Errorf("%+v", got)
	}
	if got := see[rest.Activity](h, "analyst-lr", "/dashboard/activity?to=2021-10-31").Help; got.Acts != 0 {
		t.Errorf("%+v", got)
	}
}
