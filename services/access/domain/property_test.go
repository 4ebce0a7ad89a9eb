package domain

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/story"
)

// history is a fund over some months, with everybody trying everything.
type history struct {
	random *rand.Rand
	state  Fund
	day    time.Time
	told   int
	broken string // the first thing that is not as it must be
	end    func(EndMembership) story.Command[Fund, events.Access]
}

var people = []string{"admin", "second", "third", "animator", "advisor", "nobody", ""}

// TestWhateverPeopleTryTheFundStaysInOrder: many random histories; after each step everything that must hold does.
func TestWhateverPeopleTryTheFundStaysInOrder(t *testing.T) {
	t.Parallel()
	told := 0
	for seed := range uint64(200) {
		h := play(seed, func(e EndMembership) story.Command[Fund, events.Access] { return e })
		told += h.told
		if h.broken != "" {
			t.Fatalf("seed %d: %s", seed, h.broken)
		}
	}
	if told < 3000 {
		t.Errorf("only %d facts were told: these histories try nothing", told)
	}
}

// careless is the planted fault: it forgets the last administrator.
type careless struct{ EndMembership }

func (c careless) Decide(f Fund) ([]events.Access, error) {
	facts, err := c.EndMembership.Decide(f)
	if err == ErrLastAdministrator { //nolint:errorlint // the planted fault takes it as it comes
		return tell(ended(c.MembershipID, c.By))
	}
	return facts, err
}

func TestTheHistoriesFindAFundThatLosesItsLastAdministrator(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		h := play(seed, func(e EndMembership) story.Command[Fund, events.Access] { return careless{e} })
		if strings.Contains(h.broken, "administers") {
			return
		}
	}
	t.Error("nothing was found")
}

func play(seed uint64, end func(EndMembership) story.Command[Fund, events.Access]) *history {
	h := &history{random: rand.New(rand.NewPCG(seed, 1)), state: state(world()), day: noon, end: end}
	for range 120 {
		if h.random.IntN(4) == 0 {
			h.day = h.day.AddDate(0, 0, h.random.IntN(40))
		}
		h.step()
		if h.check(); h.broken != "" {
			break
		}
	}
	return h
}

func (h *history) today() string { return h.day.Format(time.DateOnly) }

func (h *history) step() {
	by := Granter{Account: pick(h, people), Operator: h.random.IntN(20) == 0}
	if h.random.IntN(3) > 0 {
		by = admin
	}
	command := h.command(by)
	before := fmt.Sprintf("%+v", h.state)
	facts, err := command.Decide(h.state)
	if err != nil && len(facts) > 0 {
		h.broken = "refused and told"
	}
	for _, fact := range facts {
		h.allowed(by, fact)
		h.state, h.told = Evolve(h.state, fact), h.told+1
	}
	if len(facts) == 0 && before != fmt.Sprintf("%+v", h.state) {
		h.broken = "a refusal changed the fund"
	}
}

func (h *history) command(by Granter) story.Command[Fund, events.Access] {
	switch h.random.IntN(8) {
	case 0, 1, 2:
		return h.end(EndMembership{MembershipID: h.membership(), Reason: "left", By: by, Today: h.today(), At: h.day})
	case 3:
		return BindInvitations{Account: pick(h, people[:6]), EmailMark: pick(h, []string{"a", "b", ""}), Today: h.today(), At: h.day}
	case 4:
		if h.random.IntN(4) == 0 {
			return CloseDesk{Desk: pick(h, []string{"montpellier", "telephone"}), By: by, Today: h.today(), At: h.day}
		}
		return OpenDesk{Desk: fmt.Sprint("d", h.told), Kind: "agency", Name: "x", Departments: []string{"34"}, By: by, Today: h.today(), At: h.day}
	}
	g := Grant{
		MembershipID: fmt.Sprint("m", h.told), Fund: "lr", Account: pick(h, people), Role: pick(h, directory.Roles), By: by, Today: h.today(), At: h.day,
		Scope: pick(h, []directory.Scope{onFund, onAgency, onCentre, {Kind: "desk", ID: "telephone"}, {Kind: "department", ID: "30"}, {Kind: "fund", ID: "bfc"}, {Kind: "network"}}),
	}
	if h.random.IntN(3) == 0 {
		g.Role, g.Scope = directory.Administrator, onFund
	}
	if g.Account == "" {
		g.EmailMark, g.Member = pick(h, []string{"a", "b"}), events.Member{Name: "x", Email: "x@exemple.fr"}
	}
	if h.random.IntN(2) == 0 {
		g.To = h.day.AddDate(0, 0, h.random.IntN(60)-5).Format(time.DateOnly)
	}
	return g
}

func (h *history) membership() string {
	if list := h.state.Memberships(); h.random.IntN(10) > 0 {
		return pick(h, list).ID
	}
	return "none"
}

func pick[T any](h *history, list []T) T { return list[h.random.IntN(len(list))] }

// allowed looks at one fact as it is told: by whom, and whether anybody else could be hurt.
func (h *history) allowed(by Granter, fact events.Access) {
	switch e := fact.(type) {
	case events.MembershipGranted:
		h.mayGrant(by, directory.Role(e.Role), directory.Scope(e.Scope))
	case events.MembershipEnded:
		m, _ := h.state.Membership(e.MembershipID)
		h.mayGrant(by, m.Role, m.Scope)
	case events.FundRegistered, events.DeskSet, events.OrganisationSet:
		if !by.Operator && !h.has(by, directory.Administrator, onFund) {
			h.broken = fmt.Sprintf("%s told %T", by.Account, fact)
		}
	case events.MembershipBound, events.AccountLinked, events.ProgrammeSet:
	}
}

func (h *history) mayGrant(by Granter, role directory.Role, scope directory.Scope) {
	colleague := role == directory.ProviderRole && h.has(by, role, scope)
	if !by.Operator && !colleague && !h.has(by, directory.Administrator, onFund) {
		h.broken = fmt.Sprintf("%s gave or took %s in %v", by.Account, role, scope)
	}
}

// has says it in other words than the rules do.
func (h *history) has(by Granter, role directory.Role, scope directory.Scope) bool {
	return slices.ContainsFunc(h.state.memberships, func(m Membership) bool {
		return m.Account != "" && m.Account == by.Account && m.Role == role && m.Scope == scope && m.EndedAt.IsZero() && m.From <= h.today() && (m.To == "" || h.today() <= m.To)
	})
}

func (h *history) check() {
	administers := false
	for i, m := range h.state.memberships {
		administers = administers || m.Role == directory.Administrator && m.Account != "" && m.EndedAt.IsZero() && m.To == ""
		if !slices.Contains(scopes[m.Role], m.Scope.Kind) || m.Scope.ID == "bfc" {
			h.broken = fmt.Sprintf("%s has %v", m.Role, m.Scope)
		}
		for _, other := range h.state.memberships[:i] {
			h.once(m, other)
		}
	}
	if !administers {
		h.broken = "nobody administers the fund for good"
	}
}

// once: of the same role in the same scope on one day there is one for each person, unless one was an invitation then.
func (h *history) once(m, other Membership) {
	if m.Account == other.Account && m.EmailMark == other.EmailMark && m.Role == other.Role && m.Scope == other.Scope &&
		m.EndedAt.IsZero() && other.EndedAt.IsZero() && (m.To == "" || other.From <= m.To) && (other.To == "" || m.From <= other.To) {
		h.broken = fmt.Sprintf("%s and %s are the same", m.ID, other.ID)
	}
}
