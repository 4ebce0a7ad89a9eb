package demo

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/services/reference"
)

var today = time.Date(2026, 11, 22, 11, 0, 0, 0, reference.Paris)

// eachYear looks at years that end on different days: in holidays, after a leap day, on a Monday.
func eachYear(t *testing.T, look func(t *testing.T, s *Story)) {
	t.Helper()
	for n := range 24 {
		day := after(today, 31*n)
		t.Run(day.Format(time.DateOnly), func(t *testing.T) {
			t.Parallel()
			look(t, Write(day))
		})
	}
}

func TestTheYearIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	if !reflect.DeepEqual(Write(today), Write(today.Add(10*time.Hour))) {
		t.Error("two stories of one day differ")
	}
	if reflect.DeepEqual(Write(today), Write(after(today, 1))) {
		t.Error("the next day tells the same story")
	}
}

func TestTheYearHasItsFigures(t *testing.T) {
	t.Parallel()
	eachYear(t, func(t *testing.T, s *Story) {
		if len(s.providers) != 30 || len(s.sessions) != 120 || len(s.flags) != 1500 {
			t.Error(len(s.providers), "providers,", len(s.sessions), "sessions,", len(s.flags), "flags")
		}
		if n := len(s.referrals); n < 700 {
			t.Error(n, "referrals")
		}
		ahead := 0
		for _, one := range s.sessions {
			if one.meetings[0].After(s.Today) {
				ahead++
			}
		}
		if ahead < 36 || ahead > 44 {
			t.Error(ahead, "sessions to come")
		}
	})
}

// told is when something was done to a flag, session or referral: the number of the wave.
type told map[string]int

func (s *Story) told() told {
	when := told{}
	for n, w := range s.waves {
		for _, a := range w.acts {
			switch a := a.(type) {
			case registerProvider:
				when[fmt.Sprint("provider ", a.provider)] = n
			case planSession:
				when[fmt.Sprint("planned ", a.session)] = n
			case flagSenior:
				when[fmt.Sprint("flagged ", a.flag)] = n
			case validate:
				when[fmt.Sprint("validated ", a.flag)] = n
			case refer:
				when[fmt.Sprint("asked ", a.referral)] = n
			case accept:
				when[fmt.Sprint("answered ", a.referral)] = n
			case decline:
				when[fmt.Sprint("answered ", a.referral)] = n
			case withdraw:
				when[fmt.Sprintf("withdrawn %d", a.referral)] = n
			}
		}
	}
	return when
}

func (w told) before(t *testing.T, first, then string) {
	t.Helper()
	a, ok := w[first]
	b, done := w[then]
	if done && (!ok || a >= b) {
		t.Errorf("%s comes before %s", then, first)
	}
}

func TestNobodyDoesWhatWouldBeRefused(t *testing.T) {
	t.Parallel()
	eachYear(t, func(t *testing.T, s *Story) {
		when := s.told()
		for n, one := range s.sessions {
			if s.providers[one.provider].id == "" {
				when.before(t, fmt.Sprint("provider ", one.provider), fmt.Sprint("planned ", n))
			}
		}
		for n, r := range s.referrals {
			asked := fmt.Sprint("asked ", n)
			when.before(t, fmt.Sprint("flagged ", r.flag), asked)
			when.before(t, fmt.Sprint("planned ", r.session), asked)
			when.before(t, asked, fmt.Sprint("answered ", n))
			when.before(t, asked, fmt.Sprint("withdrawn ", n))
			if f := s.flags[r.flag]; f.department == "58" && !f.urgent {
				when.before(t, fmt.Sprint("validated ", r.flag), asked)
			}
			s.inTime(t, when, n)
		}
		for n, f := range s.flags {
			if p := f.sheet.Person; p != nil && len(*p.BirthDate) == len(time.DateOnly) {
				met, _ := time.Parse(time.DateOnly, f.sheet.FindingDate)
				if (*p.BirthDate)[:10] > met.AddDate(-56, 0, 0).Format(time.DateOnly) {
					t.Error("somebody is not over 55 when they are met")
				}
			}
			when.before(t, fmt.Sprint("flagged ", n), fmt.Sprint("validated ", n))
		}
		if last := s.waves[len(s.waves)-1].at; !last.Before(s.Today) {
			t.Error("something is done on", last)
		}
	})
}

// inTime: a request is answered while it lives; one that is left open lives for another week.
func (s *Story) inTime(t *testing.T, when told, n int) {
	t.Helper()
	asked, first := s.waves[when[fmt.Sprint("asked ", n)]].at, s.sessions[s.referrals[n].session].meetings[0]
	closes := after(reference.WorkingDaysLater(first, -2), -1)
	over := asked.Add(min(30*24*time.Hour, first.Sub(asked)/2, closes.Sub(asked)))
	answered, yes := when[fmt.Sprint("answered ", n)]
	withdrawn, back := when[fmt.Sprintf("withdrawn %d", n)]
	switch {
	case yes && !s.waves[answered].at.Before(over), !yes && back && !s.waves[withdrawn].at.Before(over):
		t.Errorf("request of %s, session of %s: answered when it was over", asked, first)
	case !yes && !back && !s.sessions[s.referrals[n].session].immediate && over.After(after(s.Today, -1)) && over.Before(after(s.Today, 4)):
		t.Errorf("request of %s, session of %s: will be over on %s", asked, first, over)
	}
}

