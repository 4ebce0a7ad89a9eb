package demo

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/api/client"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/funding"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// officer asks the service under test as the funding officer, and counts.
type officer struct {
	*enginetest.World

	t     *testing.T
	asked int
}

// Do is what the client sends its requests with.
func (o *officer) Do(r *http.Request) (*http.Response, error) {
	o.asked++
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer := o.Ask("funding-lr", r.Method, r.URL.RequestURI(), string(body), "Idempotency-Key", r.Header.Get("Idempotency-Key"))
	if answer.Status >= http.StatusBadRequest {
		o.t.Fatalf("%s %s %s: %s", r.Method, r.URL.Path, body, answer.Body)
	}
	return &http.Response{StatusCode: answer.Status, Header: answer.Header, Body: io.NopCloser(strings.NewReader(answer.Body)), Request: r}, nil
}

func (o *officer) get(path string, into any) {
	o.t.Helper()
	if err := json.Unmarshal([]byte(o.Ask("funding-lr", "GET", "/api/v1"+path, "").Body), into); err != nil {
		o.t.Fatal(err)
	}
}

// figures of a call, as they are read.
type figures struct {
	Name                                                                                               string
	Projects, Kept, Structures                                                                         int
	TargetPeople, GrantedCents, SubsidiesCents, CentsPerPerson, LeftCents, CommittedCents, AmountCents int
}

// UnmarshalJSON reads the names of the wire.
func (f *figures) UnmarshalJSON(data []byte) error {
	all := map[string]any{}
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	number := func(name string) int {
		n, _ := all[name].(float64)
		return int(n)
	}
	f.Name, _ = all["name"].(string)
	f.Projects, f.Kept, f.Structures, f.TargetPeople = number("projects"), number("kept"), number("structures"), number("target_people")
	f.GrantedCents, f.SubsidiesCents, f.CentsPerPerson = number("granted_cents"), number("subsidies_cents"), number("cents_per_person")
	f.LeftCents, f.CommittedCents, f.AmountCents = number("left_cents"), number("committed_cents"), number("amount_cents")
	return nil
}

type listed struct{ Items []figures }

// toldMoney tells the money of the demonstration to a service of its own, twice: the second time nothing is new.
func toldMoney(t *testing.T) *officer {
	t.Helper()
	o := &officer{World: enginetest.Start(t, funding.Name, funding.Run), t: t}
	as, err := client.NewClientWithResponses("http://demo", client.WithHTTPClient(o))
	if err != nil {
		t.Fatal(err)
	}
	p := &play{clients: map[string]*client.ClientWithResponses{"funding-lr": as}}
	for range 2 {
		if err := (tellMoney{}).do(context.Background(), p, nil); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func TestTheFiguresThatTheFundHasPublishedAreToldToTheCent(t *testing.T) {
	t.Parallel()
	o := toldMoney(t)
	t.Logf("%d requests", o.asked/2)
	var calls, envelopes listed
	o.get("/calls", &calls)
	o.get("/envelopes", &envelopes)
	want := []figures{
		{Name: "Inclusion numérique 2019", Projects: 14, Kept: 14, Structures: 14, TargetPeople: 220, GrantedCents: 254_389_96, CentsPerPerson: 1_156_32},
		{Name: "Inclusion numérique 2020", Projects: 13, Kept: 13, Structures: 13, TargetPeople: 200, GrantedCents: 231_590_00, CentsPerPerson: 1_157_95},
		{Name: "Centres sociaux 2021", SubsidiesCents: 20_800_00},
		{Name: "Cap Prévention Seniors", TargetPeople: 3000},
	}
	if len(calls.Items) != len(want) {
		t.Fatal(calls)
	}
	for n, call := range calls.Items {
		if call != want[n] {
			t.Errorf("%+v, not %+v", call, want[n])
		}
	}
	for n, left := range []int{0, 0, 0, 0, 1_251_415_00} {
		if e := envelopes.Items[n]; e.LeftCents != left || e.CommittedCents != e.AmountCents-left {
			t.Errorf("%+v", e)
		}
	}
	var structures listed
	o.get("/structures?network=FCSF", &structures)
	if len(structures.Items) != 13 {
		t.Error(len(structures.Items))
	}
}

func TestEveryDatedSittingIsToldAndTheLastDecidesNothing(t *testing.T) {
	t.Parallel()
	o := toldMoney(t)
	var committees struct {
		Items []struct {
			Date      string
			Decisions []string
		}
	}
	o.get("/committees", &committees)
	got := map[string]int{}
	for _, c := range committees.Items {
		got[c.Date] = len(c.Decisions)
	}
	for date, decisions := range map[string]int{"2019-11-21": 1, "2020-09-15": 1, "2020-12-03": 3, "2021-05-06": 1, "2021-11-21": 0} {
		if n, sat := got[date]; !sat || n != decisions {
			t.Errorf("%s: %d decisions, not %d", date, n, decisions)
		}
	}
	if len(got) != 5 {
		t.Error(got)
	}
}
