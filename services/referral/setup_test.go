package referral

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/referral/rest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var noon = enginetest.Noon

var (
	// flagged is somebody whose desk is Montpellier.
	flagged = events.SeniorFlagged{
		FlagID: "f1", Reference: "AAAA-AAAA", PersonID: "p1", Fund: "carsat-lr", Programme: "reperage-lr", Desk: "montpellier",
		Department: "34", Channel: "agency", Status: "submitted", Help: "to_refer", LoanWanted: true, Language: "fr",
		Deadline: "2021-12-31", MayRefer: true, By: "advisor-34", At: noon,
	}
	planned = session("s1")
)

func session(id string) events.SessionPlanned {
	return events.SessionPlanned{
		SessionID: id, ProviderID: "provider-a", Capacity: 8, Status: "open", RegistrationClosesAt: noon.AddDate(0, 0, 17),
		Meetings: []events.Meeting{{StartsAt: noon.AddDate(0, 0, 21), EndsAt: noon.AddDate(0, 0, 21).Add(2 * time.Hour)}}, At: noon,
	}
}

// setup knows a flag and four sessions.
func setup(t *testing.T) *enginetest.World {
	t.Helper()
	w := enginetest.Start(t, Name, Run)
	w.Tell(flagged, planned, session("s2"), session("s3"), session("s4"))
	return w
}

const referrals = "/api/v1/referrals"

func ask(flag, session string) string {
	return `{"flag_id": "` + flag + `", "session_id": "` + session + `"}`
}

// refer opens a referral while the session says something to it at once.
func refer(w *enginetest.World, flag, session string, says func(referral string) events.Fact) rest.ReferralState {
	answers := answering(w, says)
	state := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, ask(flag, session)), 201)
	<-answers
	w.Settle()
	return state
}

// answering lets the session answer the next referral.
func answering(w *enginetest.World, says func(referral string) events.Fact) <-chan struct{} {
	opened, done := enginetest.Hear[events.ReferralOpened](w), make(chan struct{})
	go func() {
		defer close(done)
		w.Tell(says((<-opened).ReferralID))
	}()
	return done
}

func held(session string) func(string) events.Fact {
	return func(referral string) events.Fact {
		return events.SeatHeld{SessionID: session, ReferralID: referral, Until: noon.AddDate(0, 0, 10), At: noon}
	}
}
