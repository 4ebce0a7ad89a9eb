package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

func plan(change func(*Plan)) Plan {
	p := Plan{
		SessionID: "s1", ProviderID: "provider-a", Title: "Premiers pas sur internet", Mode: "in_person", Capacity: 2,
		Meetings: two.Meetings, By: "provider-a", At: noon,
	}
	if change != nil {
		change(&p)
	}
	return p
}

func planned(t *testing.T, p Plan) events.SessionPlanned {
	t.Helper()
	told, _ := given(t).When(p).Told()
	return told[0].(events.SessionPlanned)
}

func TestAPlannedSessionIsOpenAndClosesRegistrationTwoWorkingDaysBefore(t *testing.T) {
	t.Parallel()
	given(t).When(plan(nil)).Then(two)
}

func TestRegistrationClosesAtSixInParisInSummerAndWinter(t *testing.T) {
	t.Parallel()
	for begins, want := range map[string]string{
		"2021-12-06 09:30": "2021-12-02 18:00", // Monday: the Thursday before
		"2022-04-19 09:30": "2022-04-14 18:00", // Tuesday after Easter Monday: the Thursday before
		"2022-03-28 09:30": "2022-03-24 18:00", // the clocks went forward in between
		"2021-07-15 09:30": "2021-07-12 18:00", // 14 July
	} {
		p := plan(func(p *Plan) {
			p.Meetings = []events.Meeting{{StartsAt: at(begins), EndsAt: at(begins).Add(time.Hour)}}
		})
		p.At = at("2021-01-04 09:00")
		if got := planned(t, p).RegistrationClosesAt; !got.Equal(at(want)) {
			t.Errorf("first meeting %s: closes %v, want %s", begins, got.In(reference.Paris), want)
		}
	}
}

func TestMeetingsOfThePastMakeASessionThatRunsOrIsClosed(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		"2021-12-06 09:29": "open", "2021-12-06 09:30": "running", "2021-12-13 11:29": "running", "2021-12-13 11:30": "closed",
	} {
		if got := planned(t, plan(func(p *Plan) { p.At = at(when) })).Status; got != want {
			t.Errorf("at %s: %s, want %s", when, got, want)
		}
	}
}

func TestADraftStaysADraft(t *testing.T) {
	t.Parallel()
	if got := planned(t, plan(func(p *Plan) { p.Draft, p.At = true, last })).Status; got != "draft" {
		t.Fatal(got)
	}
}

func TestEveryFaultOfAPlanIsToldAtOnce(t *testing.T) {
	t.Parallel()
	limit, seats := -1, 3
	given(t).When(plan(func(p *Plan) {
		p.Minimum, p.CostCents, p.WaitingLimit, p.ImmediateSeats = 3, -1, &limit, &seats
		p.Meetings = []events.Meeting{{StartsAt: last, EndsAt: last}, {StartsAt: first, EndsAt: first.Add(time.Hour)}}
		p.RegistrationClosesAt = last.Add(time.Hour)
	})).Faults(
		"meetings[0].ends_at ends_before_start", "meetings[1].starts_at not_in_order", "minimum above_capacity",
		"cost_cents negative", "waiting_limit negative", "immediate_seats above_capacity",
		"immediate_seats needs_immediate_booking", "registration_closes_at after_first_meeting",
	)
	given(t).When(plan(func(p *Plan) { p.Capacity, p.Meetings = 0, nil })).Faults("meetings required", "capacity too_small")
}

func TestAWebinarNeedsNoCapacity(t *testing.T) {
	t.Parallel()
	if got := planned(t, plan(func(p *Plan) { p.Mode, p.Capacity = "webinar", 50 })).Capacity; got != 0 {
		t.Fatalf("capacity %d", got)
	}
}

func TestAStandingYesIsForAllSeatsUnlessItSaysHowMany(t *testing.T) {
	t.Parallel()
	if got := planned(t, plan(func(p *Plan) { p.Booking = "immediate" })).ImmediateSeats; got != 2 {
		t.Fatalf("immediate seats %d", got)
	}
}

func TestASessionIsPlannedOnce(t *testing.T) {
	t.Parallel()
	given(t, two).When(plan(nil)).Refused(ErrAlreadyPlanned)
}
