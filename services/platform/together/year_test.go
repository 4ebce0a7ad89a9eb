package together

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection"
	"example.org/passerelle/services/referral"
	sent "example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/workshop"
	held "example.org/passerelle/services/workshop/domain"
)

// year is a year of the town: what is due is done when it is, and something may happen to the processes then.
type year struct {
	*town

	disturb func(y *year, moves int, set func()) // moves the clock; nil: nothing but that
	moves   int
	names   map[string]string // of what was given an identifier by chance
}

// move puts the clock somewhere, and waits until all that is due is done.
func (y *year) move(to time.Time) {
	y.Helper()
	set := func() { y.Clock.Set(to) }
	if y.moves++; y.disturb == nil {
		set()
	} else {
		y.disturb(y, y.moves, set)
	}
	y.quiet()
}

// until lives on to a day of the year, and stops at every deadline on the way.
func (y *year) until(day int) {
	y.Helper()
	end := enginetest.Noon.AddDate(0, 0, day)
	for {
		var next time.Time
		for _, w := range y.up() {
			if due := w.NextDue(); !due.IsZero() && !due.After(end) && (next.IsZero() || due.Before(next)) {
				next = due
			}
		}
		if next.IsZero() {
			break
		}
		y.move(next)
	}
	y.move(end)
}

func (y *year) called(id, name string) string {
	y.names[id] = name
	return id
}

// season is a few months: of each thing that may be forgotten, one.
type season struct {
	*year

	number              int
	people              map[string]person
	sessions, referrals map[string]string
}

func (s *season) name(what string) string { return fmt.Sprintf("%s-%d", what, s.number) }

// days is so many days into the season.
func (s *season) days(n int) int { return seasonDays*s.number + n }

func (s *season) at(n int) time.Time { return enginetest.Noon.AddDate(0, 0, s.days(n)) }

// season lives one: who leaves, who passes nothing on, which session moves and which one does not take place.
func (y *year) season(number int) {
	y.Helper()
	s := &season{year: y, number: number, people: map[string]person{}, sessions: map[string]string{}, referrals: map[string]string{}}
	s.flag("anna", "bruno", "chloe", "denis", "elise", "fanny", "gaby", "hugo", "irene", "jules", "karl", "lena")
	for title, seats := range map[string]int{"full": 2, "slow": 5, "moved": 5, "gone": 2, "other": 4} {
		s.sessions[title] = y.called(y.session(s.name(title), seats, s.at(firstMeeting[title])), s.name(title))
	}
	for _, who := range []string{"anna", "bruno", "chloe", "denis"} { // two of them wait
		s.send(who, "full", "accept")
	}
	s.send("elise", "slow", "") // nobody answers
	s.send("fanny", "slow", "study")
	s.send("gaby", "gone", "accept")
	s.send("hugo", "gone", "accept")
	s.send("irene", "moved", "accept")
	made := y.post(http.StatusCreated, referral.Name, "advisor-34", "/referrals", object{"flag_id": s.people["jules"].flag, "place_id": y.place()})
	y.called(text(made, "id"), s.name("address for jules"))
	s.ringKarl()
	y.until(s.days(5))
	y.post(http.StatusOK, referral.Name, "advisor-34", "/referrals/"+s.referrals["anna"]+"/withdraw", object{"reason": "date"})
	y.until(s.days(10))
	later := []object{{"starts_at": s.at(42), "ends_at": s.at(42).Add(2 * time.Hour)}}
	y.post(http.StatusOK, workshop.Name, "provider-a", "/sessions/"+s.sessions["moved"]+"/reschedule", object{"reason": "animator", "meetings": later})
	y.until(s.days(12)) // nobody has reached chloe
	y.post(http.StatusOK, workshop.Name, "advisor-34", "/seat-offers/"+s.sessions["full"]+"."+s.referrals["denis"]+".1/take", object{})
	y.until(s.days(19))
	y.post(http.StatusOK, workshop.Name, "provider-a", "/sessions/"+s.sessions["gone"]+"/cancel", object{"reason": "animator"})
	y.until(s.days(20)) // hugo says nothing
	y.called(y.seat(s.people["gaby"], y.keptFor(s.referrals["gaby"])), s.name("second referral of gaby"))
	y.until(s.days(seasonDays - 5))
}

// firstMeeting is the day of the season on which a session begins.
var firstMeeting = map[string]int{"full": 30, "slow": 50, "moved": 28, "gone": 20, "other": 40}

const (
	seasons    = 2
	seasonDays = 180
	inASeason  = 12 // people
)

func (s *season) flag(names ...string) {
	s.Helper()
	for i, who := range names {
		p := s.senior(100*s.number + i)
		s.people[who] = p
		s.called(p.flag, s.name("flag of "+who))
		s.called(p.id, s.name(who))
	}
}

func (s *season) send(who, to, answer string) {
	s.Helper()
	id := s.called(s.refer(s.people[who], s.sessions[to]), s.name("referral of "+who))
	if s.referrals[who] = id; answer != "" {
		s.year.answer(s.sessions[to], id, answer)
	}
}

