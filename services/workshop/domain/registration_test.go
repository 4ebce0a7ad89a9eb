package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

func TestRegistrationClosedByHandLeavesNobodyWaitingInVain(t *testing.T) {
	now := noon.Add(time.Hour)
	c := change(now)
	held := events.SeatHeld{SessionID: "s1", ReferralID: "anna", Until: halfway, At: noon}
	closed := events.RegistrationClosed{SessionID: "s1", By: c.By, At: now}
	given(t, two, asks("anna"), held).When(EndRegistration{c}).
		Then(closed, events.RequestLapsed{SessionID: "s1", ReferralID: "anna", At: now})
	given(t, two, closed).When(EndRegistration{c}).Then()
	if w := Evolve(Evolve(Workshop{}, two), closed); w.TakesRequests(now) || !w.Plan().RegistrationClosesAt.Equal(now) {
		t.Error("it still takes requests")
	}
	given(t, two, events.SessionStarted{SessionID: "s1", At: first}).When(EndRegistration{change(first)}).Refused(ErrNotUpcoming)
}

func TestP25_AWebinarIsCountedAndAnInPersonSessionIsNot(t *testing.T) {
	webinar := session(func(s *events.SessionPlanned) { s.Mode, s.Capacity = "webinar", 0 })
	relay := events.RelaySet{SessionID: "s1", PlaceID: "hall", Seats: 6, At: noon}
	began := events.SessionStarted{SessionID: "s1", At: first}
	during := first.Add(time.Hour)
	c := change(during)
	count := &Count{AtHome: 12, Relays: []events.RelayCount{{PlaceID: "hall", Present: 6}}}
	named := events.AttendanceRecorded{SessionID: "s1", Meeting: 1, Present: []string{}, Excused: []string{}, Absent: []string{}, By: c.By, At: during}
	counted := events.AttendanceCounted{SessionID: "s1", Meeting: 1, AtHome: 12, Relays: count.Relays, By: c.By, At: during}
	given(t, webinar, relay, began).When(Attend{Change: c, Meeting: 1, Counted: count}).Then(named, counted)
	given(t, webinar, began).When(Attend{Change: c, Meeting: 1, Counted: count}).Faults("counted.relays[0].place_id unknown_relay")
	given(t, two, began).When(Attend{Change: c, Meeting: 1, Counted: &Count{AtHome: 1}}).Faults("counted not_counted")
	w := Workshop{}
	for _, f := range []events.Workshop{webinar, relay, began, named, counted, named} {
		w = Evolve(w, f)
	}
	if list := w.Attendance(); len(list) != 1 || list[0].Counted != nil {
		t.Error("the later record keeps the count of the one before", list)
	}
}
