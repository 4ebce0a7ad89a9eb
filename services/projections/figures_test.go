package projections

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// aYear draws flags of several desks, programmes and days, with up to three referrals each to sessions of every kind.
func aYear(t *rapid.T) *world {
	w := newWorld()
	var sessions []events.SessionPlanned
	for n := range rapid.IntRange(1, 6).Draw(t, "sessions") {
		s := w.planned(fmt.Sprintf("session-%d", n), rapid.SampledFrom([]string{"provider-a", "provider-b"}).Draw(t, "provider"), rapid.IntRange(1, 3).Draw(t, "seats"))
		s.Mode = rapid.SampledFrom([]string{"in_person", "video", "webinar"}).Draw(t, "mode")
		s.Insee = rapid.SampledFrom([]string{"", "34172", "30189", "97411"}).Draw(t, "commune")
		s.Status = rapid.SampledFrom([]string{"open", "open", "running", "closed", "draft"}).Draw(t, "status")
		first := noon.AddDate(0, 0, rapid.IntRange(-60, 60).Draw(t, "day"))
		s.Meetings = []events.Meeting{{StartsAt: first, EndsAt: first.Add(2 * time.Hour)}}
		sessions = append(sessions, s)
		w.tell(s)
	}
	for n := range rapid.IntRange(0, 8).Draw(t, "flags") {
		f := w.aFlag(t, n)
		w.tell(f)
		if rapid.Bool().Draw(t, "validated") {
			w.tell(events.FlagValidated{FlagID: f.FlagID, By: "referent-34", At: w.now})
		}
		for r := range rapid.IntRange(0, 3).Draw(t, "referrals") {
			s := rapid.SampledFrom(sessions).Draw(t, "session")
			o := w.opened(f, fmt.Sprintf("referral-%d-%d", n, r), s.SessionID, s.ProviderID)
			w.tell(o)
			w.answer(t, o)
			if rapid.IntRange(0, 4).Draw(t, "given back") == 0 {
				w.tell(events.ReferralWithdrawn{ReferralID: o.ReferralID, FlagID: o.FlagID, SessionID: o.SessionID, Reason: "date", At: w.now})
				w.tell(events.RequestWithdrawn{SessionID: o.SessionID, ReferralID: o.ReferralID, At: w.now})
			}
		}
	}
	return w
}

func (w *world) aFlag(t *rapid.T, n int) events.SeniorFlagged {
	desk := rapid.SampledFrom([]string{"montpellier", "beziers", "nevers"}).Draw(t, "desk")
	f := w.flagged(fmt.Sprintf("flag-%d", n), fmt.Sprintf("person-%d", n), desk, rapid.SampledFrom([]string{"advisor-34", "evaluator-34"}).Draw(t, "author"))
	at, _ := sample.Directory().Desk(desk)
	f.Fund, f.Department = at.Fund, at.Departments[0]
	f.Programme = rapid.SampledFrom([]string{"reperage-lr", "observation-bfc-2020"}).Draw(t, "programme")
	f.Channel = rapid.SampledFrom([]string{"agency", "evaluator"}).Draw(t, "channel")
	f.FindingDate = noon.AddDate(0, 0, rapid.IntRange(-40, 40).Draw(t, "found")).Format(time.DateOnly)
	f.Help = rapid.SampledFrom([]string{"none", "to_refer"}).Draw(t, "help")
	f.MayRefer = rapid.Bool().Draw(t, "may refer")
	return f
}

// journey is what the facts say of a referral, told one after the other.
type fate struct {
	events.ReferralOpened

	withdrawn, yes, seat bool
	now                  string
}