// ringKarl on three days, and write to him.
func (s *season) ringKarl() {
	s.Helper()
	contacts := "/persons/" + s.people["karl"].id + "/contacts"
	for day := range 3 {
		s.until(s.days(day))
		s.post(http.StatusCreated, referral.Name, "advisor-34", contacts, object{"direction": "out", "channel": "phone", "outcome": "not_reached"})
	}
	letters := enginetest.Facts[events.LetterAsked](s.World)
	sent := object{"direction": "out", "channel": "letter", "outcome": "sent", "about": letters[len(letters)-1].LetterID}
	s.post(http.StatusCreated, referral.Name, "advisor-34", contacts, sent)
}

// place is one of the fund.
func (y *year) place() string {
	y.Helper()
	for id, name := range y.names {
		if name == "place" {
			return id
		}
	}
	made := y.post(http.StatusCreated, workshop.Name, "partnership-lr", "/places", object{"name": "Espace Exemple", "insee": "34172"})
	return y.called(text(made, "id"), "place")
}

// keptFor is the session on which a seat is kept for somebody.
func (y *year) keptFor(referral string) string {
	y.Helper()
	for _, e := range enginetest.Facts[events.AlternativeHeld](y.World) {
		if e.ReferralID == referral {
			return e.SessionID
		}
	}
	for _, e := range enginetest.Facts[events.AlternativeSought](y.World) {
		if e.ReferralID == referral {
			y.Fatal("no seat is kept for ", y.names[referral], " on any of ", len(e.SessionIDs), " sessions")
		}
	}
	y.Fatal("no seat was sought for ", y.names[referral])
	return ""
}

// live lives a year, and gives it.
func live(t *testing.T, processes int, disturb func(*year, int, func())) *year {
	t.Helper()
	begin := time.Now()
	y := &year{town: newTown(t, processes), disturb: disturb, names: map[string]string{}}
	begun := time.Now()
	for number := range seasons {
		y.season(number)
	}
	y.until(365)
	t.Logf("%d facts, %d moves of the clock: %v, begun in %v", len(y.lines()), y.moves, time.Since(begun), begun.Sub(begin))
	return y
}

var (
	chance = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}`)
	shut   = regexp.MustCompile(`"(box|reference|hash)":"[^"]*"`)
	when   = regexp.MustCompile(`"at":"[^"]*"`)
)

// lines are all facts, one a line, without what chance or a key has made of them.
func (y *year) lines() (lines []string) {
	for _, service := range []string{detection.Name, referral.Name, workshop.Name} {
		for _, e := range y.Stored(service) {
			line := chance.ReplaceAllStringFunc(e.Name+" "+e.Stream+" "+string(e.Data), func(id string) string {
				if name, ok := y.names[id]; ok {
					return name
				}
				return "?"
			})
			lines = append(lines, shut.ReplaceAllString(line, `"$1":""`))
		}
	}
	slices.Sort(lines)
	return lines
}

// onTime are what nobody does: it is due.
var onTime = []string{
	"workshop.answer-reminded.v1", "workshop.request-lapsed.v1", "workshop.hold-ended.v1", "workshop.seat-offered.v1", "workshop.seat-offer-lapsed.v1",
	"workshop.last-seats-called.v1", "workshop.registration-closed.v1", "workshop.request-unserved.v1", "workshop.session-started.v1", "workshop.session-closed.v1",
	"workshop.alternative-held.v1", "workshop.alternative-ended.v1", "referral.alternative-sought.v1", "referral.call-asked.v1", "referral.letter-asked.v1", "referral.close-asked.v1",
}

// twice gives what was told twice, whatever the moment, and what was never told.
func twice(lines []string) (wrong []string) {
	times, kinds := map[string]int{}, map[string]int{}
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		if slices.Contains(onTime, name) {
			kinds[name]++
			if times[when.ReplaceAllString(line, "")]++; times[when.ReplaceAllString(line, "")] == 2 {
				wrong = append(wrong, "twice: "+line)
			}
		}
	}
	for _, name := range onTime {
		if kinds[name] == 0 {
			wrong = append(wrong, "in a whole year no "+name)
		}
	}
	return wrong
}

