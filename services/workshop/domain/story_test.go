package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
	"example.org/passerelle/services/reference"
)

func given(t *testing.T, facts ...events.Workshop) story.Case[Workshop, events.Workshop] {
	return story.Given(t, Evolve, facts...)
}

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, reference.Paris)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// A session of December 2021; it is Monday, four weeks before.
var (
	noon    = at("2021-11-08 12:00")
	first   = at("2021-12-06 09:30")
	last    = at("2021-12-13 11:30")
	closing = at("2021-12-02 18:00")
	halfway = noon.Add(first.Sub(noon) / 2)

	offerEnds = at("2021-11-12 12:00") // three working days; the 11th is a holiday

	two = events.SessionPlanned{
		SessionID: "s1", ProviderID: "provider-a", Title: "Premiers pas sur internet", Mode: "in_person",
		Capacity: 2, Meetings: []events.Meeting{{StartsAt: first, EndsAt: first.Add(2 * time.Hour)}, {StartsAt: last.Add(-2 * time.Hour), EndsAt: last}},
		RegistrationClosesAt: closing, Booking: "on_request", Transport: "none", Skills: []string{}, Languages: []string{}, Programmes: []string{}, Status: "open", By: "provider-a", At: noon,
	}
)

// session is the session of two seats, changed.
func session(change func(*events.SessionPlanned)) events.SessionPlanned {
	s := two
	change(&s)
	return s
}

func one() events.SessionPlanned { return session(func(s *events.SessionPlanned) { s.Capacity = 1 }) }

func asking(who string) RequestSeat {
	return RequestSeat{SessionID: "s1", ReferralID: who, FlagID: "flag-" + who, PersonID: "person-" + who, Desk: "montpellier", LoanWanted: true, At: noon}
}

func asks(who string) events.SeatRequested {
	return events.SeatRequested{
		SessionID: "s1", ReferralID: who, FlagID: "flag-" + who, PersonID: "person-" + who, Desk: "montpellier",
		LoanWanted: true, AnswerBy: halfway, At: noon,
	}
}

func held(who string) events.SeatHeld {
	return events.SeatHeld{SessionID: "s1", ReferralID: who, Until: halfway, At: noon}
}

func queued(who string, rank int) events.RequestQueued {
	return events.RequestQueued{SessionID: "s1", ReferralID: who, WouldBeRank: rank, At: noon}
}

func taken(who string) events.SeatTaken {
	return events.SeatTaken{
		SessionID: "s1", ReferralID: who, FlagID: "flag-" + who, PersonID: "person-" + who, ProviderID: "provider-a",
		LoanWanted: true, From: "2021-12-06", To: "2021-12-13", By: "provider-a", At: noon,
	}
}

func waits(who string, rank int) events.WaitingListJoined {
	return events.WaitingListJoined{SessionID: "s1", ReferralID: who, Rank: rank, By: "provider-a", At: noon}
}

func offered(who string, n int) events.SeatOffered {
	return events.SeatOffered{
		SessionID: "s1", ReferralID: who, OfferID: offerID("s1", who, n), FlagID: "flag-" + who, PersonID: "person-" + who, Desk: "montpellier",
		Until: offerEnds, At: noon,
	}
}

func declined(who, reason string) events.RequestDeclined {
	return events.RequestDeclined{SessionID: "s1", ReferralID: who, Reason: reason, By: "provider-a", At: noon}
}

func withdrawn(who string) events.RequestWithdrawn {
	return events.RequestWithdrawn{SessionID: "s1", ReferralID: who, At: noon}
}

func yes(who string) Accept {
	return Accept{SessionID: "s1", ReferralID: who, ProviderID: "provider-a", By: "provider-a", At: noon}
}

func no(who, reason string) Decline {
	return Decline{SessionID: "s1", ReferralID: who, ProviderID: "provider-a", Reason: reason, By: "provider-a", At: noon}
}

func takesBack(who string) Withdraw {
	return Withdraw{SessionID: "s1", ReferralID: who, At: noon}
}
