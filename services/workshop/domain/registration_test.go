package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

func TestRegistrationClosedByHandLeavesNobodyWaitingInVain(t *testing.T) {
	end := EndRegistration{Change{SessionID: "s1", ProviderID: "library", By: "lea", At: noon}}
	w := evolved(planned, requested)
	facts, err := end.Decide(w)
	if err != nil || len(facts) != 2 {
		t.Fatal(facts, err)
	}
	if c, ok := facts[0].(events.RegistrationClosed); !ok || c.By != "lea" {
		t.Error(facts[0])
	}
	if _, ok := facts[1].(events.RequestLapsed); !ok {
		t.Error(facts[1])
	}
	for _, f := range facts {
		w = Evolve(w, f)
	}
	if w.TakesRequests(noon.Add(time.Second)) || w.Plan().RegistrationClosesAt.After(noon) {
		t.Error("it still takes requests")
	}
	if again, err := end.Decide(w); err != nil || len(again) != 0 {
		t.Error("closing twice says something new", again, err)
	}
}