// different gives what stands in one list only.
func different(a, b []string) (wrong []string) {
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0, len(a) > 0 && a[0] < b[0]:
			wrong, a = append(wrong, "- "+a[0]), a[1:]
		case len(a) == 0, b[0] < a[0]:
			wrong, b = append(wrong, "+ "+b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return wrong
}

// forgotten says who holds or waits for what will not come any more, and who has nothing ahead of them.
func (y *year) forgotten() (wrong []string) {
	now := y.Clock.Now()
	sessions, referrals := map[string]held.Workshop{}, map[string]sent.Referral{}
	y.fold(workshop.Name, func(stream string, f events.Fact) {
		if e, ok := f.(events.Workshop); ok {
			sessions[strings.TrimPrefix(stream, "session:")] = held.Evolve(sessions[strings.TrimPrefix(stream, "session:")], e)
		}
	})
	y.fold(referral.Name, func(stream string, f events.Fact) {
		if e, ok := f.(events.Referral); ok {
			referrals[stream] = sent.Evolve(referrals[stream], e)
		}
	})
	for id, w := range sessions {
		if !w.TakesRequests(now) && (w.Held > 0 || w.Waiting() > 0) {
			wrong = append(wrong, y.names[id]+": a seat is held, or somebody waits, after registration closed")
		}
	}
	for stream, r := range referrals {
		begun := r.SessionID != "" && slices.Contains([]string{"running", "closed", "stopped", "cancelled"}, sessions[r.SessionID].StatusAt(now))
		if r.Open() && begun && r.Status != sent.Enrolled && r.Status != sent.InProgress {
			wrong = append(wrong, stream+" is "+r.Status+" in a session that has begun")
		}
	}
	return append(wrong, y.withoutNext()...)
}

func (y *year) fold(service string, with func(string, events.Fact)) {
	for _, e := range y.Stored(service) {
		f, err := events.Decode(e.Name, e.Data, nil)
		if err != nil {
			y.Fatal(err)
		}
		with(e.Stream, f)
	}
}

// withoutNext are the people still helped for whom nothing has a day.
func (y *year) withoutNext() (wrong []string) {
	flags := items(y.see("referent-34", "/flags?limit=500"))
	if len(flags) != seasons*inASeason {
		wrong = append(wrong, fmt.Sprint(len(flags), " flags"))
	}
	for _, f := range flags {
		next, _ := f["next_step"].(object)
		if f["help"] != "closed" && f["help"] != "none" && (text(next, "by") == "" || text(next, "who") == "") {
			wrong = append(wrong, fmt.Sprint(y.names[text(f, "id")], " has nothing ahead: ", next))
		}
	}
	return wrong
}

// withRestarts ends every process now and then: before something is due, so that it falls due while nobody runs, and while
// it is being done.
func withRestarts(y *year, moves int, set func()) {
	switch moves % 20 {
	case 3:
		y.stop(y.up(detection.Name, referral.Name, workshop.Name)...)
		set()
		y.again()
	case 13:
		set()
		y.stop(y.up(detection.Name, referral.Name, workshop.Name)...)
		y.again()
	default:
		set()
	}
}

// withTwo leaves one of two processes alone for a while, now the one and now the other.
func withTwo(y *year, moves int, set func()) {
	switch moves % 40 {
	case 10, 30:
		for _, service := range []string{detection.Name, referral.Name, workshop.Name} {
			y.stop(y.processes[service][moves/20%2])
		}
	case 19, 39:
		y.again()
	}
	set()
}

func (y *year) stop(list ...*enginetest.World) {
	for _, w := range list {
		w.Stop()
		y.away[w] = true
	}
}

func (y *year) again() {
	for w := range y.away {
		w.Again()
	}
	clear(y.away)
}

// TestAYearIsTheSameWhateverHappensToTheProcesses: reminders, lapses, offers, closings, calls and letters, each once and of
// the same content, with restarts in the middle and with two processes of each service. At its end nobody holds or waits for
// what will not come, and who is still helped has a next step with a day.
func TestAYearIsTheSameWhateverHappensToTheProcesses(t *testing.T) {
	t.Parallel()
	calm := live(t, 1, nil)
	lines := calm.lines()
	for _, wrong := range append(twice(lines), calm.forgotten()...) {
		t.Error(wrong)
	}
	for what, disturbed := range map[string]func(t *testing.T) *year{
		"restarts": func(t *testing.T) *year { return live(t, 1, withRestarts) },
		"two":      func(t *testing.T) *year { return live(t, 2, withTwo) },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			y := disturbed(t)
			for _, wrong := range append(different(lines, y.lines()), y.forgotten()...) {
				t.Error(wrong)
			}
		})
	}
}

// TestALookAtAYearFindsWhatIsDoubledMissedOrChanged is the look above with faults planted.
func TestALookAtAYearFindsWhatIsDoubledMissedOrChanged(t *testing.T) {
	t.Parallel()
	call, other := `referral.call-asked.v1 r {"kind":"reminder","at":"1"}`, `referral.call-asked.v1 r {"kind":"address","at":"1"}`
	for what, lines := range map[string][]string{"doubled": {call, call}, "missed": {}, "changed": {other}} {
		if different([]string{call}, lines) == nil {
			t.Error(what, "is not found")
		}
	}
	again := strings.Replace(call, `"1"`, `"2"`, 1)
	if wrong := twice([]string{call, again}); !slices.Contains(wrong, "twice: "+again) || len(wrong) != len(onTime) {
		t.Error("the same at another moment, or what never came, is not found:", wrong)
	}
	if different([]string{call}, []string{call}) != nil {
		t.Error("the same is different")
	}
}
