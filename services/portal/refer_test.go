package portal

import (
	"net/url"
	"testing"
	"time"

	"example.org/passerelle/api/client"
)

func atMontpellier() client.Flag {
	return client.Flag{Department: "34", Person: &client.PersonDetails{Address: &client.Address{Insee: new("34172"), Postcode: new("34000")}}}
}

func TestSessionsOfThePersonsDepartmentAreOfferedTheNearestFirst(t *testing.T) {
	var p client.ListSessionsParams
	where(&p, "", atMontpellier())
	if the(p.Department) != "34" || the(p.Insee) != "34172" || the(p.WithinKm) != farthest {
		t.Errorf("%q, %q within %d", the(p.Department), the(p.Insee), the(p.WithinKm))
	}
}

func TestSessionsAroundTheCommuneMayLieInAnotherDepartment(t *testing.T) {
	var p client.ListSessionsParams
	where(&p, "30", atMontpellier())
	if p.Department != nil || the(p.Insee) != "34172" || the(p.WithinKm) != 30 {
		t.Errorf("%v, %q within %d", p.Department, the(p.Insee), the(p.WithinKm))
	}
}

func TestWithoutACommuneThereIsNoDistance(t *testing.T) {
	var p client.ListSessionsParams
	where(&p, "", client.Flag{Department: "34"})
	if the(p.Department) != "34" || p.Insee != nil || p.WithinKm != nil {
		t.Errorf("%+v", p)
	}
	p = client.ListSessionsParams{}
	where(&p, everywhere, atMontpellier())
	if p.Department != nil || p.WithinKm != nil {
		t.Errorf("everywhere: %+v", p)
	}
}

func TestTheNearestAndThenTheSoonestComesFirst(t *testing.T) {
	at := func(id string, km *float64, day int) client.Session {
		return client.Session{ID: id, DistanceKm: km, Meetings: []client.Meeting{{StartsAt: noon.AddDate(0, 0, day)}}}
	}
	list := []client.Session{at("unknown", nil, 1), at("near, late", new(1.0), 9), at("far", new(20.0), 2), at("near, soon", new(1.0), 3)}
	nearest(list)
	for i, want := range []string{"near, soon", "near, late", "far", "unknown"} {
		if list[i].ID != want {
			t.Errorf("%d is %s, want %s", i, list[i].ID, want)
		}
	}
}

func TestASessionWhoseRegistrationIsOverIsNotOffered(t *testing.T) {
	s := client.Session{Status: "open", RegistrationClosesAt: noon}
	if takesRequests(s, noon) || !takesRequests(s, noon.Add(-time.Minute)) {
		t.Error("registration ends when it ends")
	}
}

func TestWhatDoesNotSuitIsSaid(t *testing.T) {
	flag := client.Flag{Needs: &client.Needs{Access: []string{"wheelchair"}}, Referrals: []client.ReferralLine{{SessionID: new("s"), Status: "requested"}}}
	o := codeWords().offer(client.Session{ID: "s"}, flag)
	if o.Mind == "" || !o.Asked {
		t.Errorf("%+v", o)
	}
	if o := codeWords().offer(client.Session{ID: "t", Accessible: true}, flag); o.Mind != "" || o.Asked {
		t.Errorf("%+v", o)
	}
	flag.Needs = &client.Needs{Deadline: new("2026-11-30")}
	if o := codeWords().offer(client.Session{Meetings: []client.Meeting{{StartsAt: noon}}}, flag); o.Mind == "" {
		t.Error("too late, and nobody says it")
	}
}

func TestWhoMayNotBeReferredIsToldWhy(t *testing.T) {
	for help, code := range map[string]string{"none": "consent_missing", "closed": "help_closed"} {
		if got := blocked(client.Flag{Help: help}); got != above[code] {
			t.Errorf("%s: %q", help, got)
		}
	}
	if got := blocked(client.Flag{Help: "to_refer", NextStep: client.NextStep{What: "review"}}); got != above["not_validated"] {
		t.Errorf("%q", got)
	}
	if got := blocked(client.Flag{Help: "to_refer", NextStep: client.NextStep{What: "refer"}}); got != "" {
		t.Errorf("%q", got)
	}
}

func TestPricesAreInEuros(t *testing.T) {
	for cents, want := range map[int]string{0: "Gratuit", 500: "5\u00a0€", 1250: "12,50\u00a0€"} {
		if got := cost(cents); got != want {
			t.Errorf("%d: %q", cents, got)
		}
	}
}

func TestARefusalNeedsAReasonAndOtherAMessage(t *testing.T) {
	f := form{values: url.Values{}}
	if f.declineFaults(); f.fault("motif") == "" {
		t.Error("no reason, and nobody says it")
	}
	f = typed("motif", "other")
	if f.declineFaults(); f.fault("message") == "" {
		t.Error("another reason, and nobody asks which")
	}
	f = typed("motif", "level")
	if f.declineFaults(); f.wrong() {
		t.Errorf("%v", f.faults)
	}
}