// TestWhatIsDoneAtOnceDoesNotDependOnItsOrder: who comes first at a session, or at a pool of tablets, is not
// left to chance.
func TestWhatIsDoneAtOnceDoesNotDependOnItsOrder(t *testing.T) {
	t.Parallel()
	eachYear(t, func(t *testing.T, s *Story) {
		for _, w := range s.waves {
			asked, answered, atOnce := map[int]int{}, map[int]bool{}, map[int]int{}
			for _, a := range w.acts {
				switch a := a.(type) {
				case accept:
					answered[s.referrals[a.referral].session] = true
				case decline:
					answered[s.referrals[a.referral].session] = true
				case withdraw:
					asked[s.referrals[a.referral].session]++
				case refer:
					session := s.referrals[a.referral].session
					asked[session]++
					if s.sessions[session].immediate {
						atOnce[s.sessions[session].provider]++
					}
				}
			}
			for session, n := range asked {
				provider := s.sessions[session].provider
				if n > 1 || answered[session] || atOnce[provider] > 1 {
					t.Errorf("%s: %d ask session %d, which answers: %t; %d seats at once with its provider", w.at, n, session, answered[session], atOnce[provider])
				}
			}
		}
	})
}

func TestWhoSignsInFindsRequests(t *testing.T) {
	t.Parallel()
	eachYear(t, func(t *testing.T, s *Story) {
		when, open := s.told(), map[string]int{}
		for n, r := range s.referrals {
			_, answered := when[fmt.Sprint("answered ", n)]
			_, back := when[fmt.Sprintf("withdrawn %d", n)]
			one := s.sessions[r.session]
			if !answered && !back && !one.immediate && s.waves[when[fmt.Sprint("asked ", n)]].at.After(after(s.Today, -lastDays)) {
				open[s.providers[one.provider].id]++
			}
		}
		for _, provider := range []string{"provider-a", "provider-b", "provider-58"} {
			if open[provider] < 2 {
				t.Errorf("%s: %d requests", provider, open[provider])
			}
		}
	})
}

func TestEveryReasonIsGiven(t *testing.T) {
	t.Parallel()
	eachYear(t, func(t *testing.T, s *Story) {
		given := map[string]bool{}
		messages := 0
		for _, w := range s.waves {
			for _, a := range w.acts {
				switch a := a.(type) {
				case decline:
					given["decline_reason "+a.reason] = true
					if a.message != "" {
						messages++
					}
				case withdraw:
					given["withdraw_reason "+a.reason] = true
				}
			}
		}
		for _, list := range reference.Codes() {
			for _, code := range list.Codes {
				if name := list.Name + " " + code.Code; strings.HasSuffix(list.Name, "e_reason") || strings.HasSuffix(list.Name, "w_reason") {
					if !given[name] {
						t.Error(name, "is never given")
					}
				}
			}
		}
		if messages == 0 {
			t.Error("no refusal has a message")
		}
	})
}

var (
	fiction = regexp.MustCompile(`^\+33 (4 65 71|3 53 01|6 39 98) \d\d \d\d$`)
	emails  = regexp.MustCompile(`^[a-z]+-\d+@example\.org$`)
)

func TestNobodyInItExists(t *testing.T) {
	t.Parallel()
	s := Write(today)
	seen := map[string]bool{}
	for n, f := range s.flags {
		p := f.sheet.Person
		if p == nil {
			continue
		}
		made, plant, _ := strings.Cut(p.FamilyName, "-")
		if !slices.Contains(madeUp, made) || !slices.Contains(plants, plant) || !slices.Contains(slices.Concat(women, men), p.GivenName) {
			t.Error("the name of person", n, "is not of the lists")
		}
		_, street, _ := strings.Cut(*p.Address.Street, " ")
		if !slices.Contains(streets, street) || p.Phone != nil && !fiction.MatchString(*p.Phone) || p.Email != nil && !emails.MatchString(*p.Email) {
			t.Error("street, phone or address of person", n, "may be somebody's")
		}
		if h := f.sheet.Helper; h != nil && (!fiction.MatchString(*h.Phone) || !strings.HasSuffix(*h.Name, p.FamilyName)) {
			t.Error("the helper of person", n, "may exist")
		}
		if key := p.GivenName + p.FamilyName + *p.BirthDate + *p.Address.Street; seen[key] {
			t.Error("person", n, "is somebody else too")
		} else {
			seen[key] = true
		}
	}
	for _, p := range s.providers {
		if p.id == "" && (!fiction.MatchString(p.phone) || !emails.MatchString(p.email)) {
			t.Error(p.name)
		}
	}
}
