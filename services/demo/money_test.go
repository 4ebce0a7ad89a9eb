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
		{Name: "Cap Prévention Seniors 2019", Projects: 51, Kept: 51, Structures: 51, TargetPeople: 1001, GrantedCents: 417_138_34, CentsPerPerson: 416_72},
		{Name: "Cap Prévention Seniors 2020", Projects: 50, Kept: 50, Structures: 50, TargetPeople: 1000, GrantedCents: 417_138_33, CentsPerPerson: 417_14},
		{Name: "Cap Prévention Seniors 2021", Projects: 50, Kept: 50, Structures: 50, TargetPeople: 1000, GrantedCents: 417_138_33, CentsPerPerson: 417_14},
	}
	if len(calls.Items) != len(want) {
		t.Fatal(calls)
	}
	for n, call := range calls.Items {
		if call != want[n] {
			t.Errorf("%+v, not %+v", call, want[n])
		}
	}
	for n, left := range []int{0, 0, 0, 0, 0} {
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

// TestG6_CapPreventionSeniorsIsThreeCallsOfOneHundredAndTwentyEightStructures: a structure in several is counted once.
func TestG6_CapPreventionSeniorsIsThreeCallsOfOneHundredAndTwentyEightStructures(t *testing.T) {
	t.Parallel()
	o := toldMoney(t)
	var funding struct {
		Structures int
		BySource   []struct {
			Key            string
			CommittedCents int `json:"committed_cents"`
		} `json:"by_source"`
	}
	o.get("/dashboard/funding", &funding)
	if want := 14 + 13 + 128; funding.Structures != want {
		t.Errorf("%d structures have asked for something, not %d", funding.Structures, want)
	}
	for _, part := range funding.BySource {
		if part.Key == "ars_inter_scheme" && part.CommittedCents != 1_251_415_00 {
			t.Error(part)
		}
	}
	var calls listed
	o.get("/calls", &calls)
	projects, people, cents := 0, 0, 0
	for _, c := range calls.Items {
		if strings.HasPrefix(c.Name, "Cap Prévention Seniors") {
			projects, people, cents = projects+c.Projects, people+c.TargetPeople, cents+c.GrantedCents
		}
	}
	if projects <= 150 || people <= 3000 || cents != 1_251_415_00 {
		t.Error(projects, people, cents)
	}
}

// TestG4_TheElevenRelaysOfTheWebinarsAreADecisionOfTheirOwn: of the three of 3 December 2020.
func TestG4_TheElevenRelaysOfTheWebinarsAreADecisionOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := toldMoney(t)
	var decisions struct {
		Items []struct {
			Date       string
			TotalCents int `json:"total_cents"`
			Lines      []struct {
				TargetPeople   int `json:"target_people"`
				CentsPerPerson int `json:"cents_per_person"`
			}
		}
	}
	o.get("/decisions?limit=100", &decisions)
	totals := map[int]bool{}
	for _, d := range decisions.Items {
		if d.Date == "2020-12-03" {
			totals[d.TotalCents] = true
		}
		if d.TotalCents == 238_590_00 && (d.Lines[0].TargetPeople != 500 || d.Lines[0].CentsPerPerson != 477_18) {
			t.Errorf("F1: 500 people for 477.18 € each, not %+v", d.Lines)
		}
	}
	for _, cents := range []int{231_590_00, 238_590_00, 13_500_00} {
		if !totals[cents] {
			t.Errorf("%d is not decided: %v", cents, totals)
		}
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