// recount goes through all facts and keeps what each referral has become, by flag.
func (w *world) recount() map[string][]*fate {
	byFlag, byID := map[string][]*fate{}, map[string]*fate{}
	says := func(id, now string) *fate {
		byID[id].now = now
		return byID[id]
	}
	for _, fact := range w.all {
		switch f := fact.(type) {
		case events.ReferralOpened:
			byID[f.ReferralID] = &fate{ReferralOpened: f, now: "asked"}
			byFlag[f.FlagID] = append(byFlag[f.FlagID], byID[f.ReferralID])
		case events.ReferralWithdrawn:
			byID[f.ReferralID].withdrawn = true
		case events.RequestWithdrawn:
			says(f.ReferralID, "withdrawn")
		case events.SeatTaken:
			one := says(f.ReferralID, "seated")
			one.yes, one.seat = true, true
		case events.WaitingListJoined:
			says(f.ReferralID, "waiting").yes = true
		case events.RequestDeclined:
			says(f.ReferralID, "declined")
		case events.RequestLapsed:
			says(f.ReferralID, "expired")
		case events.SeatHeld, events.RequestQueued, events.SeatRequested:
			if byID[referralOf(f)].now != "withdrawn" {
				says(referralOf(f), "asked")
			}
		}
	}
	return byFlag
}

func referralOf(fact any) string {
	switch f := fact.(type) {
	case events.SeatHeld:
		return f.ReferralID
	case events.RequestQueued:
		return f.ReferralID
	case events.SeatRequested:
		return f.ReferralID
	}
	return ""
}

func (f *fate) part() string {
	if f.withdrawn {
		return "withdrawn"
	}
	return f.now
}

// partOf is where a flag stands: by the best of its open referrals and seats, else by its last one, else by itself.
func partOf(f events.SeniorFlagged, validated bool, fates []*fate) string {
	for _, part := range []string{"seated", "waiting", "asked"} {
		if slices.ContainsFunc(fates, func(one *fate) bool { return one.part() == part }) {
			return part
		}
	}
	switch {
	case len(fates) > 0:
		return slices.MaxFunc(fates, func(a, b *fate) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ReferralID, b.ReferralID)) }).part()
	case f.Help == "none":
		return "no_help"
	case !validated && !f.MayRefer:
		return "to_review"
	}
	return "to_refer"
}

// naiveFunnel counts flag by flag.
func (w *world) naiveFunnel(a directory.Account, p rest.GetFunnelParams, from, to string) map[string]rest.FunnelLine {
	validated := map[string]bool{}
	for _, fact := range w.all {
		if v, ok := fact.(events.FlagValidated); ok {
			validated[v.FlagID] = true
		}
	}
	lines, fates := map[string]rest.FunnelLine{}, w.recount()
	for _, fact := range w.all {
		f, ok := fact.(events.SeniorFlagged)
		if !ok || f.FindingDate < from || f.FindingDate > to || p.Desk != nil && f.Desk != *p.Desk || p.Channel != nil && f.Channel != *p.Channel {
			continue
		}
		mine := fates[f.FlagID]
		if a.Has(directory.ProviderRole) {
			mine = slices.DeleteFunc(slices.Clone(mine), func(one *fate) bool { return !slices.Contains(a.Providers(), one.ProviderID) })
			if len(mine) == 0 {
				continue
			}
		} else if policy.Can(a, policy.ReadFunnel, policy.Resource{Fund: f.Fund, Desk: f.Desk, Author: f.By}) != policy.Allowed {
			continue
		}
		key := map[string]string{"month": f.FindingDate[:7], "department": f.Department, "desk": f.Desk, "channel": f.Channel, "programme": f.Programme}[the(p.By)]
		line := lines[key]
		line.Key = key
		naively(&line, partOf(f, validated[f.FlagID], mine), validated[f.FlagID], mine)
		lines[key] = line
	}
	return lines
}

func naively(l *rest.FunnelLine, part string, validated bool, fates []*fate) {
	had := func(is func(*fate) bool) (n int) {
		if slices.ContainsFunc(fates, is) {
			n = 1
		}
		return n
	}
	row := funnelRow{Part: part, N: 1, Referred: had(func(*fate) bool { return true }), Accepted: had(func(f *fate) bool { return f.yes }), Seated: had(func(f *fate) bool { return f.seat })}
	if validated {
		row.Validated = 1
	}
	row.into(l)
}

// drawFrom gives one of the values, or nothing.
func drawFrom(t *rapid.T, label string, values ...string) *string {
	n := rapid.IntRange(-1, len(values)-1).Draw(t, label)
	if n < 0 {
		return nil
	}
	return &values[n]
}

func TestTheFunnelIsWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	pool := testkit.Pool(t)
	schema := boards(t, pool)[0]
	rapid.Check(t, func(t *rapid.T) {
		w := aYear(t)
		fill(t, pool, schema, w, w.inTurn(services...), entry.apply)
		a, _ := sample.Find(rapid.SampledFrom([]string{"advisor-34", "referent-34", "evaluator-34", "provider-a", "partnership-lr", "analyst-bfc", "network"}).Draw(t, "account"))
		params := rest.GetFunnelParams{
			By: drawFrom(t, "by", "month", "department", "desk", "channel", "programme"), Desk: drawFrom(t, "at", "montpellier"), Channel: drawFrom(t, "through", "agency"),
			From: drawFrom(t, "from", "2021-11-01"), To: drawFrom(t, "to", "2021-11-20", "2021-12-31"),
		}
		period, err := periodOf(params.From, params.To, noon)
		if err != nil {
			t.Fatal(err)
		}
		f := &filter{}
		s := &Service{Config: Config{Clock: clock.At(noon), Directory: sample.Directory}}
		sql := s.funnel(f, a, params, period)
		c, err := countIn[funnelRow](s.within(context.Background(), a, policy.ReadFunnel), pool, schema, "'{}'::jsonb", sql, f.args)
		if err != nil {
			t.Fatal(err)
		}
		got := funnelOf(c, params.By, period)
		want, total := w.naiveFunnel(a, params, period.from, period.to), rest.FunnelLine{}
		for _, line := range want {
			add(&total, line)
		}
		if got.N != total.N || got.Stages != total.Stages || got.Parts != total.Parts || got.N != sumOfParts(got.Parts) {
			t.Fatalf("%s: %+v\nnot %+v", a.ID, got, total)
		}
		for _, line := range got.Series {
			one := want[line.Key]
			one.Key = line.Key
			if line != one {
				t.Fatalf("%s: %+v\nnot %+v", a.ID, line, one)
			}
			delete(want, line.Key)
		}
		if params.By != nil && len(want) != 0 {
			t.Fatalf("%v is not in the series", want)
		}
	})
}

func add(total *rest.FunnelLine, l rest.FunnelLine) {
	t, o := reflect.ValueOf(total).Elem(), reflect.ValueOf(l)
	total.N += l.N
	for _, name := range []string{"Stages", "Parts"} {
		for i := range t.FieldByName(name).NumField() {
			field := t.FieldByName(name).Field(i)
			field.SetInt(field.Int() + o.FieldByName(name).Field(i).Int())
		}
	}
}

func sumOfParts(parts any) (sum int) {
	v := reflect.ValueOf(parts)
	for i := range v.NumField() {
		sum += int(v.Field(i).Int())
	}
	return sum
}

func TestTheCapacityIsWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	pool := testkit.Pool(t)
	schema := boards(t, pool)[0]
	s := New(Config{Clock: clock.At(noon), Directory: sample.Directory})
	rapid.Check(t, func(t *rapid.T) {
		w := aYear(t)
		fill(t, pool, schema, w, w.inTurn(services...), entry.apply)
		a, _ := sample.Find(rapid.SampledFrom([]string{"advisor-34", "advisor-30", "provider-a", "partnership-lr", "analyst-bfc", "network"}).Draw(t, "account"))
		params := rest.GetCapacityParams{
			By: drawFrom(t, "by", "month", "department", "provider", "status"), Department: drawFrom(t, "in", "34", "974"), Provider: drawFrom(t, "of", "provider-b"),
			From: drawFrom(t, "from", "2021-11-01"), To: drawFrom(t, "to", "2021-11-20"),
		}
		period, err := periodOf(params.From, params.To, noon)
		if err != nil {
			t.Fatal(err)
		}
		f := &filter{}
		sql := s.capacity(f, a, params, period)
		c, err := countIn[capacityRow](s.within(context.Background(), a, policy.ReadCapacity), pool, schema, "'{}'::jsonb", sql, f.args)
		if err != nil {
			t.Fatal(err)
		}
		got, want := capacityOf(c, params.By, period), w.naiveCapacity(a, params, period)
		total := rest.CapacityLine{N: got.N, Parts: got.Parts, Seats: got.Seats, Unlimited: got.Unlimited}
		if total != want[""] || got.N != sumOfParts(got.Parts) {
			t.Fatalf("%s: %+v\nnot %+v", a.ID, total, want[""])
		}
		for _, line := range got.Series {
			one := want["by "+line.Key]
			one.Key = line.Key
			if line != one {
				t.Fatalf("%s: %+v\nnot %+v", a.ID, line, one)
			}
		}
	})
}

