package domain

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/story"
	"example.org/passerelle/services/next"
)

const histories = 200

// TestF2EveryOpenFlagHasOneOpenDeskAndOneNextStep over random transfers, take-ups, merges, departures of members, returns,
// amendments, dismissals, withdrawals, closings of desks, referrals opened and ended, wishes, closings, moves and deaths.
func TestF2EveryOpenFlagHasOneOpenDeskAndOneNextStep(t *testing.T) {
	t.Parallel()
	open, kinds := 0, map[string]int{}
	for seed := range uint64(histories) {
		f := newFund(seed)
		for range 60 {
			f.happens()
			if fault := f.fault(); fault != "" {
				t.Fatalf("history %d: %s", seed, fault)
			}
			for _, flag := range f.flags {
				step := flag.Next(f.now(), f.at, f.asked[flag.ID]...)
				kinds[step.What]++
				if step.What != next.None {
					open++
				}
			}
		}
	}
	for _, what := range []string{next.Review, next.Amend, next.Close, next.Refer, next.Offer, next.Answer, next.None} {
		if kinds[what] == 0 {
			t.Errorf("nothing ever came to %s: %v", what, kinds)
		}
	}
	t.Logf("%d histories, %d looks at open flags: %v", histories, open, kinds)
}

// TestF2AForgottenFlagIsFound: without the hand-over of a closed desk, or without looking who has left, the property does not hold.
func TestF2AForgottenFlagIsFound(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(*fund){
		"a closed desk hands nothing over": func(f *fund) { f.keepsFlags = true },
		"who left is still named":          func(f *fund) { f.keepsNames = true },
		"who is asked again forgets it":    func(f *fund) { f.forgets = true },
	} {
		found := false
		for seed := uint64(0); seed < histories && !found; seed++ {
			f := newFund(seed)
			plant(f)
			for range 60 {
				f.happens()
				found = found || f.fault() != ""
			}
		}
		if !found {
			t.Errorf("%s, and nothing is found", name)
		}
	}
}

// fund is a fund with its flags, as the services keep it: each fact of one aggregate leads to what they decide on it.
type fund struct {
	*rand.Rand
	at      time.Time
	members []events.Access
	heard   int // of them
	flags   []Flag
	asked   map[string][]next.Referral
	ids     map[string][]string // of open referrals, by flag
	count   int

	directory *directory.Directory

	keepsFlags, keepsNames, forgets bool // planted
}

func newFund(seed uint64) *fund {
	return &fund{
		Rand: rand.New(rand.NewPCG(seed, 4)), at: noon, members: sample.Facts(sample.Day), asked: map[string][]next.Referral{}, ids: map[string][]string{},
	}
}

func (f *fund) now() *directory.Directory {
	if f.heard != len(f.members) {
		f.directory, f.heard = directory.Of(f.members...), len(f.members)
	}
	return f.directory
}

// desks are the open ones of Languedoc-Roussillon.
func (f *fund) desks() (list []directory.Desk) {
	for _, d := range f.now().Desks() {
		if d.Fund == "carsat-lr" && !d.Closed {
			list = append(list, d)
		}
	}
	return list
}

func one[T any](f *fund, list []T) T { return list[f.IntN(len(list))] }

func (f *fund) happens() {
	f.at = f.at.Add(time.Duration(1+f.IntN(40)) * time.Hour)
	acts := slices.Sorted(maps.Keys(actsOfAFund))
	if len(f.flags) == 0 {
		f.flag()
		return
	}
	actsOfAFund[one(f, acts)](f, &f.flags[f.IntN(len(f.flags))])
}

var actsOfAFund = map[string]func(*fund, *Flag){
	"flag":      func(f *fund, _ *Flag) { f.flag() },
	"validate":  func(f *fund, g *Flag) { f.do(g, Validate{FlagID: g.ID, By: "referent-34", At: f.at}) },
	"return":    func(f *fund, g *Flag) { f.do(g, Return{FlagID: g.ID, Reason: "?", By: "referent-34", At: f.at}) },
	"no answer": func(f *fund, g *Flag) { f.do(g, Remind{g.ID, Unanswered, f.at}) },
	"dismiss": func(f *fund, g *Flag) {
		f.do(g, Dismiss{FlagID: g.ID, Reason: "incoherent", By: "referent-34", At: f.at})
	},
	"withdraw": func(f *fund, g *Flag) { f.do(g, Withdraw{FlagID: g.ID, By: "advisor-34", At: f.at}) },
	"amend": func(f *fund, g *Flag) {
		f.do(g, Amend{FlagID: g.ID, Programme: programme("reperage-lr"), Context: []string{"lockdown"}, By: "advisor-34", At: f.at})
	},
	"transfer": func(f *fund, g *Flag) {
		f.do(g, Transfer{FlagID: g.ID, Desk: one(f, f.now().Desks()).ID, Directory: f.now(), By: "advisor-34", At: f.at})
	},
	"take up":   func(f *fund, g *Flag) { f.do(g, TakeUp{FlagID: g.ID, By: f.colleague(g.Desk), At: f.at}) },
	"give back": func(f *fund, g *Flag) { f.do(g, TakeUp{FlagID: g.ID, GiveBack: true, By: "advisor-34", At: f.at}) },
	"close":     func(f *fund, g *Flag) { f.do(g, Close{FlagID: g.ID, Outcome: "helped", By: "advisor-34", At: f.at}) },
	"reopen": func(f *fund, g *Flag) {
		f.do(g, Reopen{FlagID: g.ID, Is: agreeing, By: "advisor-34", At: f.at})
		f.leave(g)
	},
	"wish":    func(f *fund, g *Flag) { f.do(g, WishHelp{FlagID: g.ID, By: "advisor-34", At: f.at}) },
	"refer":   (*fund).refer,
	"decline": (*fund).decline,
	"die":     func(f *fund, g *Flag) { f.end(g, "deceased") },
	"object":  func(f *fund, g *Flag) { f.end(g, "consent_withdrawn") },
	"agree":   func(f *fund, g *Flag) { f.do(g, ResumeHelp{FlagID: g.ID, At: f.at}) },
	"merge":   func(f *fund, g *Flag) { f.end(g, "duplicate") },
	"move": func(f *fund, g *Flag) {
		f.do(g, HandOver{FlagID: g.ID, Department: one(f, []string{"34", "30", "11", "48", "66", "58"}), Directory: f.now(), At: f.at})
	},
	"somebody leaves": (*fund).somebodyLeaves,
	"a desk closes":   (*fund).aDeskCloses,
}

