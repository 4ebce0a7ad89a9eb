package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/pkg/testkit"
)

// watched are processes that list busy look-ups, in a log of the test's own.
type watched struct {
	world
	archive *accesslog.Archive
	log     *accesslog.Log
	noted   chan string // "fund week", when a week was listed
	plant   func([]accesslog.Entry) []accesslog.Entry
}

func watch(t *testing.T) watched {
	t.Helper()
	w, schema := start(t), testkit.Schema(t)
	if err := accesslog.Provision(t.Context(), w.Pool, schema); err != nil {
		t.Fatal(err)
	}
	c := accesslog.Config{Schema: schema, Key: []byte("a key of the test"), Clock: w.Clock}
	one := watched{w, accesslog.NewArchive(w.Pool, c), accesslog.Open(w.Pool, c, Name), make(chan string, 100), func(e []accesslog.Entry) []accesslog.Entry { return e }}
	t.Cleanup(func() { _ = one.log.Close(context.Background()) })
	return one
}

// process is one that lists until it is ended.
func (w watched) process(t *testing.T, owner string) (s *Service, end func()) {
	t.Helper()
	e := *w.Engine
	e.Owner, e.Accesses = owner, w.archive
	e.Note = func(ctx context.Context, entries ...accesslog.Entry) error {
		err := w.log.Write(ctx, w.plant(entries)...)
		w.noted <- entries[0].Fund + " " + entries[0].RequestID
		return err
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	s = New(&e)
	go func() { defer close(ended); _ = s.listBusyWeekly(ctx) }()
	end = func() { cancel(); <-ended }
	t.Cleanup(end)
	return s, end
}

func (w watched) opens(t *testing.T, account string, persons int, then ...string) {
	t.Helper()
	for n := range persons {
		w.writes(t, account, accesslog.Read, fmt.Sprint("person-", n))
	}
	for _, person := range then {
		w.writes(t, account, accesslog.Write, person)
	}
}

func (w watched) writes(t *testing.T, account, action, person string) {
	t.Helper()
	err := w.log.Write(t.Context(), accesslog.Entry{Actor: account, Role: "advisor", Fund: "carsat-lr", Purpose: "follow-up", Action: action, What: "getPerson", Subjects: []string{person}})
	if err != nil {
		t.Fatal(err)
	}
}

// listed waits until a week of every fund is listed.
func (w watched) listed(t *testing.T, week string) {
	t.Helper()
	var got, want []string
	for _, f := range w.service.Directory().Funds() {
		want = append(want, f.ID+" "+week)
	}
	for range want {
		select {
		case one := <-w.noted:
			got = append(got, one)
		case <-time.After(20 * time.Second):
			t.Fatal("not listed; there are", got)
		}
	}
	if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// TestBusyLookUpsAreListedEachWeek, once, whichever process does it, and for good.
func TestBusyLookUpsAreListedEachWeek(t *testing.T) {
	t.Parallel()
	w := watch(t)
	at := func(day int) time.Time { return time.Date(2021, 11, day, 0, 30, 0, 0, paris.Location) }
	w.Clock.Set(at(17))
	w.opens(t, "advisor-34", busyLeast+1)
	w.opens(t, "advisor-30", busyLeast+1, "person-1") // has worked on somebody
	w.opens(t, "advisor-34b", busyLeast-1)
	w.Clock.Set(at(22)) // a Monday
	_, end := w.process(t, "one")
	two, _ := w.process(t, "two")
	w.listed(t, "2021-11-15")
	w.Clock.Set(at(29))
	w.listed(t, "2021-11-22")
	end()
	w.Clock.Set(at(29 + 14)) // nobody was there for a week
	for range 2 * len(two.Directory().Funds()) {
		<-w.noted
	}
	if err := two.listBusy(t.Context(), monday(w.Clock.Now())); err != nil || len(w.noted) != 0 {
		t.Error("listed again:", err, len(w.noted))
	}
	lines := w.lines(t)
	if want := []string{"2021-12-06", "2021-11-29", "2021-11-22", "2021-11-15 account:advisor-34 21"}; !slices.Equal(lines, want) {
		t.Errorf("%q", lines)
	}
	if _, err := w.archive.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// lines are those of a fund's weeks, the last one first.
func (w watched) lines(t *testing.T) (lines []string) {
	t.Helper()
	rows, err := w.archive.Read(t.Context(), accesslog.Filter{Actor: busyAccount, Fund: "carsat-lr"}, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		lines = append(lines, strings.TrimSpace(r.RequestID+" "+r.Resource+" "+strings.Join(r.Fields, "")))
	}
	return lines
}

// TestAWrongWeeklyListIsFound: a list that forgets whom, says it twice, or says nothing is seen.
func TestAWrongWeeklyListIsFound(t *testing.T) {
	t.Parallel()
	const right = "2021-11-15 account:advisor-34 21"
	for name, plant := range map[string]func([]accesslog.Entry) []accesslog.Entry{
		"":            func(e []accesslog.Entry) []accesslog.Entry { return e },
		"told twice":  func(e []accesslog.Entry) []accesslog.Entry { return append(slices.Clone(e), e...) },
		"of nobody":   func(e []accesslog.Entry) []accesslog.Entry { e[0].Resource = ""; return e },
		"not counted": func(e []accesslog.Entry) []accesslog.Entry { e[0].Fields = nil; return e },
	} {
		w := watch(t)
		w.plant = plant
		w.Clock.Set(time.Date(2021, 11, 17, 0, 30, 0, 0, paris.Location))
		w.opens(t, "advisor-34", busyLeast+1)
		w.Clock.Set(time.Date(2021, 11, 22, 0, 30, 0, 0, paris.Location))
		_, end := w.process(t, "one")
		w.listed(t, "2021-11-15")
		end()
		if found := !slices.Equal(w.lines(t), []string{right}); found != (name != "") {
			t.Errorf("%q: %q", name, w.lines(t))
		}
	}
}

func TestAWeekBeginsOnMondayInParis(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"2021-11-21T22:59:00Z": "2021-11-15", "2021-11-21T23:00:00Z": "2021-11-22", "2021-11-24T12:00:00Z": "2021-11-22",
		"2021-03-28T21:00:00Z": "2021-03-22", "2021-03-28T22:30:00Z": "2021-03-29", // the clocks went forward
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := monday(moment); got.Format(time.DateOnly) != want || got.Hour() != 0 {
			t.Errorf("%s: %s, not %s", at, got, want)
		}
	}
}