// naiveCapacity counts session by session: the total under "", each part of the series under "by " and its key.
func (w *world) naiveCapacity(a directory.Account, p rest.GetCapacityParams, period period) map[string]rest.CapacityLine {
	lines, seats := map[string]rest.CapacityLine{}, w.seatsNow()
	for _, fact := range w.all {
		s, ok := fact.(events.SessionPlanned)
		if !ok || s.Status == "draft" {
			continue
		}
		day, department := reference.Day(s.Meetings[0].StartsAt), reference.DepartmentOf(s.Insee)
		if s.Insee == "" {
			department = "34" // of both providers
		}
		may := policy.Can(a, policy.ReadCapacity, policy.Resource{Fund: fundOfDepartment(department), Department: department}) == policy.Allowed
		may = may || policy.ReachOf(a, policy.ReadCapacity).AllFunds // also where no fund of ours is
		if a.Has(directory.ProviderRole) {
			may = slices.Contains(a.Providers(), s.ProviderID)
		}
		if !may || day < period.from || day > period.to || p.Department != nil && *p.Department != department || p.Provider != nil && *p.Provider != s.ProviderID {
			continue
		}
		status := statusAt(s.Status, s.Meetings[0].StartsAt, s.Meetings[0].EndsAt, s.Labelled, noon)
		row := capacityRow{Status: status, N: 1, Unlimited: 1, Listening: seats[s.SessionID]["taken"]}
		if s.Mode != "webinar" {
			taken, held := seats[s.SessionID]["taken"], seats[s.SessionID]["held"]
			row = capacityRow{Status: status, N: 1, Capacity: s.Capacity, Taken: taken, Held: held, Free: max(0, s.Capacity-taken-held), Over: max(0, taken-s.Capacity), Waiting: seats[s.SessionID]["waiting"]}
		}
		key := map[string]string{"month": day[:7], "department": department, "provider": s.ProviderID, "status": status}[the(p.By)]
		for _, k := range []string{"", "by " + key} {
			line := lines[k]
			row.into(&line)
			lines[k] = line
		}
	}
	return lines
}

func fundOfDepartment(department string) string {
	for _, f := range sample.Directory().Funds() {
		if slices.Contains(f.Departments, department) {
			return f.ID
		}
	}
	return ""
}

// seatsNow counts what each session has said last of each referral.
func (w *world) seatsNow() map[string]map[string]int {
	type seat struct{ session, state string }
	last := map[string]seat{}
	for _, fact := range w.all {
		switch f := fact.(type) {
		case events.SeatHeld:
			last[f.ReferralID] = seat{f.SessionID, "held"}
		case events.RequestQueued:
			last[f.ReferralID] = seat{f.SessionID, "queued"}
		case events.SeatTaken:
			last[f.ReferralID] = seat{f.SessionID, "taken"}
		case events.WaitingListJoined:
			last[f.ReferralID] = seat{f.SessionID, "waiting"}
		case events.RequestDeclined:
			delete(last, f.ReferralID)
		case events.RequestLapsed:
			delete(last, f.ReferralID)
		case events.RequestWithdrawn:
			delete(last, f.ReferralID)
		}
	}
	n := map[string]map[string]int{}
	for _, s := range last {
		if n[s.session] == nil {
			n[s.session] = map[string]int{}
		}
		n[s.session][s.state]++
	}
	return n
}