func (f *fund) do(g *Flag, c story.Command[Flag, events.Detection]) {
	facts, _ := c.Decide(*g)
	for _, fact := range facts {
		*g = Evolve(*g, fact)
	}
}

func (f *fund) flag() {
	f.count++
	id := fmt.Sprintf("f%d", f.count)
	desk := one(f, f.desks())
	f.flags = append(f.flags, Evolve(Flag{}, flagged(func(e *events.SeniorFlagged) {
		e.FlagID, e.Desk, e.At = id, desk.ID, f.at
		e.Department = one(f, []string{"34", "30", "11", "48", "66", "75", ""})
		e.Help, e.MayRefer = one(f, []string{"to_refer", "to_refer", "none"}), f.IntN(2) == 0
	})))
}

// refer opens a referral where the rules of the referral service let it.
func (f *fund) refer(g *Flag) {
	if g.Help == HelpNone || g.Help == HelpClosed || !g.MayRefer() {
		return
	}
	f.count++
	id := fmt.Sprintf("r%d", f.count)
	f.do(g, NoteReferral{FlagID: g.ID, ReferralID: id, At: f.at})
	f.asked[g.ID] = append(f.asked[g.ID], next.Referral{Status: "requested", Provider: "provider-a", OpenedAt: f.at})
	f.ids[g.ID] = append(f.ids[g.ID], id)
}

func (f *fund) decline(g *Flag) {
	if len(f.ids[g.ID]) == 0 {
		return
	}
	f.do(g, NoteEnd{FlagID: g.ID, ReferralID: f.ids[g.ID][0], At: f.at})
	f.ids[g.ID], f.asked[g.ID] = f.ids[g.ID][1:], f.asked[g.ID][1:]
}

// end ends the help, and with it the referrals.
func (f *fund) end(g *Flag, reason string) {
	f.do(g, EndHelp{FlagID: g.ID, Reason: reason, At: f.at})
	for len(f.ids[g.ID]) > 0 {
		f.decline(g)
	}
}

// colleague is somebody new at a desk.
func (f *fund) colleague(desk string) string {
	f.count++
	account := fmt.Sprintf("colleague-%d", f.count)
	f.members = append(f.members, events.MembershipGranted{
		MembershipID: account, Fund: "carsat-lr", Account: account, Role: string(directory.Advisor), Scope: events.Scope{Kind: directory.ScopeDesk, ID: desk}, From: "2021-01-01",
	})
	return account
}

func (f *fund) somebodyLeaves(g *Flag) {
	if g.AssignedTo != "" {
		f.members = append(f.members, events.MembershipEnded{MembershipID: g.AssignedTo, Fund: "carsat-lr", Reason: "left", At: f.at})
	}
}

// aDeskCloses as access lets it: another one could take over. Its flags hear of it.
func (f *fund) aDeskCloses(*Flag) {
	d := one(f, f.desks())
	if !slices.ContainsFunc(f.desks(), func(other directory.Desk) bool { return other.Succeeds(d) }) {
		return
	}
	f.members = append(f.members, events.DeskSet{Fund: d.Fund, Desk: d.ID, Kind: d.Kind, Name: d.Name, Departments: d.Departments, Phone: d.Phone, Closed: true, At: f.at})
	for i := range f.flags {
		f.leave(&f.flags[i])
	}
}

func (f *fund) leave(g *Flag) {
	if d, ok := f.now().Desk(g.Desk); ok && d.Closed && !f.keepsFlags {
		f.do(g, LeaveDesk{FlagID: g.ID, Closed: d.ID, Directory: f.now(), At: f.at})
	}
}

// fault is what is wrong with some open flag.
func (f *fund) fault() string {
	d := f.now()
	for _, g := range f.flags {
		over := g.Help == HelpClosed || g.Help == HelpNone && g.Status != Submitted && g.Status != Returned
		step := g.Next(d, f.at, f.asked[g.ID]...)
		if f.forgets && step.What == next.Amend {
			step = next.Step{What: next.None}
		}
		if f.keepsNames && g.AssignedTo != "" && step.Who == g.Desk && step.What != next.Review {
			step.Who = g.AssignedTo
		}
		desk, known := d.Desk(g.Desk)
		_, provider := d.Provider(step.Who)
		switch {
		case over && step == next.Step{What: next.None}:
		case over:
			return fmt.Sprintf("%s is over and waits for %+v", g.ID, step)
		case !known || desk.Closed:
			return fmt.Sprintf("%s is in the charge of %q, which is closed", g.ID, g.Desk)
		case step.What == next.None, step.By == "":
			return fmt.Sprintf("nobody has to do anything for %s: %+v", g.ID, step)
		case step.Who != g.Desk && !provider && !d.WorksAt(step.Who, g.Desk, f.at):
			return fmt.Sprintf("%s waits for %q, who is not there", g.ID, step.Who)
		}
	}
	return ""
}