func TestFiguresSayWhatTheyWereCountedAt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	h.hear(h.planned("session-1", "provider-a", 2), h.planned("session-2", "provider-b", 2))
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, h.requested(o), h.held(o))
	want := rest.Positions{Detection: 2, Referral: 1, Workshop: 4}
	funnel := see[rest.Funnel](h, "advisor-34", "/dashboard/funnel?by=month")
	if funnel.Positions != want || funnel.From != "2021-01-01" || funnel.To != "2021-12-31" || len(funnel.Series) != 12 || funnel.Caveat == "" ||
		funnel.N != 1 || funnel.Parts != (rest.FunnelParts{Asked: 1}) || funnel.Stages != (rest.FunnelStages{Flagged: 1, Referred: 1}) {
		t.Errorf("%+v", funnel)
	}
	capacity := see[rest.Capacity](h, "advisor-34", "/dashboard/capacity?from=2021-12-06&to=2021-12-06&by=provider")
	if capacity.Positions != want || capacity.N != 2 || capacity.Seats != (rest.CapacitySeats{Capacity: 4, Held: 1, Free: 3}) || len(capacity.Series) != 2 || capacity.Caveat == "" {
		t.Errorf("%+v", capacity)
	}
	h.hear(h.taken(o), events.ReferralAnswered{ReferralID: "referral-1", FlagID: "flag-1", Answer: "enrolled", At: h.now})
	if funnel = see[rest.Funnel](h, "provider-a", "/dashboard/funnel"); funnel.Stages.Seated != 1 || funnel.Positions.Workshop != 5 || len(funnel.Series) != 0 {
		t.Errorf("%+v", funnel)
	}
	if funnel = see[rest.Funnel](h, "provider-b", "/dashboard/funnel"); funnel.N != 0 {
		t.Errorf("%+v", funnel)
	}
}

func TestWhoMayHaveFigures(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, a := range accounts() {
		for path, action := range map[string]policy.Action{"/dashboard/funnel": policy.ReadFunnel, "/dashboard/capacity": policy.ReadCapacity} {
			want := http.StatusOK
			if !policy.May(a, action) {
				want = http.StatusForbidden
			}
			if got := h.get(a.ID, path, nil).StatusCode; got != want {
				t.Errorf("%s as %s: %d", path, a.ID, got)
			}
		}
	}
}

func TestABadPeriodIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for query, want := range map[string]string{
		"from=2021-12-01&to=2021-11-30": "before_from", "from=2011-01-01&to=2021-01-02": "period_too_long", "from=2021-02-30": "bad_format",
		"to=yesterday": "bad_format", "by=advisor": "not_in_list",
	} {
		for _, path := range []string{"/dashboard/funnel?", "/dashboard/capacity?"} {
			answer := h.get("network", path+query, nil)
			var problem struct{ Errors []struct{ Code string } }
			h.must(json.NewDecoder(answer.Body).Decode(&problem))
			if answer.StatusCode != http.StatusUnprocessableEntity || len(problem.Errors) != 1 || problem.Errors[0].Code != want {
				t.Errorf("%s: %d %+v", path+query, answer.StatusCode, problem)
			}
		}
	}
}

func TestAPeriodIsCompleted(t *testing.T) {
	t.Parallel()
	day := func(text string) *string { return &text }
	for _, c := range []struct {
		from, to *string
		want     period
	}{
		{nil, nil, period{"2021-01-01", "2021-12-31"}},
		{day("2021-11-01"), nil, period{"2021-11-01", "2021-12-31"}},
		{day("2023-11-01"), nil, period{"2023-11-01", "2023-12-31"}},
		{day("2019-11-01"), nil, period{"2019-11-01", "2021-12-31"}},
		{nil, day("2020-02-29"), period{"2020-01-01", "2020-02-29"}},
	} {
		if got, err := periodOf(c.from, c.to, noon); err != nil || got != c.want {
			t.Errorf("%v %v", got, err)
		}
	}
	if got := (period{"2020-11-30", "2021-02-01"}).months(); !slices.Equal(got, []string{"2020-11", "2020-12", "2021-01", "2021-02"}) {
		t.Error(got)
	}
}
